"""Without a mouse: Tab, arrows, space and Enter are enough, also to mend a mistake."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Site
from screening.cases.models import Response
from screening.cases.responses import answers_of
from tests.system.keyboard import ByKeyboard
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


@pytest.mark.nightly
def test_the_whole_form_is_filled_in_and_sent_by_keyboard_alone(
    patient: Callable[..., Patient], clinic: Site
) -> None:
    sam = patient(ByKeyboard, scripts=True, records="will_send", records_request="yes")
    sam.goes_to("/clinic/harbour/")
    sam.follows("Start now")
    sam.fills({name: sam.answers[name] for name in ("dob", "nation")})
    sam.presses("Continue")
    sam.goes_on_to("check")
    sam.presses("Send my answers")
    sam.reads("We have your form")
    response = Response.objects.get()
    assert response.submitted_at is not None
    given = answers_of(response)
    assert given["peg_p"] == sam.answers["peg_p"]
    assert [entry["name"] for entry in given["treatments"]] == ["Naproxen", "Physiotherapy"]


def test_urgent_advice_is_read_and_answered_by_keyboard_alone(
    patient: Callable[..., Patient], clinic: Site
) -> None:
    kim = patient(ByKeyboard, scripts=True, rf_saddle="new_or_worse")
    kim.goes_to("/clinic/harbour/start/")
    kim.fills({name: kim.answers[name] for name in ("dob", "nation")})
    kim.presses("Continue")
    kim.goes_on_to("rf-saddle")
    kim.answers_page()
    assert kim.question == "advice"
    kim.fills({"phone": "0117 496 0199", "read": True})
    kim.presses("Continue")
    assert kim.question == "rf-bladder"
