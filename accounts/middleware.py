"""Who is asking: puts staff on the request, ends sessions that are over, insists on a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts import sessions
from accounts.actors import Actor
from accounts.selectors import memberships_of
from accounts.sessions import Ended

SIGNING = frozenset({"account_login", "account_logout"})
# A page that asks by itself whether it is out of date says so: nobody is sitting there because of that.
UNATTENDED = "X-Unattended"
# Where a second factor is set up, by somebody who has none yet.
SET_UP = "mfa_activate_totp"
SETTING_UP = frozenset({SET_UP, "mfa_add_webauthn", "account_reauthenticate"})


class StaffMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        request.membership = None  # type: ignore[attr-defined]
        request.works_elsewhere = False  # type: ignore[attr-defined]
        request.site = None  # type: ignore[assignment]
        user = request.user
        if user.is_authenticated:
            now = timezone.now()
            memberships = memberships_of(user)
            ended = sessions.why_ended(request.session, user=user, memberships=memberships, at=now)
            if ended is not None:
                self.end(request, ended)
            elif sessions.has_second_factor(request.session, user):
                if UNATTENDED not in request.headers:
                    sessions.touch(request.session, at=now)
                membership = sessions.current_membership(request.session, memberships)
                if membership is not None:
                    request.membership = membership  # type: ignore[attr-defined]
                    request.works_elsewhere = len(memberships) > 1  # type: ignore[attr-defined]
                    request.site = membership.site  # type: ignore[assignment]
                    request.actor = Actor.staff(membership)  # type: ignore[attr-defined]
                    _say_times(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Runs after SignInMiddleware: who comes here is signed in, or the page is public."""
        user = request.user
        if not user.is_authenticated or sessions.has_second_factor(request.session, user):
            return None
        if not getattr(view, "login_required", True):
            return None
        route = "" if request.resolver_match is None else request.resolver_match.view_name
        if route in SIGNING:
            return None
        if is_mfa_enabled(user):
            # This session began before the second factor was set up in another one. Whoever sits here
            # has shown a password and nothing else, and must not add a second factor of their own.
            self.end(request, Ended.NO_SECOND_FACTOR)
            return redirect_to_login(request.get_full_path())
        return None if route in SETTING_UP else redirect(SET_UP)

    def end(self, request: HttpRequest, why: Ended) -> None:
        """Sign out. SignInMiddleware then asks to sign in, and comes back to the page."""
        request.session_ended = why  # type: ignore[attr-defined]  # the trail says why
        user = request.user
        logout(request)
        sessions.remember_ended(request.session, user)
        messages.info(request, str(sessions.SENTENCES[why]), fail_silently=True)


def _say_times(request: HttpRequest) -> None:
    """What the page counts down, when scripts run: not every use is written, so the last may be older."""
    idle = sessions.IDLE - sessions.TOUCH_EVERY
    request.staff_idle_seconds = int(idle.total_seconds())  # type: ignore[attr-defined]
    request.staff_warning_seconds = int(sessions.WARNING.total_seconds())  # type: ignore[attr-defined]
