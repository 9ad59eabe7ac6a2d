"""Why: the answers that decided a rule, the rule in words, and which questions would settle an unknown one.

The smallest cause and the words are worked out when they are asked for: a page shows few of the many rules.

What would settle it is found by trying: a blank question is named when some answer to it would turn the rule
into a yes or a no. When no single answer can, all blank questions that the rule reads are named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from screening.rules import library
from screening.rules.answers import Answers
from screening.rules.assessment import Assessment, Finding, RuleVerdict, Verdict
from screening.rules.candidates import changes
from screening.rules.cause import Cause, Causes
from screening.rules.compiled import CompiledRuleSet
from screening.rules.english import reading_of_rule, terms
from screening.rules.journey import Active
from screening.rules.plans import Plan, plan_of
from screening.rules.ruleset import Rule, RuleSet
from screening.rules.translation import Foreign


@dataclass(frozen=True, slots=True)
class Explanation:
    """One rule explained. `inside` names questions in the entries of a group: (group, place, question).

    `answers` holds all that was read, `cause` the smallest part of it that by itself gives the same result.
    """

    rule: str
    result: Verdict
    answers: Mapping[str, Any]
    would_settle: tuple[str, ...]
    inside: tuple[tuple[str, int, str], ...]
    sentence: str
    causes: Causes = field(repr=False, compare=False)
    compiled: CompiledRuleSet = field(repr=False, compare=False)
    findings: tuple[Finding, ...] = ()
    error: str | None = None
    blocked_by: tuple[str, ...] = ()

    @property
    def cause(self) -> Cause:
        return self.causes.of(self.rule)

    @property
    def reading(self) -> str:
        return reading_of_rule(self.compiled, self.rule)

    @property
    def terms(self) -> tuple[tuple[str, str], ...]:
        """The definitions that the reading names, each with its own reading."""
        return terms(self.compiled, library.rule_name(self.rule))


def explain(
    compiled: CompiledRuleSet, answers: Answers, assessment: Assessment, as_of: dt.date
) -> tuple[Explanation, ...]:
    """Every rule, in the order of the rule set."""
    return explain_active(compiled, compiled.journey.active(answers, as_of), assessment, as_of)


def explain_active(
    compiled: CompiledRuleSet, active: Active, assessment: Assessment, as_of: dt.date
) -> tuple[Explanation, ...]:
    """The same from answers whose closed branches are already gone."""
    causes = Causes(compiled, active, as_of)
    said = Said.by(assessment)
    return tuple(_explanation(compiled, active, said, rule, as_of, causes) for rule in compiled.ruleset.rules)


def explain_rule(
    compiled: CompiledRuleSet, answers: Answers, assessment: Assessment, as_of: dt.date, rule_code: str
) -> Explanation:
    """One rule, for a page that asks about no other."""
    active = compiled.journey.active(answers, as_of)
    causes = Causes(compiled, active, as_of)
    return _explanation(
        compiled, active, Said.by(assessment), compiled.ruleset.rule(rule_code), as_of, causes
    )


@dataclass(frozen=True)
class Said:
    """What an assessment said, by rule."""

    verdicts: Mapping[str, RuleVerdict]
    findings: Mapping[str, list[Finding]]

    @classmethod
    def by(cls, assessment: Assessment) -> Said:
        findings: dict[str, list[Finding]] = {}
        for finding in assessment.findings:
            findings.setdefault(finding.rule, []).append(finding)
        return cls({verdict.code: verdict for verdict in assessment.verdicts}, findings)


def sentence_for(ruleset: RuleSet, finding: Finding, *, audience: str = "clinician") -> str:
    """A finding in words. For a patient who left something out, the words say what is missing."""
    rule = next((rule for rule in ruleset.rules if rule.code == finding.rule), None)
    if rule is None or finding.code.startswith("INF_ERROR:"):
        return finding.code
    missing = rule.unknown is not None and finding.code == rule.unknown and finding.effect == "more_info"
    if audience == "patient":
        words = (rule.patient_unknown if missing else None) or rule.patient or ""
    else:
        words = (rule.clinician_unknown if missing else None) or rule.clinician
    said = words.replace("{element}", finding.element or "")
    return Foreign(said, words.lang) if isinstance(words, Foreign) else said


def _explanation(
    compiled: CompiledRuleSet,
    active: Active,
    said: Said,
    rule: Rule,
    as_of: dt.date,
    causes: Causes,
) -> Explanation:
    verdict = said.verdicts[rule.code]
    plan = plan_of(compiled, rule.code)
    reads = list(plan.items)
    findings = tuple(said.findings.get(rule.code, ()))
    single: tuple[str, ...] = ()
    inside: tuple[tuple[str, int, str], ...] = ()
    if _is_open(rule, verdict.verdict) and not verdict.blocked and verdict.error is None:
        key = plan.key(active, as_of)
        known = plan.found.get(("settling", key)) if key is not None else None
        if known is None:
            known = _settling(compiled, active, plan, as_of)
            plan.remember("settling", key, known)
        single, inside = known
    sentence = sentence_for(compiled.ruleset, findings[0]) if findings else rule.clinician
    return Explanation(
        rule=rule.code,
        result=verdict.verdict,
        answers={item_id: active.answers.get(item_id) for item_id in reads if item_id not in active.closed},
        would_settle=single,
        inside=inside,
        sentence=sentence,
        causes=causes,
        compiled=compiled,
        findings=findings,
        error=verdict.error,
        blocked_by=tuple(_blockers(compiled, said, reads)) if verdict.blocked else (),
    )


def _is_open(rule: Rule, verdict: Verdict) -> bool:
    """Unknown, or a rule whose very point is that something is missing."""
    return verdict == "unknown" or (rule.effect == "more_info" and verdict == "true")


def _blockers(compiled: CompiledRuleSet, said: Said, reads: list[str]) -> Iterator[str]:
    for rule in compiled.ruleset.rules:
        if set(rule.blocks) & set(reads) and said.verdicts[rule.code].verdict == "true":
            yield rule.code


def _settling(
    compiled: CompiledRuleSet, active: Active, plan: Plan, as_of: dt.date
) -> tuple[tuple[str, ...], tuple[tuple[str, int, str], ...]]:
    items: dict[str, None] = {}
    inside: dict[tuple[str, int, str], None] = {}
    tried: dict[str, list[Any]] = {}
    open_reads = [item_id for item_id in plan.items if item_id not in active.closed]
    for item_id in open_reads:
        for change in changes(compiled.journey, active, compiled.questionnaire.item(item_id), as_of):
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
    return _together(active, plan, tried, as_of) or _groups(compiled, open_reads), ()


def _together(active: Active, plan: Plan, tried: Mapping[str, list[Any]], as_of: dt.date) -> tuple[str, ...]:
    """All blank questions, when no single one settles the rule but all of them at once do."""
    for place in range(max(map(len, tried.values()), default=0)):
        at_once = {item_id: values[min(place, len(values) - 1)] for item_id, values in tried.items()}
        if _settled(active, plan, at_once, as_of):
            return tuple(tried)
    return ()


def _groups(compiled: CompiledRuleSet, reads: list[str]) -> tuple[str, ...]:
    """Nothing blank would help: what was said in the entries themselves has to be looked at again."""
    return tuple(item_id for item_id in reads if compiled.questionnaire.item(item_id).type == "group")


def _settled(active: Active, plan: Plan, answered: Mapping[str, Any], as_of: dt.date) -> bool:
    evaluation = plan.program.evaluate({**active.values, **answered}, today=as_of)
    value = evaluation[library.rule_name(plan.rule.code)]
    if plan.rule.effect == "more_info":
        return value is False or value == ()
    return value is not None and not (isinstance(value, tuple) and None in value)
