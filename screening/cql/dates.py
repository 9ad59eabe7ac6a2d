"""Dates of which only a part may be known.

"I think it began in 2019" is an answer, and storing it as 1 January 2019 would be a lie. So a date
keeps the parts that were given, in order, and everything that computes with it has to say what the
missing parts mean. Python equality here is equality of what is written; the three-valued comparison
of CQL is `compare` in `runtime.timing`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import ClassVar, Self

PRECISIONS = ("year", "month", "day", "hour", "minute", "second", "millisecond")
_LOWEST = (1, 1, 1, 0, 0, 0, 0)
_HIGHEST = (9999, 12, 31, 23, 59, 59, 999)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_TIME = re.compile(r"(?:(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


def days_in_month(year: int, month: int) -> int:
    """The number of days in a month, for clamping 31 January + 1 month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def moment(parts: tuple[int, ...]) -> dt.datetime:
    """Seven parts as a point on one time line; the zone is whatever the parts were given in."""
    year, month, day, hour, minute, second, millisecond = parts
    return dt.datetime(year, month, day, hour, minute, second, millisecond * 1000)  # noqa: DTZ001


def _checked(parts: tuple[int | None, ...]) -> tuple[int, ...]:
    """The known parts, refused if one is missing before another or out of range."""
    known: list[int] = []
    for index, part in enumerate(parts):
        if part is None:
            if any(later is not None for later in parts[index:]):
                raise ValueError(f"The {PRECISIONS[index]} is missing, but a smaller part is given.")
            break
        highest = days_in_month(known[0], known[1]) if index == 2 else _HIGHEST[index]
        if not _LOWEST[index] <= part <= highest:
            raise ValueError(f"{part} is not a possible {PRECISIONS[index]}.")
        known.append(part)
    if not known:
        raise ValueError("A date needs at least a year.")
    return tuple(known)


class PartialDate:
    """What Date and DateTime share: the known parts, immutable and hashable."""

    __slots__ = ("parts",)
    parts: tuple[int, ...]
    full: ClassVar[int]

    @property
    def precision(self) -> str:
        """The smallest part that is known, for example `month`."""
        return PRECISIONS[len(self.parts) - 1]

    def part(self, index: int) -> int | None:
        """One part by its place in `PRECISIONS`, or None when it is not known."""
        return self.parts[index] if index < len(self.parts) else None

    @property
    def year(self) -> int:
        return self.parts[0]

    @property
    def month(self) -> int | None:
        return self.part(1)

    @property
    def day(self) -> int | None:
        return self.part(2)

    def utc_parts(self) -> tuple[int, ...]:
        """The parts as they are at Greenwich, so that two offsets can be compared."""
        return self.parts

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"A {type(self).__name__} cannot be changed.")

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self).parse, (str(self),))

    @classmethod
    def parse(cls, text: str) -> Self:
        raise NotImplementedError

    def with_parts(self, parts: tuple[int, ...]) -> Self:
        """Another date of the same kind, at the same offset from UTC."""
        raise NotImplementedError

    def _date_text(self) -> str:
        return "-".join(f"{part:0{width}d}" for part, width in zip(self.parts, (4, 2, 2), strict=False))


class Date(PartialDate):
    """A calendar date known to the year, the month or the day."""

    __slots__ = ()
    full: ClassVar[int] = 3

    def __init__(self, year: int, month: int | None = None, day: int | None = None) -> None:
        object.__setattr__(self, "parts", _checked((year, month, day)))

    @classmethod
    def of(cls, day: dt.date) -> Date:
        return cls.known((day.year, day.month, day.day))

    @staticmethod
    def known(parts: tuple[int, ...]) -> Date:
        """From the parts of a date that exists: nothing is looked at again."""
        date = object.__new__(Date)
        _set_parts(date, parts)
        return date

    @classmethod
    def parse(cls, text: str) -> Date:
        """Read `2024`, `2024-01` or `2024-01-31`; anything else is a ValueError."""
        match = _DATE.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a date such as 2024-01-31, 2024-01 or 2024.")
        return cls(*(int(part) for part in match.groups() if part is not None))

    def with_parts(self, parts: tuple[int, ...]) -> Self:
        return type(self)(*parts)

    def to_date(self) -> dt.date:
        """The full date; a partial one is a ValueError, because guessing the day is the caller's lie."""
        if len(self.parts) < 3:
            raise ValueError(f"{self} is known to the {self.precision} only.")
        return dt.date(*self.parts)

    def __eq__(self, other: object) -> bool:
        return type(other) is Date and other.parts == self.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    def __str__(self) -> str:
        return self._date_text()

    def __repr__(self) -> str:
        return f"Date({', '.join(map(str, self.parts))})"


