"""What each operation gives where nothing at all is known: null itself, not something that is only falsy."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from screening.cql.runtime import OPERATIONS

# A test says yes or no whatever it is given; of no list nothing is counted, joined or put together.
NOT_NULL: dict[str, Any] = {
    "all_true": True,
    "any_true": False,
    "contains": False,
    "count": 0,
    "equivalent": True,
    "exists": False,
    "in_interval": False,
    "in_list": False,
    "join_strings": "",
    "list_length": 0,
    "not_equivalent": False,
    "properly_contains": False,
    "properly_in": False,
    "union": [],
    "union_plain": [],
}
# They are called with values that are known.
NEVER_GIVEN_NULL = {
    "add_months", "as_decimal", "as_integer", "between_bounds", "compare", "compare_dates", "decimal_places",
    "decimal_text", "latest_parts", "measure", "sort_by_keys",
}  # fmt: skip
OTHERS = sorted(OPERATIONS.keys() - NEVER_GIVEN_NULL)


def places_of(function: Callable[..., Any]) -> int:
    parameters = inspect.signature(function).parameters.values()
    return sum(each.default is each.empty for each in parameters)


@pytest.mark.parametrize("name", OTHERS)
def test_of_nothing_known_comes_null(name: str) -> None:
    function = OPERATIONS[name]
    found = function(*[None] * places_of(function))
    expected = NOT_NULL.get(name)
    assert (type(found), found) == (type(expected), expected)


ONE_KNOWN: list[tuple[str, list[Any]]] = [
    # an operation, and operands of which one is null
    ("string_index", ["abc", None]),
    ("string_index", [None, 1]),
    ("list_index", [[1], None]),
    ("substring", ["abc", None]),
    ("starts_with", ["abc", None]),
    ("starts_with", [None, "a"]),
    ("ends_with", ["abc", None]),
    ("ends_with", [None, "a"]),
    ("concatenate", ["abc", None]),
    ("concatenate", [None, "abc"]),
    ("index_of", [[1], None]),
    ("index_of", [None, 1]),
    ("add_integer", [1, None]),
    ("add_integer", [None, 1]),
    ("multiply_integer", [1, None]),
    ("div_integer", [None, 1]),
    ("div_integer", [1, None]),
    ("mod_integer", [1, None]),
    ("power_integer", [1, None]),
    ("power_integer", [None, 1]),
    ("less", [1, None]),
    ("less", [None, 1]),
    ("greater_or_equal", [1, None]),
    ("equal", [1, None]),
    ("equal", [None, 1]),
    ("not_equal", [1, None]),
    ("between", [1, None, 3]),
    ("xor", [True, None]),
    ("xor", [None, False]),
    ("implies", [True, None]),
    ("implies", [None, False]),
    ("and_", [True, None]),
    ("or_", [False, None]),
]


@pytest.mark.parametrize(("name", "operands"), ONE_KNOWN)
def test_where_one_operand_is_not_known_nothing_is(name: str, operands: list[Any]) -> None:
    assert OPERATIONS[name](*operands) is None
