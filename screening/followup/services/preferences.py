"""What stops messages: a person who does not want them, a site on hold."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.services import record
from screening.cases.models import Case, Patient
from screening.followup.models import Channel, OptOut, Reminder, SendingHold, Subject

CONTACT_BY = {Channel.EMAIL: "contact_by_email", Channel.SMS: "contact_by_sms"}
ASKED_FOR = {Subject.REMINDERS: "reminders_wanted", Subject.REINVITATION: "reinvitation_wanted"}


@dataclasses.dataclass(frozen=True)
class ContactChoices:
    """The ways somebody may be reached, and which kinds they want by which: (subject, channel)."""

    channels: frozenset[str]
    wanted: frozenset[tuple[str, str]]


def contact_choices(patient: Patient) -> ContactChoices:
    off = set(patient.opt_outs.filter(ended_at__isnull=True).values_list("subject", "channel"))
    return ContactChoices(
        channels=frozenset(channel for channel, field in CONTACT_BY.items() if getattr(patient, field)),
        wanted=frozenset(
            (subject, channel)
            for subject, field in ASKED_FOR.items()
            for channel in CONTACT_BY
            if getattr(patient, field) and (subject, channel) not in off
        ),
    )


def choose_contact(*, case: Case, chosen: ContactChoices, by: Actor, at: dt.datetime) -> ContactChoices:
    """What the patient chooses in their room. Appointments, messages and safety are not among it."""
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=case.patient_id)
        before = contact_choices(patient)
        for channel, field in CONTACT_BY.items():
            setattr(patient, field, channel in chosen.channels)
        for subject, field in ASKED_FOR.items():
            setattr(patient, field, any(kind == subject for kind, _channel in chosen.wanted))
        patient.save(update_fields=[*CONTACT_BY.values(), *ASKED_FOR.values()])
        for subject in ASKED_FOR:
            for channel in CONTACT_BY:
                stands = patient.opt_outs.filter(subject=subject, channel=channel, ended_at__isnull=True)
                if (subject, channel) in chosen.wanted:
                    stands.update(ended_at=at)
                elif not stands.exists():
                    OptOut.objects.create(patient=patient, subject=subject, channel=channel, at=at)
        if chosen != before:
            record(
                Event.CONTACT_PREFERENCE_CHANGED,
                by=by,
                at=at,
                site=case.site,
                case=case.reference,
                patient=patient.pk,
                detail={
                    "channels": sorted(chosen.channels),
                    "wanted": sorted(f"{subject} by {channel}" for subject, channel in chosen.wanted),
                },
            )
    return chosen


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


def release_sending(*, hold: SendingHold, reason: str, by: Actor, at: dt.datetime) -> SendingHold:
    """Somebody looked and messages may leave again. Whoever comes second changes nothing."""
    with transaction.atomic():
        hold = SendingHold.objects.select_for_update().get(pk=hold.pk)
        if hold.released_at is None:
            hold.released_at, hold.released_by_id, hold.released_because = at, by.user_id, reason
            hold.save(update_fields=["released_at", "released_by", "released_because"])
            record(Event.SENDING_RELEASED, by=by, at=at, site=hold.site)
    return hold
