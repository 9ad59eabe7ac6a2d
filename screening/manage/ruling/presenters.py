"""Rules as rows of a table, and parts as somebody would write them down."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from screening.manage.presenters import EFFECTS
from screening.rules.assessment import Assessment
from screening.rules.vignettes import CaseResult


@dataclasses.dataclass(frozen=True)
class RuleRow:
    code: str
    effect: str
    tier: str
    condition: str
    reading: str
    clinician: str
    source: str

    @classmethod
    def of(cls, rule: Mapping[str, Any], readings: Mapping[str, str]) -> RuleRow:
        """Of a rule in any shape: a draft may hold one that cannot be read yet."""
        code, when = str(rule.get("code", "")), rule.get("when")
        return cls(
            code=code,
            effect=str(EFFECTS.get(str(rule.get("effect")), rule.get("effect", ""))),
            tier=str(rule.get("tier") or ""),
            condition=_condition(when),
            reading=readings.get(code, ""),
            clinician=str(rule.get("clinician", "")),
            source=str(rule.get("source", "")),
        )


def _condition(when: Any) -> str:
    if not isinstance(when, Mapping):
        return str(when or "")
    answers = when.get("answers")
    if isinstance(answers, Mapping):
        said = ", ".join(f"{answer} ({tier})" for answer, tier in answers.items())
    else:
        said = ", ".join(map(str, answers)) if isinstance(answers, list) else str(answers or "")
    return f"{when.get('question', '')}: {said}"


def as_text(value: Any) -> str:
    """A part to be read beside what was typed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False))


@dataclasses.dataclass(frozen=True)
class CaseRow:
    """A worked case in the list. `result` is None where the draft cannot judge it."""

    id: str
    title: str
    result: CaseResult | None

    @classmethod
    def of(cls, content: Mapping[str, Any], results: Sequence[CaseResult]) -> CaseRow:
        name = str(content.get("id", ""))
        found = next((result for result in results if result.case.id == name), None)
        return cls(name, str(content.get("title", "")), found)


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What came of one case: what was found, and which rules cannot tell from what was answered."""

    outcome: str
    tier: int | None
    senior_review: bool
    recheck_on: dt.date | None
    found: list[tuple[str, str, str]]  # code, effect, what the clinician reads
    unknown: list[tuple[str, str]]  # rule, what the clinician reads of it
    problems: list[str]

    @classmethod
    def of(cls, assessment: Assessment, rules: Sequence[Mapping[str, Any]]) -> Judgement:
        said = {str(rule.get("code")): rule for rule in rules}
        found = [
            (one.code, str(EFFECTS.get(one.effect, one.effect)), _said(said.get(one.rule, {}), one.code))
            for one in assessment.findings
        ]
        unknown = [one.code for one in assessment.verdicts if one.verdict == "unknown"]
        return cls(
            assessment.outcome,
            assessment.tier,
            assessment.senior_review,
            assessment.recheck_on,
            found,
            [(code, _in_doubt(said.get(code, {}))) for code in unknown],
            [f"{one.item}: {one.sentence}" for one in assessment.problems],
        )


def _said(rule: Mapping[str, Any], code: str) -> str:
    """Missing information has a sentence of its own."""
    missing = code == rule.get("unknown")
    return str(rule.get("clinician_unknown" if missing else "clinician") or "")


def _in_doubt(rule: Mapping[str, Any]) -> str:
    """Not every rule says something when it cannot tell: then what it would say."""
    return str(rule.get("clinician_unknown") or rule.get("clinician") or "")
