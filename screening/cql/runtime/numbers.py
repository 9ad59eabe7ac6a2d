"""The bounds of numbers, which every arithmetic result passes through.

An Integer has 32 bits. A Decimal has 28 digits, 8 of them after the point. What does not fit is null,
as the specification says, and never a number that is nearly right.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

INTEGER_MIN, INTEGER_MAX = -(2**31), 2**31 - 1
DECIMAL_MAX = Decimal("99999999999999999999.99999999")
STEP = Decimal("0.00000001")
# Wide enough that the product of two Decimals is exact before it is rounded to the eighth place.
WIDE = Context(prec=60, rounding=ROUND_HALF_UP, traps=[DivisionByZero, InvalidOperation, Overflow])


def as_integer(value: int) -> int | None:
    return value if INTEGER_MIN <= value <= INTEGER_MAX else None


def as_decimal(value: Decimal) -> Decimal | None:
    """Rounded to the eighth place, null outside the range."""
    if not value.is_finite() or value.adjusted() > 20:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and (exponent < -8 or exponent > 0):
        value = value.quantize(STEP, context=WIDE)
    if not -DECIMAL_MAX <= value <= DECIMAL_MAX:
        return None
    return value if value else abs(value)  # no negative zero
