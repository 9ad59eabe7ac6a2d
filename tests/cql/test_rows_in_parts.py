"""Every kind of expression by columns gives each row what it gets alone, however its lists are handed in."""

from __future__ import annotations

from typing import Any

import pytest

from screening.cql import Program
from screening.cql.parser import parse_expression, parse_library
from screening.cql.tree import Definition
from tests.cql.columns_golden import ROWS
from tests.cql.test_columns import assert_same, in_parts
from tests.cql.test_cost_of_the_quick_way import DECLARED
from tests.cql.test_quick_way_is_taken import GIVEN, ROW, SOME
from tests.cql.written_expressions import FUNCTIONS, LONG, OF_ALL_KINDS

NOTHING_INSIDE: dict[str, Any] = {
    "texts": [None], "numbers": [None, 4], "dates": [None], "nested": [None, [None], []], "shares": [None],
    "rows": [None, dict.fromkeys(ROW), ROW], "entry": None,
}  # fmt: skip
EMPTY: dict[str, Any] = {name: [] for name in NOTHING_INSIDE} | {"entry": {"kind": None, "lasted": None}}
AT_ONCE = [*GIVEN, NOTHING_INSIDE, EMPTY, *ROWS]


# What is asked of a list or a tuple without opening it, and what opens it.
LISTS = ("(rows)", "(texts)", "(nested)", "(rows R where R.ok)", "(rows R return all R.kind)")
HELD = [
    *(f"{word} {each}" for word in ("exists", "1 = Count", "First", "Last", "distinct") for each in LISTS),
    *(f"{each} is {word}null" for word in ("", "not ") for each in (*LISTS, "entry", "First(rows)")),
    "flatten nested",
    "First(rows).kind is null",
]
# What a function reads is a parameter, also where an alias around its call has the same name.
HIDDEN = ["exists (texts s where named(s))", "numbers n where enough(n) return all n + 1"]


@pytest.mark.parametrize("some", [HELD, HIDDEN, *SOME], ids=lambda some: some[0])
def test_each_row_gets_what_it_gets_alone(some: list[str]) -> None:
    for expression in some:
        library = parse_library(f"{OF_ALL_KINDS}{DECLARED}{FUNCTIONS}{LONG}")
        library.definitions["It"] = Definition("It", parse_expression(expression))
        program = Program(library)
        assert_same(program, AT_ONCE)
        assert_same(program, AT_ONCE, in_parts)
