"""The pages for what went wrong on our side, and for what somebody may not see."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.defaults import permission_denied

from accounts.actors import Actor
from audit.events import Event
from audit.services import NotRecorded, record

# It may be over in a minute: the database restarts, is out of reach or full, or takes no more records.
PASSING = (NotRecorded, OperationalError, InterfaceError)
RETRY_AFTER = 60  # seconds


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 where trying again may help. Called by Django while it handles the exception.

    Nothing of what was asked for is in it: a page that could not be recorded is not shown.
    """
    if isinstance(sys.exc_info()[1], PASSING):
        answer = HttpResponse(render_to_string("503.html"), status=503)
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    return HttpResponse(render_to_string("500.html"), status=500)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. A member of staff who asked for what their role may not see is written down."""
    membership, asked = getattr(request, "membership", None), request.resolver_match
    if membership is not None and asked is not None:
        record(
            Event.ACCESS_REFUSED,
            by=Actor.staff(membership),
            at=timezone.now(),
            site=membership.site,
            detail={"why": "role", "page": asked.view_name},
        )
    return permission_denied(request, exception)
