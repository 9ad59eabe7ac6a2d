"""One value out of a list. Nulls are skipped; where nothing is left the result is null, a count is 0."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import reduce
from typing import Any

from screening.cql.quantities import Quantity
from screening.cql.runtime.arithmetic import (
    add_decimal,
    add_integer,
    add_quantity,
    divide,
    multiply_decimal,
    multiply_integer,
    power_decimal,
)
from screening.cql.runtime.comparison import greater, identity, less
from screening.cql.runtime.numbers import WIDE, as_decimal

Items = list[Any] | None
Number = Decimal | None


def _known(items: Items) -> list[Any]:
    return [] if items is None else [item for item in items if item is not None]


def exists(items: Items) -> bool:
    """A list of nulls holds nothing."""
    if items is not None:
        for item in items:
            if item is not None:
                return True
    return False


def count(items: Items) -> int:
    return len(_known(items))


def sum_integer(items: Items) -> int | None:
    known = _known(items)
    return reduce(add_integer, known) if known else None


def sum_decimal(items: Items) -> Number:
    known = _known(items)
    return reduce(add_decimal, known) if known else None


def sum_quantity(items: Items) -> Quantity | None:
    known = _known(items)
    return reduce(add_quantity, known) if known else None


def product_integer(items: Items) -> int | None:
    known = _known(items)
    return reduce(multiply_integer, known) if known else None


def product_decimal(items: Items) -> Number:
    known = _known(items)
    return reduce(multiply_decimal, known) if known else None


def average(items: Items) -> Number:
    known = _known(items)
    return as_decimal(WIDE.divide(sum(known), Decimal(len(known)))) if known else None


def median(items: Items) -> Number:
    known = sorted(_known(items))
    if not known:
        return None
    middle = len(known) // 2
    if len(known) % 2:
        return known[middle]  # type: ignore[no-any-return]
    return divide(WIDE.add(known[middle - 1], known[middle]), Decimal(2))


def mode(items: Items) -> Any:
    """The most frequent value; of several the first."""
    known = _known(items)
    if not known:
        return None
    [(most, _)] = Counter(identity(item) for item in known).most_common(1)
    return next(item for item in known if identity(item) == most)


def geometric_mean(items: Items) -> Number:
    known = _known(items)
    return (
        power_decimal(product_decimal(known), WIDE.divide(Decimal(1), Decimal(len(known)))) if known else None
    )


def _spread(items: Items, fewer: int) -> Number:
    """The mean square distance from the mean, exact until it is rounded by the caller."""
    known = _known(items)
    if len(known) <= fewer:
        return None
    mean = WIDE.divide(sum(known), Decimal(len(known)))
    squares = sum((WIDE.power(WIDE.subtract(item, mean), Decimal(2)) for item in known), Decimal(0))
    return WIDE.divide(squares, Decimal(len(known) - fewer))


def _rounded(value: Number, *, root: bool = False) -> Number:
    if value is None:
        return None
    return as_decimal(WIDE.sqrt(value) if root else value)


def variance(items: Items) -> Number:
    return _rounded(_spread(items, 1))


def standard_deviation(items: Items) -> Number:
    return _rounded(_spread(items, 1), root=True)


def population_variance(items: Items) -> Number:
    return _rounded(_spread(items, 0))


def population_standard_deviation(items: Items) -> Number:
    return _rounded(_spread(items, 0), root=True)


def minimum(items: Items) -> Any:
    """Where partly known dates cannot be put in order, null: either might be the first."""
    return _extreme(items, less)


def maximum(items: Items) -> Any:
    return _extreme(items, greater)


def _extreme(items: Items, beats: Any) -> Any:
    known = _known(items)
    if not known:
        return None
    best = known[0]
    for item in known[1:]:
        if beats(item, best):
            best = item
    certain = all(identity(item) == identity(best) or beats(best, item) for item in known)
    return best if certain else None


def all_true(items: Items) -> bool:
    return all(_known(items))


def any_true(items: Items) -> bool:
    return any(_known(items))
