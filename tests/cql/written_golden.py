"""Writes the golden source: `python -m tests.cql.written_golden`. Read the difference, then commit.

What is generated for each of these expressions by both ways, with every constant in its place. It says at a
glance which operations are written into the source, which are called, and what is asked before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from screening.cql.careful import write_careful
from screening.cql.check import check_library
from screening.cql.emit import Source
from screening.cql.emit_straight import StraightSource
from screening.cql.parser import parse_expression, parse_library
from screening.cql.straight_library import write_straight
from screening.cql.tree import Definition, Library
from tests.cql.test_cost_of_the_quick_way import COSTS, DECLARED
from tests.cql.written_expressions import FUNCTIONS, LIBRARIES, LONG, MORE, OF_ALL_KINDS

GOLDEN = Path(__file__).parent / "golden" / "written.txt"


def expressions() -> list[str]:
    return list(dict.fromkeys([*(str(row[0]) for row in COSTS), *MORE]))


def _with_constants(lines: Iterable[str], constants: dict[str, Any]) -> list[str]:
    return [re.sub(r"_k\d+", lambda found: _said(constants[found[0]]), line) for line in lines]


def _said(value: Any) -> str:
    """A constant so that it reads the same every time; a function by its name."""
    if isinstance(value, frozenset):
        return f"«{{{', '.join(sorted(map(repr, value)))}}}»"
    if callable(value) and not repr(value).startswith(("Date", "operator")):
        return f"«{value.__qualname__.split('.<locals>')[0]}»"
    return f"«{value!r}»"


def _between(lines: list[str], first: str, last: str) -> list[str]:
    """The lines after the one that begins so, up to the next that begins with the other."""
    start = next(place for place, line in enumerate(lines) if line.startswith(first)) + 1
    end = next(place for place, line in enumerate(lines) if place >= start and line.startswith(last))
    return lines[start:end]


def both_ways(library: Library) -> tuple[list[str], list[str]]:
    quick, careful = StraightSource(), Source()
    checker = check_library(library)
    write_straight(checker, quick)
    write_careful(checker, careful)
    return (
        _with_constants(quick.source.splitlines(), quick.namespace),
        _with_constants(careful.source.splitlines(), careful.namespace),
    )


# Every library begins and ends with these, whatever the expression: one of the libraries shows them.
_FRAME = re.compile(
    r" *(_left = _budget\[0\]|_today = _day.*|_told = \(\)|\(_p0, .* = _given|if _errors:|_need\(.*)"
)


def of_expression(expression: str) -> str:
    """What both ways write for one definition, with parameters under their names."""
    functions = FUNCTIONS + LONG if re.search("adult|deep|long|named|any_of", expression) else ""
    library = parse_library(f"{OF_ALL_KINDS}{DECLARED}{functions}")
    library.definitions["It"] = Definition("It", parse_expression(expression))
    names = list(library.parameters)
    quick, careful = both_ways(library)
    tables = [line for line in quick if "_of_p" in line]
    at_once = quick[quick.index("def _quick(_given, _today, _budget):") + 1 :]
    one = _between(careful, " try:", " except") if " try:" in careful else []
    lines = [*tables, *at_once, *(["carefully:"] if one else []), *one]
    shown = [line for line in lines if not _FRAME.fullmatch(line)]
    return re.sub(r"\b_p(\d+)\b", lambda found: names[int(found[1])], "\n".join(shown))


def of_library(text: str) -> str:
    quick, careful = both_ways(parse_library(text))
    return "\n".join([*quick, "carefully:", *careful])


def golden() -> dict[str, str]:
    """For each expression and library what is written for it."""
    found = {expression: of_expression(expression) for expression in expressions()}
    return found | {name: of_library(text) for name, text in LIBRARIES.items()}


def read_golden() -> dict[str, str]:
    parts = GOLDEN.read_text(encoding="utf-8").split("\n=== ")[1:]
    return {name: text.rstrip("\n") for name, _, text in (part.partition("\n") for part in parts)}


def main() -> None:
    text = "".join(f"\n=== {name}\n{lines}\n" for name, lines in golden().items())
    GOLDEN.write_text(f"# Written by python -m tests.cql.written_golden and read by people.\n{text}")


if __name__ == "__main__":
    main()
