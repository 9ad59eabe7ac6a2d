"""What a caller may give for a parameter, and the sentence with which anything else is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pytest

from screening.cql import Date, DateTime, Quantity, compile_library
from screening.cql.errors import EvaluationFailure
from screening.cql.values import Accepted, hand_out
from tests.cql.evaluating import evaluate


class Word(StrEnum):
    A = "a"


PAIR = "Tuple{a Integer, b String}"
TAKEN: list[tuple[str, Any, Any]] = [
    # the declared type, what is given, what it is in the language
    ("Integer", 5, 5),
    ("Decimal", 5, Decimal(5)),
    ("Decimal", 1.5, Decimal("1.5")),
    ("Decimal", Decimal("1.50"), Decimal("1.50")),
    ("Boolean", False, False),
    ("Date", dt.date(2024, 1, 2), Date(2024, 1, 2)),
    ("Date", Date(2024), Date(2024)),
    ("DateTime", DateTime(2024), DateTime(2024)),
    ("String", "x" * 50, "x" * 50),
    ("String", Word.A, "a"),
    ("List<String>", ("a", "b"), ("a", "b")),
    ("List<String>", ["a", Word.A], ("a", "a")),
    ("List<String>", [Word.A, None, "a"], ("a", None, "a")),
    ("List<Integer>", [1, None], (1, None)),
    ("List<Decimal>", (1, 1.5), (Decimal(1), Decimal("1.5"))),
    (PAIR, {"a": 1}, {"a": 1, "b": None}),
    (PAIR, {"a": 1, "b": "x", "c": 2}, {"a": 1, "b": "x"}),
    (PAIR, MappingProxyType({"b": "x"}), {"a": None, "b": "x"}),
    ("Any", None, None),
    ("Any", True, True),
    ("Any", 5, 5),
    ("Any", "x", "x"),
    ("Any", Decimal(1), Decimal(1)),
    ("Any", Date(2024), Date(2024)),
    ("Any", dt.date(2024, 1, 2), Date(2024, 1, 2)),
    ("Any", Quantity(Decimal(1), "month"), Quantity(Decimal(1), "month")),
    ("Any", [1, "a", None], (1, "a", None)),
    ("Any", (1, [2]), (1, (2,))),
    ("Any", {"a": 1, 2: dt.date(2024, 1, 2)}, {"a": 1, "2": Date(2024, 1, 2)}),
    ("Any", MappingProxyType({"a": (1,)}), {"a": (1,)}),
]


@pytest.mark.parametrize(("type_", "given", "value"), TAKEN)
def test_what_fits_is_taken_as_the_language_has_it(type_: str, given: Any, value: Any) -> None:
    found, error = evaluate("P", P=(type_, given))
    assert (found, error) == (value, None)
    assert type(found) is type(value)
    if isinstance(value, tuple):
        assert [type(each) for each in found] == [type(each) for each in value]


LONG = "x" * 41
REFUSED: list[tuple[str, Any, str]] = [
    # the declared type, what is given, what is said of it
    ("Integer", True, "Integer was expected, not bool 'True'."),
    ("Integer", 5.0, "Integer was expected, not float '5.0'."),
    ("Integer", 2**31, "Integer was expected, not int '2147483648'."),
    ("Integer", [1], "Integer was expected, not list '[1]'."),
    ("Integer", {"a": 1}, "Integer was expected, not dict \"{'a': 1}\"."),
    ("Integer", LONG, f"Integer was expected, not str '{LONG[:40]}'."),
    ("Decimal", True, "Decimal was expected, not bool 'True'."),
    ("Decimal", "1.5", "Decimal was expected, not str '1.5'."),
    ("Decimal", 10**20, "Decimal was expected, not int '100000000000000000000'."),
    ("Decimal", Decimal(10) ** 20, "Decimal was expected, not Decimal '100000000000000000000'."),
    ("Boolean", 1, "Boolean was expected, not int '1'."),
    ("Date", "2024", "Date was expected, not str '2024'."),
    ("DateTime", Date(2024), "DateTime was expected, not Date '2024'."),
    ("DateTime", dt.date(2024, 1, 2), "DateTime was expected, not date '2024-01-02'."),
    ("String", 5, "String was expected, not int '5'."),
    ("List<String>", ["a", 5], "String was expected, not int '5'."),
    ("List<String>", "ab", "List<String> was expected, not str 'ab'."),
    ("List<Integer>", ["a"], "Integer was expected, not str 'a'."),
    ("List<Integer>", 5, "List<Integer> was expected, not int '5'."),
    (PAIR, [1], "Tuple{a Integer, b String} was expected, not list '[1]'."),
    (PAIR, {"a": "x"}, "Integer was expected, not str 'x'."),
    ("Any", 1.5, "A float is no value of the language."),
    ("Any", 2**31, "Integer was expected, not int '2147483648'."),
    ("Any", [1, {"a": b""}], "A bytes is no value of the language."),
]


@pytest.mark.parametrize(("type_", "given", "sentence"), REFUSED)
def test_what_does_not_fit_is_refused_in_a_sentence(type_: str, given: Any, sentence: str) -> None:
    assert evaluate("P", P=(type_, given)) == (
        None,
        f"It needs P, which could not be computed: Parameter P: {sentence}",
    )


def test_a_row_of_which_something_fails_is_judged_with_care() -> None:
    program = compile_library(
        "parameter flags List<String>\ndefine broken: singleton from flags\ndefine many: Count(flags)"
    )
    given = program.accept({"flags": ["a", "b"]})
    assert isinstance(given, Accepted)
    found = program.evaluate_row(given.row, today=dt.date(2026, 3, 1))
    assert (found["broken"], found["many"]) == (None, 2)
    assert list(found.errors) == ["broken"]


@pytest.mark.parametrize(
    ("value", "elements"),
    [([], 0), ([1, None, 3], 3), ([[1], [2, 3]], 5), ({"a": [1], "b": {"c": [2, 3]}}, 3), ([{"a": [1]}], 2)],
)
def test_what_is_handed_out_may_have_so_many_elements_and_no_more(value: Any, elements: int) -> None:
    """Those of lists inside lists and tuples are counted as well."""
    hand_out(value, [elements])
    with pytest.raises(EvaluationFailure, match="more than a million elements"):
        hand_out(value, [elements - 1])
