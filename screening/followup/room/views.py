"""HTTP of contact choices and of the copy of everything."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.events import Event
from audit.services import record
from screening.followup.room.copying import Copy, as_json, copy_of
from screening.followup.room.forms import ContactForm, ways_of
from screening.followup.room.presenters import shown_parts
from screening.followup.services import choose_contact, contact_choices
from screening.intake.language import in_language
from screening.intake.session import PatientRequest
from screening.intake.views.journey import see_other
from screening.review.room.access import room_required


@room_required
@require_http_methods(["GET", "POST"])
def contact(request: PatientRequest) -> HttpResponse:
    case = request.intake.case
    patient = request.intake.patient
    posted = request.method == "POST"
    form = ContactForm(request.POST if posted else None, patient=patient, chosen=contact_choices(patient))
    reachable = bool(ways_of(patient))
    if posted and reachable and form.is_valid():
        choose_contact(case=case, chosen=form.chosen(), by=request.actor, at=timezone.now())
        messages.success(request, _("Your choices are saved."))
        return see_other("patient-contact")
    context = {"site": request.site, "form": form, "reachable": reachable}
    return render(request, "followup/room/contact.html", context, status=422 if posted else 200)


@room_required
@require_GET
def copy(request: PatientRequest) -> HttpResponse:
    """Everything on one page, to read or print."""
    taken = _taken(request, "page")
    context = {"site": request.site, "copy": taken, "parts": shown_parts(taken)}
    return render(request, "followup/room/copy.html", context)


@room_required
@require_GET
def copy_as_json(request: PatientRequest) -> StreamingHttpResponse:
    """The same for a program. Sent piece by piece: a long history never stands in memory as a whole."""
    pieces = in_language(as_json(_taken(request, "json")), get_language())
    response = StreamingHttpResponse(pieces, content_type="application/json")
    name = f"{request.intake.case.reference}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _taken(request: PatientRequest, form: str) -> Copy:
    at = timezone.now()
    case = request.intake.case
    record(
        Event.COPY_TAKEN,
        by=request.actor,
        at=at,
        site=request.site,
        case=case.reference,
        patient=case.patient_id,
        detail={"form": form},
    )
    return copy_of(request.intake, at=at, address=request.build_absolute_uri)
