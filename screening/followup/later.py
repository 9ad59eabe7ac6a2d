"""Later forms: which a person may fill in now, the pages each asks, and who is rung about one. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator

from screening.cases.opening import DAY, LONDON, local_instant
from screening.followup.anchors import Anchored, turns
from screening.followup.schedule import TOO_LATE, CaseHistory
from screening.followup.window import Window
from screening.rules.questionnaire import Page, Questionnaire
from screening.rules.schedule import Schedule, ScheduleStep, StaffAction

MEASURES = "measures"
# A form before an appointment is of use until then.
BEFORE = "appointment"
ENDED = frozenset({"cancelled", "moved"})
NOT_RUNG = frozenset({"deceased", "withdrawn"})


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
    counts_from: dt.datetime

    def is_open(self, at: dt.datetime) -> bool:
        return not self.sent and self.opens_at <= at and (self.closes_at is None or at <= self.closes_at)


def later_forms_of(history: CaseHistory, schedule: Schedule, *, as_of: dt.datetime) -> list[LaterForm]:
    """Every form of the schedule for what has happened to a case, in the order they open."""
    if history.suppressed:
        return []
    found = [form for step in schedule.steps if _asks(step) for form in _of_step(step, history, as_of)]
    return sorted(found, key=lambda form: (form.opens_at, form.step))


@dataclasses.dataclass(frozen=True)
class CallDue:
    """Staff are to ring somebody whose form did not come. `key` tells it from every other, for ever."""

    key: str
    text: str
    due_on: dt.date


def calls_due(history: CaseHistory, schedule: Schedule, *, as_of: dt.datetime) -> list[CallDue]:
    """What the schedule asks of staff about forms that were not sent by the day it names.

    A person to whom no message may go may still have to be rung, but for those who died or do not want to
    hear from us. What was due longer ago than messages may be late is not begun any more.
    """
    if history.suppressed in NOT_RUNG:
        return []
    window = Window(schedule.quiet, history.nation)
    steps = [step for step in schedule.steps if _asks(step) and step.staff_actions]
    return [call for step in steps for call in _calls_of(step, history, window, as_of)]


def _calls_of(
    step: ScheduleStep, history: CaseHistory, window: Window, as_of: dt.datetime
) -> Iterator[CallDue]:
    if history.facts.intersection(step.stop_when):
        return
    for form in _of_step(step, history, as_of):
        for action in step.staff_actions if not form.sent else ():
            due_on = _day_of(action, form.counts_from, window)
            since = local_instant(due_on, dt.time(0))
            if since <= as_of <= since + TOO_LATE:
                yield CallDue(f"{form.key}/{action.after.replace(' ', '')}", action.text, due_on)


def _day_of(action: StaffAction, since: dt.datetime, window: Window) -> dt.date:
    amount, unit = action.after.split()
    if unit == "wd":
        return window.working_days_after(since.astimezone(LONDON).date(), int(amount))
    later = dt.timedelta(hours=int(amount)) if unit == "h" else int(amount) * DAY
    return (since.astimezone(LONDON).replace(tzinfo=None) + later).date()


def _asks(step: ScheduleStep) -> bool:
    return step.active and step.kind == MEASURES and bool(step.form)


def _of_step(step: ScheduleStep, history: CaseHistory, as_of: dt.datetime) -> Iterator[LaterForm]:
    for anchored in history.anchors:
        if anchored.anchor != step.anchor or anchored.facts & ENDED:
            continue
        for number, turn in turns(step, anchored, as_of):
            key = f"{step.code}/{anchored.key}{f':{number}' if number else ''}"
            yield LaterForm(
                key=key,
                step=step.code,
                title=step.title,
                opens_at=_opens_at(step, turn),
                closes_at=_closes_at(step, turn),
                names=tuple(step.form),
                sent=key in history.completed,
                counts_from=turn.at,
            )


def _opens_at(step: ScheduleStep, anchored: Anchored) -> dt.datetime:
    """The day it opens, else that of its first message."""
    days = step.opens
    if days is None:
        days = min((each.amount for each in step.when_to_send if each.unit == "d"), default=0)
    return local_instant(anchored.at.astimezone(LONDON).date() + days * DAY, dt.time(0))


def _closes_at(step: ScheduleStep, anchored: Anchored) -> dt.datetime | None:
    """The end of its last day, or the appointment that it prepares."""
    if step.closes is None:
        return anchored.at if step.anchor == BEFORE else None
    return local_instant(anchored.at.astimezone(LONDON).date() + (step.closes + 1) * DAY, dt.time(0))


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
