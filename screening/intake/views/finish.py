"""Check the answers, send them once, and read honestly what happens next."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from screening.cases.models import ResponseStatus
from screening.cases.services import local_date
from screening.cases.targets import review_days
from screening.intake import presenters, selectors, services, session
from screening.intake.access import advice_is_due, draft_required, patient_required
from screening.intake.session import PatientRequest
from screening.intake.standing import standing_boxes
from screening.intake.views.journey import go_on, see_other
from screening.questionnaires.selectors import ruleset_in
from screening.rules.assessment import Finding
from screening.rules.explain import sentence_for


@draft_required
@require_GET
def check(request: PatientRequest) -> HttpResponse:
    return _check(request)


def _check(request: PatientRequest, status: int = 200) -> HttpResponse:
    walk = selectors.walk_of(request.intake, local_date(timezone.now()))
    if walk.first_unvisited is not None:
        return go_on(walk)
    clinic = request.site.name
    needed = services.still_needed(walk, entered=request.entering is not None)
    optional = [item for item in walk.blank_required if item not in needed]
    context = {
        "site": request.site,
        "sections": presenters.check_sections(walk, clinic=clinic),
        "needed": presenters.blanks(walk, needed, clinic=clinic),
        "optional": presenters.blanks(walk, optional, clinic=clinic),
        "left_out": presenters.left_out(walk, clinic=clinic),
        "back": presenters.page_address(walk.pages[-1]),
        "page_has_errors": status == 422,
        "later": bool(request.intake.occasion),
    }
    return render(request, "intake/check.html", context, status=status)


@patient_required
@require_POST
def submit(request: PatientRequest) -> HttpResponse:
    """However often it is pressed, the form is sent once and the receipt is the same."""
    if request.intake.status == ResponseStatus.IN_PROGRESS and advice_is_due(request):
        return see_other("intake-advice")
    send = services.send_later_form if request.intake.occasion else services.submit
    try:
        send(
            response=request.intake,
            session_hash=session.session_hash(request),
            by=request.actor,
            at=timezone.now(),
        )
    except services.Incomplete:
        return _check(request, status=422)
    except services.Closed:
        return redirect("intake-form")  # taken back in another window: the form says so
    if request.entering is not None:
        reference = request.intake.case.reference
        session.leave(request)
        messages.success(request, _("The form is sent and judged."))
        return see_other(reverse("case", args=[reference]))
    return see_other("intake-sent")


@patient_required
@require_GET
def sent(request: PatientRequest) -> HttpResponse:
    """The receipt. It says what happens next, and never that somebody will or will not be treated."""
    response = request.intake
    if response.submitted_at is None:
        return redirect("intake-form")
    walk = selectors.walk_of(response, local_date(response.submitted_at))
    if response.occasion:
        boxes = standing_boxes(response, walk)
        urgent = any(box.tier for box in boxes)
        context = {"site": request.site, "boxes": boxes, "urgent": urgent}
        return render(request, "intake/later_sent.html", context)
    assessment = selectors.latest_assessment(response)
    outcome = response.case.outcome
    missing: list[str] = []
    if outcome == "more_info" and assessment is not None:
        rules = ruleset_in(assessment.ruleset, response.language)
        found = [Finding(**finding) for finding in assessment.result["missing"]]
        missing = list(dict.fromkeys(sentence_for(rules, each, audience="patient") for each in found))
    urgent = outcome == "urgent"
    context = {
        "site": request.site,
        "reference": response.case.reference,
        "submitted_at": response.submitted_at,
        "days": review_days(response.site),
        "urgent": urgent,
        "missing": missing,
        "to_confirm": services.needs_confirming(response.patient),
        "panel": format_html("{}<br><strong>{}</strong>", _("Your reference"), response.case.reference),
        "boxes": standing_boxes(response, walk) if urgent else [],
    }
    return render(request, "intake/sent.html", context)
