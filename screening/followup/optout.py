"""The address at which one message's kind can be switched off. It names nobody and opens nothing else."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from screening.followup.models import Reminder, Subject
from screening.followup.rows import step_of
from screening.followup.schedule import subject_of
from screening.questionnaires.selectors import schedule_of

_SALT = "screening.followup.optout"


def optout_address(reminder: Reminder) -> str:
    token = Signer(salt=_SALT).sign(reminder.pk.hex)
    return settings.BASE_URL.rstrip("/") + reverse("reminders-stop", args=[token])


def reminder_of(token: str) -> Reminder | None:
    """The reminder whose mail carried this address, or None for a made-up one."""
    try:
        named = uuid.UUID(hex=Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
    return (
        Reminder.objects.select_related("site", "case", "schedule")
        .defer("schedule__content")
        .filter(pk=named)
        .first()
    )


def subject_to_stop(reminder: Reminder) -> str:
    """What the link switches off. A message about somebody's own care offers to stop the reminders."""
    step = step_of(schedule_of(reminder.schedule), reminder.step)
    return (subject_of(step) if step else "") or Subject.REMINDERS
