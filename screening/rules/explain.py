"""Why: the answers that decided a rule, the rule in words, and which questions would settle an unknown one.

Rules that stand on answers chosen from lists say the same again and again, and so do their explanations:
these are remembered (see `remembered`).

What would settle it is found by trying: a blank question is named when some answer to it would turn the rule
into a yes or a no. When no single answer can, all blank questions that the rule reads are named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from screening.rules import library
from screening.rules.answers import Answers
from screening.rules.assessment import Assessment, Finding, RuleVerdict, Verdict
from screening.rules.candidates import changes
from screening.rules.cause import Causes
from screening.rules.compiled import CompiledRuleSet
from screening.rules.english import terms
from screening.rules.journey import Active
from screening.rules.plans import Cause, Plan, plan_of, said_by
from screening.rules.remembered import Together, day_of, grouping_of, remember, says_given
from screening.rules.ruleset import Rule, RuleSet
from screening.rules.translation import Foreign
from screening.rules.trials import told_of

_TRUTH: Mapping[Verdict, bool | None] = {"true": True, "false": False, "unknown": None}
NO_ELEMENTS = said_by(())
Settling = tuple[tuple[str, ...], tuple[tuple[str, int, str], ...]]


class Explanation(NamedTuple):
    """One rule explained. `inside` names questions in the entries of a group: (group, place, question).

    `answers` holds all that was read, `cause` the smallest part of it that by itself gives the same result.
    """

    rule: str
    result: Verdict
    answers: Mapping[str, Any]
    cause: Cause
    would_settle: tuple[str, ...]
    inside: tuple[tuple[str, int, str], ...]
    sentence: str
    reading: str
    compiled: CompiledRuleSet
    error: str | None = None
    blocked_by: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def terms(self) -> tuple[tuple[str, str], ...]:
        """The definitions that the reading names, each with its own reading."""
        return terms(self.compiled, library.rule_name(self.rule))


class Told(NamedTuple):
    """What is remembered: explanations of these verdicts, maybe without answers in somebody's own words."""

    verdicts: Any
    explanations: list[Explanation]
    without_words: bool

    @classmethod
    def of(cls, verdicts: Any, explanations: list[Explanation], *, without_words: bool) -> Told:
        if without_words:
            explanations = [each._replace(answers={}) for each in explanations]
        return cls(verdicts, explanations, without_words)


def explain(
    compiled: CompiledRuleSet, answers: Answers, assessment: Assessment, as_of: dt.date
) -> tuple[Explanation, ...]:
    """Every rule, in the order of the rule set."""
    return explain_active(compiled, compiled.journey.active(answers, as_of), assessment, as_of)


def explain_active(
    compiled: CompiledRuleSet, active: Active, assessment: Assessment, as_of: dt.date
) -> tuple[Explanation, ...]:
    """The same from answers whose closed branches are already gone."""
    grouping = grouping_of(compiled)
    explainer = Explainer(compiled, active, assessment, as_of)
    verdicts, codes = assessment.verdicts, grouping.codes(active)
    found: list[Explanation] = []
    for group, known in zip(grouping.groups, explainer.day.groups, strict=True):
        key, said = group.key(codes), group.verdicts(verdicts)
        told: Told | None = known.get(key)
        if told is None or (told.verdicts is not said and told.verdicts != said):
            explanations = explainer.together(group)
            remember(known, group, key, Told.of(said, explanations, without_words=says_given(key)))
        elif told.without_words:
            explanations = explainer.with_words(group, told.explanations)
        else:
            explanations = told.explanations
        found += explanations
    found += [explainer.explained(grouping.plans[place], verdicts[place]) for place in grouping.others]
    return tuple(explainer.with_findings(list(grouping.in_order(found))))


def explain_rule(
    compiled: CompiledRuleSet, answers: Answers, assessment: Assessment, as_of: dt.date, rule_code: str
) -> Explanation:
    """One rule, for a page that asks about no other."""
    active = compiled.journey.active(answers, as_of)
    explainer = Explainer(compiled, active, assessment, as_of)
    found = explainer.explained(plan_of(compiled, rule_code), assessment.verdict(rule_code))
    return explainer.with_findings([found])[0]


