"""The way through a questionnaire: which pages are asked, in which order, and what is still missing.

Answers of a closed branch (see `branches`) stay in the document but are not active, so neither rules nor
other conditions see them.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from screening.cql import Program
from screening.rules import library
from screening.rules.advice import Due, advice_for
from screening.rules.answers import Answers, Problem, Questions
from screening.rules.branches import Branches
from screening.rules.questionnaire import Item, Page, Questionnaire

__all__ = ["Active", "Due", "FailedCheck", "Journey", "advice_for"]


@dataclass(frozen=True, slots=True)
class Active:
    """The answers that count: the document without its closed branches, and the same as CQL parameters."""

    answers: Mapping[str, Any]
    closed: frozenset[str]
    values: Mapping[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """An answer that its question's check refuses. `entry` is the place in a repeating group."""

    item: str
    message: str
    entry: int | None = None


class Journey:
    """A questionnaire ready to be walked. Made once for each version; every method is pure."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.text, self._program = library.compiled(library.journey_fragments(questionnaire))
        self._groups: dict[str, Program] = {
            item.id: library.compiled(library.entry_fragments(item))[1]
            for item in questionnaire.items()
            if item.type == "group"
        }
        self._questions = Questions.of(questionnaire)
        self._items = {item.id: item for item in questionnaire.items()}
        self._branches = Branches(
            self._program,
            {
                item.id: library.asked_name(item.id)
                for page in questionnaire.pages
                for item in page.items
                if library.conditional(page, item)
            },
        )
        self._inside = {
            group_id: Branches(
                program,
                {
                    item.id: library.asked_name(item.id)
                    for item in self._items[group_id].items
                    if item.show_when is not None
                },
            )
            for group_id, program in self._groups.items()
        }
        self._left_out = _items_of(page for page in questionnaire.pages if page.follow_up)
        self._refuse_looking_ahead()

    def _refuse_looking_ahead(self) -> None:
        order = {item_id: place for place, item_id in enumerate(self._items)}
        for item_id, name in self._branches.conditional.items():
            for read in self._program.references(name):
                if read in order and order[read] >= order[item_id]:
                    raise library.DefinitionError(
                        f"item {item_id}, show when", f"It depends on {read}, which is asked later."
                    )

    def in_words_of(self, questionnaire: Questionnaire) -> Journey:
        """The same journey, its texts in another language. What was compiled is shared, not made again."""
        other = copy.copy(self)
        other.questionnaire = questionnaire
        return other

    def asking(self, pages: Collection[str]) -> Journey:
        """The same journey with these pages alone, also those of follow-up: what a later form asks."""
        other = copy.copy(self)
        left_out = _items_of(page for page in self.questionnaire.pages if page.id not in pages)
        vars(other)["_left_out"] = left_out
        return other

    # --- what counts ---------------------------------------------------------------------------

    def active(self, answers: Answers, as_of: dt.date) -> Active:
        """The document without closed branches, together with its typed values."""
        open_answers = {name: value for name, value in answers.items() if value is not None}
        whole = self._questions.typed(open_answers)
        closed, values = self._branches.settled(whole.values, as_of, always=self._left_out)
        kept = {name: value for name, value in open_answers.items() if name not in closed}
        changed = {}
        for group_id in self._groups.keys() & kept.keys():
            entries = kept[group_id]
            kept[group_id] = self._active_group(self._items[group_id], entries, as_of)
            if kept[group_id] != entries:
                changed[group_id] = self._questions.typed_item(group_id, kept[group_id])[0]
        if changed:
            values = self._program.accept({**values, **changed})
        problems = tuple(problem for problem in whole.problems if problem.top_item not in closed)
        return Active(kept, closed, values, problems)

    def always_asked(self, group_id: str, question: str) -> bool:
        """Whether a question stands in every entry of a group, whatever else it says."""
        return question not in self._inside[group_id].conditional

    def _active_group(self, group: Item, value: Any, as_of: dt.date) -> Any:
        if not group.repeats:
            return self.active_entry(group.id, value, as_of) if isinstance(value, Mapping) else value
        if not isinstance(value, list | tuple):
            return value
        return [
            self.active_entry(group.id, entry, as_of) if isinstance(entry, Mapping) else entry
            for entry in value
        ]

    def active_entry(self, group_id: str, entry: Mapping[str, Any], as_of: dt.date) -> dict[str, Any]:
        """One entry of a group without the answers to questions that are not asked of it."""
        asked = {item.id for item in self.items_of_entry(group_id, entry, as_of)}
        group = self._items[group_id]
        return {n: v for n, v in entry.items() if v is not None and (n in asked or group.inner(n) is None)}

    def items_of_entry(self, group_id: str, entry: Mapping[str, Any], as_of: dt.date) -> tuple[Item, ...]:
        """The questions that are asked in one entry of a group, given what it says so far."""
        whole = self._questions.entries[group_id].typed_entry(entry)
        closed = self._inside[group_id].closed(whole.values, as_of)
        return tuple(item for item in self.questionnaire.item(group_id).items if item.id not in closed)

    def scores(self, answers: Answers, as_of: dt.date) -> dict[str, Any]:
        """Each score of the questionnaire; null while an answer it needs is missing."""
        return self.scores_of(self.active(answers, as_of), as_of)

    def scores_of(self, active: Active, as_of: dt.date) -> dict[str, Any]:
        evaluation = self._program.evaluate(active.values, today=as_of)
        return {score.id: evaluation[score.id] for score in self.questionnaire.scores}

    # --- pages ---------------------------------------------------------------------------------

    def items_of(self, page_id: str, answers: Answers, as_of: dt.date) -> tuple[Item, ...]:
        """The items of a page that are asked, given the answers so far."""
        closed = self.active(answers, as_of).closed
        return tuple(item for item in self.questionnaire.page(page_id).items if item.id not in closed)

    def pages_for(self, answers: Answers, as_of: dt.date) -> list[Page]:
        """The pages that have something to ask, in order."""
        closed = self.active(answers, as_of).closed
        return [
            page for page in self.questionnaire.pages if any(item.id not in closed for item in page.items)
        ]

    def next_page(self, answers: Answers, page_id: str, as_of: dt.date) -> Page | None:
        """The page after this one, or None at the end. It works from a page that has closed meanwhile."""
        place = self._place(page_id)
        return next((p for p in self.pages_for(answers, as_of) if self._place(p.id) > place), None)

    def _place(self, page_id: str) -> int:
        for place, page in enumerate(self.questionnaire.pages):
            if page.id == page_id:
                return place
        raise KeyError(page_id)

    def advice_for(self, page: Page, answers: Answers) -> list[Due]:
        """The advice that the answers of this page call for, most urgent first."""
        return advice_for(page, answers, self.questionnaire)

    # --- what is wrong -----------------------------------------------------------------------

    def failed_checks(
        self, answers: Answers, as_of: dt.date, page_id: str | None = None
    ) -> list[FailedCheck]:
        """Checks that are false; true and unknown are fine. All pages, or one."""
        active = self.active(answers, as_of)
        evaluation = self._program.evaluate(active.values, today=as_of)
        pages = self.questionnaire.pages if page_id is None else (self.questionnaire.page(page_id),)
        failed: list[FailedCheck] = []
        for item in (item for page in pages for item in page.items if item.id not in active.closed):
            for number, check in enumerate(item.checks, start=1):
                if evaluation[library.check_name(item.id, number)] is False:
                    failed.append(FailedCheck(item.id, check.message))
            if item.type == "group":
                entries = active.answers.get(item.id) or []
                entries = entries if isinstance(entries, list) else [entries]
                for place, entry in enumerate(entries):
                    failed.extend(self.failed_entry_checks(item.id, entry, as_of, entry_number=place))
        return failed

    def failed_entry_checks(
        self, group_id: str, entry: Mapping[str, Any], as_of: dt.date, *, entry_number: int | None = None
    ) -> list[FailedCheck]:
        """The same inside one entry of a group, for the page that adds or changes it."""
        group = self.questionnaire.item(group_id)
        if not isinstance(entry, Mapping):
            return []
        inside = self._questions.entries[group_id].typed_entry(self.active_entry(group_id, entry, as_of))
        evaluation = self._groups[group_id].evaluate(inside.values, today=as_of)
        return [
            FailedCheck(f"{group_id}.{item.id}", check.message, entry_number)
            for item in group.items
            for number, check in enumerate(item.checks, start=1)
            if evaluation[library.check_name(item.id, number)] is False
        ]


def _items_of(pages: Iterable[Page]) -> frozenset[str]:
    return frozenset(item.id for page in pages for item in page.items)
