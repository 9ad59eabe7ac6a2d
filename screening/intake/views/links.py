"""Stop and carry on: mail a link or show a code, come back with it, leave the form on this device."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from smtplib import SMTPException

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from screening.cases.models import Response, ResponseStatus
from screening.cases.responses import answers_of
from screening.intake import known, language, selectors, services, session
from screening.intake.access import draft_required, patient_required
from screening.intake.forms import CodeForm, EmailLinkForm, SecondFactForm
from screening.intake.networks import network_of
from screening.intake.session import PatientRequest
from screening.intake.views.journey import see_other


@draft_required
@require_http_methods(["GET", "POST"])
def link(request: PatientRequest) -> HttpResponse:
    """Mail a link to the form. The page afterwards names no address: others may look at the screen."""
    patient = request.intake.patient
    known_email = patient.email or answers_of(request.intake).get(known.EMAIL) or ""
    form = EmailLinkForm(request.POST if request.method == "POST" else None, initial={"email": known_email})
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.send_link(
                response=request.intake,
                email=form.cleaned_data["email"],
                by=request.actor,
                at=timezone.now(),
            )
        except services.TooManyLinks:
            form.add_error(None, _("We have sent you several links. Use the newest, or wait an hour."))
            status = 429
        except (SMTPException, OSError):
            # The link stands and nothing typed is lost; only the mail did not leave.
            form.add_error(None, _("We could not send the email just now. Try again in a few minutes."))
            status = 503
        else:
            return render(request, "intake/link_sent.html", {"site": request.site})
    return render(request, "intake/link.html", {"site": request.site, "form": form}, status=status)


@login_not_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Close the form on this device. Nothing saved is lost."""
    site = getattr(request, "site", None)
    if request.method != "POST":
        return render(request, "intake/leave.html", {"site": site})
    session.leave(request)
    response = render(request, "intake/left.html", {"site": site, "clinics": selectors.clinics()})
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@patient_required
@require_POST
def stay(request: PatientRequest) -> HttpResponse:
    """Somebody pressed "I am still here", or typed a moment ago: nothing comes here without a person."""
    return HttpResponse(status=204)


@draft_required
@require_http_methods(["GET", "POST"])
def write_down(request: PatientRequest) -> HttpResponse:
    """A code for people without mail. It is shown once: we keep nothing that could show it again."""
    context = {"site": request.site}
    if request.method != "POST":
        return render(request, "intake/write_down.html", context)
    try:
        code = services.issue_code(case=request.intake.case, by=request.actor, at=timezone.now())
    except services.TooManyLinks:
        return render(request, "intake/write_down.html", {**context, "too_many": True}, status=429)
    return render(request, "intake/write_down.html", {**context, "code": code})


@sensitive_variables("token")
@login_not_required
@require_http_methods(["GET", "POST"])
def go(request: HttpRequest, token: str) -> HttpResponse:
    """One page for every link. Looking at it changes nothing: mail scanners press links too."""
    language.speak_as(services.language_behind(token=token))
    form = SecondFactForm(request.POST if request.method == "POST" else None)
    return _way_in(request, form, partial(services.open_link, token=token), "intake/go.html")


@sensitive_variables("code")
@login_not_required
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The same for a code that somebody types."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    typed = form.cleaned_data.get("code", "") if form.is_bound and form.is_valid() else ""
    return _way_in(request, form, partial(services.open_code, code=typed), "intake/code.html")


def _way_in(
    request: HttpRequest,
    form: SecondFactForm,
    opening: Callable[..., Response | None],
    template: str,
) -> HttpResponse:
    """Into the form, or the same words and status again, whatever it was that did not fit."""
    status, refused, wait = (422 if request.method == "POST" else 200), False, False
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            response = opening(
                date_of_birth=form.cleaned_data["date_of_birth"], at=at, network=network_of(request)
            )
        except services.TooManyKnocks:
            status, wait = 429, True
        else:
            if response is not None:
                session.enter(request, response, at=at)
                open_still = response.status == ResponseStatus.IN_PROGRESS
                answer = see_other("intake-form" if open_still else "patient-room")
                if response.language:
                    language.remember(answer, response.language)  # for the pages beside the form
                return answer
            refused = True
    context = {
        "form": form,
        "refused": refused,
        "wait": wait,
        "page_has_errors": refused or wait,
        "clinics": selectors.clinics(),
    }
    return render(request, template, context, status=status)
