"""Dates made, taken apart and moved by amounts of time.

Moving a partly known date converts the amount into the smallest part that is known and cuts off the
rest: 2014 and 25 months is 2016. Moving a full date by months keeps the day where the month has it
and takes the last of the month where it has not.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TypeVar

from screening.cql.dates import Date, DateTime, PartialDate, days_in_month, moment
from screening.cql.errors import EvaluationFailure
from screening.cql.quantities import CALENDAR_UNITS, Quantity
from screening.cql.runtime.comparison import MILLISECONDS, MONTHS

AnyDate = TypeVar("AnyDate", bound=PartialDate)
_FILL = (1, 1, 1, 0, 0, 0, 0)
_DIGITS = (4, 6, 8, 10, 12, 14, 17)
_BEYOND = "The date lies outside the years 1 to 9999."


def make_date(year: int | None, month: int | None = None, day: int | None = None) -> Date | None:
    if year is None:
        return None
    try:
        return Date(year, month, day)
    except ValueError as problem:
        raise EvaluationFailure(str(problem)) from None


def make_date_time(
    year: int | None,
    month: int | None = None,
    day: int | None = None,
    hour: int | None = None,
    minute: int | None = None,
    second: int | None = None,
    millisecond: int | None = None,
    offset: Decimal | None = None,
) -> DateTime | None:
    if year is None:
        return None
    minutes = None if offset is None else int(offset * 60)
    try:
        return DateTime(year, month, day, hour, minute, second, millisecond, offset=minutes)
    except ValueError as problem:
        raise EvaluationFailure(str(problem)) from None


def year_from(value: PartialDate | None) -> int | None:
    return None if value is None else value.year


def month_from(value: PartialDate | None) -> int | None:
    return None if value is None else value.part(1)


def day_from(value: PartialDate | None) -> int | None:
    return None if value is None else value.part(2)


def hour_from(value: PartialDate | None) -> int | None:
    return None if value is None else value.part(3)


def minute_from(value: PartialDate | None) -> int | None:
    return None if value is None else value.part(4)


def second_from(value: PartialDate | None) -> int | None:
    return None if value is None else value.part(5)


def millisecond_from(value: PartialDate | None) -> int | None:
    return None if value is None else value.part(6)


def offset_from(value: DateTime | None) -> Decimal | None:
    if value is None or value.offset is None:
        return None
    return Decimal(value.offset) / 60


def add_to_date(value: AnyDate | None, amount: Quantity | None) -> AnyDate | None:
    if value is None or amount is None:
        return None
    unit, number = amount.calendar, amount.value
    if amount.is_definite and unit in MONTHS:
        raise EvaluationFailure(f"'{amount.unit}' is not a calendar unit; write {unit}s.")
    number, unit = _in_known_parts(number, unit, value.precision)
    return _months(value, int(number) * MONTHS[unit]) if unit in MONTHS else _span(value, number, unit)


def add_months(value: Date | None, months: int) -> Date | None:
    """The same for a number of months, quick where the whole date is known."""
    if value is None or len(value.parts) != Date.full:
        return add_to_date(value, Quantity(Decimal(months), "month"))
    year, month, day = value.parts
    year, month = divmod(year * 12 + month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise EvaluationFailure(_BEYOND)
    return Date.known((year, month + 1, day if day < 29 else min(day, days_in_month(year, month + 1))))


def subtract_from_date(value: AnyDate | None, amount: Quantity | None) -> AnyDate | None:
    return None if amount is None else add_to_date(value, Quantity(-amount.value, amount.unit))


def _in_known_parts(number: Decimal, unit: str, precision: str) -> tuple[Decimal, str]:
    """The amount in a unit that the date knows."""
    if CALENDAR_UNITS.index(unit) <= CALENDAR_UNITS.index(precision):
        return number, unit
    if unit == "month":
        return Decimal(int(number / 12)), "year"
    milliseconds = int(number * MILLISECONDS[unit])
    if precision in MONTHS:
        days = {"year": 365, "month": 30}[precision]
        return Decimal(_towards_zero(milliseconds, days * MILLISECONDS["day"])), precision
    return Decimal(_towards_zero(milliseconds, MILLISECONDS[precision])), precision


def _towards_zero(number: int, divisor: int) -> int:
    return number // divisor if number >= 0 else -(-number // divisor)


def _months(value: AnyDate, months: int) -> AnyDate:
    known = value.parts
    year, month = divmod(known[0] * 12 + (known[1] if len(known) > 1 else 1) - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise EvaluationFailure(_BEYOND)
    if len(known) < 3:
        return _rebuilt(value, (year, month + 1)[: len(known)])
    day = min(known[2], days_in_month(year, month + 1))
    return _rebuilt(value, (year, month + 1, day, *known[3:]))


def _span(value: AnyDate, number: Decimal, unit: str) -> AnyDate:
    """Move by an exact time. Fractions count for seconds only."""
    if unit != "second":
        number = Decimal(int(number))
    filled = value.parts + _FILL[len(value.parts) :]
    try:
        moved = moment(filled) + dt.timedelta(milliseconds=int(number * MILLISECONDS[unit]))
    except OverflowError:
        raise EvaluationFailure(_BEYOND) from None
    parts = (moved.year, moved.month, moved.day, moved.hour, moved.minute, moved.second)
    return _rebuilt(value, (*parts, moved.microsecond // 1000)[: len(value.parts)])


def _rebuilt(value: AnyDate, parts: tuple[int, ...]) -> AnyDate:
    return value if parts == value.parts else value.with_parts(parts)


def successor_date(value: AnyDate | None) -> AnyDate | None:
    return None if value is None else add_to_date(value, Quantity(Decimal(1), value.precision))


def predecessor_date(value: AnyDate | None) -> AnyDate | None:
    return None if value is None else add_to_date(value, Quantity(Decimal(-1), value.precision))


def date_precision(value: PartialDate | None) -> int | None:
    """The number of digits written."""
    return None if value is None else _DIGITS[len(value.parts) - 1]


def low_boundary_date(value: AnyDate | None, digits: int | None) -> AnyDate | None:
    """The earliest date that the known parts allow, to so many digits."""
    if value is None:
        return None
    return _bounded(value, value.parts + _FILL[len(value.parts) :], digits)


def high_boundary_date(value: AnyDate | None, digits: int | None) -> AnyDate | None:
    return None if value is None else _bounded(value, latest_parts(value), digits)


def latest_parts(value: PartialDate) -> tuple[int, ...]:
    """All seven parts, the unknown ones as late as they can be."""
    known = value.parts
    month = known[1] if len(known) > 1 else 12
    fill = (known[0], month, days_in_month(known[0], month), 23, 59, 59, 999)
    return known + fill[len(known) :]


def _bounded(value: AnyDate, parts: tuple[int, ...], digits: int | None) -> AnyDate | None:
    wanted = _DIGITS[type(value).full - 1] if digits is None else digits
    if wanted not in _DIGITS[: type(value).full]:
        return None
    return _rebuilt(value, parts[: _DIGITS.index(wanted) + 1])
