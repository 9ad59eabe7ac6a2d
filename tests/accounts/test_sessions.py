"""How long a session lasts and what ends it at once."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db.models import F
from django.test import Client

from accounts import sessions
from accounts.models import Membership, Role, User
from tests.factories.people import make_member, make_person, make_site, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

START = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
HOME = "/staff/"


def signed_in(response) -> bool:
    if response.status_code == 302:
        assert response.url.startswith("/accounts/login/")
        return False
    assert response.status_code == 200
    return True


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def member(clock) -> Membership:
    return make_member()


@pytest.fixture
def browser(client: Client, member: Membership) -> Client:
    return sign_in(client, member)


def test_a_page_knows_who_asks_and_for_which_site(browser: Client, member: Membership) -> None:
    assert browser.get(HOME).content.decode() == f"{member.user.name} at {member.site.name}"


@pytest.mark.parametrize(("minutes", "stays"), [(14, True), (15, False), (16, False)])
def test_fifteen_idle_minutes_end_a_session(browser: Client, clock, minutes: int, stays: bool) -> None:
    clock.shift(dt.timedelta(minutes=minutes))
    assert signed_in(browser.get(HOME)) is stays


def test_use_keeps_a_session_open(browser: Client, clock) -> None:
    for _ in range(6):
        clock.shift(dt.timedelta(minutes=14))
        assert signed_in(browser.get(HOME))


def test_ten_hours_end_a_session_however_busy(browser: Client, clock) -> None:
    for _ in range(59):
        clock.shift(dt.timedelta(minutes=10))
        assert signed_in(browser.get(HOME))
    clock.shift(dt.timedelta(minutes=10))
    assert not signed_in(browser.get(HOME))


def test_nothing_a_browser_sends_lengthens_a_session(browser: Client, clock) -> None:
    clock.shift(dt.timedelta(minutes=16))
    response = browser.post(
        f"{HOME}?remember=1&extend=1", {"remember": "on", "used": "9999999999"}, headers={"X-Keep": "1"}
    )
    assert not signed_in(response)
    assert not signed_in(browser.get(HOME))


def test_pages_that_do_not_exist_still_count_against_an_ended_session(browser: Client, clock) -> None:
    clock.shift(dt.timedelta(minutes=16))
    browser.get("/nowhere/")
    clock.move_to(START)
    assert not signed_in(browser.get(HOME))


def test_a_clock_set_back_ends_a_session(browser: Client, clock) -> None:
    clock.shift(dt.timedelta(hours=-1))
    assert not signed_in(browser.get(HOME))


def test_the_reason_is_told_at_the_next_page(browser: Client, clock) -> None:
    clock.shift(dt.timedelta(minutes=20))
    response = browser.get("/public/")
    told = [str(message) for message in response.wsgi_request._messages]
    assert told == [str(sessions.SENTENCES[sessions.Ended.IDLE])]


def deactivate_person(member: Membership) -> None:
    User.objects.filter(pk=member.user_id).update(is_active=False)


def deactivate_membership(member: Membership) -> None:
    Membership.objects.filter(pk=member.pk).update(active=False)


def change_role(member: Membership) -> None:
    Membership.objects.filter(pk=member.pk).update(role=Role.ADMINISTRATOR)


def raise_stamp(member: Membership) -> None:
    User.objects.filter(pk=member.user_id).update(role_stamp=F("role_stamp") + 1)


def add_another_site(member: Membership) -> None:
    make_member(Role.ADMINISTRATOR, user=member.user)


def change_password(member: Membership) -> None:
    member.user.set_password("another long enough phrase")
    member.user.save(update_fields=["password"])


@pytest.mark.parametrize(
    "change",
    [
        deactivate_person,
        deactivate_membership,
        change_role,
        raise_stamp,
        add_another_site,
        change_password,
    ],
)
def test_a_change_of_what_somebody_is_ends_the_session_at_the_next_request(
    browser: Client, member: Membership, change
) -> None:
    assert signed_in(browser.get(HOME))
    change(member)
    assert not signed_in(browser.get(HOME))


def test_an_ended_session_does_not_come_back(browser: Client, member: Membership) -> None:
    Membership.objects.filter(pk=member.pk).update(active=False)
    browser.get(HOME)
    Membership.objects.filter(pk=member.pk).update(active=True)
    assert not signed_in(browser.get(HOME))


def test_a_change_of_another_person_disturbs_nobody(browser: Client) -> None:
    change_role(make_member())
    assert signed_in(browser.get(HOME))


def test_somebody_without_a_site_gets_no_further(client: Client, clock) -> None:
    member = make_member(active=False)
    sign_in(client, member)
    assert not signed_in(client.get(HOME))


def test_the_session_key_changes_at_sign_in(client: Client, member: Membership) -> None:
    client.get("/public/")
    session = client.session
    session["kept"] = True
    session.save()
    before = client.session.session_key
    sign_in(client, member)
    assert client.session.session_key != before


def test_somebody_with_two_sites_works_at_one_and_can_go_to_the_other(client: Client, clock) -> None:
    user = make_person()
    north = make_member(Role.CLINICIAN, site=make_site(name="A North"), user=user)
    south = make_member(Role.ADMINISTRATOR, site=make_site(name="B South"), user=user)
    stranger = make_member(site=make_site(name="C Elsewhere"))
    sign_in(client, north)

    assert "A North" in client.get(HOME).content.decode()
    assert client.get("/staff/case/").status_code == 200
    assert client.post("/staff/site/", {"site": south.site_id}).status_code == 302
    assert "B South" in client.get(HOME).content.decode()
    assert client.get("/staff/case/").status_code == 403  # another role there

    refused = client.post("/staff/site/", {"site": stranger.site_id})
    assert refused.status_code == 422
    assert "C Elsewhere" not in refused.content.decode()
    assert "B South" in client.get(HOME).content.decode()
