"""The shipped definitions and small ones made for a single test. No Django here."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from screening.rules.assess import Assessment, assess
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.definition import CaseFile, Questionnaire, RuleSet

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(__file__).parent / "cases"
DAY = dt.date(2026, 6, 15)


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def unshared(path: Path) -> dict[str, Any]:
    """What a file says once and names again is one object when it is read; here each place has its own."""
    whole: dict[str, Any] = json.loads(json.dumps(read(path), default=str))
    return whole


@cache
def shipped() -> CompiledRuleSet:
    """The default rule set, compiled as it is published."""
    questionnaire = read(ROOT / "seed/questionnaires/pain-intake.yml")
    ruleset = read(ROOT / "seed/rulesets/pain-eligibility.yml")
    return compile_ruleset(Questionnaire.model_validate(questionnaire), RuleSet.model_validate(ruleset))


def own_cases() -> CaseFile:
    cases = shipped().ruleset.worked_cases()
    assert cases is not None
    return cases


def baseline(**changes: Any) -> dict[str, Any]:
    """The answers of someone who meets every criterion, with some replaced; None leaves a question blank."""
    return {name: value for name, value in {**own_cases().baseline, **changes}.items() if value is not None}


def judge(*, as_of: dt.date = DAY, standing: Any = (), **changes: Any) -> Assessment:
    return assess(shipped(), baseline(**changes), as_of=as_of, standing_red_flags=standing)


def codes(result: Assessment) -> set[str]:
    return {finding.code for finding in result.findings}


def treatment(kind: str, outcome: str, **more: Any) -> dict[str, Any]:
    return {"class": kind, "name": kind, "for_this_pain": "yes", "outcome": outcome, "relief_pct": 10, **more}


PHYSIO = treatment("physical", "no_relief", sessions=8)

# A form small enough to be read at a glance: a red flag, a branch behind it, a date, a scale, a group.
SMALL: dict[str, Any] = {
    "code": "small",
    "title": "Small",
    "steps": [{"id": "one", "title": "One"}, {"id": "two", "title": "Two"}],
    "pages": [
        {
            "id": "first",
            "step": "one",
            "title": "First",
            "items": [
                {
                    "id": "flag",
                    "type": "choice",
                    "text": "Is it new?",
                    "required": True,
                    "options": [
                        {"code": "no", "text": "No"},
                        {"code": "yes", "text": "Yes"},
                        {"code": "maybe", "text": "Perhaps"},
                        {"code": "not_sure", "text": "Not sure", "unknown": True},
                    ],
                    "advice": {"yes": "now", "maybe": "soon"},
                },
                {"id": "day", "type": "date", "text": "Since when?", "precision": "year"},
            ],
        },
        {
            "id": "second",
            "step": "two",
            "title": "Second",
            "show_when": "flag = 'yes'",
            "items": [
                {"id": "much", "type": "integer", "text": "How much?", "min": 0, "max": 10, "required": True},
                {"id": "why", "type": "text", "text": "Why?", "show_when": "much >= 5"},
            ],
        },
        {
            "id": "third",
            "step": "two",
            "title": "Third",
            "items": [
                {
                    "id": "tries",
                    "type": "group",
                    "repeats": True,
                    "text": "Tries",
                    "items": [
                        {"id": "name", "type": "string", "text": "Name"},
                        {
                            "id": "weeks",
                            "type": "integer",
                            "text": "Weeks",
                            "min": 0,
                            "show_when": "name != 'x'",
                        },
                    ],
                },
                {"id": "agree", "type": "boolean", "text": "Agree?"},
                {"id": "share", "type": "decimal", "text": "Share"},
                {"id": "words", "type": "string", "repeats": True, "text": "Words"},
                {
                    "id": "kinds",
                    "type": "choice",
                    "repeats": True,
                    "text": "Kinds",
                    "options": [
                        {"code": "a", "text": "A"},
                        {"code": "b", "text": "B"},
                        {"code": "not_sure", "text": "Not sure", "unknown": True},
                    ],
                },
            ],
        },
    ],
    "scores": [{"id": "double", "title": "Double", "expression": "much * 2"}],
    "advice": {
        "soon": {"title": "Soon", "text": "Tomorrow.", "tier": 3},
        "now": {"title": "Now", "text": ["Go."], "tier": 1, "nations": {"wales": {"text": ["Cer."]}}},
    },
}


def rule(code: str, effect: str, when: Any, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "effect": effect,
        "when": when,
        "clinician": f"About {code}.",
        "source": "test",
        **more,
    }


def small(*rules: dict[str, Any], form: dict[str, Any] = SMALL, **more: Any) -> CompiledRuleSet:
    content = {"code": "judge", "title": "Judge", "questionnaire": "small", "rules": list(rules), **more}
    return compile_ruleset(Questionnaire.model_validate(form), RuleSet.model_validate(content))
