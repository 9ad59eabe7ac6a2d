"""Messages between the patient and the clinic, and asking for another look."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.intake.session import PatientRequest
from screening.intake.views.journey import see_other
from screening.review.room import policies, presenters, selectors, services
from screening.review.room.access import room_required, sent_required
from screening.review.room.forms import LookForm, MessageForm
from screening.review.services import Refused


@room_required
@require_http_methods(["GET", "POST"])
def messages(request: PatientRequest) -> HttpResponse:
    case, at = request.intake.case, timezone.now()
    status, refused = 200, policies.may_write(case).reason
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = form.cleaned_data
            try:
                services.reply(case=case, key=typed["key"], text=typed["text"], by=request.actor, at=at)
            except Refused as no:
                status, refused = 409, no.reason
            else:
                flash.success(request, _("Your message is sent. We answer here."))
                return see_other("patient-messages")
    else:
        services.read_messages(case=case, by=request.actor, at=at)
    you = _("You")
    context = {
        "site": request.site,
        "form": form,
        "refused": refused,
        "said": [
            presenters.Said.of(message, clinic=request.site.name, patient=you)
            for message in selectors.messages_of(case)
        ],
    }
    return render(request, "review/room/messages.html", context, status=status)


@sent_required
@require_http_methods(["GET", "POST"])
def look(request: PatientRequest) -> HttpResponse:
    case, at = request.intake.case, timezone.now()
    open_look = selectors.open_look(case)
    due_on = open_look.due_on if open_look else selectors.look_due_on(case, at=at)
    status, refused = 200, policies.may_ask_for_look(case, open_look=open_look is not None).reason
    form = LookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.ask_for_look(
                    case=case, reason=form.cleaned_data["reason"], due_on=due_on, by=request.actor, at=at
                )
            except Refused as no:
                status, refused = 409, no.reason
            else:
                flash.success(request, _("You have asked for another look."))
                return see_other("patient-room")
    context = {"site": request.site, "form": form, "refused": refused, "due_on": due_on, "open": open_look}
    return render(request, "review/room/look.html", context, status=status)