_set_parts = Date.parts.__set__  # type: ignore[misc, attr-defined]  # past the guard that a date cannot be changed


class DateTime(PartialDate):
    """A point in time known to the year or as finely as the millisecond.

    `offset` is the distance from UTC in minutes, or None when none was written. Nothing here knows
    where the reader lives, so a time without an offset is compared as if it were UTC.
    """

    __slots__ = ("offset",)
    offset: int | None
    full: ClassVar[int] = 7

    def __init__(self, year: int, *more: int | None, offset: int | None = None) -> None:
        if len(more) > 6:
            raise ValueError("A date and time has at most seven parts.")
        object.__setattr__(self, "parts", _checked((year, *more)))
        if offset is not None and abs(offset) > 14 * 60:
            raise ValueError("An offset from UTC is at most 14 hours.")
        object.__setattr__(self, "offset", offset)

    @classmethod
    def parse(cls, text: str) -> DateTime:
        """Read `2014-01T`, `2014-01-25T14:30` or `2014-01-25T14:30:14.559+01:00`, with or without T."""
        date_text, _, time_text = text.partition("T")
        date_match, time_match = _DATE.fullmatch(date_text), _TIME.fullmatch(time_text)
        if date_match is None or time_match is None:
            raise ValueError(f"{text!r} is not a date and time such as 2024-01-31T14:30.")
        hour, minute, second, fraction, zone = time_match.groups()
        parts = [int(part) for part in date_match.groups() if part is not None]
        if hour is not None and len(parts) < 3:
            raise ValueError(f"{text!r} has an hour but no day.")
        parts += [int(part) for part in (hour, minute, second) if part is not None]
        if fraction is not None:
            parts.append(int((fraction + "00")[:3]))
        return cls(parts[0], *parts[1:], offset=_offset(zone))

    def with_parts(self, parts: tuple[int, ...]) -> Self:
        return type(self)(*parts, offset=self.offset)

    def utc_parts(self) -> tuple[int, ...]:
        if not self.offset or len(self.parts) < 4:
            return self.parts
        filled = self.parts + _LOWEST[len(self.parts) :]
        try:
            moved = moment(filled) - dt.timedelta(minutes=self.offset)
        except OverflowError:  # the first or last day of the calendar: nothing lies beyond it to compare with
            return self.parts
        shifted = (moved.year, moved.month, moved.day, moved.hour, moved.minute, moved.second, filled[6])
        return shifted[: len(self.parts)]

    def __eq__(self, other: object) -> bool:
        return type(other) is DateTime and other.parts == self.parts and other.offset == self.offset

    def __hash__(self) -> int:
        return hash((self.parts, self.offset))

    def __str__(self) -> str:
        clock = "".join(
            f"{mark}{part:0{width}d}"
            for mark, width, part in zip(("", ":", ":", "."), (2, 2, 2, 3), self.parts[3:], strict=False)
        )
        return f"{self._date_text()}T{clock}{_offset_text(self.offset)}"

    def __repr__(self) -> str:
        return f"DateTime.parse({str(self)!r})"


def _offset(text: str | None) -> int | None:
    if text is None:
        return None
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[4:])
    if minutes > 59:
        raise ValueError(f"{text!r} is not an offset from UTC.")
    return (hours * 60 + minutes) * (-1 if text[0] == "-" else 1)


def _offset_text(offset: int | None) -> str:
    if offset is None:
        return ""
    if offset == 0:
        return "Z"
    sign = "-" if offset < 0 else "+"
    return f"{sign}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}"
