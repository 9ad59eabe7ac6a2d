"""Why: the answers that decided a rule, the rule in words, and which questions would settle an unknown one.

Rules that stand on answers chosen from lists say the same again and again, and so do their explanations:
these are remembered (see `remembered`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from screening.rules import library
from screening.rules.answers import Answers
from screening.rules.assessment import Assessment, Finding, RuleVerdict, Verdict
from screening.rules.cause import Causes
from screening.rules.compiled import CompiledRuleSet
from screening.rules.english import terms
from screening.rules.journey import Active
from screening.rules.plans import Cause, Plan, plan_of, said_by
from screening.rules.remembered import Together, day_of, grouping_of, remember, says_given
from screening.rules.ruleset import Rule, RuleSet
from screening.rules.settling import Settling, settling
from screening.rules.translation import Foreign

_TRUTH: Mapping[Verdict, bool | None] = {"true": True, "false": False, "unknown": None}
NO_ELEMENTS = said_by(())


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
    """What is remembered: explanations of these verdicts, maybe without the answers that were read."""

    verdicts: Any
    explanations: list[Explanation]
    without_answers: bool

    @classmethod
    def of(cls, verdicts: Any, explanations: list[Explanation], *, without_answers: bool) -> Told:
        if without_answers:
            explanations = [each._replace(answers={}) for each in explanations]
        return cls(verdicts, explanations, without_answers)


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
    verdicts = assessment.verdicts
    codes = grouping.codes(active, verdicts)
    keys = [key_of(codes) for key_of in grouping.keys]
    said = [verdicts_of(verdicts) for verdicts_of in grouping.verdicts]
    found: list[Explanation] = []
    for place, told in enumerate(map(dict.get, explainer.day.groups, keys)):
        if told is None or (told.verdicts is not said[place] and told.verdicts != said[place]):
            found += explainer.anew(place, keys[place], said[place])
        elif told.without_answers:
            found += explainer.with_answers(grouping.groups[place], told.explanations)
        else:
            found += told.explanations
    found += [explainer.explained(grouping.plans[place], verdicts[place]) for place in grouping.others]
    return explainer.with_findings(grouping.in_order(found))


def explain_rule(
    compiled: CompiledRuleSet, answers: Answers, assessment: Assessment, as_of: dt.date, rule_code: str
) -> Explanation:
    """One rule, for a page that asks about no other."""
    active = compiled.journey.active(answers, as_of)
    explainer = Explainer(compiled, active, assessment, as_of)
    found = explainer.explained(plan_of(compiled, rule_code), assessment.verdict(rule_code))
    mine = tuple([finding for finding in assessment.findings if finding.rule == rule_code])
    return explainer.with_these(found, mine)


class Explainer:
    """Explains the rules for one set of answers, one by one."""

    def __init__(
        self, compiled: CompiledRuleSet, active: Active, assessment: Assessment, as_of: dt.date
    ) -> None:
        self.day = day_of(compiled, as_of)
        self._grouping = grouping_of(compiled)
        self._compiled = compiled
        self._active = active
        self._assessment = assessment
        self._as_of = as_of
        self._causes = Causes(compiled, active, as_of)

    def anew(self, place: int, key: Any, said: Any) -> list[Explanation]:
        """A group of rules that say this, explained and, where that may be, remembered."""
        group, verdicts = self._grouping.groups[place], self._assessment.verdicts
        explanations = [
            self.explained(plan, verdicts[number])
            for plan, number in zip(group.plans, group.places, strict=True)
        ]
        if group.may_keep(key) and (not group.spoken or not says_given(key) or self._is_told(group)):
            told = Told.of(said, explanations, without_answers=says_given(key))
            remember(self.day.groups[place], key, told)
        return explanations

    def _is_told(self, group: Together) -> bool:
        """Whether what rules say of an answer tells all that is explained: not what would settle one, nor
        of a list, for which a blank has elements, whether these are the same.
        """
        verdicts, blank = self._assessment.verdicts, self.day.blank
        return not any(
            _is_open(plan.rule, verdicts[place].verdict)
            or verdicts[place].error is not None
            or not (plan.is_boolean or blank[plan.rule.code] in (None, NO_ELEMENTS))
            for plan, place in zip(group.plans, group.places, strict=True)
        )

    def with_answers(self, group: Together, explanations: list[Explanation]) -> list[Explanation]:
        """What was remembered, with the answers that were not."""
        found, items, answers = [], None, dict[str, Any]()
        for plan, (rule, result, _, *rest) in zip(group.plans, explanations, strict=True):
            if plan.items != items:
                items, answers = plan.items, self._answers(plan)
            found.append(Explanation._make((rule, result, answers, *rest)))
        return found

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

    def with_findings(self, explanations: Sequence[Explanation]) -> tuple[Explanation, ...]:
        """Of all rules, in their order: each with what its rule found, and the sentence that says so."""
        findings: dict[int, tuple[Finding, ...]] = {}
        for finding in self._assessment.findings:
            place = self._grouping.place_of.get(finding.rule)
            if place is not None:
                findings[place] = (*findings.get(place, ()), finding)
        whole = list(explanations)
        for place, mine in findings.items():
            whole[place] = self.with_these(whole[place], mine)
        return tuple(whole)

    def with_these(self, explanation: Explanation, findings: tuple[Finding, ...]) -> Explanation:
        if not findings:
            return explanation
        words = _said_of(plan_of(self._compiled, explanation.rule).rule, findings[0])
        return Explanation._make((*explanation[:6], words, *explanation[7:11], findings))

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
            return settling(self._compiled, self._active, plan, self._as_of)
        known: Settling | None = self.day.settling.get(plan.rule.code)
        if known is None:
            known = settling(self._compiled, self._active, plan, self._as_of)
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
