"""The judgement: answers in, assessment out. Nothing is read but the arguments.

Every rule is evaluated and every list is filled, also when a graver outcome hides it. The outcome is the
gravest that any finding asks for: `urgent`, then `not_currently`, then `more_info`, then
`flagged_review`. The underlying outcome is the same without the red flags.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from screening.cql import Date, Evaluation
from screening.rules import library
from screening.rules.answers import Answers
from screening.rules.assessment import SEVERITY, Assessment, Finding, RuleVerdict
from screening.rules.base import key_text
from screening.rules.compiled import CompiledRuleSet
from screening.rules.journey import Active
from screening.rules.results import Result, names_of, results_of
from screening.rules.ruleset import Effect, Outcome, Row, Rule

__all__ = ["Assessment", "Finding", "RuleVerdict", "assess", "assess_active"]

OUTCOME_OF: Mapping[Effect, Outcome] = {
    "urgent": "urgent",
    "exclude": "not_currently",
    "more_info": "more_info",
}
RECHECK = "recheck_on"


def assess(
    compiled: CompiledRuleSet,
    answers: Answers,
    *,
    as_of: dt.date,
    standing_red_flags: Iterable[tuple[str, int]] = (),
    cleared: Iterable[tuple[str, str]] = (),
) -> Assessment:
    """Judge these answers as they stand on this day.

    `standing_red_flags` are the (item id, tier) pairs that were once positive and that no clinician has
    cleared: they are findings whatever the answers say now. `cleared` are the (item id, answer) pairs that
    a clinician has dealt with: the same answer to the same item is not urgent again, any other is.
    """
    active = compiled.journey.active(answers, as_of)
    return assess_active(
        compiled, active, as_of=as_of, standing_red_flags=standing_red_flags, cleared=cleared
    )


def assess_active(
    compiled: CompiledRuleSet,
    active: Active,
    *,
    as_of: dt.date,
    standing_red_flags: Iterable[tuple[str, int]] = (),
    cleared: Iterable[tuple[str, str]] = (),
) -> Assessment:
    """The same from answers whose closed branches are already gone."""
    evaluation = compiled.program.evaluate(active.values, today=as_of)
    names = names_of(compiled)
    values = evaluation.values(names.all)
    results = results_of(compiled, evaluation, values)
    heard = [result for result in results if not result.is_silent]
    blocked_items = frozenset([item for each in heard if each.verdict == "true" for item in each.rule.blocks])
    if blocked_items:
        results = [_unless_blocked(compiled, result, blocked_items) for result in results]
        heard = [result for result in results if not result.is_silent]
    told = values[len(names.rules) :]
    outputs, failed_outputs = _outputs(compiled, evaluation, told, blocked_items)

    found, dealt_with = Found(), frozenset(cleared)
    for result in heard:
        if dealt_with and is_cleared(compiled, result, active.answers, dealt_with):
            continue
        found.add_result(result)
    for item_id, tier in standing_red_flags:
        found.add_standing(compiled, item_id, tier)
    for name in failed_outputs:
        found.add(Finding(f"INF_ERROR:{name}", name, "more_info"))
    for item_id in _doubtful_items(compiled, active):
        found.add(Finding(f"INF_ANSWER:{item_id}", item_id, "more_info", element=item_id))

    lists = found.lists()
    urgent = tuple(sorted(lists["urgent"], key=lambda finding: finding.tier or 0))
    return Assessment(
        outcome=_gravest(lists, "urgent", "exclude", "more_info"),
        underlying=_gravest(lists, "exclude", "more_info"),
        tier=min((finding.tier for finding in urgent if finding.tier is not None), default=None),
        urgent=urgent,
        exclusions=tuple(lists["exclude"]),
        missing=tuple(lists["more_info"]),
        cautions=tuple(lists["caution"]),
        notes=tuple(lists["note"]),
        senior_review=any(finding.effect == "high_caution" for finding in lists["caution"]),
        recheck_on=outputs.get(RECHECK),
        verdicts=tuple([result.as_verdict for result in results]),
        outputs=outputs,
        scores=dict(zip(names.scores, told[len(names.outputs) :], strict=True)),
        problems=active.problems,
    )


def _unless_blocked(compiled: CompiledRuleSet, result: Result, blocked: frozenset[str]) -> Result:
    """An exclusion that rests on an answer in doubt is unknown."""
    rule = result.rule
    if rule.effect != "exclude" or result.verdict != "true":
        return result
    if not compiled.items_read_by(rule.code) & blocked:
        return result
    return Result(rule, "unknown", error=result.error, blocked=True)


def is_cleared(
    compiled: CompiledRuleSet, result: Result, answers: Answers, cleared: frozenset[tuple[str, str]]
) -> bool:
    """Whether a clinician has dealt with exactly the answer that makes this flag urgent.

    An expression that reads several items is never silenced by one of them.
    """
    rule = result.rule
    if rule.effect != "urgent" or result.verdict != "true" or result.elements is not None:
        return False
    row = rule.when if isinstance(rule.when, Row) else None
    items = compiled.items_read_by(rule.code) if row is None else {row.question}
    if len(items) != 1:
        return False
    (item_id,) = items
    value = answers.get(item_id)
    given = [key_text(each) for each in (value if isinstance(value, list | tuple) else [value])]
    positive = given if row is None else [answer for answer in given if answer in row.answers]
    return bool(positive) and all((item_id, answer) in cleared for answer in positive)


def _outputs(
    compiled: CompiledRuleSet, evaluation: Evaluation, told: Sequence[Any], blocked: frozenset[str]
) -> tuple[dict[str, Any], list[str]]:
    """The further values, and the names of those that failed.

    A date to check again on needs undoubted answers.
    """
    outputs = dict(zip(compiled.ruleset.outputs, told, strict=False))
    if RECHECK in outputs:
        in_doubt = blocked and compiled.items_read_by_output(RECHECK) & blocked
        outputs[RECHECK] = None if in_doubt else _full_date(outputs[RECHECK])
    return outputs, [name for name in outputs if library.output_name(name) in evaluation.errors]


def _full_date(value: object) -> dt.date | None:
    if isinstance(value, Date) and value.precision == "day":
        return value.to_date()
    return None


def _doubtful_items(compiled: CompiledRuleSet, active: Active) -> list[str]:
    """Items that hold something their question could not have taken, and that a rule reads."""
    if not active.problems:
        return []
    read = frozenset[str]().union(*compiled.reads.values())
    return list(dict.fromkeys(p.top_item for p in active.problems if p.top_item in read))


class Found:
    """Findings by code, in the order they were found; a code is found once."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[bool, str], Finding] = {}

    def add(self, finding: Finding) -> None:
        self._by_key.setdefault((finding.effect == "urgent", finding.code), finding)

    def all(self) -> tuple[Finding, ...]:
        return tuple(self._by_key.values())

    def lists(self) -> Mapping[Effect, list[Finding]]:
        """The findings of each effect; cautions of both kinds stand together."""
        lists = defaultdict[Effect, list[Finding]](list)
        for finding in self._by_key.values():
            lists["caution" if finding.effect == "high_caution" else finding.effect].append(finding)
        return lists

    def add_result(self, result: Result) -> None:
        rule = result.rule
        if result.error is not None:
            self.add(Finding(f"INF_ERROR:{rule.code}", rule.code, "more_info"))
        if result.verdict == "true":
            self._add_true(result)
        unknown = result.verdict == "unknown" or result.some_unknown
        if unknown and rule.unknown is not None and result.error is None:
            self.add(Finding(rule.unknown, rule.code, "more_info"))

    def _add_true(self, result: Result) -> None:
        rule = result.rule
        if rule.effect == "contradiction":
            self.add(Finding(f"INF_CONTRADICTION:{rule.code}", rule.code, "more_info"))
        elif result.elements is None:
            self.add(Finding(rule.code, rule.code, rule.effect, result.tier))
        else:
            for element in result.elements:
                code = f"{rule.code}:{element}"
                self.add(Finding(code, rule.code, rule.effect, result.tier, element))

    def add_standing(self, compiled: CompiledRuleSet, item_id: str, tier: int) -> None:
        """A red flag that still stands. It keeps its tier when the answer was changed to a milder one."""
        code = next((rule.code for rule in compiled.ruleset.rules if _asks(rule, item_id)), item_id)
        present = self._by_key.get((True, code))
        if present is None or (present.tier or tier) > tier:
            self._by_key[(True, code)] = Finding(code, code, "urgent", tier)


def _asks(rule: Rule, item_id: str) -> bool:
    return rule.effect == "urgent" and isinstance(rule.when, Row) and rule.when.question == item_id


def _gravest(lists: Mapping[Effect, list[Finding]], *effects: Effect) -> Outcome:
    outcomes = [OUTCOME_OF[effect] for effect in effects if lists[effect]]
    return max(outcomes, key=lambda outcome: SEVERITY[outcome], default="flagged_review")
