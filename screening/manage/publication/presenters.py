"""The effect of a draft in words: outcomes from and to, what changes alike, and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from screening.manage.publication.models import ImpactChange, ImpactRun, RunState
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.rules.ruleset import Outcome

OUTCOMES: tuple[Outcome, ...] = ("urgent", "not_currently", "more_info", "flagged_review")


@dataclasses.dataclass(frozen=True)
class MatrixRow:
    """How many cases of one outcome come to each; those that stay are told apart."""

    outcome: str
    total: int
    cells: list[tuple[str, int, bool]]


@dataclasses.dataclass(frozen=True)
class ChangeRow:
    number: int
    cases: int
    was: str
    now: str
    was_tier: int | None
    now_tier: int | None
    why: list[str]
    less_urgent: bool
    reason: str


def matrix(run: ImpactRun) -> list[MatrixRow]:
    """Rows and columns are outcomes, the gravest first; only rows that hold a case."""
    before, moved = run.counts.get("before", {}), run.counts.get("moved", {})
    rows = []
    for was in OUTCOMES:
        total = before.get(was, 0)
        if not total:
            continue
        gone = {now: moved.get(f"{was} {now}", 0) for now in OUTCOMES if now != was}
        cells = [
            (now, total - sum(gone.values()) if now == was else gone[now], now == was) for now in OUTCOMES
        ]
        rows.append(MatrixRow(was, total, cells))
    return rows


def percent(run: ImpactRun) -> int:
    if run.state == RunState.DONE:
        return 100
    return min(99, run.done * 100 // run.total) if run.total else 0


class Reasons:
    """Codes in words, by the rules of both versions, and what became of the rule itself."""

    def __init__(self, before: DefinitionVersion, after: DefinitionVersion) -> None:
        are_rules = after.kind == Kind.RULESET
        self._was = _rules(before.content) if are_rules else {}
        self._now = _rules(after.content) if are_rules else {}

    def why(self, change: ImpactChange) -> list[str]:
        gained = [_("Found now: %s") % self._said(code) for code in change.gained]
        lost = [_("No longer found: %s") % self._said(code) for code in change.lost]
        return [*gained, *lost] or [self._other_weight()]

    def _other_weight(self) -> str:
        """Codes say nothing where the same rule is of another tier: then the rules that were changed do."""
        rules = [
            code
            for code, rule in self._now.items()
            if rule != self._was.get(code) and rule["effect"] == "urgent"
        ]
        if not rules:
            return _("The same findings, of another weight")
        return _("The same findings, of another weight. Changed: %s") % ", ".join(rules)

    def _said(self, code: str) -> str:
        was, now = _rule_of(self._was, code), _rule_of(self._now, code)
        rule = now or was
        if rule is None:
            return code
        sentence = rule.get("clinician_unknown") if code == rule.get("unknown") else rule.get("clinician")
        became = ""
        if was is None:
            became = _("a new rule")
        elif now is None:
            became = _("the rule is gone")
        elif was != now:
            became = _("the rule was changed")
        return f"{code}, {sentence or ''}" + (f" ({became})" if became else "")


def change_rows(
    changes: Iterable[ImpactChange], reasons: Reasons, given: Mapping[int, str]
) -> list[ChangeRow]:
    return [
        ChangeRow(
            change.pk,
            change.cases,
            change.was,
            change.now,
            change.was_tier,
            change.now_tier,
            reasons.why(change),
            change.less_urgent,
            given.get(change.pk, ""),
        )
        for change in changes
    ]


def _rules(content: Any) -> dict[str, Mapping[str, Any]]:
    return {str(rule["code"]): rule for rule in content.get("rules", ())}


def _rule_of(rules: Mapping[str, Mapping[str, Any]], code: str) -> Mapping[str, Any] | None:
    """The rule that raises a code: its own, the one for what is missing, or with an element behind it."""
    if code in rules:
        return rules[code]
    missing = next((rule for rule in rules.values() if rule.get("unknown") == code), None)
    return missing or rules.get(code.split(":", 1)[0])
