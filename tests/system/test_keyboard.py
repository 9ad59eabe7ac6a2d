"""Without a mouse: Tab, arrows, space and Enter are enough, also to mend a mistake."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.system.walker import Patient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]


def test_two_facts_with_a_mistake_are_given_by_keyboard_alone(patient: Callable[..., Patient]) -> None:
    sam = patient()
    keys = sam.page.keyboard
    sam.goes_to("/clinic/harbour/start/")

    # Given a year that is missing
    _tab_to(sam, "dob_day")
    keys.type("27")
    keys.press("Tab")
    keys.type("3")
    _tab_to(sam, "nation")
    keys.press("ArrowDown")
    with sam.page.expect_navigation():
        keys.press("Enter")

    # Then the page says so, and its summary leads to the box that is empty
    sam.looks_at_error("keyboard-error")
    assert sam.page.locator("[name=dob_day]").input_value() == "27"
    _tab_to_link(sam, "year")
    keys.press("Enter")
    keys.type("1980")
    assert sam.page.locator("[name=dob_year]").input_value() == "1980"
    _tab_to(sam, "nation")
    keys.press("Tab")
    with sam.page.expect_navigation():
        keys.press("Enter")
    assert sam.question == "where-you-live"


def _tab_to(sam: Patient, name: str) -> None:
    _tab_until(sam, f"[name={name}]:focus")


def _tab_to_link(sam: Patient, words: str) -> None:
    _tab_until(sam, f".nhsuk-error-summary a:focus:has-text('{words}')")


def _tab_until(sam: Patient, selector: str) -> None:
    for _ in range(30):
        if sam.page.locator(selector).count():
            return
        sam.page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with Tab")
