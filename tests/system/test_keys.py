"""Lists read all day by keyboard: keys of one letter, and a list that is refreshed where one is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Site
from screening.cases.models import Case
from tests.factories.intake import submitted_case
from tests.factories.people import make_member
from tests.factories.review import Clinician
from tests.system.walker import Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
LIST = "/staff/worklist/"


@pytest.fixture
def cases(clinic: Site) -> list[Case]:
    """Three, in the order of the list."""
    now = timezone.now()
    return [submitted_case(clinic, at=now - dt.timedelta(hours=hours)) for hours in (72, 48, 24)]


def at(person: Staff, case: Case) -> None:
    expect(person.page.locator(f"a[href='/staff/cases/{case.reference}/']")).to_be_focused()


def test_a_list_is_walked_and_opened_by_keys(
    staff: Callable[..., Staff], clinic: Site, cases: list[Case]
) -> None:
    ana = staff(make_member(site=clinic))
    ana.goes_to(LIST)
    ana.looks("worklist-three")
    keys = ana.page.keyboard
    keys.press("j")
    at(ana, cases[0])
    keys.press("j")
    at(ana, cases[1])
    keys.press("k")
    keys.press("k")
    at(ana, cases[0])
    with ana.page.expect_navigation():
        keys.press("Enter")
    assert ana.path == f"/staff/cases/{cases[0].reference}/"
    for pressed, view in (("m", "mine"), ("f", "unclaimed"), ("s", "second")):
        keys.press("g")
        with ana.page.expect_navigation():
            keys.press(pressed)
        assert ana.page.url.endswith(f"?view={view}")


def test_the_keys_are_shown_where_one_is_and_closed_by_escape(
    staff: Callable[..., Staff], clinic: Site, cases: list[Case]
) -> None:
    ana = staff(make_member(site=clinic))
    ana.goes_to(LIST)
    ana.page.keyboard.press("j")
    ana.page.keyboard.press("?")
    expect(ana.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    ana.looks("keys-dialog")
    ana.page.keyboard.press("j")  # not while it is open
    ana.page.keyboard.press("Escape")
    expect(ana.page.get_by_role("dialog")).to_be_hidden()
    at(ana, cases[0])


def test_what_is_typed_in_a_box_stays_there(
    staff: Callable[..., Staff], clinic: Site, cases: list[Case]
) -> None:
    ana = staff(make_member(site=clinic))
    ana.goes_to(LIST)
    ana.page.keyboard.press("/")
    box = ana.page.locator("#header-search")
    expect(box).to_be_focused()
    ana.page.keyboard.type("gwj?/")
    expect(box).to_have_value("gwj?/")
    assert ana.path == LIST
    expect(ana.page.get_by_role("dialog")).to_be_hidden()
    ana.page.keyboard.press("Enter")
    ana.reads("No case found")
    ana.looks("search-by-keyboard")


def test_switched_off_no_key_does_anything(
    staff: Callable[..., Staff], clinic: Site, cases: list[Case]
) -> None:
    ana = staff(make_member(site=clinic))
    ana.goes_to(LIST)
    ana.follows("Keyboard shortcuts")
    ana.looks("keys-on")
    ana.fills({"keys": "off"})
    ana.presses("Save")
    ana.reads("The keys are switched off in this browser.")
    ana.looks("keys-off")
    ana.goes_to(LIST)
    for key in ("j", "?", "g", "m", "/"):
        ana.page.keyboard.press(key)
    assert ana.page.url.endswith(LIST)
    expect(ana.page.locator("body")).to_be_focused()


def test_an_open_list_says_that_it_changed_and_is_refreshed_without_losing_the_place(
    staff: Callable[..., Staff], clinic: Site, cases: list[Case]
) -> None:
    ana = staff(make_member(site=clinic))
    ana.page.clock.install()
    ana.goes_to(LIST)
    ana.page.keyboard.press("j")
    ana.page.keyboard.press("j")
    news = ana.page.get_by_role("status").filter(has_text="changed")
    ana.page.clock.run_for(61_000)
    expect(news).to_have_count(0)
    Clinician.at(clinic).takes(cases[2], at=timezone.now())
    submitted_case(clinic, at=timezone.now())
    ana.page.clock.run_for(61_000)
    expect(news).to_have_text("2 cases changed since you opened this list.")
    expect(ana.page.locator(".worklist tbody tr")).to_have_count(3)  # nothing moves under a finger
    ana.looks("worklist-changed")
    at(ana, cases[1])
    ana.page.keyboard.press("r")
    expect(ana.page.locator(".worklist tbody tr")).to_have_count(4)
    at(ana, cases[1])
    expect(news).to_have_count(0)
    # Pressed as a link it does the same, and stays where it is
    link = ana.page.get_by_role("link", name="Refresh")
    link.press("Enter")
    expect(link).to_be_focused()
    expect(ana.page).to_have_url(re.compile(re.escape(LIST)))


def test_a_list_of_somebody_who_was_signed_out_leads_to_signing_in(
    staff: Callable[..., Staff], clinic: Site, cases: list[Case]
) -> None:
    ana = staff(make_member(site=clinic))
    ana.goes_to(LIST)
    ana.context.clear_cookies(name="session")
    with ana.page.expect_navigation():
        ana.page.keyboard.press("r")
    assert ana.path.startswith("/accounts/login/")
