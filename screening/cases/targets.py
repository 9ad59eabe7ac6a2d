"""Until when a clinic means to have acted on an urgent answer. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from screening.cases.opening import Opening


class Targets(Protocol):
    """A clinic's own response times."""

    tier_1_hours: int
    tier_2_days: int
    tier_3_days: int


def answer_by(targets: Targets, opening: Opening, *, tier: int, since: dt.datetime) -> dt.datetime:
    """Until when the clinic means to have acted. A clinic that never opens is late at once."""
    match tier:
        case 1:
            found = opening.hours_after(since, targets.tier_1_hours)
        case 2:
            found = opening.days_after(since, targets.tier_2_days)
        case _:
            found = opening.days_after(since, targets.tier_3_days)
    return found or since