class Explainer:
    """Explains the rules for one set of answers, one by one."""

    def __init__(
        self, compiled: CompiledRuleSet, active: Active, assessment: Assessment, as_of: dt.date
    ) -> None:
        self.day = day_of(compiled, as_of)
        self._compiled = compiled
        self._active = active
        self._assessment = assessment
        self._as_of = as_of
        self._causes = Causes(compiled, active, as_of)

    def together(self, group: Together) -> list[Explanation]:
        verdicts = self._assessment.verdicts
        return [
            self.explained(plan, verdicts[place])
            for plan, place in zip(group.plans, group.places, strict=True)
        ]

    def with_words(self, group: Together, explanations: list[Explanation]) -> list[Explanation]:
        """What was remembered, with the answers that were not."""
        return [
            Explanation._make((*each[:2], self._answers(plan), *each[3:]))
            for plan, each in zip(group.plans, explanations, strict=True)
        ]

    def _answers(self, plan: Plan) -> dict[str, Any]:
        answers, closed = self._active.answers, self._active.closed
        return {item_id: answers.get(item_id) for item_id in plan.items if item_id not in closed}

    def explained(self, plan: Plan, verdict: RuleVerdict) -> Explanation:
        """Without the findings: they stand on what other rules found as well."""
        rule = plan.rule
        single: tuple[str, ...] = ()
        inside: tuple[tuple[str, int, str], ...] = ()
        if _is_open(rule, verdict.verdict) and not verdict.blocked and verdict.error is None:
            single, inside = self._settling(plan)
        return Explanation(
            rule.code,
            verdict.verdict,
            self._answers(plan),
            self._cause(plan, verdict),
            single,
            inside,
            rule.clinician,
            plan.reading,
            self._compiled,
            verdict.error,
            tuple(self._blockers(plan)) if verdict.blocked else (),
        )

    def with_findings(self, explanations: list[Explanation]) -> list[Explanation]:
        """Each with what its rule found, and the sentence that says so."""
        findings: dict[str, tuple[Finding, ...]] = {}
        for finding in self._assessment.findings:
            findings[finding.rule] = (*findings.get(finding.rule, ()), finding)
        for place, each in enumerate(explanations):
            if each.rule in findings:
                mine = findings[each.rule]
                words = _said_of(plan_of(self._compiled, each.rule).rule, mine[0])
                explanations[place] = each._replace(findings=mine, sentence=words)
        return explanations

    def _cause(self, plan: Plan, verdict: RuleVerdict) -> Cause:
        if plan.is_boolean:
            return self._causes.forcing(plan, _TRUTH[verdict.verdict])
        if verdict.verdict == "false":
            return self._causes.forcing(plan, NO_ELEMENTS)
        return self._causes.of(plan.rule.code)

    def _blockers(self, plan: Plan) -> Iterator[str]:
        for code in plan.blocking:
            if self._assessment.verdict(code).verdict == "true":
                yield code

    def _settling(self, plan: Plan) -> Settling:
        """A rule that stands on one answer has always the same to say where that is blank."""
        if plan.alone is None or plan.items[0] in self._active.answers:
            return _settling(self._compiled, self._active, plan, self._as_of)
        known: Settling | None = self.day.settling.get(plan.rule.code)
        if known is None:
            known = _settling(self._compiled, self._active, plan, self._as_of)
            self.day.settling[plan.rule.code] = known
        return known


def sentence_for(ruleset: RuleSet, finding: Finding, *, audience: str = "clinician") -> str:
    """A finding in words. For a patient who left something out, the words say what is missing."""
    rule = next((rule for rule in ruleset.rules if rule.code == finding.rule), None)
    return finding.code if rule is None else _said_of(rule, finding, audience)


def _said_of(rule: Rule, finding: Finding, audience: str = "clinician") -> str:
    if finding.code.startswith("INF_ERROR:"):
        return finding.code
    missing = rule.unknown is not None and finding.code == rule.unknown and finding.effect == "more_info"
    if audience == "patient":
        words = (rule.patient_unknown if missing else None) or rule.patient or ""
    else:
        words = (rule.clinician_unknown if missing else None) or rule.clinician
    said = words.replace("{element}", finding.element or "")
    return Foreign(said, words.lang) if isinstance(words, Foreign) else said


def _is_open(rule: Rule, verdict: Verdict) -> bool:
    """Unknown, or a rule whose very point is that something is missing."""
    return verdict == "unknown" or (rule.effect == "more_info" and verdict == "true")


def _settling(compiled: CompiledRuleSet, active: Active, plan: Plan, as_of: dt.date) -> Settling:
    items: dict[str, None] = {}
    inside: dict[tuple[str, int, str], None] = {}
    tried: dict[str, list[Any]] = {}
    open_reads = [item_id for item_id in plan.items if item_id not in active.closed]
    for item_id in open_reads:
        item = plan.questions[item_id]
        for change in changes(compiled.journey, active, item, as_of, partial(plan.reads_inside, item_id)):
            if change.place is None:
                tried.setdefault(item_id, []).append(change.value)
            if change.place in inside or (change.place is None and item_id in items):
                continue
            if _settled(active, plan, {change.item: change.value}, as_of):
                items[item_id] = None
                if change.place is not None:
                    inside[change.place] = None
    if items:
        return tuple(items), tuple(inside)
    return _together(active, plan, tried, as_of) or _groups(plan, open_reads), ()


def _together(active: Active, plan: Plan, tried: Mapping[str, list[Any]], as_of: dt.date) -> tuple[str, ...]:
    """All blank questions, when no single one settles the rule but all of them at once do."""
    for place in range(max(map(len, tried.values()), default=0)):
        at_once = {item_id: values[min(place, len(values) - 1)] for item_id, values in tried.items()}
        if _settled(active, plan, at_once, as_of):
            return tuple(tried)
    return ()


def _groups(plan: Plan, reads: list[str]) -> tuple[str, ...]:
    """Nothing blank would help: what was said in the entries themselves has to be looked at again."""
    return tuple(item_id for item_id in reads if plan.questions[item_id].type == "group")


def _settled(active: Active, plan: Plan, answered: Mapping[str, Any], as_of: dt.date) -> bool:
    values = {item_id: active.values.get(item_id) for item_id in plan.reads}
    (value,) = told_of(plan.program, (plan.name,), {**values, **answered}, as_of)
    if plan.rule.effect == "more_info":
        return value is False or value == ()
    return value is not None and not (isinstance(value, tuple) and None in value)
