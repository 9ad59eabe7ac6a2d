"""What staff typed when their session ended or something broke: given back to them, and to nobody else."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts import sessions
from accounts.models import Membership, Role
from screening.cases.models import Case
from screening.review import services
from screening.review.models import ReviewNote
from tests.factories.intake import submitted_case
from tests.factories.people import make_member, sign_in

NOTE = "Spoke to the person's daughter.\nThey sleep better since June."
ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def clock(db: None) -> time_machine.Traveller:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def case(clock: time_machine.Traveller) -> Case:
    return submitted_case(at=timezone.now())


@pytest.fixture
def member(case: Case) -> Membership:
    return make_member(Role.CLINICIAN, site=case.site)


@pytest.fixture
def browser(member: Membership) -> Client:
    return sign_in(Client(), member)


def sends(browser: Client, case: Case, text: str = NOTE, **headers: str) -> str:
    page = f"/staff/cases/{case.reference}/note/"
    answer = browser.post(page, {"text": text, "key": "0" * 32}, headers=headers or ORIGIN)
    if answer.status_code == 302:
        return f"sent to {answer.headers['Location']}"
    assert answer.status_code == 403
    assert "no-store" in answer.headers["Cache-Control"]
    return unescape(answer.content.decode()).replace("<br>", "\n")


def test_what_was_typed_when_the_session_ended_is_given_back(
    browser: Client, case: Case, clock: time_machine.Traveller
) -> None:
    clock.shift(sessions.IDLE)
    page = sends(browser, case)
    assert "You were signed out because you had not used the service for 15 minutes." in page
    assert NOTE in page
    assert f'href="/accounts/login/?next=/staff/cases/{case.reference}/note/"' in page
    assert case.reference not in page.replace(f"next=/staff/cases/{case.reference}/note/", "")
    assert not ReviewNote.objects.exists()


def test_it_is_given_back_too_where_another_page_heard_of_the_end_first(
    browser: Client, case: Case, clock: time_machine.Traveller
) -> None:
    clock.shift(sessions.IDLE)
    assert browser.get("/staff/worklist/").status_code == 302
    assert NOTE in sends(browser, case)


def test_a_page_with_nothing_typed_just_asks_to_sign_in(
    browser: Client, case: Case, clock: time_machine.Traveller
) -> None:
    clock.shift(sessions.IDLE)
    assert sends(browser, case, text="").startswith("sent to /accounts/login/")


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"X-Other": "none"}])
def test_what_another_site_sent_is_shown_to_nobody(
    browser: Client, case: Case, clock: time_machine.Traveller, headers: dict[str, str]
) -> None:
    clock.shift(sessions.IDLE)
    assert sends(browser, case, **headers).startswith("sent to /accounts/login/")


def test_who_signed_out_left_nothing_behind(browser: Client, case: Case) -> None:
    """A browser sends a page again to whoever goes back to it."""
    browser.post("/accounts/logout/")
    assert sends(browser, case).startswith("sent to /accounts/login/")


def test_a_password_is_never_given_back(browser: Client, clock: time_machine.Traveller) -> None:
    clock.shift(sessions.IDLE)
    typed = {"oldpassword": "My old phrase!", "password1": "My new phrase!", "password2": "My new phrase!"}
    answer = browser.post("/accounts/password/change/", typed, headers=ORIGIN)
    assert answer.status_code == 302


def strict(member: Membership) -> Client:
    return sign_in(Client(enforce_csrf_checks=True), member)


def test_a_page_from_before_the_sign_in_is_given_back_to_the_same_person(
    member: Membership, case: Case, clock: time_machine.Traveller
) -> None:
    browser = strict(member)
    clock.shift(sessions.IDLE)
    browser.get("/staff/worklist/")
    sign_in(browser, member)
    page = sends(browser, case)
    assert "This page is older than your sign-in" in page
    assert NOTE in page


def test_and_to_no_colleague(member: Membership, case: Case, clock: time_machine.Traveller) -> None:
    browser = strict(member)
    clock.shift(sessions.IDLE)
    browser.get("/staff/worklist/")
    sign_in(browser, make_member(Role.CLINICIAN, site=case.site))
    page = sends(browser, case)
    assert "This page is older than your sign-in" in page
    assert "daughter" not in page


@pytest.mark.parametrize(("fault", "status"), [(OperationalError, 503), (RuntimeError, 500)])
def test_when_something_breaks_staff_are_told_what_to_do_and_have_their_words(
    member: Membership, case: Case, monkeypatch: pytest.MonkeyPatch, fault: type[Exception], status: int
) -> None:
    def breaks(**_more: object) -> None:
        raise fault("out of reach")

    monkeypatch.setattr(services, "add_note", breaks)
    browser = sign_in(Client(raise_request_exception=False), member)
    form = browser.get(f"/staff/cases/{case.reference}/note/").context["form"]
    typed = {"text": NOTE, "key": form["key"].value()}
    answer = browser.post(f"/staff/cases/{case.reference}/note/", typed, headers=ORIGIN)
    page = unescape(answer.content.decode()).replace("<br>", "\n")
    assert answer.status_code == status
    assert NOTE in page
    assert "tell whoever runs this service" in page
    for patients in ("This form is not checked", "phone the clinic", "warning sign"):
        assert patients not in page


def test_a_form_that_staff_fill_in_for_somebody_is_given_back_as_ever(member: Membership) -> None:
    typed = {"other_health_text": "Asthma since they were a child.", "lock": "0"}
    answer = strict(member).post("/form/other-health/", typed, headers=ORIGIN)
    page = unescape(answer.content.decode())
    assert answer.status_code == 403
    assert "Your last answer was not saved" in page
    assert "Asthma since they were a child." in page


def test_who_presses_that_they_are_there_stays_signed_in(
    browser: Client, clock: time_machine.Traveller
) -> None:
    for _ in range(3):
        clock.shift(sessions.IDLE - dt.timedelta(minutes=1))
        assert browser.post("/staff/stay/").status_code == 204
    assert browser.get("/staff/worklist/").status_code == 200


def test_the_warning_comes_while_the_press_still_counts(browser: Client) -> None:
    """The last use may be older than the page by what is not written down each time."""
    page = browser.get("/staff/worklist/")
    clock = int(sessions.IDLE.total_seconds()) - int(sessions.TOUCH_EVERY.total_seconds())
    assert f'data-idle="{clock}" data-warning="300" data-lapsed="0"' in page.content.decode()
