"""Who may book, change and count. A No is the sentence on the page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership
from accounts.permissions import Permission
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.review.appointments.models import Appointment, AppointmentState


def may_book(membership: Membership, case: Case) -> Yes | No:
    allowed = may(membership, Permission.BOOK_APPOINTMENT)
    if not allowed:
        return allowed
    if case.state == State.DRAFT:
        return No(_("The form was not sent yet. There is nobody to book for before it is."))
    if case.state in (State.WITHDRAWN, State.EXPIRED):
        return No(_("The patient took the form back, so nothing can be booked."))
    return Yes()


def may_change(membership: Membership, appointment: Appointment) -> Yes | No:
    allowed = may(membership, Permission.BOOK_APPOINTMENT)
    if not allowed:
        return allowed
    if appointment.state != AppointmentState.BOOKED:
        return No(_("This appointment was changed already: %(state)s.") % {"state": _state(appointment)})
    return Yes()


def may_miss(membership: Membership, appointment: Appointment, *, at: datetime) -> Yes | No:
    allowed = may_change(membership, appointment)
    if allowed and appointment.starts_at > at:
        return No(_("This appointment has not begun yet, so nobody can have missed it."))
    return allowed


def _state(appointment: Appointment) -> str:
    return str(appointment.get_state_display()).lower()
