"""What a step counts from, and its anniversaries. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import cast

from screening.cases.opening import DAY, LONDON, local_instant
from screening.rules.schedule import ScheduleStep

MONTHS = {"months": 1, "years": 12}


@dataclasses.dataclass(frozen=True)
class Anchored:
    """Something that happened, or will, from which a step counts.

    `key` tells it from others of its kind; `facts` are the stop conditions that hold for it alone;
    `known_at` is when it was entered, so that nothing is sent for a time that had passed by then;
    `appointment` is the time that its messages name.
    """

    anchor: str
    at: dt.datetime
    key: str
    facts: frozenset[str] = frozenset()
    known_at: dt.datetime | None = None
    appointment: dt.datetime | None = None

    @property
    def is_near(self) -> bool:
        """An appointment booked or moved within a day of it: until the window opens it may be over."""
        booked = self.anchor == "appointment_booked" and self.appointment is not None
        return booked and cast("dt.datetime", self.appointment) - self.at < DAY


def turns(step: ScheduleStep, anchored: Anchored, as_of: dt.datetime) -> Iterator[tuple[int, Anchored]]:
    """The anchor itself, or for a yearly step each of its anniversaries up to the next one."""
    yield 0, anchored
    if step.repeats_every is None:
        return
    count, unit = step.repeats_every.split()
    local, number = anchored.at.astimezone(LONDON), 1
    while True:
        day = months_after(local.date(), number * int(count) * MONTHS[unit])
        at = dt.datetime.combine(day, local.time(), LONDON).astimezone(dt.UTC)
        yield number, dataclasses.replace(anchored, at=at)
        if at > as_of:
            return
        number += 1


def closing(step: ScheduleStep, anchored: Anchored) -> dt.datetime | None:
    """The end of the last day on which the form of a step is open, if it has one."""
    if step.closes is None:
        return None
    return local_instant(anchored.at.astimezone(LONDON).date() + (step.closes + 1) * DAY, dt.time(0))


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months on; the last day of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(dt.date(year, month + 1, 1) + (day.day - 1) * DAY, first_of_next - DAY)
