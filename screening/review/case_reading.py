"""The parts of a case page that come out of the judgement, as plain values in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from screening.cases.models import RedFlag
from screening.intake.wording import answer_in_words
from screening.review import words as said
from screening.review.because import Reason, Words, decided_by, in_words
from screening.review.models import Amendment
from screening.review.reading import Earlier, Reading, read_items
from screening.review.treatments import Treatment, treatments_of
from screening.rules.assess import Assessment as Judgement
from screening.rules.compiled import CompiledRuleSet
from screening.rules.criteria import Standing, criteria_of, standing_of
from screening.rules.definition import Questionnaire, RuleSet
from screening.rules.explain import Explanation, explain, sentence_for
from screening.rules.journey import Journey


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
    advised: bool  # whether there was advice for the person to read
    raised_at: datetime | None
    read_at: datetime | None
    cleared_at: datetime | None
    cleared_by: str
    cleared_reason: str


@dataclasses.dataclass(frozen=True)
class Step:
    title: str
    answers: list[Reading]

    @property
    def summary(self) -> str:
        blank = sum(reading.blank for reading in self.answers)
        return _("%(step)s (%(n)d not answered)") % {"step": self.title, "n": blank} if blank else self.title


@dataclasses.dataclass(frozen=True)
class Judged:
    """What the rules made of the answers, ready to be shown."""

    criteria: list[Criterion] = dataclasses.field(default_factory=list)
    health: list[Criterion] = dataclasses.field(default_factory=list)
    cautions: list[Caution] = dataclasses.field(default_factory=list)
    missing: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    treatments: list[Treatment] = dataclasses.field(default_factory=list)


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
            rule.title or _asked(because([why[rule.code]])) or rule.code,
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
        treatments=treatments_of(compiled, answers, judgement, as_of),
    )


def _asked(reasons: list[Reason]) -> str:
    """What a health question is called that has no title of its own: by what was asked."""
    return reasons[0].question if reasons else ""


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
    """How a criterion stands, by the rules that decide it. A contradiction that is absent decides nothing;
    one of another criterion that puts an answer of this in doubt does.
    """
    codes = [
        verdict.code
        for verdict in standing.verdicts
        if verdict.effect != "contradiction" or standing.status != "met"
    ]
    blocking = [other for code in codes for other in why[code].blocked_by]
    decisive = [ruleset.rule(code) for code in dict.fromkeys([*codes, *blocking])]
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


def urgent_answers(
    forms: Iterable[Questionnaire], flags: list[RedFlag], sentences: Mapping[str, str]
) -> list[UrgentAnswer]:
    """In the words of the forms of the case: a later one may ask what the first did not.

    What an expression found over several answers is said in the `sentences` of the rules, by their code.
    """
    items = {item.id: item for form in forms for item in form.items()}
    found = []
    for flag in flags:
        question, answer = str(said.RAISED.get(flag.item, flag.item)), flag.answer
        item = items.get(flag.item)
        if item is not None and (item.type != "integer" or flag.answer.isdigit()):
            value: Any = int(flag.answer) if item.type == "integer" else flag.answer
            question, answer = item.text, answer_in_words(item, value)
        elif flag.item in said.RAISED:
            answer = str(said.MEASURED)
        elif flag.item in sentences:
            question, answer = sentences[flag.item], str(said.BY_RULE)
        found.append(
            UrgentAnswer(
                question=question,
                answer=answer,
                tier=flag.tier,
                advised=bool(flag.advice),
                raised_at=flag.raised_at,
                read_at=flag.read_at,
                cleared_at=flag.cleared_at,
                cleared_by=flag.cleared_by.name if flag.cleared_by else "",
                cleared_reason=flag.cleared_reason or "",
            )
        )
    return found


def steps_of(
    journey: Journey,
    answers: Mapping[str, Any],
    as_of: date,
    *,
    clinic: str,
    amendments: Iterable[Amendment] = (),
) -> list[Step]:
    """Every question that was asked on that day, by step; blank ones say so, what was said before stands
    beside.
    """
    earlier: dict[str, list[Earlier]] = {}
    items = {item.id: item for item in journey.questionnaire.items()}
    for each in amendments:
        if each.item in items:
            was = Earlier.of(items[each.item], each.before, each.at, then=each.after)
            earlier.setdefault(each.item, []).append(was)
    questionnaire = journey.questionnaire
    closed = journey.active(answers, as_of).closed
    steps = []
    for step in questionnaire.steps:
        found = [
            reading
            for page in questionnaire.pages
            if page.step == step.id
            for reading in read_items(
                questionnaire,
                answers,
                [item.id for item in page.items if item.id not in closed],
                clinic=clinic,
                earlier=earlier,
            )
        ]
        if found:
            steps.append(Step(step.title, found))
    return steps
