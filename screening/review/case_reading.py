"""The parts of a case page that come out of the judgement, as plain values in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from screening.cases.models import RedFlag
from screening.intake.wording import answer_in_words, filled
from screening.review import words
from screening.review.because import Reason, Words, decided_by, in_words
from screening.rules.assess import Assessment as Judgement
from screening.rules.compiled import CompiledRuleSet
from screening.rules.criteria import Standing, criteria_of, standing_of
from screening.rules.definition import Item, Questionnaire, RuleSet
from screening.rules.explain import Explanation, explain, sentence_for
from screening.rules.journey import Journey


@dataclasses.dataclass(frozen=True)
class Reading:
    """One question with what was answered. `blank` when nothing was."""

    item: str
    question: str
    answer: str
    blank: bool = False

    @classmethod
    def of(cls, item: Item, answers: Mapping[str, Any], *, clinic: str = "") -> Reading:
        answer = answer_in_words(item, answers.get(item.id))
        return cls(item.id, filled(item.text, clinic=clinic), answer or _("Not answered"), blank=not answer)


@dataclasses.dataclass(frozen=True)
class Criterion:
    """One criterion or health question: its verdict, why, and what would settle it."""

    code: str
    title: str
    verdict: str
    sentence: str
    source: str
    reasons: list[Reason]
    settle: dict[str, str]
    words: list[Words]


@dataclasses.dataclass(frozen=True)
class Caution:
    code: str
    sentence: str
    source: str
    high: bool
    answers: list[Reason]


@dataclasses.dataclass(frozen=True)
class UrgentAnswer:
    question: str
    answer: str
    tier: int
    raised_at: datetime | None
    read_at: datetime | None
    cleared_at: datetime | None
    cleared_by: str
    cleared_reason: str


@dataclasses.dataclass(frozen=True)
class Treatment:
    name: str
    kind: str
    verdict: str
    facts: list[Reading]


@dataclasses.dataclass(frozen=True)
class Step:
    title: str
    answers: list[Reading]


@dataclasses.dataclass(frozen=True)
class Judged:
    """What the rules made of the answers, ready to be shown."""

    criteria: list[Criterion] = dataclasses.field(default_factory=list)
    health: list[Criterion] = dataclasses.field(default_factory=list)
    cautions: list[Caution] = dataclasses.field(default_factory=list)
    missing: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    treatments: list[Treatment] = dataclasses.field(default_factory=list)
    scores: list[tuple[str, str]] = dataclasses.field(default_factory=list)


def judged(
    compiled: CompiledRuleSet,
    answers: Mapping[str, Any],
    judgement: Judgement,
    as_of: date,
    *,
    clinic: str,
) -> Judged:
    questionnaire, ruleset = compiled.questionnaire, compiled.ruleset
    because = partial(decided_by, questionnaire, answers, clinic=clinic)
    read = partial(in_words, clinic=clinic)
    why = {found.rule: found for found in explain(compiled, answers, judgement, as_of)}
    criteria = [
        _criterion(
            found.criterion.id, found.criterion.title, found, ruleset, questionnaire, why, because, read
        )
        for found in criteria_of(ruleset, judgement)
    ]
    health = [
        _criterion(
            rule.code,
            rule.title or rule.code,
            standing_of((judgement.verdict(rule.code),)),
            ruleset,
            questionnaire,
            why,
            because,
            read,
        )
        for rule in ruleset.rules
        if rule.effect == "exclude" and rule.criterion is None
    ]
    cautions = [
        Caution(
            code=finding.code,
            sentence=sentence_for(ruleset, finding),
            source=ruleset.rule(finding.rule).source,
            high=finding.effect == "high_caution",
            answers=because([why[finding.rule]]),
        )
        for finding in judgement.cautions
    ]
    return Judged(
        criteria=criteria,
        health=health,
        cautions=sorted(cautions, key=lambda caution: not caution.high),
        missing=[(finding.code, sentence_for(ruleset, finding)) for finding in judgement.missing],
        notes=[sentence_for(ruleset, finding) for finding in judgement.notes],
        treatments=_treatments(questionnaire, answers, judgement),
        scores=_scores(questionnaire, judgement),
    )


def read_items(
    questionnaire: Questionnaire, answers: Mapping[str, Any], ids: Iterable[str], *, clinic: str = ""
) -> list[Reading]:
    """The answers behind a verdict. A list of entries has a table of its own, so it is only counted here."""
    items = {item.id: item for item in questionnaire.items()}
    found = []
    for item in (items[item_id] for item_id in ids if item_id in items):
        if item.type == "group":
            entries = answers.get(item.id)
            text = _("Not answered") if entries is None else _("%(n)d entered") % {"n": len(entries)}
            found.append(Reading(item.id, item.text, text, blank=entries is None))
        elif item.holds_an_answer:
            found.append(Reading.of(item, answers, clinic=clinic))
    return found


def _criterion(
    code: str,
    title: str,
    standing: Standing,
    ruleset: RuleSet,
    questionnaire: Questionnaire,
    why: Mapping[str, Explanation],
    because: Callable[[Iterable[Explanation]], list[Reason]],
    read: Callable[[Iterable[Explanation]], list[Words]],
) -> Criterion:
    """How a criterion stands, by the rules that decide it. A contradiction that is absent decides nothing."""
    decisive = [
        ruleset.rule(verdict.code)
        for verdict in standing.verdicts
        if verdict.effect != "contradiction" or standing.status != "met"
    ]
    texts = {item.id: item.text for item in questionnaire.items()}
    unclear = decisive if standing.status == "unknown" else []
    settle = [item for rule in unclear for item in why[rule.code].would_settle]
    return Criterion(
        code=code,
        title=title,
        verdict=standing.status,
        sentence=" ".join(why[rule.code].sentence for rule in decisive if standing.status != "met"),
        source="; ".join(dict.fromkeys(rule.source for rule in decisive)),
        reasons=because(why[rule.code] for rule in decisive),
        settle={item: texts[item] for item in settle if item in texts},
        words=read(why[rule.code] for rule in decisive),
    )


def _treatments(
    questionnaire: Questionnaire, answers: Mapping[str, Any], judgement: Judgement
) -> list[Treatment]:
    entries = answers.get("treatments") or []
    verdicts = judgement.outputs.get("treatment_verdicts") or []
    try:
        group = questionnaire.item("treatments")
    except KeyError:
        return []
    rows = []
    for number, entry in enumerate(entries):
        verdict = verdicts[number] if number < len(verdicts) else "UNKNOWN"
        kind = group.inner("class")
        rows.append(
            Treatment(
                name=str(entry.get("name") or _("No name given")),
                kind=answer_in_words(kind, entry.get("class")) if kind else "",
                verdict=str(words.TREATMENT.get(verdict, verdict)),
                facts=[
                    reading
                    for item in group.items
                    if item.id not in ("name", "class") and not (reading := Reading.of(item, entry)).blank
                ],
            )
        )
    return rows


def _scores(questionnaire: Questionnaire, judgement: Judgement) -> list[tuple[str, str]]:
    rows = []
    for score in questionnaire.scores:
        value = judgement.scores.get(score.id)
        rows.append((score.title, _("No score: an answer is missing") if value is None else str(value)))
    return rows


def urgent_answers(questionnaire: Questionnaire | None, flags: list[RedFlag]) -> list[UrgentAnswer]:
    found = []
    for flag in flags:
        question, answer = flag.item, flag.answer
        if questionnaire is not None:
            try:
                item = questionnaire.item(flag.item)
                value: Any = int(flag.answer) if item.type == "integer" else flag.answer
                question, answer = item.text, answer_in_words(item, value)
            except (KeyError, ValueError):
                pass
        found.append(
            UrgentAnswer(
                question=question,
                answer=answer,
                tier=flag.tier,
                raised_at=flag.raised_at,
                read_at=flag.read_at,
                cleared_at=flag.cleared_at,
                cleared_by=flag.cleared_by.name if flag.cleared_by else "",
                cleared_reason=flag.cleared_reason or "",
            )
        )
    return found


def steps_of(journey: Journey, answers: Mapping[str, Any], today: date, *, clinic: str) -> list[Step]:
    """Every question that was asked, by step; blank ones are there and say so."""
    questionnaire = journey.questionnaire
    asked = {page.id for page in journey.pages_for(answers, today)}
    steps = []
    for step in questionnaire.steps:
        found = [
            reading
            for page in questionnaire.pages
            if page.step == step.id and page.id in asked
            for reading in read_items(questionnaire, answers, [item.id for item in page.items], clinic=clinic)
        ]
        if found:
            steps.append(Step(step.title, found))
    return steps
