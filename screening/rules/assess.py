"""The judgement: answers in, assessment out. Nothing is read but the arguments.

Every rule is evaluated and every list is filled, also when a graver outcome hides it. The outcome is the
gravest that any finding asks for: `urgent`, then `not_currently`, then `more_info`, then
`flagged_review`. The underlying outcome is the same without the red flags.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from screening.cql import Date, Evaluation
from screening.rules import library
from screening.rules.answers import Answers
from screening.rules.assessment import SEVERITY, Assessment, Finding, RuleVerdict, Verdict
from screening.rules.base import key_text
from screening.rules.compiled import CompiledRuleSet
from screening.rules.journey import Active
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
    results = _results(compiled, evaluation)
    blocked_items = frozenset(
        item for result in results if result.verdict == "true" for item in result.rule.blocks
    )
    if blocked_items:
        results = [_unless_blocked(compiled, result, blocked_items) for result in results]
    outputs, failed_outputs = _outputs(compiled, evaluation, blocked_items)

    found, dealt_with = Found(), frozenset(cleared)
    for result in results:
        if result.is_silent or (dealt_with and is_cleared(compiled, result, active.answers, dealt_with)):
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
        scores={score.id: evaluation[score.id] for score in compiled.questionnaire.scores},
        problems=active.problems,
    )


@dataclass(frozen=True)
class Result:
    """One rule's answer: a verdict and, for a list, the elements it is true of."""

    rule: Rule
    verdict: Verdict
    elements: tuple[str, ...] | None = None
    some_unknown: bool = False
    tier: int | None = None
    error: str | None = None
    blocked: bool = False

    @cached_property
    def as_verdict(self) -> RuleVerdict:
        rule = self.rule
        return RuleVerdict(rule.code, rule.effect, rule.criterion, self.verdict, self.error, self.blocked)

    @cached_property
    def is_silent(self) -> bool:
        """Whether nothing is found because of it."""
        in_doubt = self.verdict == "unknown" or self.some_unknown
        return (
            self.error is None and self.verdict != "true" and not (in_doubt and self.rule.unknown is not None)
        )


def _results(compiled: CompiledRuleSet, evaluation: Evaluation) -> list[Result]:
    """What every rule says: the same few things again and again, so these are kept."""
    if evaluation.errors:
        return [result_of(evaluation, rule) for rule in compiled.ruleset.rules]
    if "results" not in compiled.once:
        names = tuple([library.rule_name(rule.code) for rule in compiled.ruleset.rules])
        compiled.once["results"] = names, [(rule, {}) for rule in compiled.ruleset.rules]
    names, usual = compiled.once["results"]
    results: list[Result] = []
    for (rule, known), value in zip(usual, evaluation.values(names), strict=True):
        if value is not None and value is not True and value is not False:
            results.append(result_of(evaluation, rule))
            continue
        result = known.get(value)
        if result is None:
            result = result_of(evaluation, rule)
            if result.tier == rule.tier or value is not True:  # not one that goes by the answer
                known[value] = result
        results.append(result)
    return results


def result_of(evaluation: Evaluation, rule: Rule) -> Result:
    """An expression that failed, itself or in a definition it needs, is null and has its error beside it."""
    name = library.rule_name(rule.code)
    value = evaluation[name]
    error = evaluation.errors.get(name)
    if isinstance(value, bool):
        verdict: Verdict = "true" if value else "false"
        elements, some_unknown = None, False
    elif isinstance(value, list | tuple):
        elements = tuple(dict.fromkeys(str(element) for element in value if element is not None))
        some_unknown = any(element is None for element in value)
        verdict = "true" if elements else "unknown" if some_unknown else "false"
    else:
        verdict, elements, some_unknown = "unknown", None, False
        if value is not None and error is None:
            error = "The rule is neither true, false, unknown nor a list."
    tier = _tier(evaluation, rule) if rule.effect == "urgent" and verdict == "true" else None
    return Result(rule, verdict, elements, some_unknown, tier, error)


def _tier(evaluation: Evaluation, rule: Rule) -> int:
    """The tier of a positive red flag. Where none can be told it is the gravest, never none."""
    if rule.tier is not None:
        return rule.tier
    tier = evaluation[library.tier_name(rule.code)]
    return tier if isinstance(tier, int) else 1


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
    compiled: CompiledRuleSet, evaluation: Evaluation, blocked: frozenset[str]
) -> tuple[dict[str, Any], list[str]]:
    """The further values, and the names of those that failed.

    A date to check again on needs undoubted answers.
    """
    values, failed = dict[str, Any](), list[str]()
    for name in compiled.ruleset.outputs:
        defined = library.output_name(name)
        value = evaluation[defined]
        if name == RECHECK:
            value = None if compiled.items_read_by_output(name) & blocked else _full_date(value)
        if defined in evaluation.errors:
            failed.append(name)
        values[name] = value
    return values, failed


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
