"""Switching reminders off from a message: no sign-in, nothing personal shown, and GET changes nothing."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from screening.cases.selectors import language_of
from screening.followup.optout import reminder_of, subject_to_stop
from screening.followup.presenters import StopPage
from screening.followup.services import switch_off
from screening.intake.language import speak_as


# Mail programs press the button for their reader (RFC 8058): no cookie, no form of ours, so no token of
# ours either. The address itself is the permission, and all it can do is stop messages.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    reminder = reminder_of(token)
    if reminder is None:
        raise Http404
    speak_as(language_of(reminder.case))
    subject = subject_to_stop(reminder)
    if request.method == "POST":
        switch_off(
            reminder=reminder, subject=subject, by=Actor.patient(reminder.patient_id), at=timezone.now()
        )
    page = StopPage.of(reminder, subject, done=request.method == "POST")
    return render(request, "followup/stop.html", {"page": page})
