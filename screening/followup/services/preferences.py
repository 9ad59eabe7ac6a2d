"""What stops messages: a person who does not want them, a site on hold."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.services import record
from screening.followup.models import OptOut, Reminder, SendingHold


def switch_off(*, reminder: Reminder, subject: str, by: Actor, at: dt.datetime) -> OptOut:
    """The person who got this reminder wants no more of its kind on its channel. Saying so twice is one."""
    with transaction.atomic():
        opt_out, new = OptOut.objects.get_or_create(
            patient_id=reminder.patient_id,
            channel=reminder.channel,
            subject=subject,
            ended_at=None,
            defaults={"at": at},
        )
        if new:
            record(
                Event.REMINDERS_STOPPED,
                by=by,
                at=at,
                site=reminder.site,
                case=reminder.case.reference,
                patient=reminder.patient_id,
                detail={"channel": reminder.channel, "subject": subject},
            )
    return opt_out


def hold_sending(*, site: Site, reason: str, by: Actor, at: dt.datetime) -> SendingHold:
    with transaction.atomic():
        hold = SendingHold.objects.create(site=site, reason=reason, held_at=at)
        record(Event.SENDING_HELD, by=by, at=at, site=site)
    return hold


def release_sending(*, hold: SendingHold, by: Actor, at: dt.datetime) -> SendingHold:
    with transaction.atomic():
        hold = SendingHold.objects.select_for_update().get(pk=hold.pk)
        if hold.released_at is None:
            hold.released_at, hold.released_by_id = at, by.user_id
            hold.save(update_fields=["released_at", "released_by"])
            record(Event.SENDING_RELEASED, by=by, at=at, site=hold.site)
    return hold
