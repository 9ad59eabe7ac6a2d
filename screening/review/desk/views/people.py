"""HTTP of possible same persons: two cases side by side, joined on purpose, taken apart again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.cases.services import Stale, local_date
from screening.review.case_views import case_or_404
from screening.review.desk import forms, joining, services
from screening.review.desk.presenters import PersonColumn
from screening.review.forms import ActForm
from screening.review.services import Refused


@require_http_methods(["GET", "POST"])
@permission_required(Permission.JOIN_RECORDS)
def same_person(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    possible, joined = joining.possible_cases(found), joining.joined_cases(found)
    links = list(joining.standing(joining.records_of(found.patient)))
    shown = [each.reference for each in (*possible, *joined)]
    record(
        Event.CASE_ACTION_OPENED,
        by=request.actor,
        at=timezone.now(),
        site=found.site,
        case=found.reference,
        patient=found.patient_id,
        references=shown,
    )
    posted = request.POST if request.method == "POST" else None
    parting = posted is not None and bool(links) and "here_typed" not in posted
    join = forms.JoinForm(
        None if parting else posted,
        here=found.reference,
        others=[each.reference for each in possible],
        initial={"seen": found.lock},
    )
    part = forms.PartForm(posted if parting else None, links=links)
    form, conflict, status = (part if parting else join), "", 422 if posted is not None else 200
    if posted is not None and form.is_valid():
        service: Callable[..., Any] = services.part_records if parting else services.join_records
        who = {"membership": request.membership, "by": request.actor, "at": timezone.now()}
        try:
            service(case=found, **form.arguments(), **who)
        except Refused as refused:
            conflict, status = refused.reason, 409
        except Stale as stale:
            conflict, status = _changed(form, stale.case), 409
        else:
            messages.success(request, _("Recorded. Nothing in either record was changed."))
            return redirect("case-same-person", reference=found.reference)
    today = local_date(timezone.now())
    context = {
        "case": found,
        "columns": [PersonColumn.of(each, today=today) for each in (found, *possible)] if possible else [],
        "joined": [PersonColumn.of(each, today=today) for each in joined],
        "links": links,
        "join": join,
        "part": part,
        "form": form,
        "conflict": conflict,
    }
    return render(request, "review/desk/same_person.html", context, status=status)


def _changed(form: ActForm, case: Case) -> str:
    """What was typed stays, and the next press is about the case as it stands now."""
    form.data = {**form.data.dict(), "seen": case.lock}  # type: ignore[union-attr]
    return _("The case changed since you opened this page. Look at both again, then press once more.")
