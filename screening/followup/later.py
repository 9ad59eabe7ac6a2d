"""Later forms: which a person may fill in now, and the pages each asks. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator

from screening.cases.opening import DAY, LONDON, local_instant
from screening.followup.anchors import Anchored, closing, turns
from screening.followup.schedule import CaseHistory
from screening.rules.questionnaire import Page, Questionnaire
from screening.rules.schedule import Schedule, ScheduleStep

# A form before an appointment is of use until then.
BEFORE = "appointment"
ENDED = frozenset({"cancelled", "moved"})


@dataclasses.dataclass(frozen=True)
class LaterForm:
    """A form of one step for one occasion, and when it may be filled in. No end: until the next one opens."""

    key: str
    step: str
    title: str
    opens_at: dt.datetime
    closes_at: dt.datetime | None
    names: tuple[str, ...]
    sent: bool

    def is_open(self, at: dt.datetime) -> bool:
        return not self.sent and self.opens_at <= at and (self.closes_at is None or at <= self.closes_at)


def later_forms_of(history: CaseHistory, schedule: Schedule, *, as_of: dt.datetime) -> list[LaterForm]:
    """Every form of the schedule for what has happened to a case, in the order they open."""
    if history.suppressed:
        return []
    found = [form for step in schedule.steps if step.asks for form in _of_step(step, history, as_of)]
    return sorted(found, key=lambda form: (form.opens_at, form.step))


def _of_step(step: ScheduleStep, history: CaseHistory, as_of: dt.datetime) -> Iterator[LaterForm]:
    for anchored in history.anchors:
        if anchored.anchor != step.anchor or anchored.facts & ENDED:
            continue
        for number, turn in turns(step, anchored, as_of):
            key = occasion_of(step, anchored, number)
            yield LaterForm(
                key=key,
                step=step.code,
                title=step.title,
                opens_at=_opens_at(step, turn),
                closes_at=_closes_at(step, turn),
                names=tuple(step.form),
                sent=key in history.completed,
            )


def occasion_of(step: ScheduleStep, anchored: Anchored, number: int) -> str:
    """One step for one thing that happened, and its so manyth turn."""
    return f"{step.code}/{anchored.key}{f':{number}' if number else ''}"


def _opens_at(step: ScheduleStep, anchored: Anchored) -> dt.datetime:
    """The day it opens, else that of its first message."""
    days = step.opens
    if days is None:
        days = min((each.amount for each in step.when_to_send if each.unit == "d"), default=0)
    return local_instant(anchored.at.astimezone(LONDON).date() + days * DAY, dt.time(0))


def _closes_at(step: ScheduleStep, anchored: Anchored) -> dt.datetime | None:
    """The end of its last day, or the appointment that it prepares."""
    return closing(step, anchored) or (anchored.at if step.anchor == BEFORE else None)


def pages_of(names: Collection[str], form: Questionnaire, *, closed: Collection[str]) -> tuple[str, ...]:
    """The pages that these names of steps, pages and questions stand for, in the order they are asked.

    `closed` are the questions that were not asked in the first form: a page named by itself that was closed
    there stays closed, since its condition may read an answer that is not asked again.
    """
    return tuple(page.id for page in form.pages if _is_named(page, names, form, closed=closed))


def _is_named(page: Page, names: Collection[str], form: Questionnaire, *, closed: Collection[str]) -> bool:
    if form.code in names and not page.follow_up:
        return True
    if page.step in names or any(item.id in names for item in page.items):
        return True
    return page.id in names and (page.follow_up or not _was_closed(page, closed))


def _was_closed(page: Page, closed: Collection[str]) -> bool:
    return page.show_when is not None and all(item.id in closed for item in page.items)
