"""Both sides of each edge between two types, and between a caller and the language."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from screening.cql import Date
from tests.cql.evaluating import assert_same, evaluate, value_of

CONVERSIONS = [
    ("(Tuple{a: 1, b: 'x'} as Any) as Tuple{a Integer, b Integer}", "null", "one part does not fit"),
    ("(Tuple{a: 'x', b: 1} as Any) as Tuple{a Integer, b Integer}", "null", "nor does the other"),
    (
        "(Tuple{a: null, b: 1} as Any) as Tuple{a Integer, b Integer}",
        "Tuple{a: null as Integer, b: 1}",
        "null fits",
    ),
    ("({1 as Any, 'x' as Any} as Any) as List<Integer>", "null", "one element does not fit"),
    ("({null, 1} as Any) as List<Integer>", "{null, 1}", "null fits"),
    ("ToString(null as Integer)", "null", "unknown"),
    ("ToString(false)", "'false'", "Boolean"),
    ("ToString(-5)", "'-5'", "Integer"),
    ("ToString(ToDecimal('5'))", "'5.0'", "a Decimal always shows its point"),
    ("ToString(ToDecimal('1.50'))", "'1.50'", "as written"),
    ("ToString(@2019-05T)", "'2019-05'", "a time without hours"),
    ("ToString(@2019-05-03T10:30)", "'2019-05-03T10:30'", "a time with hours"),
    ("ToBoolean('T')", "true", "words"),
    ("ToBoolean('y')", "true", "words"),
    ("ToBoolean('1')", "true", "words"),
    ("ToBoolean('TRUE')", "true", "words"),
    ("ToBoolean('yes')", "true", "words"),
    ("ToBoolean('f')", "false", "words"),
    ("ToBoolean('N')", "false", "words"),
    ("ToBoolean('0')", "false", "words"),
    ("ToBoolean('false')", "false", "words"),
    ("ToBoolean('No')", "false", "words"),
    ("ToBoolean(1)", "true", "one"),
    ("ToBoolean(0)", "false", "none"),
    ("ToBoolean(2)", "null", "neither"),
    ("ToBoolean(-1)", "null", "neither"),
    ("ToBoolean(1.0)", "true", "one"),
    ("ToBoolean(0.0)", "false", "none"),
    ("ToBoolean(0.5)", "null", "neither"),
    ("ToBoolean(null as Integer)", "null", "unknown"),
    ("ToBoolean(null as String)", "null", "unknown"),
    ("ToInteger('-12')", "-12", "signs"),
    ("ToInteger('+12')", "12", "signs"),
    ("ToInteger('2147483647')", "2147483647", "the greatest"),
    ("ToInteger('-2147483648')", "-2147483648", "the least"),
    ("ToInteger('00000000012')", "null", "eleven digits"),
    ("ToInteger('0000000012')", "12", "ten"),
    ("ToInteger('1.5')", "null", "no whole number"),
    ("ToInteger('')", "null", "nothing"),
    ("ToInteger(true)", "1", "from Boolean"),
    ("ToInteger(false)", "0", "from Boolean"),
    ("ToInteger(null as String)", "null", "unknown"),
    ("ToInteger(null as Boolean)", "null", "unknown"),
    ("ToDecimal('-1.5')", "-1.5", "signs"),
    ("ToDecimal('+1.5')", "1.5", "signs"),
    ("ToDecimal('1.')", "null", "a point needs digits after it"),
    ("ToDecimal('.5')", "null", "and before it"),
    ("ToDecimal('1.123456789')", "1.12345679", "rounded to the eighth place"),
    ("ToDecimal('٣.٥')", "null", "digits of this script only"),
    ("ToDecimal('100000000000000000000')", "null", "too large"),
    ("ToDecimal(true)", "1.0", "from Boolean"),
    ("ToDecimal(false)", "0.0", "from Boolean"),
    ("ToDecimal(null as String)", "null", "unknown"),
    ("ToDecimal(null as Boolean)", "null", "unknown"),
    ("ToDate(null as String)", "null", "unknown"),
    ("ToDate(null as DateTime)", "null", "unknown"),
    ("ToDate('2019-05-03')", "@2019-05-03", "a day"),
    ("ToDateTime(null as String)", "null", "unknown"),
    ("ToDateTime('perhaps')", "null", "no time"),
    ("ToDateTime(@2019-05)", "@2019-05T", "from a date"),
    ("ToQuantity(null as String)", "null", "unknown"),
    ("ToQuantity('3')", "null", "an amount needs a unit"),
    ("ToQuantity('1.5 days')", "1.5 days", "with a point"),
    ("ToQuantity('-3 days')", "-3 days", "signs"),
    ("ToQuantity('+3 days')", "3 days", "signs"),
    ("ToQuantity('3days')", "3 days", "without a space"),
    ("ToQuantity('3 \\'d\\'')", "3 'd'", "UCUM codes"),
    ("ToQuantity('3 \\'day\\'')", "null", "which are not words"),
    ("ToQuantity('3 d')", "null", "nor words codes"),
    ("ToQuantity('3 mg')", "null", "time only"),
    ("ToQuantity('3 \\'mg\\'')", "null", "time only"),
    ("ToQuantity('100000000000000000000 days')", "null", "too large"),
    ("(5 as Any) is String", "false", "is not one"),
    ("(true as Any) is Integer", "false", "true is no number"),
    ("({1, null} as List<Any>) is List<Integer>", "true", "nulls fit every type"),
    ("({'a'} as List<Any>) is List<Integer>", "false", "none is"),
    ("({{1}} as List<Any>) is List<List<Integer>>", "true", "lists of lists"),
    ("({{'a'}} as List<Any>) is List<List<Integer>>", "false", "lists of lists"),
    ("(1 as Any) is List<Integer>", "false", "no list"),
    ("(Tuple{a: 1} as Any) is Tuple{a Integer}", "true", "the same names and types"),
    ("(Tuple{a: 1} as Any) is Tuple{b Integer}", "false", "another name"),
    ("(Tuple{a: 'x'} as Any) is Tuple{a Integer}", "false", "another type"),
    ("(Tuple{a: 1, b: 2} as Any) is Tuple{a Integer}", "false", "a name too many"),
    ("(Tuple{a: null} as Any) is Tuple{a Integer}", "true", "nulls fit every type"),
    ("(1 as Any) is Tuple{a Integer}", "false", "no tuple"),
    ("cast (5 as Any) as Integer", "5", "holds"),
    ("cast (null as Any) as Integer", "null", "null fits every type"),
    ("{1, null, 2} union {1.5}", "{1.0, null, 2.0, 1.5}", "converted element by element"),
    ("(null as List<Integer>) union {1.5}", "{1.5}", "no list stays none"),
    ("{Tuple{a: 1}} union {Tuple{a: 1.5}}", "{Tuple{a: 1.0}, Tuple{a: 1.5}}", "converted name by name"),
    ("{{1}} union {{1.5}}", "{{1.0}, {1.5}}", "converted inside"),
]


@pytest.mark.parametrize(("expression", "expected", "why"), CONVERSIONS)
def test_edges_of_conversions(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)


def test_lists_and_tuples_are_converted_inside_and_nulls_stay() -> None:
    rows = ("List<Tuple{a Integer, b String}>", [{"a": 1, "b": "x"}, None])
    united = value_of("rows union {Tuple{a: 1.5, b: 'y'}}", rows=rows)
    assert united == ({"a": Decimal(1), "b": "x"}, None, {"a": Decimal("1.5"), "b": "y"})
    assert type(united[0]["a"]) is Decimal
    nested = ("List<List<Integer>>", [[1], None])
    assert value_of("nested union {{1.5}}", nested=nested) == ((Decimal(1),), None, (Decimal("1.5"),))
    words = ("List<Tuple{a String}>", [{"a": "x"}])
    assert value_of("words union {Tuple{a: 'y'}}", words=words) == ({"a": "x"}, {"a": "y"})


@pytest.mark.parametrize(
    ("type_", "given", "taken"),
    [
        ("Date", dt.date(2024, 2, 29), Date(2024, 2, 29)),
        ("Date", Date(2024), Date(2024)),
        ("Any", dt.date(2024, 2, 29), Date(2024, 2, 29)),
        ("Integer", 5, 5),
        ("Integer", None, None),
        ("Decimal", Decimal("1.5"), Decimal("1.5")),
        ("Decimal", 5, Decimal(5)),
        ("Decimal", 1.5, Decimal("1.5")),
        ("String", "a", "a"),
        ("Boolean", False, False),
        ("List<String>", ["a", "b"], ("a", "b")),
        ("List<String>", ("a", None), ("a", None)),
        ("List<Integer>", [1, None], (1, None)),
        ("Tuple{a Integer, b String}", {"a": 1}, {"a": 1, "b": None}),
        ("Any", [1, {"a": "x"}], (1, {"a": "x"})),
        ("Any", Decimal("1.5"), Decimal("1.5")),
        ("Any", True, True),
    ],
)
def test_a_callers_value_is_taken_as_its_type(type_: str, given: Any, taken: Any) -> None:
    value = value_of("x", x=(type_, given))
    assert value == taken
    assert type(value) is type(taken)


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("Integer", "5"),
        ("Integer", True),
        ("Integer", 2**31),
        ("Integer", 1.0),
        ("Decimal", True),
        ("Decimal", "1.5"),
        ("Decimal", Decimal("1E+30")),
        ("Decimal", float("nan")),
        ("String", 5),
        ("Boolean", 1),
        ("Date", "2019"),
        ("List<String>", ["a", 5]),
        ("List<String>", "ab"),
        ("Tuple{a Integer}", [1]),
        ("Any", object()),
        ("Any", {1}),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_an_error_that_is_seen(type_: str, given: Any) -> None:
    value, error = evaluate("x", x=(type_, given))
    assert value is None
    assert error


def test_a_text_of_a_kind_of_its_own_is_taken_as_a_plain_text() -> None:
    class Word(str):
        __slots__ = ()

    for type_, given in (("String", Word("a")), ("List<String>", [Word("a")])):
        value = value_of("x", x=(type_, given))
        assert value in ("a", ("a",))
        assert type(value if isinstance(value, str) else value[0]) is str
