"""The pages for what went wrong on our side, and for what somebody may not see.

A member of staff stays among the pages of staff: the plain ones speak to patients, and lead nowhere.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found, permission_denied

from accounts import sessions
from accounts.actors import Actor
from audit.events import Event
from audit.services import NotRecorded, record
from screening.intake import session
from screening.intake.lapsed import CARRIED, words_typed
from screening.intake.middleware import PATIENT_PATHS

# It may be over in a minute: the database restarts, is out of reach or full, or takes no more records.
PASSING = (NotRecorded, OperationalError, InterfaceError)
RETRY_AFTER = 60  # seconds
# Where somebody writes for long in a draft, which may be published or thrown away meanwhile.
DRAFTS = "/staff/manage/versions/"
STAFF_PATHS = "/staff/"
CARRIED_BY_STAFF = (*CARRIED, "previewed", "held", "page", "file", "seen")


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 where trying again may help. Called by Django while it handles the exception.

    Nothing of what was asked for is in it: a page that could not be recorded is not shown.
    """
    context = _sent(request)
    if isinstance(sys.exc_info()[1], PASSING):
        answer = HttpResponse(render_to_string("503.html", context), status=503)
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    return HttpResponse(render_to_string("500.html", context), status=500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a page without its token. A browser sends it again to whoever goes back, also after leaving."""
    if getattr(request, "membership", None) is not None and request.path_info.startswith(STAFF_PATHS):
        return _sign_in_was_new(request)
    context = _sent(request)
    if session.has_left(request):
        context.pop("words", None)
    return HttpResponse(render_to_string("403_csrf.html", context), status=403)


def _sign_in_was_new(request: HttpRequest) -> HttpResponse:
    """A page from before the last sign-in. What it holds is given back to nobody but who had typed it."""
    sentences = [
        _("This page is older than your sign-in, so nothing was saved."),
        _("Open the page again and send it from there."),
    ]
    context: dict[str, Any] = {"heading": _("Please send that again"), "sentences": sentences}
    if sessions.has_ended(request.session):
        context["words"] = _words_of_staff(request)
    return render(request, "errors/staff.html", context, status=403)


def signed_out(request: HttpRequest, sign_in: HttpResponseBase) -> HttpResponseBase:
    """Signing in comes first. Whose session ended while they typed is given their words before that."""
    if not (request.method == "POST" and sessions.has_ended(request.session)):
        return sign_in
    words = _words_of_staff(request)
    if not words:
        return sign_in
    context = {
        "heading": _("You were signed out"),
        "sentences": [_("Nothing on your page was saved.")],  # why stands above it, as a message
        "words": words,
        "sign_in_href": sign_in.headers["Location"],
    }
    return render(request, "errors/staff.html", context, status=403)


def _words_of_staff(request: HttpRequest) -> list[str]:
    """Never of a page about an account: it holds passwords."""
    return _words(request, CARRIED_BY_STAFF) if request.path_info.startswith(STAFF_PATHS) else []


def _sent(request: HttpRequest) -> dict[str, Any]:
    """A page of a form that was not saved may have been about a warning sign, and has words to give back.

    Only to a page of our own: on ours nobody reads what another site sent. Staff read sentences for staff.
    """
    if request.path_info.startswith(STAFF_PATHS):
        return {"staff": True, "words": _words_of_staff(request) if request.method == "POST" else []}
    if request.method != "POST" or not request.path_info.startswith(PATIENT_PATHS):
        return {}
    return {"unsaved": True, "words": _words(request)}


def _words(request: HttpRequest, carried: Collection[str] = CARRIED) -> list[str]:
    try:
        ours = urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
        return words_typed(request, carried) if ours else []
    except (SuspiciousOperation, UnreadablePostError, ValueError):  # nothing that could be read
        return []


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. A member of staff who asked for what their role may not see is written down."""
    membership, asked = getattr(request, "membership", None), request.resolver_match
    if membership is None or asked is None:
        return permission_denied(request, exception)
    record(
        Event.ACCESS_REFUSED,
        by=Actor.staff(membership),
        at=timezone.now(),
        site=membership.site,
        detail={"why": "role", "page": asked.view_name},
    )
    why = str(exception) or _("Your account does not have the permission that this page needs.")
    ask = _("If you think you should be able to see it, ask an administrator at your clinic.")
    context: dict[str, Any] = {"heading": _("You cannot see this page"), "sentences": [why, ask]}
    if request.method == "POST":  # they had the page before them a moment ago
        context = {"heading": _("Nothing was saved"), "sentences": [why]}
        context["words"] = _words_of_staff(request) if request.path_info.startswith(DRAFTS) else []
    return render(request, "errors/staff.html", context, status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. Why it is not there is told to nobody: it may be somebody else's."""
    if getattr(request, "membership", None) is None:
        return page_not_found(request, exception)
    sentences = [
        _("If you typed the web address, check it is correct."),
        _("A case of another clinic cannot be seen here, and a form may have been deleted since."),
    ]
    context = {"heading": _("Page not found"), "sentences": sentences}
    return render(request, "errors/staff.html", context, status=404)
