"""What reminders that are rows already say of what else may be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from screening.cases.models import Case
from screening.followup import schedule as rules
from screening.followup.models import Reminder, ReminderState
from screening.questionnaires.selectors import schedule_of
from screening.rules.definition import Schedule
from screening.rules.schedule import ScheduleStep

PENDING = frozenset(
    {ReminderState.SCHEDULED, ReminderState.RETRY, ReminderState.CLAIMED, ReminderState.SENDING}
)
# Sent for certain, or perhaps: both count towards what a person may get.
ARRIVED = frozenset({ReminderState.SENT, ReminderState.SENDING, ReminderState.AMBIGUOUS})
CAPS_LOOK_BACK = dt.timedelta(days=8)
# What staff cancelled stays cancelled. Any other reason may pass: a clock was ahead for a moment, a complaint
# is over, an address works again, a case was opened anew.
BY_STAFF = "by_staff"


def key_of(reminder: Reminder) -> rules.Key:
    return (reminder.step, reminder.occurrence, reminder.channel)


def is_over(reminder: Reminder) -> bool:
    """Whether nothing more comes of it, whatever the look finds that asks."""
    may_come_back = reminder.state == ReminderState.CANCELLED and reminder.closed_reason != BY_STAFF
    return reminder.state not in PENDING and not may_come_back


def counted(
    reminders: Iterable[Reminder], doubts: dict[UUID, list[dt.datetime]], as_of: dt.datetime
) -> Iterable[dt.datetime]:
    """What reached the person, or may have: also a try of something that is to be tried again."""
    for row in reminders:
        times = list(doubts.get(row.pk, ()))
        if row.state == ReminderState.SENDING:
            times.append(as_of)  # perhaps at this moment
        elif row.state in ARRIVED and (row.sent_at or not times):
            times.append(row.sent_at or row.due_at)
        if times and not _is_exempt(row):
            yield from (at for at in times if at > as_of - CAPS_LOOK_BACK)


def awaited(case: Case, reminders: Iterable[Reminder], as_of: dt.datetime) -> Iterable[dt.datetime]:
    for row in reminders:
        if row.state in PENDING and row.case_id != case.pk and not _is_exempt(row):
            yield max(row.due_at, as_of)


def _is_exempt(reminder: Reminder) -> bool:
    step = step_of(schedule_of(reminder.schedule), reminder.step)
    return step is not None and rules.is_exempt(step)


def step_of(schedule: Schedule, code: str) -> ScheduleStep | None:
    return next((step for step in schedule.steps if step.code == code), None)
