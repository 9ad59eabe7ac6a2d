"""By when a clinic means to act. Its own response times, counted in its own opening hours. Pure.

Urgent answers: the clinical brief, section 2.1. Ordinary cases: section 5 (FU05) and what the receipt
promises the patient. All numbers are settings of the clinic.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from screening.cases.opening import Opening

# When nobody of the clinic has to act now. A moment, not a blank, so that it can be sorted: last.
NO_CLOCK = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


class Targets(Protocol):
    """A clinic's own response times."""

    tier_1_hours: int
    tier_2_days: int
    tier_3_days: int
    flagged_days: int
    not_currently_days: int


def answer_by(targets: Targets, opening: Opening, *, tier: int, since: dt.datetime) -> dt.datetime:
    """Until when the clinic means to have acted on an urgent answer, or to have rung (tier 4).

    A clinic that never opens is late at once.
    """
    match tier:
        case 1:
            found = opening.hours_after(since, targets.tier_1_hours)
        case 2:
            found = opening.days_after(since, targets.tier_2_days)
        case _:
            found = opening.days_after(since, targets.tier_3_days)
    return found or since


def first_look_days(targets: Targets, underlying: str) -> int:
    """Working days until a clinician has looked first, by what the rules suggest under anything urgent."""
    return targets.flagged_days if underlying == "flagged_review" else targets.not_currently_days


def review_days(targets: Targets) -> int:
    """Working days until a case is read. One figure for all: a shorter one would tell what the rules said."""
    return max(targets.flagged_days, targets.not_currently_days)
