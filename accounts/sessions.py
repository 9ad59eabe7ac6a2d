"""How long somebody stays signed in, and what ends it at once.

A session remembers when it began, when it was last used, how the person stood then (their stamp, and
what they are at which site), and whether a second factor was shown in it. The middleware asks on each
request; nothing a browser sends can lengthen any of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import TypedDict, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User

IDLE = dt.timedelta(minutes=15)
ABSOLUTE = dt.timedelta(hours=10)
# So long before that end the page asks whether anybody is there (WCAG 2.2, 2.2.1).
WARNING = dt.timedelta(minutes=5)
# Written at most this often, so that a page is not one more write; the idle limit may come this much early.
TOUCH_EVERY = dt.timedelta(seconds=30)

BEGUN = "staff"
SECOND_FACTOR = "staff_second_factor"
SITE = "staff_site"
ENDED = "staff_ended"


class Begun(TypedDict):
    began: float
    used: float
    standing: list[list[str | int]]


class Ended(StrEnum):
    UNKNOWN = "unknown"
    IDLE = "idle"
    TOO_LONG = "too_long"
    CHANGED = "changed"
    NO_ACCESS = "no_access"
    NO_SECOND_FACTOR = "no_second_factor"


SENTENCES: dict[Ended, Promise] = {
    Ended.UNKNOWN: _("Sign in again."),
    Ended.IDLE: _("You were signed out because you had not used the service for 15 minutes."),
    Ended.TOO_LONG: _("You were signed out because you had been signed in for 10 hours."),
    Ended.CHANGED: _("You were signed out because your access has changed. Sign in again."),
    Ended.NO_ACCESS: _("You have no access to any site. Ask your administrator."),
    Ended.NO_SECOND_FACTOR: _("Sign in again, with your second step."),
}


def standing(user: User, memberships: Sequence[Membership]) -> list[list[str | int]]:
    """How a person stands. Any change of it ends their sessions, whoever made it and however."""
    places: list[list[str | int]] = [[each.role, each.site_id] for each in memberships]
    return [["stamp", user.role_stamp], *sorted(places, key=str)]


def begin(session: SessionBase, *, user: User, memberships: Sequence[Membership], at: dt.datetime) -> None:
    if session.get(ENDED) != user.pk:
        session.pop(ENDED, None)
    now = at.timestamp()
    session[BEGUN] = Begun(began=now, used=now, standing=standing(user, memberships))


def why_ended(
    session: SessionBase, *, user: User, memberships: Sequence[Membership], at: dt.datetime
) -> Ended | None:
    """Why this session is over, or None. A session that never began properly is over too."""
    begun = cast("Begun | None", session.get(BEGUN))
    if begun is None:
        return Ended.UNKNOWN
    now = at.timestamp()
    if now - begun["began"] >= ABSOLUTE.total_seconds() or now < begun["began"]:
        return Ended.TOO_LONG
    if now - begun["used"] >= IDLE.total_seconds():
        return Ended.IDLE
    if not memberships:
        return Ended.NO_ACCESS
    if begun["standing"] != standing(user, memberships):
        return Ended.CHANGED
    return None


def remember_ended(session: SessionBase, user: User | AnonymousUser) -> None:
    """This browser's session of that person ended by itself: what they had typed is still theirs."""
    session[ENDED] = user.pk


def has_ended(session: SessionBase) -> bool:
    """Whether the last session here ended by itself, and nobody signed in since but the same person."""
    return ENDED in session


def touch(session: SessionBase, *, at: dt.datetime) -> None:
    begun = cast("Begun", session[BEGUN])
    if at.timestamp() - begun["used"] >= TOUCH_EVERY.total_seconds():
        session[BEGUN] = {**begun, "used": at.timestamp()}


def note_second_factor(session: SessionBase, user: User) -> None:
    """This browser has shown a second factor of this person, or has just set one up."""
    session[SECOND_FACTOR] = user.pk


def has_second_factor(session: SessionBase, user: User) -> bool:
    return session.get(SECOND_FACTOR) == user.pk


def choose_site(session: SessionBase, membership: Membership) -> None:
    session[SITE] = membership.site_id


def current_membership(session: SessionBase, memberships: Sequence[Membership]) -> Membership | None:
    """The membership the person works under now: the chosen site's, else the first by name of site."""
    for membership in memberships:
        if membership.site_id == session.get(SITE):
            return membership
    return memberships[0] if memberships else None
