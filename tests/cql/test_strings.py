"""Text and conversions."""

from __future__ import annotations

import pytest

from tests.cql.evaluating import assert_same, evaluate

STRINGS = [
    # expression, expected, why
    ("'a' + 'b'", "'ab'", "concatenation"),
    ("'a' + null", "null", "null in, null out"),
    ("'a' & null", "'a'", "& reads null as nothing"),
    ("Length('déjà')", "4", "characters, not bytes"),
    ("Upper('ß')", "'SS'", "as Unicode has it"),
    ("Lower('ÄB')", "'äb'", "as Unicode has it"),
    ("StartsWith('abc', 'ab')", "true", "at the beginning"),
    ("EndsWith('abc', 'ab')", "false", "not at the end"),
    ("PositionOf('b', 'ab')", "1", "counted from 0"),
    ("LastPositionOf('a', 'aba')", "2", "the last one"),
    ("Substring('abc', 1)", "'bc'", "from there on"),
    ("Substring('abc', 1, 1)", "'b'", "so many"),
    ("Substring('abc', 3)", "null", "beyond the end"),
    ("Substring('abc', 0, 99)", "'abc'", "as many as there are"),
    ("Split('a,b', ',')", "{'a', 'b'}", "parts"),
    ("Split('ab', '')", "{'ab'}", "nothing separates nothing"),
    ("Combine({'a', null, 'b'}, '-')", "'a-b'", "nulls are left out"),
    ("Combine({'a', 'b'})", "'ab'", "without separator"),
    ("'abc'[1]", "'b'", "one character"),
    ("Length('\\'\\\\\\n')", "3", "escapes are single characters"),
    ("'\\u0041'", "'A'", "by code"),
    ("'it\\'s'", "'it\\'s'", "an apostrophe"),
]

CONVERSIONS = [
    ("ToString(5)", "'5'", "Integer"),
    ("ToString(5.0)", "'5.0'", "a Decimal shows its point"),
    ("ToString(0.00000001)", "'0.00000001'", "without exponent"),
    ("ToString(true)", "'true'", "Boolean"),
    ("ToString(@2019-05)", "'2019-05'", "what is known"),
    ("ToString(3 months)", "'3 months'", "with its unit"),
    ("ToInteger('12')", "12", "digits"),
    ("ToInteger(' 12')", "null", "nothing else"),
    ("ToInteger('2147483648')", "null", "too large"),
    ("ToInteger('٣')", "null", "digits of this script only"),
    ("ToDecimal('1.5')", "1.5", "with a point"),
    ("ToDecimal('1e5')", "null", "no exponents"),
    ("ToDecimal(3)", "3.0", "from Integer"),
    ("ToBoolean('Yes')", "true", "words"),
    ("ToBoolean('perhaps')", "null", "only these"),
    ("ToDate('2019-05')", "@2019-05", "partial"),
    ("ToDate('2019-13')", "null", "no such month"),
    ("ToDate(@2019-05-01T10:00)", "@2019-05-01", "from a moment"),
    ("ToDateTime('2019-05-01T10:00')", "@2019-05-01T10:00", "a moment"),
    ("ToQuantity('3 months')", "3 months", "calendar words"),
    ("convert '5' to Integer", "5", "the other spelling"),
    ("(5 as Any) as Integer", "5", "known to be one"),
    ("(5 as Any) as String", "null", "is not one"),
    ("(5 as Any) is Integer", "true", "a test"),
    ("null is Integer", "false", "null is of no type"),
    ("{1, 2} as List<Any> is List<Integer>", "true", "looks at the elements"),
]


@pytest.mark.parametrize(("expression", "expected", "why"), STRINGS + CONVERSIONS)
def test_strings(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)


def test_a_cast_that_does_not_hold_is_an_error_that_is_seen() -> None:
    assert evaluate("cast (5 as Any) as String") == (None, "A value is not of the type String.")
