"""How long between two dates: whole periods (`months between`) or borders crossed (`difference in`).

With a partly known date the answer is every number from the shortest to the longest possible time. A
full Date is taken as it is; a DateTime without a time may be any moment of its day, while one to the
second is exact, since seconds and milliseconds are one decimal number.
"""

from __future__ import annotations

import datetime as dt

from screening.cql.dates import PRECISIONS, Date, PartialDate, moment
from screening.cql.runtime.calendar import latest_parts
from screening.cql.runtime.comparison import MILLISECONDS, MONTHS
from screening.cql.runtime.uncertain import Value, between_bounds

_FIRST_MOMENT = moment((1, 1, 1, 0, 0, 0, 0))
_DAYS = {"week": 7, "day": 1}
_OF_DATES = frozenset({*MONTHS, *_DAYS})
_FILL = (1, 1, 1, 0, 0, 0, 0)
_MILLISECOND = dt.timedelta(milliseconds=1)


def duration_between(start: PartialDate | None, end: PartialDate | None, unit: str) -> Value:
    if start is None or end is None:
        return None
    if unit in _OF_DATES and type(start) is type(end) is Date and len(start.parts) == len(end.parts) == 3:
        return _between_days(start.parts, end.parts, unit)
    (first, last), (early, late) = _span(start), _span(end)
    return between_bounds(_whole_periods(last, early, unit), _whole_periods(first, late, unit))


def _between_days(start: tuple[int, ...], end: tuple[int, ...], unit: str) -> int:
    """Whole periods between two full dates, which always fit an Integer."""
    if end < start:
        return -_between_days(end, start, unit)
    if unit in MONTHS:
        months = (end[0] - start[0]) * 12 + end[1] - start[1] - (end[2] < start[2])
        return months // MONTHS[unit]
    return (dt.date(*end) - dt.date(*start)).days // _DAYS[unit]


def difference_between(start: PartialDate | None, end: PartialDate | None, unit: str) -> Value:
    if start is None or end is None:
        return None
    (first, last), (early, late) = _span(start), _span(end)
    return between_bounds(
        _border(early, unit) - _border(last, unit), _border(late, unit) - _border(first, unit)
    )


def _span(value: PartialDate) -> tuple[dt.datetime, dt.datetime]:
    """The earliest and the latest moment that the value may mean."""
    known = value.parts
    if type(value) is Date and len(known) == Date.full:
        exact = dt.datetime(known[0], known[1], known[2])  # noqa: DTZ001 - a day has no zone
        return exact, exact
    early, late = known + _FILL[len(known) :], latest_parts(value)
    if isinstance(value, Date):
        late = (*late[:3], 0, 0, 0, 0)
    elif len(known) > PRECISIONS.index("second"):
        late = early
    offset = (getattr(value, "offset", None) or 0) if len(known) > PRECISIONS.index("hour") else 0
    shift = dt.timedelta(minutes=offset)
    try:
        return moment(early) - shift, moment(late) - shift
    except OverflowError:  # the first or last day of the calendar
        return moment(early), moment(late)


def _whole_periods(start: dt.datetime, end: dt.datetime, unit: str) -> int:
    if end < start:
        return -_whole_periods(end, start, unit)
    if unit not in MONTHS:
        return (end - start) // _MILLISECOND // MILLISECONDS[unit]
    months = (end.year - start.year) * 12 + end.month - start.month
    if (end.day, end.time()) < (start.day, start.time()):
        months -= 1
    return months // MONTHS[unit]


def _border(point: dt.datetime, unit: str) -> int:
    """The number of borders of a unit since the calendar began. Weeks begin on Sunday."""
    if unit in MONTHS:
        return (point.year * 12 + point.month - 1) // MONTHS[unit]
    if unit == "week":
        return point.toordinal() // 7
    return (point - _FIRST_MOMENT) // _MILLISECOND // MILLISECONDS[unit]
