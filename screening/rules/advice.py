"""Which advice follows an answer. A positive red flag is answered by the very next page."""

from __future__ import annotations

from typing import NamedTuple

from screening.rules.answers import Answers
from screening.rules.base import key_text
from screening.rules.questionnaire import Item, Page, Questionnaire


class Due(NamedTuple):
    """An answer that has advice: the item, the answer as text and the key of the advice."""

    item: str
    answer: str
    advice: str


def advice_for(page: Page, answers: Answers, questionnaire: Questionnaire | None = None) -> list[Due]:
    """The advice that the answers of this page call for, most urgent first.

    Urgency is the tier of the advice, which only the questionnaire knows; without it the page's order is
    kept.
    """
    due = [hit for item in page.items for hit in _of_item(item, answers.get(item.id))]
    if questionnaire is None:
        return due
    tiers = {key: advice.tier or 4 for key, advice in questionnaire.advice.items()}
    return sorted(due, key=lambda hit: tiers.get(hit.advice, 4))


def _of_item(item: Item, value: object) -> list[Due]:
    if item.type == "group":
        entries = value if isinstance(value, list | tuple) else [value]
        return [
            hit
            for entry in entries
            if isinstance(entry, dict)
            for inner in item.items
            for hit in _of_item(inner, entry.get(inner.id))
        ]
    answers = value if isinstance(value, list | tuple) else [value]
    return [
        Due(item.id, key_text(answer), item.advice[key_text(answer)])
        for answer in answers
        if key_text(answer) in item.advice
    ]
