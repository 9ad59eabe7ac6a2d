"""Equality, equivalence and order of any two values of one type.

Equality may be unknown, equivalence never is. Two lists or tuples are equal element by element, where
two nulls in the same place count as equal and one null leaves the answer open unless something else
differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from screening.cql.dates import PartialDate
from screening.cql.quantities import Quantity, Uncertainty
from screening.cql.runtime import logic
from screening.cql.runtime.timing import compare_dates

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
# A week is a fixed time, a month is not: the two kinds are measured apart.
MILLISECONDS = {
    "week": 604_800_000,
    "day": 86_400_000,
    "hour": 3_600_000,
    "minute": 60_000,
    "second": 1000,
    "millisecond": 1,
}
MONTHS = {"year": 12, "month": 1}
_USUAL_DAYS = {"year": 365, "month": 30}


def measure(quantity: Quantity) -> tuple[str, Decimal]:
    """The kind of unit and the amount in its smallest member; only one kind compares with itself."""
    unit = quantity.calendar
    if unit in MONTHS:
        return ("definite" if quantity.is_definite else "calendar"), quantity.value * MONTHS[unit]
    return "exact", _WIDE.multiply(quantity.value, Decimal(MILLISECONDS[unit]))


def compare(a: Any, b: Any) -> int | None:
    """-1, 0 or 1, or None when it cannot be known."""
    if isinstance(a, PartialDate):
        return compare_dates(a, b)
    if isinstance(a, Quantity):
        (kind_a, a), (kind_b, b) = measure(a), measure(b)
        if kind_a != kind_b:
            return None
    elif isinstance(a, Uncertainty) or isinstance(b, Uncertainty):
        return _compare_uncertain(a, b)
    return -1 if a < b else 1 if a > b else 0


def _bounds(value: int | Uncertainty) -> tuple[int, int]:
    return (value.low, value.high) if isinstance(value, Uncertainty) else (value, value)


def _compare_uncertain(a: int | Uncertainty, b: int | Uncertainty) -> int | None:
    (low_a, high_a), (low_b, high_b) = _bounds(a), _bounds(b)
    if high_a < low_b:
        return -1
    return 1 if low_a > high_b else None


def less(a: Any, b: Any) -> bool | None:
    if isinstance(a, Uncertainty) or isinstance(b, Uncertainty):
        return logic.not_(less_or_equal(b, a))
    order = None if a is None or b is None else compare(a, b)
    return None if order is None else order < 0


def greater(a: Any, b: Any) -> bool | None:
    return less(b, a)


def less_or_equal(a: Any, b: Any) -> bool | None:
    if isinstance(a, Uncertainty) or isinstance(b, Uncertainty):
        if a is None or b is None:
            return None
        (low_a, high_a), (low_b, high_b) = _bounds(a), _bounds(b)
        return True if high_a <= low_b else False if low_a > high_b else None
    order = None if a is None or b is None else compare(a, b)
    return None if order is None else order <= 0


def greater_or_equal(a: Any, b: Any) -> bool | None:
    return less_or_equal(b, a)


def between(value: Any, low: Any, high: Any) -> bool | None:
    return logic.and_(less_or_equal(low, value), less_or_equal(value, high))


def equal(a: Any, b: Any) -> bool | None:
    if a is None or b is None:
        return None
    if isinstance(a, list) and isinstance(b, list):
        return _all_equal(zip(a, b, strict=True)) if len(a) == len(b) else False
    if isinstance(a, dict) and isinstance(b, dict):
        return _all_equal((a[name], b[name]) for name in a) if a.keys() == b.keys() else False
    if not _comparable(a, b):
        return False
    order = compare(a, b)
    return None if order is None else order == 0


def _all_equal(pairs: Iterable[tuple[Any, Any]]) -> bool | None:
    return logic.and_(*(True if a is None and b is None else equal(a, b) for a, b in pairs))


def _comparable(a: Any, b: Any) -> bool:
    """Values of `Any` may be of different types, and are then different values."""
    if type(a) is type(b):
        return True
    numbers = (int, Decimal, Uncertainty)
    return isinstance(a, numbers) and isinstance(b, numbers) and not isinstance(a, bool) | isinstance(b, bool)


def not_equal(a: Any, b: Any) -> bool | None:
    return logic.not_(equal(a, b))


def equivalent(a: Any, b: Any) -> bool:
    if a is None and b is None:
        return True
    if isinstance(a, str) and isinstance(b, str):
        return " ".join(a.casefold().split()) == " ".join(b.casefold().split())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equivalent, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equivalent(a[name], b[name]) for name in a)
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return _equivalent_decimals(a, b)
    if isinstance(a, Quantity) and isinstance(b, Quantity):
        return _equivalent_quantities(a, b)
    return equal(a, b) is True


def not_equivalent(a: Any, b: Any) -> bool:
    return not equivalent(a, b)


def decimal_places(value: Decimal) -> int:
    """The digits after the point that say something: 1.500 has one."""
    return max(0, -int(value.normalize(_WIDE).as_tuple().exponent))


def _equivalent_decimals(a: Decimal, b: Decimal) -> bool:
    """Rounded to the less precise of the two."""
    step = Decimal(1).scaleb(-min(decimal_places(a), decimal_places(b)))
    return a.quantize(step, context=_WIDE) == b.quantize(step, context=_WIDE)


def _equivalent_quantities(a: Quantity, b: Quantity) -> bool:
    """A year counts as 12 months, and against days as 365; a month against days as 30."""
    (kind_a, amount_a), (kind_b, amount_b) = measure(a), measure(b)
    if (kind_a == "exact") is (kind_b == "exact"):
        return amount_a == amount_b
    return _usual_milliseconds(a) == _usual_milliseconds(b)


def _usual_milliseconds(quantity: Quantity) -> Decimal:
    unit = quantity.calendar
    days = _USUAL_DAYS.get(unit)
    return quantity.value * (days * MILLISECONDS["day"] if days else MILLISECONDS[unit])


def identity(value: Any) -> object:
    """A hashable key; two values have the same key exactly when `distinct` takes them for one."""
    if isinstance(value, list):
        return ("list", *(identity(item) for item in value))
    if isinstance(value, dict):
        return frozenset((name, identity(item)) for name, item in value.items())
    if isinstance(value, PartialDate):
        return (type(value), value.utc_parts())
    if isinstance(value, Quantity):
        return measure(value)
    return (bool, value) if isinstance(value, bool) else value
