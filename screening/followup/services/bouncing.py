"""What came back: a mailbox that does not exist, a number that takes no texts, a person who answers STOP."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext

from accounts.access import may
from accounts.actors import Actor
from accounts.encryption import lookup_hash
from accounts.models import Membership
from accounts.permissions import Permission
from audit.events import Event
from screening.cases.models import Case
from screening.cases.services import local_date
from screening.cases.trail import record_about
from screening.followup.addresses import BOUNCES_ENOUGH
from screening.followup.messages import plain_number
from screening.followup.models import Bounce, Channel, OptOut, Reminder, Subject
from screening.followup.services.preferences import switch_off
from screening.followup.words import reason_in_words
from screening.review.desk.models import Task
from screening.review.desk.services.tasks import note_task
from screening.review.services import require

# Verdicts that speak about the address. Everything else is our trouble, or the message's.
ABOUT_THE_ADDRESS = frozenset({"address_refused", "bounced", "number_refused", "not_delivered"})
_TASKS = uuid.UUID("5a1b44c8-0f0b-4d5e-9c59-0a3a8b9f3f11")


def note_bounce(*, reminder: Reminder, reason: str, by: Actor, at: dt.datetime) -> bool:
    """The message did not arrive at its address, says the other side. True when that address is used no more.

    One message counts once, however often it is reported. At the second bounce of an address staff get
    a task, since from then on nothing leaves for it.
    """
    with transaction.atomic():
        _, new = Bounce.objects.get_or_create(
            reminder=reminder,
            defaults={
                "patient_id": reminder.patient_id,
                "channel": reminder.channel,
                "address_hash": reminder.address_hash,
                "reason": reason,
                "at": at,
            },
        )
        standing = Bounce.objects.filter(
            patient_id=reminder.patient_id,
            channel=reminder.channel,
            address_hash=reminder.address_hash,
            forgiven_at__isnull=True,
        ).count()
        if new and standing == BOUNCES_ENOUGH:
            record_about(Event.CHANNEL_DISABLED, reminder.case, by=by, at=at, channel=reminder.channel)
            key = uuid.uuid5(_TASKS, f"{reminder.pk}:disabled")
            text, today = _words(reminder.channel), local_date(at)
            note_task(case=reminder.case, key=key, text=text, due_on=today, by=by, at=at)
    return standing >= BOUNCES_ENOUGH


def tell_staff(*, reminder: Reminder, why: str, by: Actor, at: dt.datetime) -> None:
    """A message was given up, or nobody knows whether it arrived: somebody decides what to do."""
    if reminder.case.submitted_at is None:  # an unfinished form is nobody's to look into
        return
    label = Channel(reminder.channel).label
    text = gettext("A message by %(channel)s needs you: %(why)s. See the page of messages of this case.") % {
        "channel": str(label).lower(),
        "why": reason_in_words(why),
    }
    today = f"{reminder.patient_id}:{reminder.channel}:{why}:{local_date(at)}"
    key = uuid.uuid5(_TASKS, today)
    if Task.objects.filter(pk=key, done_at__isnull=False).exists():  # of another message, or of a try before
        key = uuid.uuid5(_TASKS, f"{today}:{reminder.pk}:{reminder.attempts}")
    with transaction.atomic():
        note_task(case=reminder.case, key=key, text=text, due_on=local_date(at), by=by, at=at)


def forgive_bounces(
    *, case: Case, channel: Channel, because: str, membership: Membership, by: Actor, at: dt.datetime
) -> int:
    """Staff checked the address and it works: it is used again. Returns how many bounces are forgiven.

    Why is encrypted, and never in the trail. Raises Refused for those who see no cases.
    """
    with transaction.atomic():
        require(may(membership, Permission.VIEW_CASE))
        standing = Bounce.objects.filter(
            patient_id=case.patient_id, channel=channel, forgiven_at__isnull=True
        )
        count = standing.update(forgiven_at=at, forgiven_by_id=membership.user_id, forgiven_because=because)
        if count:
            record_about(Event.CHANNEL_ENABLED, case, by=by, at=at, channel=channel.value)
    return count


def stop_by_number(*, number: str, at: dt.datetime) -> list[OptOut]:
    """Somebody answered STOP to a text: whoever got texts at this number gets no more of the kind."""
    last = (
        Reminder.objects.filter(channel=Channel.SMS, address_hash=lookup_hash(plain_number(number)))
        .select_related("site", "case")
        .order_by("patient_id", "-sent_at")
        .distinct("patient_id")
    )
    return [
        switch_off(reminder=reminder, subject=subject, by=Actor.patient(reminder.patient_id), at=at)
        for reminder in last
        for subject in Subject
    ]


def _words(channel: str) -> str:
    if channel == Channel.SMS:
        return gettext("Two texts did not arrive, so no more are sent to this number. Ask for a new one.")
    return gettext("Two emails came back, so no more are sent to this address. Ask for a new one.")
