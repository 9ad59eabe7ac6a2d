"""Is it in there? Lists as collections, and intervals to the right of `in`.

Membership in a list treats null as a value that can be found. Where a date is only partly known the
answer may be unknown: 2019 may be the same day as 2019-03-04.
"""

from __future__ import annotations

from typing import Any

from screening.cql.dates import PartialDate
from screening.cql.quantities import Quantity, Uncertainty
from screening.cql.runtime import logic
from screening.cql.runtime.comparison import equal, identity, less, less_or_equal
from screening.cql.runtime.timing import before, same_or_before

_OPEN_ANSWERS = (PartialDate, Quantity, Uncertainty, dict, list)


def in_list(value: Any, items: list[Any] | None) -> bool | None:
    if items is None:
        return False
    if value is None:
        return any(item is None for item in items)
    if not isinstance(value, _OPEN_ANSWERS):
        wanted = identity(value)
        return any(identity(item) == wanted for item in items if item is not None)
    return logic.or_(*(equal(value, item) for item in items if item is not None))


def contains(items: list[Any] | None, value: Any) -> bool | None:
    return in_list(value, items)


def properly_in(value: Any, items: list[Any] | None) -> bool | None:
    """In the list, and the list holds something else as well; a null beside it leaves that open."""
    found = in_list(value, items)
    if items is None or found is False:
        return False
    if value is None:
        return logic.and_(found, any(item is not None for item in items))
    others = logic.or_(*(logic.not_(equal(value, item)) for item in items))
    return logic.and_(found, others)


def properly_contains(items: list[Any] | None, value: Any) -> bool | None:
    return properly_in(value, items)


def includes(items: list[Any] | None, part: list[Any] | None) -> bool | None:
    if items is None or part is None:
        return None
    return logic.and_(*(in_list(value, items) for value in part))


def included_in(part: list[Any] | None, items: list[Any] | None) -> bool | None:
    return includes(items, part)


def properly_includes(items: list[Any] | None, part: list[Any] | None) -> bool | None:
    """Everything of `part` and something more."""
    if items is None or part is None:
        return None
    more = len({identity(item) for item in items}) > len({identity(item) for item in part})
    return logic.and_(more, includes(items, part))


def properly_included_in(part: list[Any] | None, items: list[Any] | None) -> bool | None:
    return properly_includes(items, part)


def in_interval(
    value: Any, low: Any, high: Any, closed: tuple[bool, bool], level: int | None = None
) -> bool | None:
    """Between the ends. A closed end that is null lies at infinity, an open one is unknown.

    With both ends null there is no interval, and nothing is in it.
    """
    if low is None and high is None:
        return False
    if value is None:
        return None
    low_closed, high_closed = closed
    above = low_closed or None if low is None else _ordered(low, value, level, closed=low_closed)
    below = high_closed or None if high is None else _ordered(value, high, level, closed=high_closed)
    return logic.and_(above, below)


def _ordered(first: Any, second: Any, level: int | None, *, closed: bool) -> bool | None:
    if level is not None:
        return same_or_before(first, second, level) if closed else before(first, second, level)
    return less_or_equal(first, second) if closed else less(first, second)
