"""Where a draft stands on its way: worked out once from the answers, then only read. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from screening.rules.answers import is_blank
from screening.rules.definition import Item, Page, Questionnaire, Step
from screening.rules.journey import Active, Journey

LONG_LIST = 12


@dataclass(frozen=True)
class Walk:
    """The answers of one draft with everything the pages ask about them.

    `visited` are the pages that were saved at least once. A page may be opened when every page
    before it was visited: so the safety questions come first, whatever address is typed.
    """

    journey: Journey
    answers: Mapping[str, Any]
    visited: Collection[str]
    as_of: dt.date

    @property
    def questionnaire(self) -> Questionnaire:
        return self.journey.questionnaire

    @cached_property
    def active(self) -> Active:
        return self.journey.active(self.answers, self.as_of)

    @cached_property
    def pages(self) -> list[Page]:
        """The pages that ask something, in order."""
        return [page for page in self.questionnaire.pages if self.items_of(page)]

    @cached_property
    def steps(self) -> list[Step]:
        named = {page.step for page in self.pages}
        return [step for step in self.questionnaire.steps if step.id in named]

    @cached_property
    def stop(self) -> Page | None:
        """The page at which these answers end the form kindly: it says who to turn to instead."""
        return next((page for page in self.pages if page.stops), None)

    @cached_property
    def first_unvisited(self) -> Page | None:
        return next((page for page in self.pages if page.id not in self.visited), None)

    def items_of(self, page: Page) -> list[Item]:
        return [item for item in page.items if item.id not in self.active.closed]

    def page(self, page_id: str) -> Page:
        """KeyError when the questionnaire has no such page."""
        return self.questionnaire.page(page_id)

    def is_open(self, page: Page) -> bool:
        return bool(self.items_of(page))

    def may_open(self, page: Page) -> bool:
        """Visited before, or next in line."""
        first = self.first_unvisited
        return self.is_open(page) and (first is None or self._place(page) <= self._place(first))

    def next_after(self, page: Page) -> Page | None:
        return next((other for other in self.pages if self._place(other) > self._place(page)), None)

    def previous_to(self, page: Page) -> Page | None:
        earlier = [other for other in self.pages if self._place(other) < self._place(page)]
        return earlier[-1] if earlier else None

    def step_number(self, page: Page) -> int:
        return [step.id for step in self.steps].index(page.step) + 1 if self.is_open(page) else 0

    @cached_property
    def blank_required(self) -> list[Item]:
        """Required questions that are asked and have no answer, in the order they are asked."""
        return [
            item
            for page in self.pages
            for item in self.items_of(page)
            if item.required and is_blank(self.active.answers.get(item.id))
        ]

    def with_answers(self, changes: Mapping[str, Any]) -> Walk:
        return Walk(self.journey, {**self.answers, **changes}, self.visited, self.as_of)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {page.id: place for place, page in enumerate(self.questionnaire.pages)}

    def _place(self, page: Page) -> int:
        return self._places[page.id]


def entry_parts(group: Item) -> list[list[Item]]:
    """The questions of an entry in parts, so that each part can be asked at once without scripts.

    A question whose condition reads an answer of the same part opens the next one; so does what follows
    a list of options that fills a telephone's screen by itself. A part that is asked of everybody takes
    in nothing that is asked of some.
    """
    parts: list[list[Item]] = [[]]
    for item in group.items:
        here = parts[-1]
        of_some = item.show_when is not None and bool(here) and here[0].show_when is None
        if (of_some or _reads(item, here)) or any(len(other.options) >= LONG_LIST for other in here):
            parts.append([])
        parts[-1].append(item)
    return parts


def _reads(item: Item, others: list[Item]) -> bool:
    names = "|".join(re.escape(other.id) for other in others)
    return bool(item.show_when and names and re.search(rf"\b({names})\b", item.show_when))
