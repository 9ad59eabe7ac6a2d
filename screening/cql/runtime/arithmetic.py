"""Arithmetic. Null in, null out; overflow and division by zero are null as well."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal, DecimalException

from screening.cql.errors import EvaluationFailure
from screening.cql.quantities import Quantity
from screening.cql.runtime.comparison import decimal_places
from screening.cql.runtime.numbers import (
    DECIMAL_MAX,
    INTEGER_MAX,
    INTEGER_MIN,
    STEP,
    WIDE,
    as_decimal,
    as_integer,
)

Whole = int | None
Number = Decimal | None


def add_integer(a: Whole, b: Whole) -> Whole:
    return None if a is None or b is None else as_integer(a + b)


def subtract_integer(a: Whole, b: Whole) -> Whole:
    return None if a is None or b is None else as_integer(a - b)


def multiply_integer(a: Whole, b: Whole) -> Whole:
    return None if a is None or b is None else as_integer(a * b)


def div_integer(a: Whole, b: Whole) -> Whole:
    """Towards zero, unlike Python's `//`."""
    if a is None or b is None or b == 0:
        return None
    return as_integer(abs(a) // abs(b) * (1 if (a < 0) is (b < 0) else -1))


def mod_integer(a: Whole, b: Whole) -> Whole:
    """The remainder has the sign of the dividend, unlike Python's `%`."""
    if a is None or b is None or b == 0:
        return None
    return abs(a) % abs(b) * (-1 if a < 0 else 1)


def power_integer(a: Whole, b: Whole) -> Whole:
    """Whole numbers stay whole: with a negative exponent there is no such result."""
    if a is None or b is None or b < 0:
        return None
    if abs(a) > 1 and b > 32:  # cannot fit 32 bits, and computing it could take for ever
        return None
    return as_integer(a**b)


def negate_integer(a: Whole) -> Whole:
    return None if a is None else as_integer(-a)


def abs_integer(a: Whole) -> Whole:
    return None if a is None else as_integer(abs(a))


def successor_integer(a: Whole) -> Whole:
    if a == INTEGER_MAX:
        raise EvaluationFailure("The largest Integer has no successor.")
    return None if a is None else a + 1


def predecessor_integer(a: Whole) -> Whole:
    if a == INTEGER_MIN:
        raise EvaluationFailure("The smallest Integer has no predecessor.")
    return None if a is None else a - 1


def add_decimal(a: Number, b: Number) -> Number:
    return None if a is None or b is None else as_decimal(WIDE.add(a, b))


def subtract_decimal(a: Number, b: Number) -> Number:
    return None if a is None or b is None else as_decimal(WIDE.subtract(a, b))


def multiply_decimal(a: Number, b: Number) -> Number:
    return None if a is None or b is None else as_decimal(WIDE.multiply(a, b))


def divide(a: Number, b: Number) -> Number:
    return None if a is None or b is None or not b else as_decimal(WIDE.divide(a, b))


def div_decimal(a: Number, b: Number) -> Number:
    return None if a is None or b is None or not b else as_decimal(WIDE.divide_int(a, b))


def mod_decimal(a: Number, b: Number) -> Number:
    return None if a is None or b is None or not b else as_decimal(WIDE.remainder(a, b))


def power_decimal(a: Number, b: Number) -> Number:
    if a is None or b is None:
        return None
    if a == 0 and b == 0:
        return Decimal(1)
    try:
        return as_decimal(WIDE.power(a, b))
    except DecimalException:
        return None


def negate_decimal(a: Number) -> Number:
    return None if a is None else as_decimal(-a)


def abs_decimal(a: Number) -> Number:
    return None if a is None else abs(a)


def successor_decimal(a: Number) -> Number:
    if a == DECIMAL_MAX:
        raise EvaluationFailure("The largest Decimal has no successor.")
    return None if a is None else WIDE.add(a, STEP)


def predecessor_decimal(a: Number) -> Number:
    if a == -DECIMAL_MAX:
        raise EvaluationFailure("The smallest Decimal has no predecessor.")
    return None if a is None else WIDE.subtract(a, STEP)


def ceiling(a: Number) -> Whole:
    return None if a is None else as_integer(int(a.to_integral_value(ROUND_CEILING)))


def floor(a: Number) -> Whole:
    return None if a is None else as_integer(int(a.to_integral_value(ROUND_FLOOR)))


def truncate(a: Number) -> Whole:
    return None if a is None else as_integer(int(a))


def round_decimal(a: Number, places: Whole = 0) -> Number:
    """Halves go away from zero. Without a number of places, to a whole number."""
    if a is None:
        return None
    if places is None:
        places = 0
    if places < 0:
        raise EvaluationFailure("Round takes a number of places of at least 0.")
    return as_decimal(a.quantize(Decimal(1).scaleb(-min(places, 8)), context=WIDE))


def exp(a: Number) -> Number:
    if a is None:
        return None
    result = as_decimal(WIDE.exp(a)) if a < 100 else None
    if result is None:
        raise EvaluationFailure("The result of Exp is too large for a Decimal.")
    return result


def ln(a: Number) -> Number:
    if a == 0:
        raise EvaluationFailure("Zero has no logarithm.")
    return None if a is None or a < 0 else as_decimal(WIDE.ln(a))


def log(a: Number, base: Number) -> Number:
    if a is None or base is None or a <= 0 or base <= 0 or base == 1:
        return None
    return as_decimal(WIDE.divide(WIDE.ln(a), WIDE.ln(base)).quantize(STEP, context=WIDE))


def decimal_precision(a: Number) -> Whole:
    """The digits after the point as they were written."""
    exponent = None if a is None else a.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else None


def low_boundary_decimal(a: Number, places: Whole) -> Number:
    return _boundary(a, places, 0)


def high_boundary_decimal(a: Number, places: Whole) -> Number:
    return _boundary(a, places, 1)


def _boundary(a: Number, places: Whole, high: int) -> Number:
    """The least or greatest number with so many places that begins with the digits written."""
    if a is None or (places is not None and not 0 <= places <= 8):
        return None
    step = Decimal(1).scaleb(-(8 if places is None else places))
    unit = Decimal(1).scaleb(-decimal_places(a))
    if high and step < unit:
        a = WIDE.subtract(WIDE.add(a, unit), step)
    return as_decimal(a.quantize(step, rounding=ROUND_DOWN, context=WIDE))


def _shared_unit(a: Quantity, b: Quantity) -> tuple[Decimal, Decimal, str] | None:
    return (a.value, b.value, a.unit) if a.calendar == b.calendar and a.is_definite == b.is_definite else None


def add_quantity(a: Quantity | None, b: Quantity | None) -> Quantity | None:
    """Amounts of one unit; `3 weeks + 2 days` has no single unit to be given in and is null."""
    parts = None if a is None or b is None else _shared_unit(a, b)
    total = None if parts is None else add_decimal(parts[0], parts[1])
    return None if parts is None or total is None else Quantity(total, parts[2])


def negate_quantity(a: Quantity | None) -> Quantity | None:
    return None if a is None else Quantity(-a.value, a.unit)


def subtract_quantity(a: Quantity | None, b: Quantity | None) -> Quantity | None:
    return add_quantity(a, negate_quantity(b))


def abs_quantity(a: Quantity | None) -> Quantity | None:
    return None if a is None else Quantity(abs(a.value), a.unit)
