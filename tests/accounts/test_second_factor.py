"""Nobody of the staff goes anywhere with a password alone."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.middleware import SETTING_UP, SIGNING
from accounts.models import Membership, Role
from tests.factories.people import PASSWORD, add_second_factor, make_member, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

HOME = "/staff/"
SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture
def member() -> Membership:
    return make_member()


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def give_password(client: Client, member: Membership, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": member.user.email, "password": password})


def routes(patterns=None, prefix=""):
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, prefix)
        elif isinstance(each, URLPattern) and each.name:
            yield each


def test_a_password_and_a_code_open_the_door(client: Client, member: Membership) -> None:
    secret = add_second_factor(member.user)

    asked = give_password(client, member)
    assert asked.url == "/accounts/2fa/authenticate/"
    assert client.get(HOME).status_code == 302
    done = client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})

    assert done.url == HOME
    assert client.get(HOME).content.decode() == f"{member.user.name} at {member.site.name}"


def test_a_wrong_code_opens_nothing(client: Client, member: Membership) -> None:
    secret = add_second_factor(member.user)
    give_password(client, member)
    wrong = f"{(int(code_for(secret)) + 1) % 1_000_000:06}"

    assert client.post("/accounts/2fa/authenticate/", {"code": wrong}).status_code == 200
    assert client.get(HOME).url.startswith("/accounts/login/")


def test_the_address_may_be_typed_in_capitals(client: Client, member: Membership) -> None:
    add_second_factor(member.user)
    response = client.post("/accounts/login/", {"login": member.user.email.upper(), "password": PASSWORD})
    assert response.url == "/accounts/2fa/authenticate/"


def test_somebody_without_a_second_factor_is_sent_to_set_one_up(client: Client, member: Membership) -> None:
    give_password(client, member)
    assert client.get(HOME).url == SET_UP
    assert client.post("/staff/site/", {"site": member.site_id}).url == SET_UP


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_second_factor_opens_the_door(client: Client, member: Membership) -> None:
    give_password(client, member)
    asked = client.get(SET_UP)
    assert asked.url.startswith("/accounts/reauthenticate/")
    assert client.post(asked.url, {"password": PASSWORD}).url == SET_UP
    page = client.get(SET_UP)
    secret = page.context["form"].secret

    client.post(SET_UP, {"code": code_for(secret)})

    assert client.get(HOME).content.decode() == f"{member.user.name} at {member.site.name}"
    assert {each.type for each in Authenticator.objects.filter(user=member.user)} == {
        "totp",
        "recovery_codes",
    }


@pytest.mark.parametrize("route", sorted(SETTING_UP | {"staff-home", "mfa_index", "account_change_password"}))
def test_a_session_from_before_the_second_factor_is_worth_nothing_after(
    client: Client, member: Membership, route: str
) -> None:
    give_password(client, member)
    assert client.get(HOME).url == SET_UP
    add_second_factor(member.user)  # in another browser

    assert client.get(reverse(route)).url.startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_every_route_but_signing_in_and_setting_up_wants_a_second_factor(
    client: Client, member: Membership
) -> None:
    client.force_login(member.user)
    swept, opened = [], set()
    for route in routes():
        if route.name == "account_logout":
            continue
        arguments = {"uidb36": "1", "key": "a-b"} if route.name == "account_reset_password_from_key" else {}
        if route.name in {"mfa_remove_webauthn", "mfa_edit_webauthn"}:
            arguments = {"pk": 1}
        swept.append(route.name)
        if getattr(route.callback, "login_required", True):
            response = client.get(reverse(route.name, kwargs=arguments))
            if response.status_code != 302 or response.url != SET_UP:
                opened.add(route.name)
    assert len(swept) > 15
    assert opened <= SIGNING | SETTING_UP
    assert {"staff-home", "case", "mfa_index", "account_change_password"} <= set(swept) - opened


def test_a_public_page_stays_public_and_knows_nobody(client: Client, member: Membership) -> None:
    client.force_login(member.user)
    assert client.get("/public/").content.decode() == "public, actor None"


def test_a_page_for_staff_asks_a_stranger_to_sign_in(client: Client) -> None:
    assert client.get("/staff/case/").url == "/accounts/login/?next=/staff/case/"


def test_a_page_one_may_not_see_says_why(client: Client) -> None:
    sign_in(client, make_member(Role.ADMINISTRATOR))
    response = client.get("/staff/case/")
    assert response.status_code == 403
    assert "Your role, administrator, may not open a case." in response.content.decode()


def test_nobody_can_sign_up(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404


def test_an_unknown_address_and_a_wrong_password_look_the_same(client: Client, member: Membership) -> None:
    wrong = give_password(client, member, "not the password at all")
    unknown = client.post("/accounts/login/", {"login": "nobody@example.org", "password": "not the password"})

    def said(response) -> list[str]:
        return list(response.context["form"].non_field_errors())

    assert said(wrong)
    assert said(wrong) == said(unknown)


def test_five_wrong_passwords_make_one_wait(client: Client, member: Membership) -> None:
    add_second_factor(member.user)
    for _ in range(6):
        give_password(client, member, "not the password at all")
    assert give_password(client, member).status_code == 200


def test_a_secret_is_stored_encrypted(member: Membership) -> None:
    secret = add_second_factor(member.user)
    stored = Authenticator.objects.get(user=member.user)
    assert secret not in str(stored.data)
    assert TOTP(stored).validate_code(code_for(secret))


def test_the_last_second_factor_stays(client: Client, member: Membership) -> None:
    sign_in(client, member)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=member.user, type="totp").exists()


def test_a_new_password_needs_twelve_characters(client: Client, member: Membership) -> None:
    sign_in(client, member)
    for weak in ("elevenchars", "password1234", member.user.email):
        response = client.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        )
        assert response.status_code == 200, weak
        assert response.context["form"].errors
