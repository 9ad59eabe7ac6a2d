"""The criteria of a rule set as a clinician reads them: met, not met, cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.rules.assessment import Assessment, RuleVerdict
from screening.rules.ruleset import Criterion, RuleSet

Status = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """A criterion, how it stands, and the verdicts that say so."""

    criterion: Criterion
    status: Status
    verdicts: tuple[RuleVerdict, ...]


def criteria(ruleset: RuleSet, assessment: Assessment) -> tuple[CriterionResult, ...]:
    """Every criterion, in the order the rule set lists them."""
    return tuple(_result(criterion, assessment) for criterion in ruleset.criteria)


def _result(criterion: Criterion, assessment: Assessment) -> CriterionResult:
    verdicts = tuple(v for v in assessment.verdicts if v.criterion == criterion.id)
    against = tuple(v for v in verdicts if v.effect == "exclude" and v.verdict == "true")
    if against:
        return CriterionResult(criterion, "not_met", against)
    doubts = tuple(v for v in verdicts if _leaves_doubt(v))
    if doubts or not verdicts:
        return CriterionResult(criterion, "unknown", doubts)
    return CriterionResult(criterion, "met", verdicts)


def _leaves_doubt(verdict: RuleVerdict) -> bool:
    if verdict.effect in ("more_info", "contradiction"):
        return verdict.verdict != "false"
    return verdict.effect == "exclude" and verdict.verdict == "unknown"
