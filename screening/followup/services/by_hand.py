"""What staff do about one reminder: stop it before it leaves, or let one that ended try again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from screening.cases.trail import record_about
from screening.followup.models import Reminder, ReminderAct, ReminderState, StaffAct
from screening.followup.policies import may_cancel, may_send_again
from screening.followup.rows import BY_STAFF
from screening.review.services import require


def cancel_reminder(
    *, reminder: Reminder, reason: str, membership: Membership, by: Actor, at: dt.datetime
) -> Reminder:
    """It does not leave. Planning does not make it anew: there is one row for each occurrence."""
    with transaction.atomic():
        row = _locked(reminder)
        require(may_cancel(membership, row))
        row.state, row.closed_reason = ReminderState.CANCELLED, BY_STAFF
        row.save(update_fields=["state", "closed_reason"])
        _note(row, StaffAct.CANCELLED, reason, membership=membership, at=at)
        record_about(Event.REMINDER_CANCELLED, row.case, by=by, at=at, step=row.step, reason=BY_STAFF)
    return row


def send_again(
    *, reminder: Reminder, reason: str, membership: Membership, by: Actor, at: dt.datetime
) -> Reminder:
    """Due now. Everything is asked again before it leaves: it may be cancelled once more, with its reason."""
    with transaction.atomic():
        row = _locked(reminder)
        require(may_send_again(membership, row))
        row.state, row.closed_reason, row.due_at = ReminderState.RETRY, "", at
        row.owner, row.lease_until = "", None
        row.save(update_fields=["state", "closed_reason", "due_at", "owner", "lease_until"])
        _note(row, StaffAct.AGAIN, reason, membership=membership, at=at)
        record_about(Event.REMINDER_PLANNED, row.case, by=by, at=at, step=row.step, again=True)
    return row


def _locked(reminder: Reminder) -> Reminder:
    rows = Reminder.objects.select_for_update(of=("self",)).select_related("case__site")
    return rows.get(pk=reminder.pk)


def _note(row: Reminder, act: StaffAct, reason: str, *, membership: Membership, at: dt.datetime) -> None:
    ReminderAct.objects.create(reminder=row, act=act, reason=reason, by_id=membership.user_id, at=at)
