"""Writes what columns compute: `python -m tests.cql.columns_golden`. Read the difference, then commit.

For each expression every operation that is carried out over eight rows: for how many rows it is asked, with
how many different values of each operand, and what comes out. Settled rows, branches that no row takes and
combinations that occurred before must not be computed again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from screening.cql import Date, Program
from screening.cql.columnar import Columnar
from screening.cql.columns import Coded, Column, coded, constant
from screening.cql.frames import Frame
from screening.cql.parser import parse_expression, parse_library
from screening.cql.reading import Reading
from screening.cql.tree import Definition
from tests.cql.evaluating import TODAY
from tests.cql.test_cost_of_the_quick_way import DECLARED
from tests.cql.written_expressions import FUNCTIONS, OF_ALL_KINDS
from tests.cql.written_golden import expressions

GOLDEN = Path(__file__).parent / "golden" / "columns.txt"
ROWS: list[dict[str, Any]] = [
    {
        "a": (True, False, None)[place % 3], "b": place % 2 == 0, "c": None, "n": (1, 5, None)[place % 3],
        "m": place // 4, "s": "xa"[place % 2], "t": ("x", None)[place // 4], "e": Date(2024, 1 + place % 2),
        "f": Date(2026, 2, 1 + place % 2), "texts": ([], ["x"], None, ["x", "b"])[place % 4],
        "numbers": ([4], [1, 2], [])[place % 3], "entry": {"kind": "a", "lasted": place},
        "rows": [
            {"kind": "ab"[each % 2], "lasted": each, "since": Date(2025, 3), "ok": each > 0}
            for each in range(place % 3)
        ] if place else None,
        "nested": [[1], [place % 2]],
    }
    for place in range(8)
]  # fmt: skip


class Watched(Columnar):
    """Notes what is computed while it computes it."""

    def __init__(self, program: Program, rows: list[dict[str, Any]]) -> None:
        self.noted: list[str] = []
        parameters = {name: coded([row.get(name) for row in rows]) for name in program.parameters}
        super().__init__(Reading(program), parameters, constant(Date.of(TODAY), len(rows)), len(rows))

    def compute(self, function: Callable[..., Any], columns: list[Column], frame: Frame) -> Coded:
        name = function.__qualname__.rpartition(".")[2]
        asked = "×".join(str(len(column.boxed().values)) for column in columns)
        found = super().compute(function, columns, frame)
        self.noted.append(f"{name}({asked}) of {frame.size} gives {len(found.values)}")
        return found


def computed_for(expression: str) -> list[str]:
    """What is computed, and the kind of column that comes out."""
    library = parse_library(f"{OF_ALL_KINDS}{DECLARED}{FUNCTIONS}")
    library.definitions["It"] = Definition("It", parse_expression(expression))
    watched = Watched(Program(library), ROWS)
    watched.noted.clear()  # what it takes to accept the rows
    found = watched.column("It")
    values = len(found.values) if isinstance(found, Coded) else 0
    return [*watched.noted, f"{type(found).__name__} {values or ''}".rstrip()]


def usable() -> list[str]:
    return [expression for expression in expressions() if "long(" not in expression]


def golden() -> dict[str, list[str]]:
    return {expression: computed_for(expression) for expression in usable()}


@cache
def read_golden() -> dict[str, list[str]]:
    parts = GOLDEN.read_text(encoding="utf-8").split("\n=== ")[1:]
    return {name: lines for name, *lines in (part.rstrip("\n").split("\n") for part in parts)}


def main() -> None:
    text = "".join("\n".join([f"\n=== {name}", *lines, ""]) for name, lines in golden().items())
    GOLDEN.write_text(f"# Written by python -m tests.cql.columns_golden and read by people.\n{text}")


if __name__ == "__main__":
    main()
