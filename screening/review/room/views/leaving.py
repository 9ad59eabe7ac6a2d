"""Take a form back, or delete one that was not sent. Each says first what stays and why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from screening.cases.models import TO_RING
from screening.cases.services import standing_red_flags
from screening.cases.workflow import NotAllowed
from screening.intake import services as intake
from screening.intake import session
from screening.intake.session import PatientRequest
from screening.intake.views.journey import see_other
from screening.review.room import policies
from screening.review.room.access import room_required
from screening.review.room.forms import SureForm

SURE_WITHDRAW = {
    "label": gettext_lazy("Yes, take my form back"),
    "missing": gettext_lazy("Tick the box if you want to take your form back"),
}
SURE_ERASE = {
    "label": gettext_lazy("Yes, delete my form"),
    "missing": gettext_lazy("Tick the box if you want to delete your form"),
}


@room_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PatientRequest) -> HttpResponse:
    case = request.intake.case
    answer = policies.may_withdraw(case)
    form = SureForm(request.POST if request.method == "POST" else None, **SURE_WITHDRAW)
    status = 200
    if request.method == "POST":
        status = 422 if answer else 409
        if answer and form.is_valid():
            try:
                intake.withdraw(case=case, by=request.actor, at=timezone.now())
            except NotAllowed:  # closed in another window meanwhile: the room says how it stands
                return see_other("patient-room")
            messages.success(request, _("You have taken your form back."))
            return see_other("patient-room")
    context = {
        "site": request.site,
        "form": form,
        "refused": answer.reason,
        "urgent": bool(standing_red_flags(case)),
    }
    return render(request, "review/room/withdraw.html", context, status=status)


@room_required
@require_http_methods(["GET", "POST"])
def erase(request: PatientRequest) -> HttpResponse:
    case = request.intake.case
    answer = policies.may_erase(case)
    flags = set(case.red_flags.values_list("tier", flat=True))
    kept = {"urgent": bool(flags - {TO_RING}), "to_ring": bool(flags & {TO_RING})}
    form = SureForm(request.POST if request.method == "POST" else None, **SURE_ERASE)
    status = 200
    if request.method == "POST":
        status = 422 if answer else 409
        if answer and form.is_valid():
            try:
                intake.erase_draft(case=case, by=request.actor, at=timezone.now())
            except intake.NotADraft:  # sent in another window meanwhile: what was sent is kept
                return see_other("patient-room")
            session.leave(request)
            context = {"site": request.site, **kept}
            return render(request, "review/room/erased.html", context)
    context = {"site": request.site, "form": form, "refused": answer.reason, **kept}
    return render(request, "review/room/erase.html", context, status=status)
