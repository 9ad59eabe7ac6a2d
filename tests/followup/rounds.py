"""One round of the alarm clock, over reminders or over urgent answers, and what came of it."""

from __future__ import annotations

import datetime as dt

from screening.followup.models import Reminder
from screening.followup.services import (
    ALERTS,
    Ready,
    fence,
    leave,
    new_owner,
    plan_alerts,
    recover_alerts,
    send_alerts,
    send_due,
)
from tests.factories.intake import NOON
from tests.followup.sink import Sink
from tests.followup.times import DAY

DUE = NOON + DAY


def send(at: dt.datetime = DUE) -> dict[str, int]:
    """The reminders that are due, by what became of them."""
    return send_due(now=lambda: at, owner=new_owner())


def hand_over(reminder: Reminder, *, owner: str, at: dt.datetime) -> Ready | None:
    """What the network would be given of a claimed reminder, if it may leave."""
    for ready in fence(reminder_ids=[reminder.pk], owner=owner, at=at):
        return leave(ready=ready, owner=owner, at=at)
    return None


def now(reminder: Reminder) -> Reminder:
    """The row as it stands in the database."""
    return Reminder.objects.get(pk=reminder.pk)


def another(reminder: Reminder, *, at: dt.datetime) -> Reminder:
    """A message of the same person that counts too, planned for another time."""
    other = Reminder.objects.get(pk=reminder.pk)
    other.pk, other.step, other.due_at = None, "FU05", at
    other.occurrence = f"{reminder.case_id}/5wd"
    other.state, other.attempts, other.sent_at = "scheduled", 0, None
    other._state.adding = True
    other.save()
    return other


def look(at: dt.datetime) -> dict[str, int]:
    """One round over urgent answers."""
    plan_alerts(as_of=at, by=ALERTS)
    recover_alerts(at=at)
    return send_alerts(now=lambda: at, owner=new_owner())


def received(sink: Sink) -> list[str]:
    return [address for recipients in sink.recipients for address in recipients]
