"""A browser fills in who sits before it: the patient's own boxes, and never the patient's for another."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Site
from screening.intake import filling
from tests.factories.intake import NOON, baseline, draft, enter, finished_draft
from tests.factories.people import sign_in
from tests.factories.review import Clinician
from tests.intake.test_entering import begins

pytestmark = pytest.mark.django_db
BOXES = {
    "your-name": {"given_name": "given-name", "family_name": "family-name"},
    "your-address": {"address_line_1": "address-line1", "postcode": "postal-code"},
    "your-contact": {"phone": "tel", "email": "email"},
}


def filled_in_by_the_browser(browser: Client, page: str) -> dict[str, str]:
    shown = browser.get(f"/form/{page}/").content.decode()
    boxes = re.findall(r"<input[^>]* name=\"(\w+)\"[^>]*>", shown)
    tags = {name: re.search(rf"<input[^>]* name=\"{name}\"[^>]*>", shown) for name in boxes}
    found = {name: re.search(r'autocomplete="([^"]+)"', tag[0]) for name, tag in tags.items() if tag}
    return {name: said[1] for name, said in found.items() if said}


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("page", BOXES)
def test_whoever_fills_in_their_own_form_is_helped_by_their_browser(
    client: Client, clinic: Site, page: str
) -> None:
    enter(client, finished_draft(clinic), at=NOON)
    assert filled_in_by_the_browser(client, page).items() >= BOXES[page].items()


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("page", BOXES)
def test_a_helper_is_not_written_down_as_the_patient(client: Client, clinic: Site, page: str) -> None:
    enter(client, finished_draft(clinic, helper="helping", cs10="asked_me"), at=NOON)
    found = filled_in_by_the_browser(client, page)
    assert {found[name] for name in BOXES[page]} == {"off"}


@pytest.mark.usefixtures("noon")
def test_a_helper_is_helped_with_their_own_name(client: Client, clinic: Site) -> None:
    enter(client, draft(clinic, until="who-is-helping", helper="helping"), at=NOON)
    assert filled_in_by_the_browser(client, "who-is-helping")["helper_name"] == "name"


def test_staff_are_not_written_down_as_the_patient(client: Client, clinic: Site) -> None:
    desk = sign_in(client, Clinician.at(clinic).membership)
    response = begins(desk)
    by = Actor.patient(response.patient_id)
    filling.carry_on(response=response, answers=baseline(), by=by, at=response.started_at)
    assert filled_in_by_the_browser(desk, "your-name")["given_name"] == "off"
