"""Staff say that nothing may be sent to a person, and why; later, that it may again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from accounts.access import may
from accounts.actors import Actor
from accounts.models import Membership
from accounts.permissions import Permission
from audit.events import Event
from screening.cases.models import Case, Patient
from screening.cases.trail import record_about
from screening.followup.models import SuppressedFor, Suppression
from screening.review.desk.joining import records_of
from screening.review.services import require

# What also changes how the person's own links and record behave.
ALSO = {SuppressedFor.DECEASED: "deceased_at", SuppressedFor.SAFEGUARDING: "safeguarding_since"}


class StandsAlready(Exception):
    """Nothing is sent for this reason already, with another note: that of `standing`. Nothing was written."""

    def __init__(self, standing: Suppression) -> None:
        super().__init__("the person is suppressed for this reason already")
        self.standing = standing


def suppress(
    *, case: Case, reason: SuppressedFor, note: str, membership: Membership, by: Actor, at: dt.datetime
) -> Suppression:
    """From now on nothing leaves for the person of this case, or of a record that is joined with theirs.
    Saying the same twice is one.

    The note is encrypted, and never in the trail. Raises Refused for those who see no cases, and
    StandsAlready where the reason stands with another note, which would be lost.
    """
    with transaction.atomic():
        require(may(membership, Permission.VIEW_CASE))
        patient = Patient.objects.select_for_update().get(pk=case.patient_id)
        standing, new = Suppression.objects.get_or_create(
            patient=patient,
            reason=reason,
            ended_at=None,
            defaults={"note": note or None, "entered_by_id": membership.user_id, "entered_at": at},
        )
        if not new and (standing.note or "") != note:
            raise StandsAlready(standing)
        if new:
            if reason in ALSO:
                setattr(patient, ALSO[reason], at)
                patient.save(update_fields=[ALSO[reason]])
            # What is just being sent to another record of the person is checked again.
            others = records_of(patient) - {patient.pk}
            Case.objects.filter(patient__in=others).update(lock=F("lock") + 1)
            event = Event.PATIENT_DECEASED if reason is SuppressedFor.DECEASED else Event.MESSAGES_SUPPRESSED
            record_about(event, case, by=by, at=at, reason=reason.value)
    return standing


def end_suppression(
    *,
    standing: Suppression,
    case: Case,
    because: str,
    membership: Membership,
    by: Actor,
    at: dt.datetime,
) -> Suppression:
    """It was a mistake, or is over: messages that are still due may leave again.

    Why is encrypted, and never in the trail. Raises Refused for those who see no cases.
    """
    with transaction.atomic():
        require(may(membership, Permission.VIEW_CASE))
        patient = Patient.objects.select_for_update().get(pk=case.patient_id)
        standing = patient.suppressions.select_for_update().get(pk=standing.pk)
        if standing.ended_at is None:
            standing.ended_at, standing.ended_by_id, standing.ended_because = at, membership.user_id, because
            standing.save(update_fields=["ended_at", "ended_by", "ended_because"])
            reason = SuppressedFor(standing.reason)
            if reason in ALSO:
                setattr(patient, ALSO[reason], None)
                patient.save(update_fields=[ALSO[reason]])
            record_about(Event.MESSAGES_ALLOWED, case, by=by, at=at, reason=standing.reason)
    return standing
