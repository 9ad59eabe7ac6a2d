"""What became of a try: sent, again later, given up, or nobody knows."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.followup.models import Attempt, Reminder, ReminderState
from screening.followup.replies import Result, Verdict, next_try
from screening.followup.services.bouncing import ABOUT_THE_ADDRESS, note_bounce, tell_staff
from screening.followup.services.checking import Ready

REMINDERS = Actor.system("reminders")
ENDINGS = {
    ReminderState.SENT: Event.REMINDER_SENT,
    ReminderState.FAILED: Event.REMINDER_FAILED,
    ReminderState.CANCELLED: Event.REMINDER_CANCELLED,
    ReminderState.AMBIGUOUS: Event.REMINDER_UNCERTAIN,
}


def settle(*, ready: Ready, owner: str, verdict: Verdict, at: dt.datetime) -> None:
    """Write down what became of a try.

    That it was sent is true even when our lease ran out meanwhile, unless somebody has tried again
    since; anything else counts only while the row is still ours.
    """
    with transaction.atomic():
        row = (
            Reminder.objects.select_for_update(of=("self",))
            .select_related("case", "site")
            .get(pk=ready.reminder_id)
        )
        Attempt.objects.filter(reminder=row, number=ready.number, owner=owner).update(
            finished_at=at, result=verdict.result, reply_code=verdict.reply[:20]
        )
        if row.attempts != ready.number:
            return
        if verdict.result is Result.SENT:
            row.sent_at = at
            close(row, ReminderState.SENT, "", at=at)
        elif row.state == ReminderState.SENDING and row.owner == owner:
            after_trouble(row, verdict, at=at)


def after_trouble(row: Reminder, verdict: Verdict, *, at: dt.datetime, soon: bool = False) -> None:
    """Try again, or give up and tell somebody. Call inside the transaction that locked the row."""
    tries = row.attempt_rows.all()
    uncertain = verdict.result is Result.AMBIGUOUS
    if uncertain and (row.at_most_once or tries.filter(result=Result.AMBIGUOUS).count() > 1):
        close(row, ReminderState.AMBIGUOUS, verdict.reason, at=at)
        return
    first = tries.order_by("id").values_list("started_at", flat=True).first() or at
    again = at if soon else next_try(tries=row.attempts, first_at=first, at=at)
    if verdict.result is not Result.FAILED and again is not None:
        put_back(row, due_at=again)
        return
    close(row, ReminderState.FAILED, verdict.reason, at=at)
    if verdict.reason in ABOUT_THE_ADDRESS:
        note_bounce(reminder=row, reason=verdict.reason, by=REMINDERS, at=at)


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
    record(
        ENDINGS[state],
        by=REMINDERS,
        at=at,
        site=row.site,
        case=row.case.reference,
        patient=row.patient_id,
        detail={"step": row.step, "channel": row.channel, "reason": reason},
    )
    if state in (ReminderState.FAILED, ReminderState.AMBIGUOUS):
        tell_staff(reminder=row, why=reason, by=REMINDERS, at=at)
