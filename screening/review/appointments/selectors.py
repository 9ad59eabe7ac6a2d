"""What is booked for a case. Each starts from the case that was reached through its site."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from screening.cases.models import Case
from screening.review.appointments.models import Appointment, AppointmentState, TreatmentStart


@dataclasses.dataclass(frozen=True)
class Numbered:
    """An appointment and its number among those of its case, in the order they were booked."""

    number: int
    appointment: Appointment


def numbered(appointments: Iterable[Appointment]) -> list[Numbered]:
    in_order = sorted(appointments, key=lambda each: (each.booked_at, str(each.pk)))
    return [Numbered(number, each) for number, each in enumerate(in_order, 1)]


def ahead(case: Case, *, at: dt.datetime) -> list[Numbered]:
    """What is booked and not over yet, the next one first."""
    found = [
        each
        for each in numbered(case.appointments.all())
        if each.appointment.state == AppointmentState.BOOKED and ends_at(each.appointment) > at
    ]
    return sorted(found, key=lambda each: each.appointment.starts_at)


def ends_at(appointment: Appointment) -> dt.datetime:
    return appointment.starts_at + dt.timedelta(minutes=appointment.minutes)


def start_of(case: Case) -> TreatmentStart | None:
    """The entry that holds: the last one."""
    return max(case.treatment_starts.all(), key=lambda each: each.pk, default=None)


def first_of(appointment: Appointment) -> Appointment:
    """The one that was booked first, before it was moved: a calendar knows the entry by it."""
    while appointment.instead_of is not None:
        appointment = appointment.instead_of
    return appointment
