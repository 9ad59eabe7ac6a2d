"""What a score says on its own and between two moments. The scores are CQL in the questionnaire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from screening.rules.answers import Answers
from screening.rules.journey import Journey
from screening.rules.questionnaire import Score

PEG_DROP, PEG_SHARE = Decimal("1.0"), Decimal("0.30")
PEG_RISE, PHQ9_RISE, GAD7_RISE = Decimal("1.0"), 5, 4
MUCH_BETTER = (1, 2)


def scores(journey: Journey, answers: Answers, as_of: dt.date) -> dict[str, Any]:
    """Each score of the questionnaire by its id; null while an answer it needs is missing."""
    return journey.scores(answers, as_of)


def band(score: Score, value: int | Decimal | None) -> str | None:
    """The published name of the range a value falls in; an instrument without bands has none."""
    if value is None:
        return None
    reached = [name for start, name in sorted(score.bands) if value >= start]
    return reached[-1] if reached else None


def responder(*, peg_before: Decimal | None, peg_now: Decimal | None, pgic: int | None = None) -> bool | None:
    """Whether someone does clearly better: PEG down by 1.0 and by 30%, or "much improved" in their own words.

    Unknown while neither can be told.
    """
    if pgic in MUCH_BETTER:
        return True
    if peg_before is None or peg_now is None:
        return None
    drop = peg_before - peg_now
    return drop >= PEG_DROP and drop >= PEG_SHARE * peg_before


def worse(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool | None:
    """Whether PEG, PHQ-9 or GAD-7 rose by a step that matters; unknown when none did and one is missing."""
    unknown = False
    for name, rise in (("peg", PEG_RISE), ("phq9", PHQ9_RISE), ("gad7", GAD7_RISE)):
        first, last = before.get(name), now.get(name)
        if first is None or last is None:
            unknown = True
        elif last - first >= rise:
            return True
    return None if unknown else False
