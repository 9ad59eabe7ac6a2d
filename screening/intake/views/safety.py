"""Safety advice: the very next page after an answer that calls for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from screening.cases.models import ResponseStatus
from screening.cases.selectors import opening_of
from screening.cases.services import local_date
from screening.intake import known, presenters, selectors, services, session
from screening.intake.access import due_advice, patient_required
from screening.intake.advice_form import ReadAdviceForm
from screening.intake.models import Mode
from screening.intake.presenters import AdviceBox
from screening.intake.session import PatientRequest
from screening.intake.views.journey import go_on, see_other
from screening.intake.walk import Walk
from screening.rules.definition import Page

# What the page of the advice says it showed: the ids of red flags.
ID = re.compile("[0-9]{1,18}")


def heeded(
    request: PatientRequest, walk: Walk, page: Page, typed: Mapping[str, Any], *, at: dt.datetime
) -> list[AdviceBox]:
    """The advice that unsaved answers call for, to stand on the very page that says what is wrong."""
    due = services.heed(response=request.intake, page_id=page.id, typed=typed, by=request.actor, at=at)
    if not due:
        return []
    keys = list(dict.fromkeys(each.advice for each in due))
    session.remember_advice(request, keys)
    return _shown(request, walk, keys, at=at)


def _shown(request: PatientRequest, walk: Walk, keys: Sequence[str], *, at: dt.datetime) -> list[AdviceBox]:
    services.show_advice(case=request.intake.case, keys=keys, by=request.actor, at=at)
    nation = str(walk.answers.get(known.NATION) or request.intake.patient.nation)
    return presenters.advice_boxes(
        walk.questionnaire,
        keys,
        nation=nation,
        own=request.site.helplines,
        others=selectors.advised_elsewhere(request.intake, walk.questionnaire, keys),
    )


def _note_read(request: PatientRequest, *, at: dt.datetime) -> None:
    """What this page showed was read by the person, or read out to them; what was raised meanwhile was not.

    From paper nobody has heard it yet: somebody has to ring.
    """
    case, entering = request.intake.case, request.entering
    flags = [int(part) for part in request.POST.get("shown", "").split() if ID.fullmatch(part)]
    if entering is None:
        services.read_advice(case=case, flags=flags, by=request.actor, at=at)
    elif entering.mode == Mode.TELEPHONE:
        services.read_out_advice(case=case, flags=flags, by=request.actor, at=at)


def _keep_contact(request: PatientRequest, form: ReadAdviceForm, *, at: dt.datetime) -> None:
    """What somebody typed so that we can ring, without the tick too, and also when it was read meanwhile."""
    form.is_valid()
    name, phone = (form.cleaned_data.get(part, "") for part in ("name", "phone"))
    if name or phone:
        request.intake.patient = services.leave_contact(
            case=request.intake.case, name=name, phone=phone, by=request.actor, at=at
        )


@patient_required
@require_http_methods(["GET", "POST"])
def advice(request: PatientRequest) -> HttpResponse:
    response, at = request.intake, timezone.now()
    walk = selectors.walk_of(response, local_date(at))
    # Asked for before the advice: what is raised between the two is shown again.
    unread = selectors.unread_flags(response)
    keys = due_advice(request)
    mode = request.entering.mode if request.entering else ""
    form = ReadAdviceForm(
        request.POST if request.method == "POST" else None,
        mode=mode,
        helping=walk.answers.get(known.HELPER) == known.HELPING,
        named=bool(response.patient.given_name),
    )
    if request.method == "POST":
        _keep_contact(request, form, at=at)
    if not keys:
        return go_on(walk)
    if request.method == "POST" and form.is_valid():
        _note_read(request, at=at)
        session.remember_advice(request, [])
        if due_advice(request):
            return see_other("intake-advice")
        if response.submitted_at is None:
            return go_on(walk)
        return see_other("patient-room" if response.status == ResponseStatus.AMENDED else "intake-sent")
    boxes = _shown(request, walk, keys, at=at)
    opening = opening_of(request.site)
    context = {
        "site": request.site,
        "boxes": boxes,
        "form": form,
        "shown": " ".join(str(flag.pk) for flag in unread),
        "readers": presenters.Readers.of(opening, at=at),
        "urgent": any(box.tier for box in boxes),
        "ring_by": opening.days_after(at, request.site.tier_3_days),
        "phone_known": bool(response.patient.phone),
    }
    return render(request, "intake/advice.html", context, status=422 if form.is_bound else 200)
