"""Sites, people, and a browser that somebody has signed in with, second factor and all."""

from __future__ import annotations

import itertools
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts import sessions
from accounts.models import Membership, Role, Site, User

PASSWORD = "a long enough phrase for tests"
_numbers = itertools.count(1)


def make_site(**changes: Any) -> Site:
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"site-{number}",
        "name": f"Site {number}",
        "neutral_sender": f"Clinic {number}",
        "phone": "020 7946 0000",
        "duty_email": f"duty{number}@example.org",
        "is_fictional": True,
    }
    return Site.objects.create(**{**values, **changes})


def make_person(**changes: Any) -> User:
    number = next(_numbers)
    values = {"email": f"person{number}@example.org", "name": f"Person {number}", "password": PASSWORD}
    return User.objects.create_user(**{**values, **changes})


def make_member(
    role: Role = Role.CLINICIAN, *, site: Site | None = None, user: User | None = None, **changes: Any
) -> Membership:
    return Membership.objects.create(
        user=user or make_person(), site=site or make_site(), role=role, **changes
    )


def add_second_factor(user: User) -> str:
    """Set up codes for this person; returns the secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def sign_in(client: Client, membership: Membership) -> Client:
    """As after a password and a code. The pages of signing in themselves have tests of their own."""
    user = membership.user
    if not Authenticator.objects.filter(user=user).exists():
        add_second_factor(user)
    client.force_login(user)
    session = client.session
    sessions.note_second_factor(session, user)
    sessions.choose_site(session, membership)
    session.save()
    return client
