"""Puts the form of an intake session on the request, on the patient's own pages only."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.actors import Actor
from screening.intake import session
from screening.intake.uploads import LARGEST_FILE

PATIENT_PATHS = ("/form/", "/room/")
# A file and the words around it. More is refused before a byte of it is read.
LARGEST_REQUEST = LARGEST_FILE + 2 * 1024 * 1024


class IntakeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.intake = None  # type: ignore[attr-defined]
        if request.path_info.startswith(PATIENT_PATHS):
            response = session.current(request, at=timezone.now())
            request.intake = response  # type: ignore[attr-defined]
            if response is not None:
                request.actor = Actor.patient(response.patient_id)  # type: ignore[attr-defined]
                request.site = response.site  # type: ignore[attr-defined]
            if _length(request) > LARGEST_REQUEST:
                return render(request, "intake/too_large.html", {"back": request.path}, status=413)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0
