"""The result of judging a set of answers: a value that can be stored, compared and read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal

from screening.cql import ENGINE_VERSION as CQL_VERSION
from screening.rules.answers import Problem
from screening.rules.ruleset import Effect, Outcome

Verdict = Literal["true", "false", "unknown"]
# A higher number wins. Written out, so that reordering a list can never change which outcome is worse.
SEVERITY: Mapping[Outcome, int] = {"urgent": 40, "not_currently": 30, "more_info": 20, "flagged_review": 10}
ENGINE_VERSION = f"rules 1, cql {CQL_VERSION}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found: its code, the rule that found it and the element of a list it is about."""

    code: str
    rule: str
    effect: Effect
    tier: int | None = None
    element: str | None = None


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What one rule said. `blocked` means it was true, but rests on an answer that a contradiction doubts."""

    code: str
    effect: Effect
    criterion: str | None
    verdict: Verdict
    error: str | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    outcome: Outcome
    underlying: Outcome
    tier: int | None
    urgent: tuple[Finding, ...]
    exclusions: tuple[Finding, ...]
    missing: tuple[Finding, ...]
    cautions: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    senior_review: bool
    recheck_on: dt.date | None
    verdicts: tuple[RuleVerdict, ...]
    outputs: Mapping[str, Any]
    scores: Mapping[str, Any]
    problems: tuple[Problem, ...]
    engine_version: str = ENGINE_VERSION

    @property
    def codes(self) -> tuple[str, ...]:
        """The reason codes: exclusions first, then what is missing."""
        return tuple(finding.code for finding in (*self.exclusions, *self.missing))

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.urgent, *self.exclusions, *self.missing, *self.cautions, *self.notes)

    def verdict(self, rule_code: str) -> RuleVerdict:
        for verdict in self.verdicts:
            if verdict.code == rule_code:
                return verdict
        raise KeyError(rule_code)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, for storing and for comparing byte for byte (see `canonical.py`)."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}


def plain(value: Any) -> Any:
    """JSON values: dates and decimals as text, so that a database gives back exactly what was stored."""
    if value is None or isinstance(value, int):  # True and False as well
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Finding | RuleVerdict | Problem):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return str(value)
