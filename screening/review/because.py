"""Why a verdict came out: the smallest set of answers behind it, and the rule in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from screening.intake.wording import answer_in_words, filled
from screening.rules.definition import Item, Questionnaire
from screening.rules.explain import Explanation
from screening.rules.plans import Answered


@dataclasses.dataclass(frozen=True)
class Words:
    """One rule in words, and what the terms in it mean."""

    rule: str
    means: str
    sentence: str
    terms: Sequence[tuple[str, str]]


@dataclasses.dataclass(frozen=True)
class Reason:
    """One answer that decided. It reads like a question of the form, also inside an entry."""

    question: str
    answer: str


def decided_by(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    explanations: Iterable[Explanation],
    *,
    clinic: str,
) -> list[Reason]:
    """The smallest cause of each rule. A rule that waits for answers has none: then all it read is shown."""
    behind: dict[Answered, None] = {}
    for why in explanations:
        behind |= dict.fromkeys(why.cause.answers or map(Answered, why.answers))
    items = {item.id: item for item in questionnaire.items()}
    return [
        _reason(items[each.item], answers.get(each.item), each, clinic)
        for each in behind
        if each.item in items and items[each.item].holds_an_answer
    ]


def _reason(item: Item, value: Any, behind: Answered, clinic: str) -> Reason:
    inner = item.inner(behind.question) if behind.question else None
    if inner is not None:
        entry = value[behind.entry]
        name = entry.get("name") or _("Entry %(n)d") % {"n": behind.entry + 1}
        return Reason(f"{name}: {inner.text}", answer_in_words(inner, entry.get(inner.id)))
    if item.type == "group":
        words = _("Not answered") if value is None else _("%(n)d entered") % {"n": len(value)}
    else:
        words = answer_in_words(item, value) or _("Not answered")
    return Reason(filled(item.text, clinic=clinic), words)


def in_words(explanations: Iterable[Explanation], *, clinic: str) -> list[Words]:
    return [
        Words(
            why.rule,
            _means(why.compiled.ruleset.rule(why.rule).effect),
            filled(why.reading, clinic=clinic),
            [(filled(term, clinic=clinic), filled(meaning, clinic=clinic)) for term, meaning in why.terms],
        )
        for why in explanations
    ]


def _means(effect: str) -> str:
    """What follows when the sentence is so: a rule that excludes reads the wrong way round without it."""
    if effect == "exclude":
        return _("Not met when:")
    return _("In doubt when:") if effect == "contradiction" else _("Cannot tell when:")
