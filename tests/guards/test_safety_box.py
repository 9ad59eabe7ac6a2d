"""The safety box stands on every page a patient can see, also on those that say that something is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.guards.public_routes import PUBLIC
from tests.guards.routes import PATIENT, ROWS, Row
from tests.guards.world import Who, World

pytestmark = pytest.mark.django_db
# The chapters that patients walk through. What else is public is the staff's door, or a machine's.
CHAPTERS = ("intake-", "patient-", "reminders-")
FILES = {"patient-document", "patient-copy-json", "patient-calendar"}
PAGES = [
    row
    for row in ROWS
    if (row.audience is PATIENT or (row.name in PUBLIC and row.name.startswith(CHAPTERS)))
    and row.name not in FILES
]


def has_box(answer: Any) -> bool:
    page = answer.content.decode()
    return (
        'class="safety"' in page
        and "This form is not checked straight away." in page
        and '<a href="tel:999">999</a>' in page
    )


def asked(world: World, row: Row, method: str) -> Any:
    browser = world.browser(Who.PATIENT, holding=row.holding) if row.audience is PATIENT else Client()
    return getattr(browser, method)(reverse(row.name, kwargs=row.arguments(world)))


def test_the_walk_meets_many_pages() -> None:
    assert len([row for row in PAGES if row.get == 200]) > 15


def test_every_page_of_a_patient_has_it(world: World) -> None:
    without = {
        f"{method} {row.name}"
        for row in PAGES
        for method, status in (("get", row.get), ("post", row.post))
        if status in (200, 422) and not has_box(asked(world, row, method))
    }
    assert without == set()


def test_so_has_every_page_that_says_that_something_is_wrong(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    form = world.browser(Who.PATIENT)
    wrong = {
        "no such page": Client().get("/nowhere/"),
        "no such clinic": Client().get("/clinic/nowhere/"),
        "no session": Client().get("/form/"),
        "no session, and something was sent": Client().post("/form/rf-saddle/", {"rf_saddle": "not_sure"}),
        "no token": strict.post("/form/rf-saddle/", {"rf_saddle": "not_sure"}),
        "no such question": form.get("/form/nothing/"),
        "stale": form.post("/form/rf-saddle/", {"rf_saddle": "not_sure", "lock": "77"}),
    }
    assert {name for name, answer in wrong.items() if answer.status_code < 400} == set()
    assert {name for name, answer in wrong.items() if not has_box(answer)} == set()
