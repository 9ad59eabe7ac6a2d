"""Signing in, failing to, and being signed out stand in the trail of the site."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts.models import Membership
from audit.models import AuditEvent
from tests.accounts.test_second_factor import code_for, give_password
from tests.factories.people import PASSWORD, add_second_factor, make_member, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]


@pytest.fixture
def member() -> Membership:
    return make_member()


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("event", flat=True))


def test_signing_in_and_out_leaves_two_rows(client: Client, member: Membership) -> None:
    secret = add_second_factor(member.user)
    give_password(client, member)
    assert events() == []  # a password alone is not signing in
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    signed_out = client.post("/accounts/logout/", follow=True)
    assert signed_out.redirect_chain == [("/accounts/login/", 302)]
    assert "You have signed out." in signed_out.content.decode()

    assert events() == ["signed_in", "signed_out"]
    row = AuditEvent.objects.get(event="signed_in")
    assert (row.user_id, row.site_id, row.role) == (member.user_id, member.site_id, "clinician")
    assert row.request_id


def test_a_wrong_password_is_told_to_the_site_without_what_was_typed(
    client: Client, member: Membership
) -> None:
    give_password(client, member, "not the password at all")
    row = AuditEvent.objects.get()
    assert (row.event, row.user_id, row.site_id) == ("sign_in_failed", member.user_id, member.site_id)
    assert "not the password" not in str(vars(row))
    assert member.user.email not in str(vars(row))


def test_an_unknown_address_is_told_without_the_address(client: Client) -> None:
    client.post("/accounts/login/", {"login": "nobody@example.org", "password": PASSWORD})
    row = AuditEvent.objects.get()
    assert (row.event, row.user_id, row.actor_label) == ("sign_in_failed", None, "Unknown person")
    assert "nobody@" not in str(vars(row))


def test_a_wrong_code_is_told(client: Client, member: Membership) -> None:
    secret = add_second_factor(member.user)
    give_password(client, member)
    client.post("/accounts/2fa/authenticate/", {"code": f"{(int(code_for(secret)) + 1) % 1_000_000:06}"})
    assert events() == ["second_factor_failed"]


def test_a_session_that_was_ended_says_why(client: Client, member: Membership) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False) as clock:
        sign_in(client, member)
        clock.shift(dt.timedelta(minutes=20))
        client.get("/staff/")
    assert events() == ["signed_in", "session_ended"]
    assert AuditEvent.objects.get(event="session_ended").detail == {"why": "idle"}


def test_a_changed_password_is_told(client: Client, member: Membership) -> None:
    sign_in(client, member)
    new = "a very different long phrase"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert "password_changed" in events()
