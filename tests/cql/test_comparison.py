"""Equality, equivalence, order, membership: above all with nulls."""

from __future__ import annotations

import pytest

from tests.cql.evaluating import assert_same

EQUALITY = [
    # expression, expected, why
    ("1 = null", "null", "equality with the unknown is unknown"),
    ("1 != null", "null", "and so is its opposite"),
    ("1 = 1.0", "true", "an Integer is converted"),
    ("1.50 = 1.5", "true", "trailing zeroes say nothing"),
    ("'a' = 'A'", "false", "equality sees case"),
    ("'Abel  x' ~ 'abel x'", "true", "equivalence sees neither case nor white space"),
    ("null ~ null", "true", "equivalence is never unknown"),
    ("1 ~ null", "false", "never"),
    ("1 !~ null", "true", "never"),
    ("1.001 ~ 1.0", "true", "rounded to the less precise"),
    ("1.5 ~ 1.55", "false", "1.55 rounds to 1.6"),
    ("{1, null} = {1, null}", "true", "two nulls in one place are equal inside a list"),
    ("{1, null} = {1, 2}", "null", "one null leaves it open"),
    ("{1, null} = {2, 2}", "false", "unless something else differs"),
    ("{1} = {1, null}", "false", "a different length is different"),
    ("{1, 2} = {2, 1}", "false", "order counts"),
    ("{} = {}", "true", "empty is empty"),
    ("{1, null} ~ {1, null}", "true", "equivalent element by element"),
    ("{1, 2} ~ {1, null}", "false", "without unknown"),
    ("Tuple{a: 1, b: null} = Tuple{a: 1, b: 2}", "null", "tuples like lists"),
    ("Tuple{a: 1, b: null} = Tuple{a: 2, b: 2}", "false", "a difference decides"),
    ("Tuple{a: 1, b: null} = Tuple{b: null, a: 1}", "true", "order of names does not count"),
    ("Tuple{a: 'X'} ~ Tuple{a: 'x'}", "true", "equivalence reaches inside"),
    ("{1} as List<Any> = {'1'} as List<Any>", "false", "values of different types differ"),
    ("{true} as List<Any> = {1} as List<Any>", "false", "true is not 1"),
    ("1 week = 7 days", "true", "exact units convert"),
    ("1 year = 12 months", "true", "calendar units convert"),
    ("1 month = 30 days", "null", "a month has no fixed length"),
    ("1 month ~ 30 days", "true", "for equivalence it has"),
    ("1 year = 1 'a'", "null", "a calendar year is not a UCUM year"),
]

ORDER = [
    ("1 < 2.5", "true", "numbers of two types"),
    ("null < 1", "null", "unknown"),
    ("1 <= null", "null", "unknown"),
    ("'a' < 'b'", "true", "by code point"),
    ("'B' < 'a'", "true", "capitals first"),
    ("5 between 1 and 5", "true", "both ends belong"),
    ("5 between 6 and null", "false", "below the lower end, whatever the upper is"),
    ("5 between 1 and null", "null", "open"),
    ("8 days > 1 week", "true", "amounts of time"),
    ("1 month > 20 days", "null", "not comparable"),
]

MEMBERSHIP = [
    ("1 in {1, 2}", "true", "is there"),
    ("3 in {1, null}", "false", "a null in the list does not make it unknown"),
    ("null in {1, null}", "true", "null is found where the list holds one"),
    ("null in {1, 2}", "false", "and not where it does not"),
    ("null in {}", "false", "nothing is in the empty list"),
    ("1 in null", "false", "nothing is in no list"),
    ("1 in {}", "false", "empty"),
    ("{} contains null", "false", "the other way round"),
    ("{1, 2} contains 2", "true", "the other way round"),
    ("1 in {1.0, 2.0}", "true", "converted"),
    ("@2019-03 in {@2019-03-04}", "null", "a partial date may be that day"),
    ("@2018-03 in {@2019-03-04}", "false", "or certainly not"),
    ("{1, 2} includes {2}", "true", "all of them"),
    ("{1} includes {}", "true", "nothing asked"),
    ("{1} includes null", "null", "unknown part"),
    ("{2} included in {1, 2}", "true", "turned round"),
    ("{1, 2} properly includes {2}", "true", "and something more"),
    ("{1, 2} properly includes {1, 2}", "false", "nothing more"),
    ("5 in Interval[1, 5]", "true", "a closed end belongs"),
    ("5 in Interval[1, 5)", "false", "an open one does not"),
    ("5 in Interval[null, 5]", "true", "closed at null: no lower bound"),
    ("5 in Interval(null, 5]", "null", "open at null: an unknown bound"),
    ("null in Interval[1, 5]", "null", "unknown"),
    ("@2024-02-10 during Interval[@2024-01-01, @2024-12-31]", "true", "dates"),
    ("@2024-02 in Interval[@2024-02-03, @2024-12-31]", "null", "may lie before the third"),
    ("@2024-02-01 in month of Interval[@2024-02-03, @2024-12-31]", "true", "seen by the month it belongs"),
]


@pytest.mark.parametrize(("expression", "expected", "why"), EQUALITY + ORDER + MEMBERSHIP)
def test_comparison(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)
