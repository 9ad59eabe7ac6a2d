"""The patient's side of a review: where the form stands, what the clinic asked, and its letter."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.events import Event
from audit.services import record
from screening.cases.services import local_date
from screening.cases.workflow import State
from screening.intake import known, presenters, selectors
from screening.intake.access import patient_required
from screening.intake.session import PatientRequest
from screening.intake.walk import Walk
from screening.review import services, words


@patient_required
@require_GET
def room(request: PatientRequest) -> HttpResponse:
    """Where somebody lands who sent the form and comes back. Looking is written down, like any reading."""
    response, case = request.intake, request.intake.case
    if response.submitted_at is None:
        return redirect("intake-form")
    at = timezone.now()
    record(
        Event.STATUS_VIEWED,
        by=request.actor,
        at=at,
        site=request.site,
        case=case.reference,
        patient=case.patient_id,
    )
    title, text = words.PATIENT_STATE[State(case.state)]
    context = {
        "site": request.site,
        "reference": case.reference,
        "submitted_at": response.submitted_at,
        "title": title,
        "text": text,
        "boxes": _advice(request, selectors.walk_of(response, local_date(at))),
        "questions": case.information_requests.filter(answered_at__isnull=True),
        "letters": case.letters.all(),
    }
    return render(request, "review/room.html", context)


def _advice(request: PatientRequest, walk: Walk) -> list[Any]:
    """Safety advice stays in sight until a clinician has dealt with the answer that called for it."""
    response = request.intake
    return presenters.advice_boxes(
        walk.questionnaire,
        selectors.standing_advice(response),
        nation=str(walk.answers.get(known.NATION) or response.patient.nation),
    )


@patient_required
@require_GET
def letter(request: PatientRequest, number: int) -> HttpResponse:
    letters = list(request.intake.case.letters.all())
    if not 1 <= number <= len(letters):
        raise Http404
    found = services.open_letter(letter=letters[number - 1], by=request.actor, at=timezone.now())
    return render(request, "review/letter.html", {"site": request.site, "letter": found})
