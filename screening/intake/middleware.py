"""Puts the form of an intake session on the request, on the patient's own pages only, in its language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override

from accounts.access import may
from accounts.actors import Actor
from accounts.models import Membership
from accounts.permissions import Permission
from screening.cases.models import Response
from screening.intake import session
from screening.intake.language import chosen
from screening.intake.receiving import TooMuch, receive
from screening.intake.selectors import entered_of
from screening.intake.uploads import LARGEST_FILE

PATIENT_PATHS = ("/form/", "/room/")
STAFF_PATHS = ("/staff/", "/accounts/", "/demo/")
# Up to here a file that is too large is read past, so that the rest of its page is not lost. What is
# larger still is refused before a byte of it is read: nobody may keep a process busy for long.
LARGEST_REQUEST = LARGEST_FILE * 3


class IntakeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """In the language of the form, or the one chosen on the first page; staff read our own."""
        held = self._held(request)
        staff = request.path_info.startswith(STAFF_PATHS)
        code = "" if staff else (held.language if held else chosen(request))
        with override(code or settings.LANGUAGE_CODE):
            answer = self._answer(request)
            answer.headers.setdefault("Content-Language", get_language() or settings.LANGUAGE_CODE)
        return answer

    def _held(self, request: HttpRequest) -> Response | None:
        """The form of this session, put on the request."""
        request.intake = request.lapsed = request.entering = None  # type: ignore[attr-defined]
        if request.path_info.startswith(PATIENT_PATHS):
            at = request.arrived_at = timezone.now()  # type: ignore[attr-defined]
            if session.staff_of(request) is not None:
                return self._entered(request, at)
            response = session.current(request, at=at)
            if response is not None and request.path_info.startswith("/form/"):
                response = session.turned_to(request, response) or response
            request.intake = response  # type: ignore[attr-defined]
            if response is not None:
                request.actor = Actor.patient(response.patient_id)  # type: ignore[attr-defined]
                request.site = response.site  # type: ignore[attr-defined]
                _say_times(request)
                return response
            lapsed = session.lapsed(request, at=at)
            if lapsed is not None and request.path_info.startswith("/form/"):
                lapsed = session.turned_to(request, lapsed) or lapsed
            request.lapsed = lapsed  # type: ignore[attr-defined]
            return lapsed
        return None

    def _entered(self, request: HttpRequest, at: dt.datetime) -> Response | None:
        """A form that staff fill in: only its pages, only until it is sent, only while they are signed in.

        Never the patient's room. The actor stays the member of staff.
        """
        membership = request.membership  # type: ignore[attr-defined]
        if membership is None or not may(membership, Permission.ENTER_FORM):
            return None
        response, lapsed = session.current(request, at=at), session.lapsed(request, at=at)
        held = response or lapsed
        if held is None or not _is_entered_by(held, membership, session.staff_of(request)):
            return None
        if not request.path_info.startswith("/form/"):
            return None
        request.intake, request.lapsed = response, lapsed  # type: ignore[attr-defined]
        request.entering = entered_of(held)  # type: ignore[attr-defined]
        return held

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PATIENT_PATHS):
            if _length(request) > LARGEST_REQUEST:
                return render(request, "intake/too_large.html", {"back": request.path}, status=413)
            if request.method == "POST":
                try:
                    receive(request)
                except TooMuch:
                    context = {"back": request.path, "too_much": True}
                    return render(request, "intake/too_large.html", context, status=413)
                except UnreadablePostError:
                    return HttpResponse(status=400)  # cut off on its way: nobody is there to read more
        return self.get_response(request)


def _say_times(request: HttpRequest) -> None:
    """What the page counts down, when scripts run."""
    request.idle_seconds = int(session.IDLE.total_seconds())  # type: ignore[attr-defined]
    request.warning_seconds = int(session.WARNING.total_seconds())  # type: ignore[attr-defined]
    request.lapsed_seconds = int(session.LAPSED_FOR.total_seconds())  # type: ignore[attr-defined]


def _is_entered_by(response: Response, membership: Membership, staff: int | None) -> bool:
    return membership.user_id == staff and membership.site_id == response.site_id


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0
