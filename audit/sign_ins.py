"""Signing in and out, in the trail.

Signals, against our habit: Django and allauth tell about it through nothing else. They only record;
what a session may do is decided in accounts.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.actors import Actor, ActorKind
from accounts.models import Membership, User
from accounts.selectors import memberships_of
from accounts.sessions import current_membership
from audit.events import Event
from audit.services import record

UNKNOWN = Actor(ActorKind.STAFF, label="Unknown person")


@receiver(user_logged_in, dispatch_uid="audit.signed_in")
def signed_in(sender: type, *, request: HttpRequest, user: User, **rest: Any) -> None:
    _record(Event.SIGNED_IN, request, user)


@receiver(user_logged_out, dispatch_uid="audit.signed_out")
def signed_out(sender: type, *, request: HttpRequest, user: User | None, **rest: Any) -> None:
    if user is None:
        return
    why = getattr(request, "session_ended", None)
    if why is None:
        _record(Event.SIGNED_OUT, request, user)
    else:
        _record(Event.SESSION_ENDED, request, user, why=str(why))


@receiver(user_login_failed, dispatch_uid="audit.sign_in_failed")
def sign_in_failed(
    sender: str, *, credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any
) -> None:
    # Never the address that was typed: people type passwords into the wrong box.
    typed = credentials.get("email") or ""
    user = User.objects.filter(email__iexact=typed).first() if typed else None
    _record(Event.SIGN_IN_FAILED, request, user)


@receiver(authentication_failed, dispatch_uid="audit.second_factor_failed")
def second_factor_failed(
    sender: type, *, request: HttpRequest, user: User, authenticator: Authenticator | None = None, **rest: Any
) -> None:
    _record(
        Event.SECOND_FACTOR_FAILED, request, user, kind="" if authenticator is None else authenticator.type
    )


@receiver(authenticator_added, dispatch_uid="audit.second_factor_added")
def second_factor_added(
    sender: type, *, request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any
) -> None:
    _record(Event.SECOND_FACTOR_ADDED, request, user, kind=authenticator.type)


@receiver(authenticator_removed, dispatch_uid="audit.second_factor_removed")
def second_factor_removed(
    sender: type, *, request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any
) -> None:
    _record(Event.SECOND_FACTOR_REMOVED, request, user, kind=authenticator.type)


@receiver(authenticator_reset, dispatch_uid="audit.second_factor_renewed")
def second_factor_renewed(
    sender: type, *, request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any
) -> None:
    _record(Event.SECOND_FACTOR_RENEWED, request, user, kind=authenticator.type)


@receiver(password_changed, dispatch_uid="audit.password_changed")
def changed_password(sender: type, *, request: HttpRequest, user: User, **rest: Any) -> None:
    _record(Event.PASSWORD_CHANGED, request, user)


@receiver(password_reset, dispatch_uid="audit.password_reset")
def reset_password(sender: type, *, request: HttpRequest, user: User, **rest: Any) -> None:
    _record(Event.PASSWORD_RESET, request, user)


def _record(event: Event, request: HttpRequest | None, user: User | None, **detail: str) -> None:
    """At the site the person works at, so that its administrator sees it."""
    membership = None if user is None else _membership(request, user)
    if membership is not None:
        actor = Actor.staff(membership)
    elif user is not None:
        actor = Actor(ActorKind.STAFF, label=user.name, user_id=user.pk)
    else:
        actor = UNKNOWN
    site = None if membership is None else membership.site
    record(event, by=actor, at=timezone.now(), site=site, detail=detail)


def _membership(request: HttpRequest | None, user: User) -> Membership | None:
    memberships = memberships_of(user)
    session = getattr(request, "session", None)
    if session is None:
        return memberships[0] if memberships else None
    return current_membership(session, memberships)
