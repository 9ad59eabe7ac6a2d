"""Made-up answers for a preview: what fills a page, and what opens or closes one. Pure; they are nobody's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from screening.rules.definition import Item, Page
from screening.rules.journey import Journey
from screening.rules.library import conditional

MOST_TRIED: Final = 200
WORDS: Final = "Example"
DAY: Final = "2024-03-27"
BORN: Final = "1980-03-27"


def example(item: Item) -> Any:
    """An answer that anybody could have given. None where a preview cannot make one up."""
    known = [option.code for option in item.options if not option.unknown]
    match item.type:
        case "choice":
            return known[:1] if item.repeats else next(iter(known), None)
        case "integer" if item.options:
            return int(known[0]) if known else None
        case "integer" | "decimal":
            low, high = item.min or 0, item.max if item.max is not None else 10
            middle = int((low + high) / 2)
            return middle if item.type == "integer" else str(middle)
        case "boolean":
            return True
        case "date":
            return BORN if item.autocomplete == "bday" else DAY
        case "string" | "text":
            return [WORDS] if item.repeats else WORDS
        case _:
            return None


def filled_in(page: Page) -> dict[str, Any]:
    return {item.id: found for item in page.items if (found := example(item)) is not None}


def leading_to(journey: Journey, page: Page, *, asked: bool, as_of: dt.date) -> dict[str, Any] | None:
    """Answers with which this page is asked, or is not. None when those tried lead nowhere.

    Tried are no answers at all, then those to the questions that its conditions read.
    """
    for answers in _tries(journey, page):
        if bool(journey.items_of(page.id, answers, as_of)) is asked:
            return answers
    return None


def _tries(journey: Journey, page: Page) -> Iterator[dict[str, Any]]:
    yield {}
    if not any(conditional(page, item) for item in page.items):
        return
    texts = " ".join(filter(None, (page.show_when, *(item.show_when for item in page.items))))
    read = [item for item in journey.questionnaire.items() if item.id in _words(texts)]
    choices = [[(item.id, value) for value in _several(item)] for item in read]
    for number, together in enumerate(product(*choices)):
        if number >= MOST_TRIED:
            return
        yield dict(together)


def _words(text: str) -> set[str]:
    return set("".join(sign if sign.isalnum() or sign == "_" else " " for sign in text).split())


def _several(item: Item) -> list[Any]:
    if item.options:
        codes = [int(code) if item.type == "integer" else code for code in item.option_codes()]
        return [[code] for code in codes] if item.repeats else [*reversed(codes)]
    if item.type == "boolean":
        return [True, False]
    if item.type == "date":
        return ["1950-01-01", "2015-01-01", DAY]
    found = example(item)
    return [] if found is None else [found]
