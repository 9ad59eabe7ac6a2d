"""What the alarm clock calls. No arguments, no results: the table knows what is to be done."""

import time

from celery import shared_task
from django.utils import timezone

from accounts.machine_clock import clocks_agree
from screening.followup.services import (
    ALERTS,
    HEARTBEAT,
    REMINDERS,
    beat,
    hold_if_restored,
    new_owner,
    plan,
    plan_alerts,
    recover,
    recover_alerts,
    send_alerts,
    send_due,
)

# For each of the three parts of a tick, which together stay below the time limit of a task.
SECONDS = 15
# For the look while more is due than can be sent: what it finds would only stand behind that.
LITTLE = 5


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def alert() -> None:
    """By itself and more often than the reminders, so that their work never stands before an urgent case.

    A wrong clock does not stop it: too early or once too often is better than silence.
    """
    plan_alerts(as_of=timezone.now(), by=ALERTS)
    recover_alerts(at=timezone.now())
    send_alerts(now=timezone.now, owner=new_owner())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def tick() -> None:
    """What waits leaves before anybody is looked at: a long look never keeps a message from leaving.

    With a wrong clock nothing is done, and no heartbeat left: `check_alarms` says why.
    """
    if not clocks_agree(at=timezone.now()):
        return
    hold_if_restored(by=REMINDERS, at=timezone.now())
    recover(at=timezone.now())
    end = time.monotonic() + SECONDS
    send_due(now=timezone.now, owner=new_owner(), seconds=SECONDS)
    look = SECONDS if time.monotonic() < end else LITTLE
    until = time.monotonic() + look
    plan(as_of=timezone.now(), by=REMINDERS, time_left=lambda: time.monotonic() < until)
    send_due(now=timezone.now, owner=new_owner(), seconds=2 * SECONDS - look)
    beat(process=HEARTBEAT, at=timezone.now())
