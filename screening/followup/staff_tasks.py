"""What a schedule asks of staff when a step was not answered by the day it names. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

from screening.cases.opening import DAY, LONDON, local_instant
from screening.followup.anchors import Anchored, turns
from screening.followup.later import ENDED, occasion_of
from screening.followup.schedule import TOO_LATE, CaseHistory
from screening.followup.window import Window
from screening.rules.schedule import Schedule, ScheduleStep, StaffAction

NOT_RUNG = frozenset({"deceased", "withdrawn"})
# A task that nobody has done for so long is not closed by the service any more.
STANDS_FOR = dt.timedelta(days=180)


@dataclasses.dataclass(frozen=True)
class StaffTask:
    """Staff are to do something about somebody who did not answer; `over`: it is needed no more.

    `key` tells it from every other, for ever.
    """

    key: str
    text: str
    due_on: dt.date
    over: bool


def staff_tasks_of(history: CaseHistory, schedule: Schedule, *, as_of: dt.datetime) -> list[StaffTask]:
    """What is due from staff, and what was and is over: the form, the records or the answer came.

    A person to whom no message may go may still have to be rung, but for those who died or do not want to
    hear from us. What was due longer ago than messages may be late is not begun any more.
    """
    window = Window(schedule.quiet, history.nation)
    steps = [step for step in schedule.steps if step.active and step.staff_actions]
    return [task for step in steps for task in _of_step(step, history, window, as_of)]


def _of_step(
    step: ScheduleStep, history: CaseHistory, window: Window, as_of: dt.datetime
) -> Iterator[StaffTask]:
    gone = history.suppressed in NOT_RUNG or "withdrawn" in history.facts
    for anchored in history.anchors:
        if anchored.anchor != step.anchor or anchored.facts & ENDED:
            continue
        for number, turn in turns(step, anchored, as_of):
            occasion = occasion_of(step, anchored, number)
            answered = _is_answered(step, anchored, history, occasion)
            for action in step.staff_actions:
                over = gone or (answered and not action.until_done)
                due_on = _day_of(action, turn.at, window)
                late = as_of - local_instant(due_on, dt.time(0))
                asked = action.outcome in (None, history.outcome)
                if dt.timedelta(0) <= late <= (STANDS_FOR if over or not asked else TOO_LATE):
                    key = f"{occasion}/{action.after.replace(' ', '')}"
                    yield StaffTask(key, action.text, due_on, over or not asked)


def _is_answered(step: ScheduleStep, anchored: Anchored, history: CaseHistory, occasion: str) -> bool:
    return bool(
        (history.facts | anchored.facts).intersection(step.stop_when) or occasion in history.completed
    )


def _day_of(action: StaffAction, since: dt.datetime, window: Window) -> dt.date:
    amount, unit = action.after.split()
    if unit == "wd":
        return window.working_days_after(since.astimezone(LONDON).date(), int(amount))
    later = dt.timedelta(hours=int(amount)) if unit == "h" else int(amount) * DAY
    return (since.astimezone(LONDON).replace(tzinfo=None) + later).date()
