"""Numbers: exact, bounded, and null rather than nearly right."""

from __future__ import annotations

import pytest

from tests.cql.evaluating import assert_same, evaluate

ARITHMETIC = [
    # expression, expected, why
    ("2 + 3 * 4", "14", "products first"),
    ("(2 + 3) * 4", "20", "brackets first"),
    ("2147483647 + 1", "null", "an Integer has 32 bits"),
    ("-2147483648", "-2147483648", "the least Integer can be written"),
    ("-2147483648 - 1", "null", "and nothing is below it"),
    ("-(-2147483648)", "null", "its opposite does not exist"),
    ("100000 * 100000", "null", "overflow"),
    ("1 + null", "null", "null in, null out"),
    ("1 / 0", "null", "division by zero"),
    ("1 / 3", "0.33333333", "eight places"),
    ("2 / 3", "0.66666667", "rounded, not cut off"),
    ("10 / 5", "2.0", "a quotient is a Decimal"),
    ("7 div 2", "3", "whole part"),
    ("-7 div 2", "-3", "towards zero"),
    ("7 div 0", "null", "division by zero"),
    ("7 mod 3", "1", "remainder"),
    ("-7 mod 3", "-1", "with the sign of the dividend"),
    ("7 mod 0", "null", "division by zero"),
    ("3.5 mod 3", "0.5", "of Decimals as well"),
    ("99999999999999999999.0 * 10", "null", "a Decimal has 20 digits before the point"),
    ("99999999999999999999.99999999 + 0.00000001", "null", "one step too far"),
    ("0.00000001 * 0.1", "0.0", "below the eighth place there is nothing"),
    ("2 ^ 3", "8", "power"),
    ("-2 ^ 2", "4", "the minus belongs to the number"),
    ("2 ^ 31", "null", "overflow"),
    ("2147483647 ^ 2147483647", "null", "overflow at once, not after a long time"),
    ("Power(10, -2)", "0.01", "a negative exponent makes a Decimal"),
    ("(-1) ^ 3", "-1", "odd"),
    ("0 ^ 0", "1", "by convention"),
    ("Round(2.5)", "3.0", "halves go up"),
    ("Round(-2.5)", "-3.0", "away from zero"),
    ("Round(2.345, 2)", "2.35", "to two places"),
    ("Round(22.857142, 1)", "22.9", "a body mass index"),
    ("Abs(-5)", "5", "without sign"),
    ("Abs(-2147483648)", "null", "which does not exist"),
    ("Ceiling(1.1)", "2", "up"),
    ("Floor(-0.1)", "-1", "down"),
    ("Truncate(-1.9)", "-1", "towards zero"),
    ("Exp(0)", "1.0", "e to the 0"),
    ("Ln(1)", "0.0", "natural logarithm"),
    ("Log(16, 2)", "4.0", "logarithm to a base"),
    ("successor of 1", "2", "the next"),
    ("predecessor of 1.0", "0.99999999", "one step down"),
    ("minimum Integer", "-2147483648", "bounds can be named"),
    ("3 days + 4 days", "7 days", "amounts of one unit"),
    ("-(3 months)", "-3 months", "a negative amount"),
]

AGGREGATES = [
    ("Count({1, null, 2})", "2", "nulls are not counted"),
    ("Count({null})", "0", "none"),
    ("Count(null as List<Integer>)", "0", "no list"),
    ("Sum({1, null, 2})", "3", "nulls are skipped"),
    ("Sum({})", "null", "there is no sum of nothing"),
    ("Sum({2147483647, 1})", "null", "overflow"),
    ("Sum({1, 2.5})", "3.5", "of the common type"),
    ("Min({3, 1, null})", "1", "least"),
    ("Max({'a', 'b'})", "'b'", "greatest"),
    ("Max({@2019, @2019-05-01})", "null", "either may be the later"),
    ("Max({@2018, @2019-05-01})", "@2019-05-01", "certain"),
    ("Avg({1, 2})", "1.5", "a Decimal"),
    ("Avg({null as Integer})", "null", "of nothing"),
    ("Median({1, 2, 10})", "2.0", "the middle one"),
    ("Median({1, 2, 3, 10})", "2.5", "or between two"),
    ("Mode({1, 2, 2, 3})", "2", "the most frequent"),
    ("Variance({1, 2, 3})", "1.0", "of a sample"),
    ("PopulationStdDev({1.0, 2.0, 3.0, 4.0, 5.0})", "1.41421356", "of all"),
    ("Product({2, 3, 4})", "24", "product"),
    ("AllTrue({true, null})", "true", "nulls are skipped"),
    ("AllTrue({})", "true", "nothing contradicts"),
    ("AnyTrue({false, null})", "false", "nothing is true"),
    ("exists {null}", "false", "a null is nothing"),
    ("exists {1}", "true", "something"),
    ("exists (null as List<Integer>)", "false", "no list"),
]


@pytest.mark.parametrize(("expression", "expected", "why"), ARITHMETIC + AGGREGATES)
def test_arithmetic(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("Exp(1000)", "too large"),
        ("Ln(0)", "no logarithm"),
        ("successor of 2147483647", "no successor"),
        ("Round(1.5, -1)", "at least 0"),
    ],
)
def test_some_results_are_errors_that_are_seen(expression: str, sentence: str) -> None:
    value, error = evaluate(expression)
    assert value is None
    assert sentence in str(error)
