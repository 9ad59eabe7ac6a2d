"""The warning that the form is about to close, in a real browser whose clock runs ahead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Site
from tests.factories.intake import draft, enter

pytestmark = pytest.mark.system


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, clinic: Site) -> Iterator[Page]:
    """A page of a form, in a browser whose clock stands still until it is told to run."""
    client = enter(Client(), draft(clinic, at=timezone.now()), at=timezone.now())
    context = browser.new_context(viewport={"width": 320, "height": 640})
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in client.cookies.items()
        ]
    )
    page = context.new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/form/rf-saddle/")
    yield page
    context.close()


def test_five_minutes_before_the_end_a_button_to_stay_takes_the_focus_and_gives_it_back(page: Page) -> None:
    choice = page.get_by_label("Not sure")
    choice.check()
    dialog = page.get_by_role("alertdialog")
    page.clock.fast_forward("24:50")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("00:20")
    expect(dialog).to_be_visible()
    stay = dialog.get_by_role("button", name="I am still here")
    expect(stay).to_be_focused()
    expect(dialog).to_contain_text("4 minutes left")
    with page.expect_response("**/form/stay/") as answer:
        stay.press("Enter")
    assert answer.value.status == 204
    expect(dialog).to_be_hidden()
    expect(choice).to_be_focused()
    expect(choice).to_be_checked()
    page.clock.fast_forward("24:50")
    expect(dialog).to_be_hidden()


def test_when_the_time_is_over_the_page_says_so_and_keeps_what_was_typed(page: Page) -> None:
    page.get_by_label("Not sure").check()
    page.clock.fast_forward("30:01")
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Your time ran out")
    dialog.get_by_role("button", name="Go back to the page").click()
    expect(page.get_by_label("Not sure")).to_be_checked()


def test_when_a_date_of_birth_opens_the_form_no_more_the_page_says_to_copy_what_was_typed(page: Page) -> None:
    page.clock.fast_forward("30:01")
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("we ask for your date of birth, then we save it")
    dialog.get_by_role("button", name="Go back to the page").click()
    page.clock.fast_forward("02:00:00")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("it cannot be saved from here any more. Copy it first.")
    expect(dialog).not_to_contain_text("date of birth")


def test_a_page_whose_form_was_left_in_another_tab_says_that_it_cannot_be_saved(page: Page) -> None:
    page.evaluate(
        "() => { window.heard = new Promise((done) => {"
        " window.ear = new BroadcastChannel('stay'); window.ear.onmessage = () => done(true) }) }"
    )
    other = page.context.new_page()
    other.goto(page.url.replace("/form/rf-saddle/", "/form/leave/"))
    page.evaluate("window.heard")  # what the other tab says as it opens would take the warning back
    other.get_by_role("button", name="Leave the form").click()
    expect(other.get_by_role("heading", name="You have left the form")).to_be_visible()
    page.clock.fast_forward("26:00")
    page.get_by_role("button", name="I am still here").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("Copy it first")


def test_a_page_saved_in_another_tab_takes_back_that_the_time_ran_out(page: Page) -> None:
    page.clock.fast_forward("30:01")
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Your time ran out")
    other = page.context.new_page()
    other.goto(page.url)
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("26:00")
    expect(dialog.get_by_role("button", name="I am still here")).to_be_visible()
