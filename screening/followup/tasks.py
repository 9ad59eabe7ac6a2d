"""What the alarm clock calls. No arguments, no results: the table knows what is to be done."""

from celery import shared_task
from django.utils import timezone

from screening.followup.services import HEARTBEAT, REMINDERS, beat, new_owner, plan, recover, send_due


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def tick() -> None:
    plan(as_of=timezone.now(), by=REMINDERS)
    recover(at=timezone.now())
    send_due(now=timezone.now, owner=new_owner())
    beat(process=HEARTBEAT, at=timezone.now())
