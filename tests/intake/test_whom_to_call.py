"""Whoever cannot get in any more reads whom to call: "call the clinic" without a number helps nobody."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Site
from tests.factories.people import make_site
from tests.intake.reading import words_of

pytestmark = pytest.mark.django_db
BORN = {"date_of_birth_day": "1", "date_of_birth_month": "1", "date_of_birth_year": "1980"}
LINK = "/go/" + "x" * 43 + "/"


def pages(browser: Client) -> dict[str, str]:
    return {
        "a link": words_of(browser.get(LINK)),
        "a link that did not open": words_of(browser.post(LINK, BORN)),
        "a code": words_of(browser.get("/code/")),
        "a page whose form is closed": words_of(browser.get("/form/goals/")),
        "a form that was left": words_of(browser.post("/form/leave/")),
    }


def test_where_there_is_one_clinic_its_number_is_on_the_page(client: Client, clinic: Site) -> None:
    missing = [page for page, words in pages(client).items() if clinic.phone not in words]
    assert not missing


def test_where_there_are_several_the_page_leads_to_their_numbers_and_names_none(
    client: Client, clinic: Site
) -> None:
    make_site(name="Second Clinic", phone="020 7946 0999")
    for page, words in pages(client).items():
        assert "Find the phone number of your clinic" in words, page
        assert clinic.phone not in words, page
    assert 'href="/"' in client.get("/code/").content.decode()


def test_whoever_leaves_a_form_reads_the_number_of_its_clinic(patient: Client, clinic: Site) -> None:
    make_site(name="Second Clinic", phone="020 7946 0999")
    assert clinic.phone in words_of(patient.post("/form/leave/"))


def test_a_draft_without_an_address_is_sent_back_to_its_form_and_not_to_answers_that_are_not_there(
    patient: Client,
) -> None:
    words = words_of(patient.get("/room/contact/"))
    assert "To give us one, carry on with your form" in words
    assert "correct your answers" not in words
