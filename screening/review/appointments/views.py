"""HTTP of appointments: staff book and change them on the case page, the patient sees them in the room."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import No, Yes, permission_required
from accounts.permissions import Permission
from audit.events import Event
from screening.cases.models import Case
from screening.intake.session import PatientRequest
from screening.review.appointments import forms, policies, services
from screening.review.appointments.calendar_files import MEDIA_TYPE
from screening.review.appointments.models import Appointment
from screening.review.appointments.presenters import calendar_of, moment_in_words
from screening.review.appointments.selectors import numbered, start_of
from screening.review.case_page import CasePage
from screening.review.case_views import Act, act_on_case, case_or_404, opened
from screening.review.forms import ActForm
from screening.review.room.access import sent_required


@act_on_case(Permission.BOOK_APPOINTMENT)
def book(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    return Act(
        title=_("Book an appointment"),
        button=_("Book it"),
        form=forms.BookForm(posted, at=timezone.now(), initial={"key": uuid.uuid4(), "minutes": 30}),
        service=services.book,
        said=_("The appointment is booked. The patient is told."),
        refused=_sentence(policies.may_book(page.membership, found)),
    )


@act_on_case(Permission.BOOK_APPOINTMENT)
def move(found: Case, page: CasePage, posted: QueryDict | None, *, appointment: uuid.UUID) -> Act:
    one = _one(found, appointment)
    kept = {"key": uuid.uuid4(), "minutes": one.minutes, "way": one.way, "place": one.place}
    return _change(
        one,
        title=_("Move the appointment of %(when)s"),
        button=_("Move it"),
        form=forms.MoveForm(posted, at=timezone.now(), initial=kept),
        service=services.move_appointment,
        said=_("The appointment is moved. The patient is told."),
        answer=policies.may_change(page.membership, one),
    )


@act_on_case(Permission.BOOK_APPOINTMENT)
def cancel(found: Case, page: CasePage, posted: QueryDict | None, *, appointment: uuid.UUID) -> Act:
    one = _one(found, appointment)
    return _change(
        one,
        title=_("Cancel the appointment of %(when)s"),
        button=_("Cancel the appointment"),
        form=forms.CancelForm(posted),
        service=services.cancel_appointment,
        said=_("The appointment is cancelled. No reminder of it is sent any more. Tell the patient."),
        answer=policies.may_change(page.membership, one),
    )


@act_on_case(Permission.BOOK_APPOINTMENT)
def miss(found: Case, page: CasePage, posted: QueryDict | None, *, appointment: uuid.UUID) -> Act:
    one = _one(found, appointment)
    return _change(
        one,
        title=_("Missed: the appointment of %(when)s"),
        button=_("Note that it was missed"),
        form=forms.MissForm(posted),
        service=services.miss_appointment,
        said=_("Noted as missed. The patient is asked to choose another time."),
        answer=policies.may_miss(page.membership, one, at=timezone.now()),
    )


def _change(
    one: Appointment,
    *,
    title: str,
    button: str,
    form: ActForm,
    service: Callable[..., Appointment],
    said: str,
    answer: Yes | No,
) -> Act:
    """The page on which something happens to one appointment."""
    return Act(
        title=title % {"when": moment_in_words(one.starts_at)},
        button=button,
        form=form,
        service=_about(one, service),
        said=said,
        refused=_sentence(answer),
    )


@act_on_case(Permission.BOOK_APPOINTMENT)
def start(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    held = start_of(found)
    initial = {"seen": found.lock, "day": held.day if held else None}
    return Act(
        title=_("The start of follow-up"),
        button=_("Save the day"),
        form=forms.StartForm(posted, at=timezone.now(), initial=initial),
        service=services.start_follow_up,
        said=_("Saved. Follow-up counts from this day."),
        refused=_sentence(policies.may_book(page.membership, found)),
    )


@require_GET
@permission_required(Permission.VIEW_CASE)
def calendar(request: HttpRequest, reference: str, appointment: uuid.UUID) -> HttpResponse:
    found = case_or_404(request, reference)
    one = _one(found, appointment)
    opened(request, found, Event.CASE_ACTION_OPENED)
    return _file(one)


@sent_required
@require_GET
def own_calendar(request: PatientRequest, number: int) -> HttpResponse:
    rows = numbered(request.intake.case.appointments.select_related("case__site"))
    if not 1 <= number <= len(rows):
        raise Http404
    return _file(rows[number - 1].appointment)


def _one(found: Case, appointment: uuid.UUID) -> Appointment:
    one = found.appointments.filter(pk=appointment).first()
    if one is None:
        raise Http404
    one.case = found
    return one


def _about(one: Appointment, service: Callable[..., Appointment]) -> Callable[..., Appointment]:
    """The service as a page of a case calls it: with the case, and here about one of its appointments."""

    def told(*, case: Case, **said: Any) -> Appointment:
        return service(appointment=one, **said)

    return told


def _sentence(answer: Yes | No) -> str:
    return answer.reason if isinstance(answer, No) else ""


def _file(one: Appointment) -> HttpResponse:
    response = HttpResponse(calendar_of(one), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response
