"""Appointments in the words of the case page, of the room and of a calendar. No queries."""

from __future__ import annotations

import dataclasses
import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import No
from accounts.models import Membership
from screening.cases.models import Case
from screening.cases.opening import LONDON
from screening.review.appointments import policies
from screening.review.appointments.calendar_files import Entry, calendar_file
from screening.review.appointments.models import Appointment, AppointmentState, TreatmentStart
from screening.review.appointments.selectors import first_of, start_of


@dataclasses.dataclass(frozen=True)
class AppointmentRow:
    """`changes` while it can be moved or cancelled, `misses` once it has begun."""

    appointment: Appointment
    when: str
    state: str
    booked: bool
    changes: bool
    misses: bool
    note: str


@dataclasses.dataclass(frozen=True)
class AppointmentPanel:
    rows: list[AppointmentRow]
    start: TreatmentStart | None
    refused: str


def panel_of(case: Case, membership: Membership, *, at: dt.datetime) -> AppointmentPanel:
    """Of a case that was read whole; the newest time first."""
    answer = policies.may_book(membership, case)
    rows = sorted(case.appointments.all(), key=lambda each: each.starts_at, reverse=True)
    return AppointmentPanel(
        rows=[
            AppointmentRow(
                appointment=each,
                when=moment_in_words(each.starts_at),
                state=str(each.get_state_display()),
                booked=each.state == AppointmentState.BOOKED,
                changes=bool(policies.may_change(membership, each)),
                misses=bool(policies.may_miss(membership, each, at=at)),
                note=_settled(each),
            )
            for each in rows
        ],
        start=start_of(case),
        refused=answer.reason if isinstance(answer, No) else "",
    )


def moment_in_words(at: dt.datetime) -> str:
    return date_format(at.astimezone(LONDON), "l j F Y, H:i")


def _settled(appointment: Appointment) -> str:
    """Who moved or cancelled it, or noted that it was missed, and why; nothing while it is booked."""
    if appointment.settled_by is None or appointment.settled_at is None:
        return ""
    who = _("%(name)s, %(day)s") % {
        "name": appointment.settled_by.name,
        "day": date_format(appointment.settled_at.astimezone(LONDON), "j F Y"),
    }
    return f"{who}: {appointment.reason}" if appointment.reason else who


def calendar_of(appointment: Appointment) -> bytes:
    """The file of this appointment, whatever became of it."""
    site = appointment.case.site
    said = {"clinic": site.neutral_sender, "phone": site.phone}
    return calendar_file(
        Entry(
            uid=f"{first_of(appointment).pk}@{urlsplit(settings.BASE_URL).hostname}",
            sequence=appointment.sequence + (appointment.state == AppointmentState.CANCELLED),
            starts_at=appointment.starts_at,
            minutes=appointment.minutes,
            stamp=appointment.settled_at or appointment.booked_at,
            title=_("Appointment with %(clinic)s") % said,
            text=_("Where it is and how it takes place: open the link from %(clinic)s, or call %(phone)s.")
            % said,
            cancelled=appointment.state in (AppointmentState.CANCELLED, AppointmentState.MOVED),
        )
    )
