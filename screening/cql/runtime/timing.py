"""Before, after and the same, for dates of which parts may be missing.

Parts are compared from the year down. The first difference decides; if a part is missing on one side
before anything differed, the answer is unknown. With a precision, nothing below it is looked at.
"""

from __future__ import annotations

from screening.cql.dates import PartialDate


def compare_dates(a: PartialDate, b: PartialDate, level: int | None = None) -> int | None:
    """-1, 0 or 1, or None when the known parts do not decide. `level` counts the parts to look at."""
    first, second = a.utc_parts(), b.utc_parts()
    if level is not None:
        first, second = first[:level], second[:level]
    elif len(first) == len(second):
        return -1 if first < second else 1 if first > second else 0
    for mine, theirs in zip(first, second, strict=False):
        if mine != theirs:
            return -1 if mine < theirs else 1
    if len(first) != len(second):
        return None
    return 0 if level is None or len(first) == level else None


def _compare(a: PartialDate | None, b: PartialDate | None, level: int | None) -> int | None:
    return None if a is None or b is None else compare_dates(a, b, level)


def before(a: PartialDate | None, b: PartialDate | None, level: int | None = None) -> bool | None:
    order = _compare(a, b, level)
    return None if order is None else order < 0


def after(a: PartialDate | None, b: PartialDate | None, level: int | None = None) -> bool | None:
    order = _compare(a, b, level)
    return None if order is None else order > 0


def same_as(a: PartialDate | None, b: PartialDate | None, level: int | None = None) -> bool | None:
    order = _compare(a, b, level)
    return None if order is None else order == 0


def same_or_before(a: PartialDate | None, b: PartialDate | None, level: int | None = None) -> bool | None:
    order = _compare(a, b, level)
    return None if order is None else order <= 0


def same_or_after(a: PartialDate | None, b: PartialDate | None, level: int | None = None) -> bool | None:
    order = _compare(a, b, level)
    return None if order is None else order >= 0
