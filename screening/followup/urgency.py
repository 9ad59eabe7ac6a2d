"""How often the clinic is told of an urgent answer that nobody has opened, and from when its leads are. Pure.

The first alert leaves with the next tick, at any hour: somebody may be looking. After that it is repeated
until the case is opened. While the clinic is closed only what cannot wait is repeated; everything else comes
again when it opens, so that the first mail of the morning is not the hundredth. An answer that only asks
for a call waits for the opening hours from the start, and is not repeated within them.

A case that somebody opened is in somebody's hands: its leads hear of it once when a target passes, and again
each time the clinic opens, until what was done is written down.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from screening.cases.opening import Opening

# Minutes between two alerts, by tier. A design default, for the clinical lead to confirm.
WHILE_OPEN = {1: 15, 2: 60, 3: 60}
WHILE_CLOSED = {1: 60}
AT_ANY_HOUR = frozenset({1, 2, 3})
# An alert of a moment that lies further ahead than this was given by a clock that is wrong.
AHEAD = dt.timedelta(minutes=5)


@dataclasses.dataclass(frozen=True)
class Last:
    """The newest alert about a case to one address."""

    due_at: dt.datetime
    tier: int


def is_due(
    opening: Opening,
    *,
    tier: int,
    since: dt.datetime,
    last: Last | None,
    at: dt.datetime,
    in_hand: bool = False,
) -> bool:
    """Whether it is time for an alert.

    `since` is when the first answer that nobody has opened was given or, of a case that is `in_hand` because
    somebody opened it, when the newest of its targets passed.
    """
    opened = opening.opened_last(at)
    if opened is None and tier not in AT_ANY_HOUR:
        return False
    if last is None or last.due_at < since or tier < last.tier or last.due_at > at + AHEAD:
        return True
    if opened is not None and last.due_at < opened:
        return True
    if in_hand:
        return False
    minutes = (WHILE_CLOSED if opened is None else WHILE_OPEN).get(tier)
    return minutes is not None and at >= last.due_at + dt.timedelta(minutes=minutes)
