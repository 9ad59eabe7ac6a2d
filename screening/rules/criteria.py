"""The criteria of a rule set as a clinician reads them: met, not met, cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from screening.rules.assessment import Assessment, RuleVerdict
from screening.rules.ruleset import Criterion, RuleSet

Status = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands, and the verdicts that say so."""

    status: Status
    verdicts: tuple[RuleVerdict, ...]


@dataclass(frozen=True, slots=True)
class CriterionStanding(Standing):
    criterion: Criterion


def criteria_of(ruleset: RuleSet, assessment: Assessment) -> tuple[CriterionStanding, ...]:
    """Every criterion, in the order the rule set lists them."""
    return tuple(_of(criterion, assessment) for criterion in ruleset.criteria)


def _of(criterion: Criterion, assessment: Assessment) -> CriterionStanding:
    found = standing_of([v for v in assessment.verdicts if v.criterion == criterion.id])
    return CriterionStanding(found.status, found.verdicts, criterion)


def standing_of(verdicts: Sequence[RuleVerdict]) -> Standing:
    """Not met when a rule that excludes is true; cannot tell while one is unknown or something is missing."""
    against = tuple(v for v in verdicts if v.effect == "exclude" and v.verdict == "true")
    if against:
        return Standing("not_met", against)
    doubts = tuple(v for v in verdicts if _leaves_doubt(v))
    if doubts or not verdicts:
        return Standing("unknown", doubts)
    return Standing("met", tuple(verdicts))


def _leaves_doubt(verdict: RuleVerdict) -> bool:
    """A contradiction that cannot be told from blank answers is no doubt of its own: the blank is."""
    if verdict.effect == "contradiction":
        return verdict.verdict == "true"
    if verdict.effect == "more_info":
        return verdict.verdict != "false"
    return verdict.effect == "exclude" and verdict.verdict == "unknown"
