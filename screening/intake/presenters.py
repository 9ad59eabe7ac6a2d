"""What the pages of a form say. Values in, words out; nothing is read here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from screening.cases.opening import LONDON, Opening
from screening.intake.walk import Walk
from screening.intake.wording import (
    Piece,
    apart,
    each_in_words,
    entry_in_words,
    filled,
    time_in_words,
    with_numbers,
)
from screening.rules.answers import is_blank
from screening.rules.definition import Item, Page, Questionnaire, Step

LONGEST_SHOWN = 300


def page_address(page: Page, *, then: str = "", at: str = "") -> str:
    address = reverse("intake-page", args=[page.id])
    return f"{address}{'?then=' + then if then else ''}{'#id_' + at if at else ''}"


@dataclass(frozen=True)
class Progress:
    number: int
    total: int
    title: str

    @classmethod
    def of(cls, walk: Walk, page: Page) -> Progress:
        title = next(step.title for step in walk.questionnaire.steps if step.id == page.step)
        return cls(walk.step_number(page), len(walk.steps), title)


@dataclass(frozen=True)
class EntryRow:
    """One entry of a repeating group, as the list shows it."""

    number: int
    words: str
    unfinished: bool


def entry_rows(walk: Walk, group: Item) -> list[EntryRow]:
    entries = walk.answers.get(group.id) or []
    return [
        EntryRow(number, entry_in_words(group, entry), _is_unfinished(group, entry))
        for number, entry in enumerate(entries, start=1)
    ]


def _is_unfinished(group: Item, entry: Mapping[str, Any]) -> bool:
    return any(item.required and is_blank(entry.get(item.id)) for item in group.items)


def shown_sources(items: Iterable[Item]) -> list[str]:
    """The lines that instruments ask to be shown with their questions; our own notes are not."""
    sources = (item.source or "" for item in items if item.codes)
    return list(dict.fromkeys(source for source in sources if source))


def section_list(walk: Walk) -> list[dict[str, Any]]:
    """The task list: one row for each step, with a link where it may be opened."""
    return [_section(walk, step) for step in walk.steps]


def _section(walk: Walk, step: Step) -> dict[str, Any]:
    pages = [page for page in walk.pages if page.step == step.id]
    visited = [page for page in pages if page.id in walk.visited]
    blank = {item.id for item in walk.blank_required}
    first = next((page for page in pages if page.id not in walk.visited), pages[0])
    row: dict[str, Any] = {"title": {"text": step.title}}
    if not walk.may_open(first):
        return row | {
            "status": {"text": _("Cannot start yet"), "classes": "nhsuk-task-list__status--cannot-start-yet"}
        }
    row["href"] = page_address(first)
    if not visited:
        return row | {"status": {"tag": {"text": _("Not started"), "classes": "nhsuk-tag--grey"}}}
    if len(visited) < len(pages):
        return row | {"status": {"tag": {"text": _("In progress"), "classes": "nhsuk-tag--blue"}}}
    if any(item.id in blank for page in pages for item in walk.items_of(page)):
        return row | {"status": {"tag": {"text": _("Some blank"), "classes": "nhsuk-tag--yellow"}}}
    return row | {"status": {"text": _("Completed")}}


@dataclass(frozen=True)
class Section:
    """One step on the page that shows all answers before they are sent."""

    title: str
    rows: list[dict[str, Any]]


def check_sections(walk: Walk, *, clinic: str, change: bool = True) -> list[Section]:
    sections = []
    for step in walk.steps:
        rows = [
            _check_row(walk, page, item, clinic=clinic, change=change)
            for page in walk.pages
            if page.step == step.id
            for item in walk.items_of(page)
            if item.holds_an_answer
        ]
        if rows:
            sections.append(Section(step.title, rows))
    return sections


def _check_row(walk: Walk, page: Page, item: Item, *, clinic: str, change: bool) -> dict[str, Any]:
    question = filled(item.text, clinic=clinic)
    words = [_shortened(one) for one in each_in_words(item, walk.active.answers.get(item.id))]
    row: dict[str, Any] = {
        "key": {"text": question},
        "value": {"html": _listed(words or [_("Not answered")])},
    }
    if change:
        action = {
            "href": page_address(page, then="check", at=_control_of(item)),
            "text": _("Change") if words else _("Answer"),
            "visuallyHiddenText": question,
        }
        row["actions"] = {"items": [action]}
    return row


def _listed(words: Sequence[str]) -> SafeString:
    """Several answers as a list: on a phone each runs over lines, and one could not be told from the next."""
    if len(words) == 1:
        return conditional_escape(words[0])
    return format_html(
        '<ul class="nhsuk-list">{}</ul>', format_html_join("", "<li>{}</li>", ((one,) for one in words))
    )


def _shortened(words: str) -> str:
    return Truncator(words).chars(LONGEST_SHOWN) if len(words) > LONGEST_SHOWN else words


def _control_of(item: Item) -> str:
    """Where the focus belongs: a list of entries has no control of its own."""
    return "" if item.type == "group" else item.id


def left_out(walk: Walk, *, clinic: str) -> list[str]:
    """Questions that were answered but are not asked any more: their answers are kept and not used."""
    return [
        filled(item.text, clinic=clinic)
        for item in walk.questionnaire.items()
        if item.id in walk.active.closed and not is_blank(walk.answers.get(item.id))
    ]


@dataclass(frozen=True)
class Blank:
    """A question without an answer, and where to give one."""

    text: str
    href: str


def blanks(walk: Walk, items: Iterable[Item], *, clinic: str) -> list[Blank]:
    return [
        Blank(
            filled(item.text, clinic=clinic),
            page_address(walk.questionnaire.page_of(item.id), then="check", at=_control_of(item)),
        )
        for item in items
    ]


@dataclass(frozen=True)
class AdviceBox:
    """Safety advice as this person should read it. `tier` 0 is a kind word without urgency."""

    tier: int
    heading: str
    paragraphs: list[list[Piece]]


def advice_boxes(
    questionnaire: Questionnaire,
    keys: Iterable[str],
    *,
    nation: str,
    own: Mapping[str, Mapping[str, str]],
    others: Sequence[Questionnaire] = (),
) -> list[AdviceBox]:
    """The boxes for these keys, most urgent first; `own` are the crisis numbers that the clinic set.

    What the questionnaire does not have is read in the `others`.
    """
    boxes = []
    for key in dict.fromkeys(keys):
        found = next((each for each in (questionnaire, *others) if key in each.advice), None)
        if found is None:
            continue
        advice = found.advice[key]
        title, paragraphs = advice.words_for(nation)
        boxes.append(
            AdviceBox(
                advice.tier or 0,
                "".join(piece.text for piece in with_numbers(title, found, own=own)),
                [with_numbers(text, found, own=own) for text in paragraphs],
            )
        )
    return sorted(boxes, key=lambda box: box.tier or 4)


@dataclass(frozen=True)
class Readers:
    """When people of the clinic read what was just saved: until when today, or from when."""

    here: bool
    time: str = ""
    day: str = ""

    @classmethod
    def of(cls, opening: Opening, *, at: dt.datetime) -> Readers:
        if opening.is_open(at):
            return cls(here=True, time=time_in_words(opening.closes))
        comes = opening.next_open(at)
        if comes is None:
            return cls(here=False)
        local = comes.astimezone(LONDON)
        return cls(here=False, time=time_in_words(local.time()), day=date_format(local, "l j F"))


@dataclass(frozen=True)
class Difference:
    """One question of a page that was saved elsewhere: both answers, side by side."""

    question: str
    saved: str
    typed: str


def differences(
    items: Iterable[Item], saved: Mapping[str, Any], typed: Mapping[str, Any], *, clinic: str
) -> list[Difference]:
    found = []
    for item in items:
        before, after = saved.get(item.id), typed.get(item.id)
        if before != after:
            was, now = apart(item, before, after)
            question = filled(item.text, clinic=clinic)
            found.append(Difference(question, was or _("Not answered"), now or _("Not answered")))
    return found
