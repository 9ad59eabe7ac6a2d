"""What became of a try: sent, again later, given up, or nobody knows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from accounts.actors import Actor
from audit.events import Event
from audit.services import record_each
from screening.followup.models import Reminder, ReminderState, StaffAct
from screening.followup.replies import Result, Verdict, next_try
from screening.followup.services.bouncing import ABOUT_THE_ADDRESS, note_bounce, tell_staff
from screening.followup.services.checking import Ready
from screening.followup.services.trail import about

REMINDERS = Actor.system("reminders")
CAME_BACK = "came_back"
ENDINGS = {
    ReminderState.SENT: Event.REMINDER_SENT,
    ReminderState.FAILED: Event.REMINDER_FAILED,
    ReminderState.CANCELLED: Event.REMINDER_CANCELLED,
    ReminderState.AMBIGUOUS: Event.REMINDER_UNCERTAIN,
}


# That it was sent is true even when our lease ran out meanwhile, unless somebody has tried again since.
SENT = """
    UPDATE screening_reminder r
    SET state = 'sent', sent_at = tried.at, closed_reason = '', owner = '', lease_until = NULL
    FROM unnest(%(ids)s::uuid[], %(numbers)s::int[], %(times)s::timestamptz[]) AS tried (id, number, at)
    WHERE r.id = tried.id AND r.attempts = tried.number
    RETURNING r.id
"""
FINISHED = """
    UPDATE screening_attempt a
    SET finished_at = tried.at, result = tried.result, reply_code = tried.reply
    FROM unnest(%(ids)s::bigint[], %(times)s::timestamptz[], %(results)s::text[], %(replies)s::text[])
        AS tried (id, at, result, reply)
    WHERE a.id = tried.id
"""


@dataclasses.dataclass(frozen=True)
class Tried:
    """One that left, what the other side said, and when."""

    ready: Ready
    verdict: Verdict
    at: dt.datetime


def settle(*, tried: Sequence[Tried], owner: str) -> None:
    """Write down what became of some tries. What was not sent counts only while the row is still ours."""
    if not tried:
        return
    with transaction.atomic():
        _execute(
            FINISHED,
            {
                "ids": [one.ready.attempt_id for one in tried],
                "times": [one.at for one in tried],
                "results": [one.verdict.result.value for one in tried],
                "replies": [one.verdict.reply[:20] for one in tried],
            },
        )
        _close_sent([one for one in tried if one.verdict.result is Result.SENT])
        for one in tried:
            if one.verdict.result is not Result.SENT:
                row = _locked(one.ready)
                ours = row.state == ReminderState.SENDING and row.owner == owner
                if ours and row.attempts == one.ready.number:
                    after_trouble(row, one.verdict, at=one.at)


def _close_sent(sent: Sequence[Tried]) -> None:
    """One statement for all of them, and their lines in the trail."""
    if not sent:
        return
    closed = _execute(
        SENT,
        {
            "ids": [one.ready.reminder_id for one in sent],
            "numbers": [one.ready.number for one in sent],
            "times": [one.at for one in sent],
        },
    )
    for at, ones in groupby(sent, key=lambda one: one.at):
        lines = [one.ready.about for one in ones if one.ready.reminder_id in closed]
        record_each(Event.REMINDER_SENT, lines, by=REMINDERS, at=at)


def _execute(statement: str, values: dict[str, Any]) -> set[object]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {row[0] for row in cursor.fetchall()} if cursor.description else set()


def _locked(ready: Ready) -> Reminder:
    rows = Reminder.objects.select_for_update(of=("self",)).select_related("case", "site")
    return rows.get(pk=ready.reminder_id)


def after_trouble(row: Reminder, verdict: Verdict, *, at: dt.datetime, soon: bool = False) -> None:
    """Try again, or give up and tell somebody. Call inside the transaction that locked the row."""
    tries = row.attempt_rows.all()
    uncertain = verdict.result is Result.AMBIGUOUS
    if uncertain and (row.at_most_once or tries.filter(result=Result.AMBIGUOUS).count() > 1):
        close(row, ReminderState.AMBIGUOUS, verdict.reason, at=at)
        return
    times = _tried_since_staff_asked(row) or [at]
    again = at if soon else next_try(tries=len(times), first_at=times[0], at=at)
    if verdict.result is not Result.FAILED and again is not None:
        put_back(row, due_at=again)
        return
    close(row, ReminderState.FAILED, verdict.reason, at=at)
    if verdict.reason in ABOUT_THE_ADDRESS:
        note_bounce(reminder=row, reason=verdict.reason, by=REMINDERS, at=at)


def _tried_since_staff_asked(row: Reminder) -> list[dt.datetime]:
    """When it was tried, first to last. What staff sent again has all of its tries before it."""
    asked = row.acts.filter(act=StaffAct.AGAIN).aggregate(Max("at"))["at__max"]
    tries = row.attempt_rows.all() if asked is None else row.attempt_rows.filter(started_at__gte=asked)
    return list(tries.order_by("id").values_list("started_at", flat=True))


def came_back(*, reminder: Reminder, at: dt.datetime) -> None:
    """The provider took it and could not deliver it, though the address is good. Told again, it is one."""
    with transaction.atomic():
        rows = Reminder.objects.select_for_update(of=("self",)).select_related("case", "site")
        row = rows.filter(pk=reminder.pk, state=ReminderState.SENT).first()
        if row is not None:
            close(row, ReminderState.FAILED, CAME_BACK, at=at)


def put_back(row: Reminder, *, due_at: dt.datetime) -> None:
    """Due again, with as many tries as there were."""
    row.state = ReminderState.RETRY if row.attempts else ReminderState.SCHEDULED
    row.due_at, row.owner, row.lease_until = due_at, "", None
    row.save(update_fields=["state", "due_at", "owner", "lease_until"])


def close(row: Reminder, state: ReminderState, reason: str, *, at: dt.datetime) -> None:
    """The last state of a reminder, with its line; staff get a task for what needs somebody."""
    row.state, row.closed_reason = state, reason
    row.owner, row.lease_until = "", None
    row.save(update_fields=["state", "closed_reason", "owner", "lease_until", "sent_at"])
    row.case.site = row.site
    record_each(ENDINGS[state], [about(row)], by=REMINDERS, at=at)
    if state in (ReminderState.FAILED, ReminderState.AMBIGUOUS):
        tell_staff(reminder=row, why=reason, by=REMINDERS, at=at)
