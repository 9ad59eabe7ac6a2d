"""Arithmetic on whole numbers of which only the bounds are known, such as months since 2019."""

from __future__ import annotations

from screening.cql.errors import EvaluationFailure
from screening.cql.quantities import Uncertainty
from screening.cql.runtime.arithmetic import div_integer
from screening.cql.runtime.numbers import as_integer

Value = int | Uncertainty | None


def between_bounds(low: int, high: int) -> Value:
    """A plain number when the bounds meet, null when one of them does not fit an Integer."""
    if as_integer(low) is None or as_integer(high) is None:
        return None
    return low if low == high else Uncertainty(low, high)


def _bounds(value: int | Uncertainty) -> tuple[int, int]:
    return (value.low, value.high) if isinstance(value, Uncertainty) else (value, value)


def add_uncertain(a: Value, b: Value) -> Value:
    if a is None or b is None:
        return None
    (low_a, high_a), (low_b, high_b) = _bounds(a), _bounds(b)
    return between_bounds(low_a + low_b, high_a + high_b)


def negate_uncertain(a: Value) -> Value:
    if a is None:
        return None
    low, high = _bounds(a)
    return between_bounds(-high, -low)


def subtract_uncertain(a: Value, b: Value) -> Value:
    return add_uncertain(a, negate_uncertain(b))


def multiply_uncertain(a: Value, b: Value) -> Value:
    if a is None or b is None:
        return None
    corners = [x * y for x in _bounds(a) for y in _bounds(b)]
    return between_bounds(min(corners), max(corners))


def div_uncertain(a: Value, b: Value) -> Value:
    if isinstance(a, Uncertainty) or isinstance(b, Uncertainty):
        raise EvaluationFailure("A number that is not known exactly cannot be divided.")
    return div_integer(a, b)


def certain(a: Value) -> int | None:
    """The number if it is known exactly, otherwise null."""
    return None if isinstance(a, Uncertainty) else a
