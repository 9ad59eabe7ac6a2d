"""When the people of a clinic are there: opening days and hours, bank holidays. Pure, and always local.

Everything is worked out as clinic-wall time and only then turned into an instant, so that a night with
a clock change has the same opening hour as any other.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY = dt.timedelta(days=1)
# No run of closed days comes near this; more means that the clinic has no opening day at all.
FAR = 60


def local_instant(day: dt.date, time: dt.time) -> dt.datetime:
    """The instant (UTC) at which the clinic's clock shows this. A time that is skipped moves forward."""
    return dt.datetime.combine(day, time, LONDON).astimezone(dt.UTC)


@dataclasses.dataclass(frozen=True)
class Opening:
    """The hours of one clinic. `days` are ISO weekdays, 1 for Monday; `holidays` those of its nation."""

    days: frozenset[int]
    opens: dt.time
    closes: dt.time
    holidays: frozenset[dt.date] = frozenset()

    def is_working_day(self, day: dt.date) -> bool:
        return day.isoweekday() in self.days and day not in self.holidays

    def is_open(self, at: dt.datetime) -> bool:
        local = at.astimezone(LONDON)
        return self.is_working_day(local.date()) and self.opens <= local.time() < self.closes

    def closing(self, day: dt.date) -> dt.datetime:
        return local_instant(day, self.closes)

    def next_open(self, at: dt.datetime) -> dt.datetime | None:
        """`at` itself while the clinic is open, else the moment it opens next; None when it never does."""
        if self.is_open(at):
            return at
        return next((start for start, _ in self._spans(at) if start >= at), None)

    def opened_last(self, at: dt.datetime) -> dt.datetime | None:
        """When the clinic opened today; None while it is closed."""
        return local_instant(at.astimezone(LONDON).date(), self.opens) if self.is_open(at) else None

    def hours_after(self, at: dt.datetime, hours: int) -> dt.datetime | None:
        """The moment at which so many opening hours have passed since `at`."""
        left = dt.timedelta(hours=hours)
        for start, end in self._spans(at):
            begin = max(start, at)
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return None

    def days_after(self, at: dt.datetime, days: int) -> dt.datetime | None:
        """The end of the working day on which `at` is read, or of the so many-th one after its date.

        What is said on a Saturday is read on Monday, and Monday is also its next working day.
        """
        today = at.astimezone(LONDON).date()
        ends = (end for _, end in self._spans(at) if not days or end.astimezone(LONDON).date() > today)
        return next((end for place, end in enumerate(ends, 1) if place >= days), None)

    def days_between(self, since: dt.datetime, at: dt.datetime) -> int:
        """How many working days of a target counted from `since` are spent at `at`: days_after turned round.

        None of them on the day itself; the day of `at` counts whole, as its end is what days_after gives.
        """
        day, last = since.astimezone(LONDON).date(), at.astimezone(LONDON).date()
        first = self.days_after(since, 0)
        if first is None or at <= first:
            return 0
        spent = sum(self.is_working_day(day + DAY * ahead) for ahead in range(1, (last - day).days + 1))
        return spent + (not self.is_working_day(last) or at > self.closing(last))

    def _spans(self, at: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """From when until when the clinic is open, day by day; first the span that `at` falls into."""
        today = at.astimezone(LONDON).date()
        for day in (today + DAY * ahead for ahead in range(FAR)):
            if self.is_working_day(day) and self.closing(day) > at:
                yield local_instant(day, self.opens), self.closing(day)
