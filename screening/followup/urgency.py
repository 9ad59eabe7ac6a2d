"""How often the clinic is told of an urgent answer that nobody has opened, and from when its leads are. Pure.

The first alert leaves with the next tick, at any hour: somebody may be looking. After that it is repeated
until the case is opened. While the clinic is closed only what cannot wait is repeated; everything else comes
again when it opens, so that the first mail of the morning is not the hundredth.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Protocol

from screening.cases.opening import Opening

# Minutes between two alerts, by tier. A design default, for the clinical lead to confirm.
WHILE_OPEN = {1: 15, 2: 60, 3: 60}
WHILE_CLOSED = {1: 60}


@dataclasses.dataclass(frozen=True)
class Last:
    """The newest alert about a case to one address."""

    due_at: dt.datetime
    tier: int


class Targets(Protocol):
    """A clinic's own response times."""

    tier_1_hours: int
    tier_2_days: int
    tier_3_days: int


def is_due(opening: Opening, *, tier: int, since: dt.datetime, last: Last | None, at: dt.datetime) -> bool:
    """Whether it is time for an alert. `since` is when the first answer that nobody has opened was given."""
    if last is None or last.due_at < since or tier < last.tier:
        return True
    opened = opening.opened_last(at)
    if opened is not None and last.due_at < opened:
        return True
    minutes = (WHILE_CLOSED if opened is None else WHILE_OPEN).get(tier)
    return minutes is not None and at >= last.due_at + dt.timedelta(minutes=minutes)


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
