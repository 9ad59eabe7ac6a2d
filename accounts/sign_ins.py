"""What starts a session and what proves a second factor.

Signals, against our habit: allauth and Django tell about signing in through nothing else, and a
receiver catches every way of signing in, those of later versions too.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import sessions
from accounts.models import User
from accounts.selectors import memberships_of


@receiver(user_logged_in, dispatch_uid="accounts.begin")
def begin_session(sender: type, *, request: HttpRequest, user: User, **rest: Any) -> None:
    # From the database: the object may be older than the last change of what the person is.
    user.refresh_from_db(fields=["role_stamp"])
    sessions.begin(request.session, user=user, memberships=memberships_of(user), at=timezone.now())


@receiver([authenticator_used, authenticator_added], dispatch_uid="accounts.second_factor")
def note_second_factor(
    sender: type, *, request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any
) -> None:
    sessions.note_second_factor(request.session, user)
