"""What GOV.UK Notify reports afterwards: a message that did not arrive, a person who answered STOP.

Whoever knows the token may say so, and all that it can do is stop messages. Whatever else is told is
answered like something useful, so that Notify does not repeat it for days.
"""

from __future__ import annotations

import hmac
import json
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from screening.followup.models import Reminder
from screening.followup.services import REMINDERS, alert_came_back, came_back, note_bounce, stop_by_number

SHORTEST_TOKEN = 32
# A message of Notify that did not arrive; "temporary" comes only after its own tries over three days.
NOT_ARRIVED = {
    ("email", "permanent-failure"): "bounced",
    ("sms", "permanent-failure"): "number_refused",
    ("sms", "temporary-failure"): "not_delivered",
}
# However it was lost, somebody has to hear of it: Notify itself does not try again.
LOST = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})
STOP = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "stop all"})


@csrf_exempt
@login_not_required
@require_POST
def delivered(request: HttpRequest) -> HttpResponse:
    """Told of every message of ours when its fate is known."""
    if not _is_notify(request):
        return HttpResponse(status=403)
    told, at = _told(request), timezone.now()
    status, named = str(told.get("status")), _id(told.get("reference"))
    if named and status in LOST:
        reminder, reason = _reminder(named), NOT_ARRIVED.get((str(told.get("notification_type")), status))
        if reminder is None:
            alert_came_back(alert_id=named, at=at)
        elif reason:
            note_bounce(reminder=reminder, reason=reason, by=REMINDERS, at=at)
        else:
            came_back(reminder=reminder, at=at)
    return HttpResponse(status=204)


@csrf_exempt
@login_not_required
@require_POST
def received(request: HttpRequest) -> HttpResponse:
    """Told of every text that somebody sends to our number."""
    if not _is_notify(request):
        return HttpResponse(status=403)
    told = _told(request)
    if str(told.get("message", "")).strip(" .!\"'").lower() in STOP:
        stop_by_number(number=str(told.get("source_number", ""))[:30], at=timezone.now())
    return HttpResponse(status=204)


def _is_notify(request: HttpRequest) -> bool:
    token = settings.NOTIFY_CALLBACK_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return len(token) >= SHORTEST_TOKEN and hmac.compare_digest(given.encode(), token.encode())


def _told(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _id(reference: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(reference))
    except ValueError:
        return None


def _reminder(named: uuid.UUID) -> Reminder | None:
    return Reminder.objects.select_related("case__site", "case__patient", "site").filter(pk=named).first()
