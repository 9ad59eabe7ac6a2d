"""Join and split the two halves of an answers document: coded and private.

Coded answers stay plain so that constraints and rules can read them; every free text and every
item marked sensitive is encrypted (architecture decision 7). An entry of a repeating group is
split the same way, the halves kept at the same position.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from screening.cases.models import Response
from screening.questionnaires.selectors import journey_in
from screening.rules.definition import Item, Questionnaire
from screening.rules.journey import Journey

PRIVATE_TYPES = frozenset({"string", "text", "attachment"})

Answers = dict[str, Any]


def is_private(item: Item) -> bool:
    return item.sensitive or item.type in PRIVATE_TYPES


def split(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> tuple[Answers, Answers]:
    """(coded, private). Unknown keys are treated as private: nothing leaks by a slip."""
    items = {item.id: item for item in questionnaire.items()}
    coded: Answers = {}
    private: Answers = {}
    for key, value in answers.items():
        item = items.get(key)
        if item is None or is_private(item):
            private[key] = value
        elif item.type == "group" and isinstance(value, list):
            hidden = {sub.id for sub in item.items if is_private(sub)}
            coded[key] = [{k: v for k, v in entry.items() if k not in hidden} for entry in value]
            private[key] = [{k: v for k, v in entry.items() if k in hidden} for entry in value]
        else:
            coded[key] = value
    return coded, private


def join(coded: Mapping[str, Any], private: Mapping[str, Any] | None) -> Answers:
    answers: Answers = dict(coded)
    for key, value in (private or {}).items():
        plain = answers.get(key)
        if isinstance(plain, list) and isinstance(value, list) and len(plain) == len(value):
            answers[key] = [{**a, **b} for a, b in zip(plain, value, strict=True)]
        else:
            answers[key] = value
    return answers


def asked_in(response: Response, journey: Journey) -> Journey:
    """The way through this form: all of the first one, or the pages of one that came later."""
    return journey.asking(response.pages) if response.occasion else journey


def journey_of_form(response: Response) -> Journey:
    """The same in the words its person reads."""
    return asked_in(response, journey_in(response.version, response.language))


def answers_of(response: Response) -> Answers:
    """The whole document, as the rules and the pages read it."""
    return join(response.answers, response.private_answers)
