"""Staff are told before they are signed out; what they typed by then is theirs to copy. In a real browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, expect

from accounts import sessions
from accounts.models import Role, Site
from tests.chaos.processes import until
from tests.factories.intake import submitted_case
from tests.factories.people import make_member
from tests.system.walker import Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
WORDS = "Spoke to their daughter.\nSleeps better since June."


@pytest.fixture
def writing(staff: Callable[..., Staff], clinic: Site) -> Staff:
    """A clinician who writes a note, with a clock that stands still until it is told to run."""
    case = submitted_case(clinic, at=timezone.now())
    clinician = staff(make_member(Role.CLINICIAN, site=clinic))
    clinician.page.clock.install()
    clinician.goes_to(f"/staff/cases/{case.reference}/note/")
    clinician.page.get_by_role("textbox", name="Note").fill(WORDS)
    return clinician


def test_who_is_typing_is_not_asked_and_stays(writing: Staff) -> None:
    note = writing.page.get_by_role("textbox", name="Note")
    writing.page.clock.fast_forward("09:00")
    note.press_sequentially(" And")
    with writing.page.expect_response("**/staff/stay/") as answer:
        writing.page.clock.fast_forward("00:35")
    assert answer.value.status == 204
    expect(writing.page.get_by_role("alertdialog")).to_be_hidden()
    writing.page.clock.fast_forward("09:35")
    expect(writing.page.get_by_role("alertdialog")).to_be_visible()


def test_five_minutes_before_staff_are_signed_out_a_press_keeps_them_there(writing: Staff) -> None:
    dialog = writing.page.get_by_role("alertdialog")
    writing.page.clock.fast_forward("09:25")
    expect(dialog).to_be_hidden()
    writing.page.clock.fast_forward("00:10")
    expect(dialog).to_contain_text("we sign you out soon")
    expect(dialog).to_contain_text("4 minutes left")
    writing.page.clock.fast_forward("03:00")
    expect(dialog).to_contain_text("1 minute left")
    writing.looks("staff-signed-out-soon")
    stay = dialog.get_by_role("button", name="I am still here")
    expect(stay).to_be_focused()
    with writing.page.expect_response("**/staff/stay/") as answer:
        stay.press("Enter")
    assert answer.value.status == 204
    expect(dialog).to_be_hidden()
    expect(writing.page.get_by_role("textbox", name="Note")).to_have_value(WORDS)
    writing.page.clock.fast_forward("09:25")
    expect(dialog).to_be_hidden()


def test_what_was_typed_until_then_can_be_copied_before_and_after_it_was_sent(
    writing: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = writing.page
    page.clock.fast_forward("15:00")
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Copy it first, then sign in again")
    dialog.get_by_role("button", name="Go back to the page").click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value(WORDS)
    monkeypatch.setattr(sessions, "IDLE", dt.timedelta(0))
    page.locator("main form").get_by_role("button").last.click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    expect(page.get_by_text("Spoke to their daughter.")).to_be_visible()
    writing.looks("staff-signed-out")
    monkeypatch.undo()
    page.get_by_role("button", name="Sign in again").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_who_leaves_with_words_that_are_not_sent_is_asked_first(writing: Staff) -> None:
    page, asked = writing.page, []

    def stays(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stays)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Worklist").click()
    until(lambda: asked == ["beforeunload"], seconds=10, what="the question")
    expect(page.get_by_role("textbox", name="Note")).to_have_value(WORDS)
    page.get_by_role("button", name="Sign out").click()
    until(lambda: len(asked) == 2, seconds=10, what="the question before signing out")
    page.locator("main form").get_by_role("button").last.click()
    expect(page.get_by_text("Sleeps better since June.")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Worklist").click()
    expect(page.get_by_role("heading", name="Worklist", level=1)).to_be_visible()
    assert len(asked) == 2, "what was sent is not asked about"
