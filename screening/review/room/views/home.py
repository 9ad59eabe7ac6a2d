"""Where somebody lands who sent the form and comes back: where it stands, and every door from there."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.events import Event
from audit.services import record
from screening.cases.models import Response
from screening.cases.services import local_date
from screening.cases.workflow import State
from screening.intake import selectors as forms_of
from screening.intake.session import PatientRequest
from screening.intake.standing import standing_boxes
from screening.intake.walk import Walk
from screening.review import services
from screening.review.appointments.selectors import ahead
from screening.review.room import policies, presenters, selectors
from screening.review.room.access import room_required, sent_required


@room_required
@require_GET
def room(request: PatientRequest) -> HttpResponse:
    """Looking is written down, like any reading."""
    response, case = request.intake, request.intake.case
    at = timezone.now()
    record(
        Event.STATUS_VIEWED,
        by=request.actor,
        at=at,
        site=request.site,
        case=case.reference,
        patient=case.patient_id,
    )
    today = local_date(at)
    walk = forms_of.walk_of(response, today)
    asked = selectors.open_requests(case)
    waits = case.state == State.AWAITING_INFO and not asked
    context = {
        "site": request.site,
        "reference": case.reference,
        "submitted_at": response.submitted_at,
        "standing": selectors.standing(case, today=today),
        "urgent": case.state == State.URGENT_HOLD,
        "has_receipt": response.submitted_at is not None and case.state != State.WITHDRAWN,
        "boxes": standing_boxes(response, walk),
        "asked": asked,
        "missing": _missing(response, walk) if waits else [],
        "letters": selectors.letters_of(case),
        "appointments": ahead(case, at=at),
        "has_forms": case.treatment_starts.exists() or case.appointments.exists(),
        "doors": presenters.doors(
            sent=response.submitted_at is not None,
            unread=selectors.unread_messages(case),
            writes=bool(policies.may_write(case)),
            amends=bool(policies.may_amend(case)),
            looks=bool(policies.may_ask_for_look(case, open_look=selectors.open_look(case) is not None)),
            withdraws=bool(policies.may_withdraw(case)),
        ),
    }
    return render(request, "review/room/home.html", context)


def _missing(response: Response, walk: Walk) -> list[dict[str, str]]:
    """What is missing in words, each with the page that asks for it, if one does."""
    found = []
    for missing in selectors.missing_of(response):
        items = selectors.asked_items(walk, missing.items)
        page = walk.questionnaire.page_of(items[0].id) if items else None
        href = reverse("patient-correct", args=[page.id]) if page else ""
        found.append({"sentence": missing.sentence, "href": href})
    return found


@sent_required
@require_GET
def letter(request: PatientRequest, number: int) -> HttpResponse:
    case = request.intake.case
    letters = selectors.letters_of(case)
    if not 1 <= number <= len(letters):
        raise Http404
    found = services.open_letter(letter=letters[number - 1], by=request.actor, at=timezone.now())
    open_look = selectors.open_look(case) is not None
    context = {
        "site": request.site,
        "letter": found,
        "may_look": bool(policies.may_ask_for_look(case, open_look=open_look)),
    }
    return render(request, "review/room/letter.html", context)


@room_required
@require_GET
def who(request: PatientRequest) -> HttpResponse:
    """Who of the clinic looked at this record, and when."""
    case = request.intake.case
    record(
        Event.ACCESS_LOG_VIEWED,
        by=request.actor,
        at=timezone.now(),
        site=request.site,
        case=case.reference,
        patient=case.patient_id,
    )
    looks = [presenters.Look.of(event) for event in selectors.who_looked(case)]
    context = {"site": request.site, "looks": looks, "most": selectors.WHO_LOOKED}
    return render(request, "review/room/who.html", context)
