"""The tables of the other tests once more, with answers where they have literals.

A literal is worked out when a library is compiled, and what rules compare are answers. So each row is read
with a parameter in place of each literal: it gives the same at once, without a second look; definition by
definition; and by columns. So it does where one of the answers is missing.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from screening.cql import CqlError, Date, DateTime, Program
from screening.cql.parser import parse_library
from screening.cql.values import hand_out
from tests.cql import (
    test_arithmetic,
    test_comparison,
    test_dates,
    test_edges_of_comparison,
    test_edges_of_conversions,
    test_edges_of_dates,
    test_edges_of_durations,
    test_edges_of_lists,
    test_edges_of_numbers,
    test_every_operator,
    test_lists,
    test_logic,
    test_strings,
)
from tests.cql.evaluating import TODAY, evaluate
from tests.cql.test_columns import assert_same, exact
from tests.cql.test_two_ways import Both, compare

MODULES = (
    test_arithmetic, test_comparison, test_dates, test_edges_of_comparison, test_edges_of_conversions,
    test_edges_of_dates, test_edges_of_durations, test_edges_of_lists, test_edges_of_numbers,
    test_every_operator, test_lists, test_logic, test_strings,
)  # fmt: skip
UNITS = r"(?:year|month|week|day|hour|minute|second|millisecond)s?\b|'"
LITERAL = re.compile(
    rf"""
    (?P<kept>[a-z]\w*|"[^"]*"|\d+(?:\.\d+)?\s*(?:{UNITS}[^']*'|(?:{UNITS})))
    |(?P<DateTime>@[\d-]+T[\d:.]*(?:Z|[+-]\d\d:\d\d)?)
    |(?P<Date>@\d[\d-]*)
    |(?P<Decimal>\d+\.\d+)
    |(?P<Integer>(?!2147483648)\d+)
    |(?P<String>'(?:[^'\\]|\\.)*')
    """,
    re.VERBOSE | re.IGNORECASE,
)


def expressions() -> list[str]:
    """The first cell of every row: what is evaluated."""
    tables = [table for module in MODULES for name, table in vars(module).items() if name.isupper()]
    rows = [row for table in tables if isinstance(table, list) for row in table if isinstance(row, tuple)]
    return list(dict.fromkeys(row[0] for row in rows if len(row) == 3 and isinstance(row[0], str)))


def with_answers(expression: str) -> tuple[str, dict[str, Any]]:
    """A library with a parameter for each literal, and what they are."""
    types: dict[str, tuple[str, str]] = {}

    def name(match: re.Match[str]) -> str:
        if match.lastgroup in (None, "kept"):
            return match.group()
        known = types.setdefault(match.group(), (f"p{len(types)}", match.lastgroup or ""))
        return known[0]

    text = LITERAL.sub(name, expression)
    declared = "".join(f"parameter {parameter} {type_}\n" for parameter, type_ in types.values())
    values = {parameter: evaluate(literal)[0] for literal, (parameter, _) in types.items()}
    return f"{declared}define Result: {text}", values


def test_there_are_tables_and_their_literals_become_answers() -> None:
    assert len(expressions()) > 1000
    text, values = with_answers("{1, 2.5, 1} contains 'a' or @2019 + 3 days < @2019-01-01T00 or 1 'd' = null")
    declared = "".join(
        f"parameter p{number} {type_}\n"
        for number, type_ in enumerate(("Integer", "Decimal", "String", "Date", "DateTime"))
    )
    result = "define Result: {p0, p1, p0} contains p2 or p3 + 3 days < p4 or 1 'd' = null"
    assert text == declared + result
    assert [*values.values()] == [1, Decimal("2.5"), "a", Date(2019), DateTime(2019, 1, 1, 0)]


def is_usual(values: dict[str, Any]) -> bool:
    """The quick way leaves numbers alone that nobody gives as an answer."""
    return all(not isinstance(value, int) or value < 2**30 for value in values.values())


# The sign belongs to the literal there, and whole numbers stay whole.
OTHERWISE = {"Power(10, -2)"}


@pytest.mark.parametrize("expression", [each for each in expressions() if each not in OTHERWISE])
def test_a_row_gives_the_same_with_answers(expression: str) -> None:
    """A few operations take a literal only; those are refused."""
    text, values = with_answers(expression)
    try:
        library = Both(text)
    except CqlError:
        return
    expected, error = evaluate(expression)
    row, errors, rows = library.run(values, TODAY)
    assert bool(errors) == bool(error), errors
    if not errors:
        assert exact(hand_out(rows.value(row, "Result"))) == exact(expected)
        assert rows is library.written.rows or not is_usual(values), "the quick way was not taken"
    given = [values, *({**values, name: None} for name in values), {}]
    for answers in given:
        compare(library, answers, TODAY)
    assert_same(Program(parse_library(text)), given)
