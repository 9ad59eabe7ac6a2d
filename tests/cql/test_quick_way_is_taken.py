"""What does not fail is said by the quick way, and what it says is what the careful way says.

Where the quick way fails the careful one steps in, so a mistake in it would otherwise show as slowness only.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from screening.cql import Date, DateTime, Quantity
from screening.cql.check import check_library
from screening.cql.compile import Compiled
from screening.cql.parser import parse_expression, parse_library
from screening.cql.tree import Definition
from tests.cql.test_cost_of_the_quick_way import DECLARED
from tests.cql.test_two_ways import TODAY
from tests.cql.written_expressions import FUNCTIONS, LONG, OF_ALL_KINDS
from tests.cql.written_golden import expressions

ROW = {"kind": "a", "lasted": 4, "since": Date(2025, 3, 31), "ok": True}
FULL: dict[str, Any] = {
    "a": True, "b": False, "c": True, "n": 3, "m": 5, "d": Decimal("2.5"), "s": "x", "t": "ax",
    "e": Date(2025, 1, 31), "f": Date(2026, 2, 28), "texts": ["x", "b", "x"], "numbers": [4],
    "rows": [ROW, ROW | {"kind": "b", "ok": False}, ROW | {"kind": "x", "lasted": 1}],
    "entry": {"kind": "a", "lasted": 4}, "dates": [Date(2025, 1, 31)], "nested": [[1], [2, 3]],
    "moment": DateTime(2025, 1, 31, 10), "shares": [Decimal("1.5")], "span": Quantity(Decimal(3), "month"),
}  # fmt: skip
IN_PART = FULL | {
    "a": None, "n": None, "d": None, "s": "", "e": Date(2024), "f": Date(2024, 12), "texts": [None, "b"],
    "rows": [ROW | {"kind": None, "since": Date(2025, 3)}, ROW | {"lasted": None, "ok": None, "since": None}],
    "entry": {"kind": None, "lasted": None}, "dates": [Date(2025), None], "moment": DateTime(2025, 1),
}  # fmt: skip
OTHERWISE = FULL | {
    "a": False, "b": True, "n": -7, "m": 2**30 - 1, "s": "b", "t": "b", "e": Date(2024, 2, 29),
    "f": Date(2024, 2, 29), "texts": [], "rows": [], "nested": [], "shares": [],
    "span": Quantity(Decimal(10), "day"),
}  # fmt: skip
GIVEN = [FULL, IN_PART, OTHERWISE, {}]
TOGETHER = 25
SOME = [expressions()[start : start + TOGETHER] for start in range(0, len(expressions()), TOGETHER)]


@pytest.mark.parametrize("some", SOME, ids=lambda some: some[0])
def test_what_does_not_fail_is_said_by_the_quick_way(some: list[str]) -> None:
    for expression in some:
        library = parse_library(f"{OF_ALL_KINDS}{DECLARED}{FUNCTIONS}{LONG}")
        library.definitions["It"] = Definition("It", parse_expression(expression))
        compiled = Compiled(check_library(library))
        for given in GIVEN:
            row, errors, rows = compiled.run_carefully(given, TODAY)
            expected, trace = rows.value(row, "It"), rows.trace(row)
            quick, _, taken = compiled.run(given, TODAY)
            assert (taken is compiled.written.rows) == (not errors), (expression, given)
            found = taken.value(quick, "It")
            assert (type(found), found, taken.trace(quick)) == (type(expected), expected, trace), expression
