"""The session of somebody who fills in a form: short, renewed at the door, and holding no answers."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.http import HttpRequest

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Response
from screening.intake.models import Entered

SESSION_KEY = "intake"
LEFT_KEY = "left"
IDLE = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
# The page says so this long before the time runs out, with a button to stay.
WARNING = dt.timedelta(minutes=5)
# For so long after its time ran out the same browser comes back with the date of birth alone.
LAPSED_FOR = dt.timedelta(hours=2)
WRONG_DATES = 5
# Writing the time at every request would cost a statement each; a minute is exact enough.
TOUCH_AFTER = dt.timedelta(minutes=1)


class PatientRequest(HttpRequest):
    """A request that belongs to a form. Made by the middleware, promised by `patient_required`."""

    intake: Response
    lapsed: Response | None
    entering: Entered | None
    actor: Actor
    site: Site
    arrived_at: dt.datetime


def enter(request: HttpRequest, response: Response, *, at: dt.datetime, staff: int | None = None) -> None:
    """Begin: a new session key, so that nobody who knew the old one comes along.

    `staff` is the user id of the member of staff who fills in the form for the patient.
    """
    request.session.cycle_key()
    request.session.pop(LEFT_KEY, None)
    request.session[SESSION_KEY] = {
        "response": str(response.pk),
        "since": at.isoformat(),
        "at": at.isoformat(),
        "advice": [],
        "wrong": 0,
        "staff": staff,
    }


def come_back(request: HttpRequest, *, at: dt.datetime) -> None:
    """Go on after the time ran out, where it was: in the same form, a later one too, whoever fills it in."""
    kept: dict[str, Any] = request.session[SESSION_KEY]
    request.session.cycle_key()
    request.session[SESSION_KEY] = {**kept, "since": at.isoformat(), "at": at.isoformat(), "wrong": 0}


def staff_of(request: HttpRequest) -> int | None:
    """The user id of who fills in this form for a patient; None when the patient does."""
    kept: dict[str, Any] = request.session.get(SESSION_KEY) or {}
    return kept.get("staff")


def leave(request: HttpRequest) -> None:
    """End the form here. Whoever is signed in as staff in this browser stays signed in."""
    if request.user.is_authenticated:
        request.session.pop(SESSION_KEY, None)
        request.session.cycle_key()
    else:
        request.session.flush()
    request.session[LEFT_KEY] = True


def has_left(request: HttpRequest) -> bool:
    """Somebody ended a form here and none was opened since: somebody else may sit before it now."""
    return bool(request.session.get(LEFT_KEY))


def current(request: HttpRequest, *, at: dt.datetime) -> Response | None:
    """The form of this session, unless its time has run out."""
    kept: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if kept is None or _is_over(kept, at):
        return None
    if at - _time(kept, "at") > TOUCH_AFTER:
        request.session[SESSION_KEY] = {**kept, "at": at.isoformat()}
    return _form_of(kept)


def lapsed(request: HttpRequest, *, at: dt.datetime) -> Response | None:
    """The form whose time ran out in this browser a short while ago: opens again with one fact."""
    kept: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if kept is None or not _is_over(kept, at):
        return None
    if at - _time(kept, "at") > IDLE + LAPSED_FOR or kept.get("wrong", 0) >= WRONG_DATES:
        request.session.pop(SESSION_KEY)
        return None
    return _form_of(kept)


def turn_to(request: HttpRequest, later: Response) -> None:
    """From now on the pages of the form are those of a later form of the same person."""
    request.session[SESSION_KEY] = {**request.session[SESSION_KEY], "later": str(later.pk)}


def turned_to(request: HttpRequest, first: Response) -> Response | None:
    """The later form that this session fills in, if it does; never one of another case."""
    kept: dict[str, Any] = request.session.get(SESSION_KEY) or {}
    if not kept.get("later"):
        return None
    later = _form_of({"response": kept["later"]})
    return later if later is not None and later.case_id == first.case_id else None


def count_wrong_date(request: HttpRequest) -> None:
    kept = request.session[SESSION_KEY]
    request.session[SESSION_KEY] = {**kept, "wrong": kept.get("wrong", 0) + 1}


def _is_over(kept: dict[str, Any], at: dt.datetime) -> bool:
    return at - _time(kept, "at") > IDLE or at - _time(kept, "since") > ABSOLUTE


def _time(kept: dict[str, Any], name: str) -> dt.datetime:
    return dt.datetime.fromisoformat(kept[name])


def _form_of(kept: dict[str, Any]) -> Response | None:
    return (
        Response.objects.select_related("case", "patient", "site", "version")
        .defer("version__content")
        .filter(pk=kept["response"])
        .first()
    )


def advice_to_show(request: HttpRequest) -> list[str]:
    """Advice that the last save called for, besides what unread red flags call for."""
    return list(request.session[SESSION_KEY].get("advice", []))


def remember_advice(request: HttpRequest, keys: list[str]) -> None:
    request.session[SESSION_KEY] = {**request.session[SESSION_KEY], "advice": keys}


def session_hash(request: HttpRequest) -> str:
    """Evidence of the session that agreed to something, without its key."""
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()
