"""Book, move, cancel, note as missed; say from when follow-up counts. Each asks its policy again."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import No, Yes
from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from screening.cases.models import Case
from screening.cases.selectors import opening_of
from screening.cases.services import local_date, locked
from screening.cases.trail import record_about
from screening.review.appointments import policies
from screening.review.appointments.models import Appointment, AppointmentState, TreatmentStart
from screening.review.desk.services import add_task
from screening.review.services import require

# So often missed, and a clinician decides how to go on: the brief, section 5.2, FU09.
MISSES_TO_DECIDE = 2


def book(
    *,
    case: Case,
    key: UUID,
    kind: str,
    way: str,
    place: str,
    starts_at: dt.datetime,
    minutes: int,
    membership: Membership,
    by: Actor,
    at: dt.datetime,
) -> Appointment:
    """A new appointment. The same sent twice from one page (`key`) is one; another time there is another."""
    key = _told(key, kind, way, place, starts_at, minutes)
    with transaction.atomic():
        case = locked(case)
        require(policies.may_book(membership, case))
        require(_lies_ahead(starts_at, at))
        return _add(
            case,
            key,
            {"kind": kind, "way": way, "place": place, "starts_at": starts_at, "minutes": minutes},
            membership=membership,
            by=by,
            at=at,
        )


def move_appointment(
    *,
    appointment: Appointment,
    key: UUID,
    way: str,
    place: str,
    starts_at: dt.datetime,
    minutes: int,
    reason: str,
    membership: Membership,
    by: Actor,
    at: dt.datetime,
) -> Appointment:
    """Another time takes the place of this one, and is confirmed like a new one. `key`: as in `book`."""
    key = _told(key, way, place, starts_at, minutes)
    with transaction.atomic():
        case = locked(appointment.case)
        if (same := case.appointments.filter(pk=key).first()) is not None:
            return same
        old = _settle(appointment, AppointmentState.MOVED, reason=reason, membership=membership, by=by, at=at)
        require(_lies_ahead(starts_at, at))
        said = {"kind": old.kind, "way": way, "place": place, "starts_at": starts_at, "minutes": minutes}
        again = {"instead_of": old, "sequence": old.sequence + 1}
        return _add(case, key, {**said, **again}, membership=membership, by=by, at=at)


def cancel_appointment(
    *, appointment: Appointment, reason: str, membership: Membership, by: Actor, at: dt.datetime
) -> Appointment:
    """It does not take place. Reminders of it stop; who hears of it how is left to the clinic."""
    with transaction.atomic():
        locked(appointment.case)
        return _settle(
            appointment, AppointmentState.CANCELLED, reason=reason, membership=membership, by=by, at=at
        )


def miss_appointment(
    *, appointment: Appointment, reason: str, membership: Membership, by: Actor, at: dt.datetime
) -> Appointment:
    """The person did not come. The second time a clinician is asked to decide how to go on."""
    with transaction.atomic():
        case = locked(appointment.case)
        require(policies.may_miss(membership, appointment, at=at))
        missed = _settle(
            appointment, AppointmentState.MISSED, reason=reason, membership=membership, by=by, at=at
        )
        if case.appointments.filter(state=AppointmentState.MISSED).count() >= MISSES_TO_DECIDE:
            add_task(
                case=case,
                key=uuid5(missed.pk, "decide"),
                text=_(
                    "A second appointment was missed. Decide how to go on. Tell the GP if the patient agreed."
                ),
                for_user=None,
                due_on=local_date(opening_of(case.site).days_after(at, 1) or at),
                membership=membership,
                by=by,
                at=at,
            )
        return missed


def start_follow_up(
    *, case: Case, seen: int, day: dt.date, membership: Membership, by: Actor, at: dt.datetime
) -> TreatmentStart:
    """From this day on follow-up counts. A later entry takes the place of an earlier one."""
    with transaction.atomic():
        case = locked(case, seen=seen)
        require(policies.may_book(membership, case))
        start = TreatmentStart.objects.create(
            case=case, day=day, entered_by_id=membership.user_id, entered_at=at
        )
        case.lock += 1
        case.save(update_fields=["lock"])
        record_about(Event.TREATMENT_STARTED, case, by=by, at=at)
    return start


def _told(key: UUID, *said: object) -> UUID:
    """The id of what was said on one page: the same said again has it too."""
    return uuid5(key, "\n".join(map(str, said)))


def _lies_ahead(starts_at: dt.datetime, at: dt.datetime) -> Yes | No:
    return Yes() if starts_at > at else No(_("This time is over. Choose a later one."))


def _add(
    case: Case, key: UUID, said: dict[str, Any], *, membership: Membership, by: Actor, at: dt.datetime
) -> Appointment:
    appointment, new = case.appointments.get_or_create(
        pk=key, defaults={**said, "booked_by_id": membership.user_id, "booked_at": at}
    )
    if new:
        record_about(Event.APPOINTMENT_RECORDED, case, by=by, at=at, state=AppointmentState.BOOKED)
    return appointment


def _settle(
    appointment: Appointment,
    state: AppointmentState,
    *,
    reason: str,
    membership: Membership,
    by: Actor,
    at: dt.datetime,
) -> Appointment:
    """Call with the case locked."""
    fresh = Appointment.objects.select_related("case__site", "case__patient").get(pk=appointment.pk)
    require(policies.may_change(membership, fresh))
    fresh.state, fresh.reason = state, reason or None
    fresh.settled_by_id, fresh.settled_at = membership.user_id, at
    fresh.save(update_fields=["state", "reason", "settled_by", "settled_at"])
    record_about(Event.APPOINTMENT_RECORDED, fresh.case, by=by, at=at, state=state)
    return fresh
