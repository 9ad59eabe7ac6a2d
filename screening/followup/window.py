"""When a message may leave: sending hours, Sundays, bank holidays, working days. Pure, and always local."""

from __future__ import annotations

import dataclasses
import datetime as dt

from screening.cases.opening import DAY, FAR, LONDON, local_instant
from screening.rules.definition import Quiet
from screening.rules.questionnaire import Nation
from screening.rules.schedule import WEEK


@dataclasses.dataclass(frozen=True)
class Window:
    """The sending window of one nation."""

    quiet: Quiet
    nation: Nation

    def sends_on(self, day: dt.date) -> bool:
        return WEEK[day.weekday()] in self.quiet.days and not self.is_holiday(day)

    def is_holiday(self, day: dt.date) -> bool:
        return day in self.quiet.bank_holidays.get(self.nation, ())

    def is_working_day(self, day: dt.date) -> bool:
        return day.weekday() < 5 and not self.is_holiday(day)

    def is_open(self, at: dt.datetime) -> bool:
        local = at.astimezone(LONDON)
        return self.sends_on(local.date()) and self.quiet.opens <= local.time() < self.quiet.closes

    def opening(self, day: dt.date) -> dt.datetime:
        return local_instant(day, self.quiet.opens)

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """`at` itself while the window is open, else the moment it opens next."""
        if self.is_open(at):
            return at
        day = at.astimezone(LONDON).date()
        for _ in range(FAR):
            if self.sends_on(day) and self.opening(day) >= at:
                return self.opening(day)
            day += DAY
        raise ValueError("the schedule has no day on which messages may be sent")

    def last_opening_before(self, at: dt.datetime) -> dt.datetime:
        day = at.astimezone(LONDON).date()
        for _ in range(FAR):
            if self.sends_on(day) and self.opening(day) < at:
                return self.opening(day)
            day -= DAY
        raise ValueError("the schedule has no day on which messages may be sent")

    def working_days_after(self, day: dt.date, count: int) -> dt.date:
        """The day that is `count` working days later (or earlier, when negative)."""
        step = DAY if count >= 0 else -DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day
