"""Safety advice: the very next page after an answer that calls for it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from screening.cases.services import local_date
from screening.intake import known, presenters, selectors, services, session
from screening.intake.access import patient_required
from screening.intake.forms import ReadAdviceForm
from screening.intake.session import PatientRequest
from screening.intake.views.journey import go_on, see_other


@patient_required
@require_http_methods(["GET", "POST"])
def advice(request: PatientRequest) -> HttpResponse:
    response = request.intake
    walk = selectors.walk_of(response, local_date(timezone.now()))
    keys = [*session.advice_to_show(request), *selectors.unread_advice(response)]
    if not keys:
        return go_on(walk)
    form = ReadAdviceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        typed = form.cleaned_data
        if typed["name"] or typed["phone"]:
            services.leave_contact(
                case=response.case, name=typed["name"], phone=typed["phone"], by=request.actor, at=at
            )
        services.read_advice(case=response.case, by=request.actor, at=at)
        session.remember_advice(request, [])
        return go_on(walk) if response.submitted_at is None else see_other("intake-sent")
    boxes = presenters.advice_boxes(
        walk.questionnaire, keys, nation=str(walk.answers.get(known.NATION) or response.patient.nation)
    )
    context = {
        "site": request.site,
        "boxes": boxes,
        "form": form,
        "urgent": any(box.tier for box in boxes),
        "phone_known": bool(response.patient.phone),
    }
    return render(request, "intake/advice.html", context, status=422 if form.is_bound else 200)
