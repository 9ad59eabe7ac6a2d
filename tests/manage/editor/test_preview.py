"""The preview: the pages of a draft in every state, walked on, and nothing of it kept."""

from __future__ import annotations

import json

import pytest
from django.db.models import Model

from screening.cases.models import Case, Response
from screening.manage.editor import parts
from screening.manage.editor.preview.views import STATES
from tests.manage.editor.conftest import Desk


def screen(desk: Desk, page: str, state: str) -> str:
    shown = desk.client.get(desk.address("editor-screen"), {"page": page, "state": state})
    assert shown.status_code == 200
    return shown.content.decode()


def goes_on(desk: Desk, page: str, held: dict[str, object] | None = None, **typed: str) -> str:
    sent = {"page": page, "held": json.dumps(held or {}), **typed}
    return desk.client.post(desk.address("editor-screen"), sent).content.decode()


def rows() -> list[int]:
    models: list[type[Model]] = [Case, Response]
    return [model._default_manager.count() for model in models]


@pytest.mark.parametrize("state", [state for state, _label in STATES])
def test_every_page_has_a_screen_in_every_state(desk: Desk, state: str) -> None:
    for key, page in parts.parts(desk.content, "page"):
        shown = screen(desk, key, state)
        assert "<h1" in shown, page["title"]


def test_what_a_state_shows(desk: Desk) -> None:
    assert "There is a problem" in screen(desk, "helper", "wrong")
    assert "Go to A&amp;E now" in screen(desk, "rf-saddle", "advice")
    assert "No answer on this page leads to advice" in screen(desk, "helper", "advice")
    assert "is not asked. This page comes instead" in screen(desk, "who-is-helping", "closed")
    assert "This page is always asked" in screen(desk, "start", "closed")
    assert "checked" in screen(desk, "helper", "filled")


def test_a_preview_is_walked_past_advice_and_keeps_nothing(desk: Desk) -> None:
    before = rows()
    advice = goes_on(desk, "rf-saddle", rf_saddle="new_or_worse", asked="rf_saddle")
    assert "Please read this now" in advice
    assert "&quot;rf_saddle&quot;: &quot;new_or_worse&quot;" in advice
    unread = goes_on(desk, "rf-saddle", {"rf_saddle": "new_or_worse"}, phone="")
    assert "Tick the box" in unread
    after = goes_on(desk, "rf-saddle", {"rf_saddle": "new_or_worse"}, phone="", read="on")
    assert "rf_bladder" in after
    assert rows() == before


def test_an_answer_that_ends_the_form_shows_the_page_that_says_so(desk: Desk) -> None:
    assert "This service is for people who live in the UK" in goes_on(
        desk, "where-you-live", {"dob": "1980-03-27"}, uk_resident="no"
    )


def test_a_wrong_answer_is_said_as_a_patient_reads_it(desk: Desk) -> None:
    shown = goes_on(desk, "start", dob_day="1", dob_month="1", dob_year="1850", nation="wales")
    assert "There is a problem" in shown
    assert 'value="1850"' in shown


@pytest.mark.parametrize(
    "held", ["", "[]", "{", "3", "[" * 20_000, json.dumps({"dob": {"x": []}, "nope": 1})]
)
def test_what_comes_back_broken_is_no_error(desk: Desk, held: str) -> None:
    sent = {"page": "helper", "held": held, "helper": "myself"}
    assert desk.client.post(desk.address("editor-screen"), sent).status_code == 200


def test_only_the_screen_may_be_framed_and_only_by_ourselves(desk: Desk) -> None:
    shown = desk.client.get(desk.address("editor-screen"))
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    around = desk.client.get(desk.address("editor-preview"))
    assert around.headers["X-Frame-Options"] == "DENY"
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]


def test_a_draft_that_cannot_be_walked_says_why_instead(desk: Desk) -> None:
    desk.changes("item", "given_name", when__how="cql", when__text="helper = 'helping'")
    broken = parts.put(desk.content, "page", "helper", {"id": "helper", "title": "x", "step": "nowhere"})
    type(desk.draft).objects.filter(pk=desk.draft.pk).update(content=broken, sha256="0" * 64)
    shown = desk.client.get(desk.address("editor-preview")).content.decode()
    assert "The draft cannot be shown yet" in shown
    assert "there is no step nowhere" in shown
    assert desk.client.get(desk.address("editor-screen")).status_code == 404
