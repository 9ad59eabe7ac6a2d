"""How many messages a person may get: so many in any 24 hours, so many in any 7 days. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from screening.followup.window import Window
from screening.rules.schedule import Caps

DAY = dt.timedelta(hours=24)
WEEK = dt.timedelta(days=7)


def allows(caps: Caps, counted: Sequence[dt.datetime], at: dt.datetime) -> bool:
    """Whether one more message at `at` leaves every period of 24 hours and 7 days within the caps."""
    return _fits(counted, at, DAY, caps.per_day) and _fits(counted, at, WEEK, caps.per_week)


def earliest_within(
    caps: Caps, counted: Sequence[dt.datetime], at: dt.datetime, window: Window
) -> dt.datetime:
    """The first moment from `at` on that the caps and the sending window both allow."""
    if allows(caps, counted, at):
        return at
    frees = sorted(time + span for time in counted for span in (DAY, WEEK))
    for free in frees:
        moment = window.next_open(free)
        if free > at and allows(caps, counted, moment):
            return moment
    return window.next_open(max([at, *frees]))


def _fits(counted: Sequence[dt.datetime], at: dt.datetime, span: dt.timedelta, most: int) -> bool:
    """No period of this length that holds `at` would hold more than `most`."""
    near = sorted([*(time for time in counted if abs(time - at) < span), at])
    return len(near) <= most or all(
        sum(1 for time in near if start <= time < start + span) <= most for start in near
    )
