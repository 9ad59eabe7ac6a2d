"""Rules as rows of a table, and parts as somebody would write them down."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import yaml

from screening.manage.presenters import EFFECTS


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
