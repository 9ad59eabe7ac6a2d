"""HTTP of filling in a form for a patient. Begun here; then the very pages of the form, as that patient's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.cases.models import Response
from screening.cases.services import local_date
from screening.intake import known, selectors, services, session
from screening.intake.forms import EnterForm
from screening.intake.models import Mode
from screening.intake.views.journey import see_other
from screening.intake.walk import Walk
from screening.questionnaires.selectors import NothingPublished, intake_versions, journey_of


@require_http_methods(["GET", "POST"])
@permission_required(Permission.ENTER_FORM)
def enter(request: HttpRequest) -> HttpResponse:
    """Who it is and who says it; below, the forms that were begun for patients and not sent."""
    site, at = request.site, timezone.now()
    try:
        version, _ruleset = intake_versions(site=site)
    except NothingPublished:
        return render(request, "intake/not_open.html", {"site": site}, status=503)
    walk = Walk(journey_of(version), {}, frozenset(), local_date(at))
    nations = walk.questionnaire.item(known.NATION).options
    choices = [(option.code, option.text) for option in nations]
    form = EnterForm(request.POST if request.method == "POST" else None, nations=choices)
    if form.is_valid() and not _refused(form, walk):
        typed: dict[str, Any] = dict(form.cleaned_data)
        typed["mode"] = Mode(typed["mode"])
        try:
            response = services.enter_for(site=site, by=request.actor, at=at, **typed)
        except Response.DoesNotExist as no:  # the key of somebody else's page
            raise Http404 from no
        if response.submitted_at is not None:  # pressed again on an old page: the form is sent by now
            return redirect("case", reference=response.case.reference)
        session.enter(request, response, at=at, staff=request.user.pk)
        return see_other("intake-form")
    drafts = selectors.entered_drafts(site=site)
    record(
        Event.ENTRIES_VIEWED,
        by=request.actor,
        at=at,
        site=site,
        references=[draft.case.reference for draft in drafts],
    )
    context = {"form": form, "drafts": drafts}
    return render(request, "intake/enter.html", context, status=422 if form.is_bound else 200)


def _refused(form: EnterForm, walk: Walk) -> bool:
    """Whom the service is not for is not stored, by telephone either."""
    born: dt.date = form.cleaned_data["date_of_birth"]
    said = {known.DATE_OF_BIRTH: born.isoformat(), known.NATION: form.cleaned_data["nation"]}
    page = walk.questionnaire.page_of(known.DATE_OF_BIRTH)
    for failed in walk.journey.failed_checks(said, walk.as_of, page.id):
        form.add_error("date_of_birth", failed.message)
    stop = walk.with_answers(said).stop
    if stop is not None and not form.errors:
        form.add_error(
            "date_of_birth", _("The form ends with this answer: “%(title)s”") % {"title": stop.title}
        )
    return bool(form.errors)


@require_POST
@permission_required(Permission.ENTER_FORM)
def resume(request: HttpRequest, reference: str) -> HttpResponse:
    """Go on where somebody of the clinic stopped."""
    draft = selectors.entered_draft(site=request.site, reference=reference)
    if draft is None:
        raise Http404
    at = timezone.now()
    services.resume_entry(response=draft, by=request.actor, at=at)
    session.enter(request, draft, at=at, staff=request.user.pk)
    return redirect("intake-form")
