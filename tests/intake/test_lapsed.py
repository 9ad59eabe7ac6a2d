"""Time runs out, tabs disagree, forms close: nothing typed disappears without a word."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Response
from screening.intake import services, session
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in
from tests.factories.review import fresh
from tests.intake.reading import BORN, hidden_in, words_of

PAGE = "/form/rf-saddle/"
WRONG = {**BORN, "again-date_of_birth_year": "1981"}
TYPED = {"rf_saddle": "no", "lock": "0", "asked": "rf_saddle"}
OVER = NOON + session.IDLE + dt.timedelta(seconds=1)


def test_what_was_typed_when_the_time_ran_out_is_saved_after_the_date_of_birth(
    patient: Client, draft: Response, noon: time_machine.Traveller
) -> None:
    noon.move_to(OVER)
    answer = patient.post(PAGE, TYPED)
    assert answer.status_code == 403
    assert "rf_saddle" not in answers_in(draft)
    kept = hidden_in(answer.content)
    assert kept == {**TYPED, "again": "POST"}
    saved = patient.post(PAGE, {**kept, **BORN})
    assert saved.status_code == 303
    assert answers_in(draft)["rf_saddle"] == "no"
    assert patient.get("/form/").status_code == 200


def test_an_urgent_answer_that_waited_for_the_date_of_birth_leads_to_its_advice(
    patient: Client, draft: Response, noon: time_machine.Traveller
) -> None:
    noon.move_to(OVER)
    urgent = {**TYPED, "rf_saddle": "new_or_worse"}
    kept = hidden_in(patient.post(PAGE, urgent).content)
    assert patient.post(PAGE, {**kept, **BORN}).headers["Location"] == "/form/advice/"
    assert draft.case.red_flags.count() == 1


def test_looking_at_a_page_after_the_time_asks_for_the_date_and_goes_on_there(
    patient: Client, noon: time_machine.Traveller
) -> None:
    noon.move_to(OVER)
    answer = patient.get(f"{PAGE}?then=check")
    assert answer.status_code == 403
    assert b"Numbness" not in answer.content
    back = patient.post(f"{PAGE}?then=check", {**hidden_in(answer.content), **BORN})
    assert (back.status_code, back.headers["Location"]) == (303, f"{PAGE}?then=check")
    assert patient.get(PAGE).status_code == 200


def test_a_wrong_date_keeps_what_was_typed_and_saves_nothing_and_the_fifth_ends_it(
    patient: Client, draft: Response, noon: time_machine.Traveller
) -> None:
    noon.move_to(OVER)
    kept = hidden_in(patient.post(PAGE, TYPED).content)
    for _ in range(5):
        answer = patient.post(PAGE, {**kept, **WRONG})
        assert answer.status_code == 422
        assert hidden_in(answer.content) == kept
    assert patient.post(PAGE, {**kept, **BORN}).status_code == 404
    assert "rf_saddle" not in answers_in(draft)
    assert AuditEvent.objects.filter(event=Event.LINK_REFUSED).count() == 5


def test_two_hours_later_only_a_link_or_a_code_opens_the_form(
    patient: Client, noon: time_machine.Traveller
) -> None:
    noon.move_to(NOON + session.IDLE + session.LAPSED_FOR + dt.timedelta(seconds=1))
    assert patient.post(PAGE, {**TYPED, "again": "POST", **BORN}).status_code == 404


def test_leaving_the_form_leaves_nothing_to_come_back_to(
    patient: Client, noon: time_machine.Traveller
) -> None:
    patient.post("/form/leave/")
    noon.move_to(OVER)
    assert patient.get(PAGE).status_code == 404


def test_what_waited_is_no_stronger_than_what_was_saved_meanwhile(
    patient: Client, draft: Response, noon: time_machine.Traveller
) -> None:
    noon.move_to(OVER)
    kept = hidden_in(patient.post(PAGE, TYPED).content)
    by = Actor.patient(draft.patient_id)
    services.save_page(
        response=draft, page_id="rf-saddle", answers={"rf_saddle": "not_sure"}, seen_lock=0, by=by, at=OVER
    )
    answer = patient.post(PAGE, {**kept, **BORN})
    assert answer.status_code == 409
    assert answers_in(draft)["rf_saddle"] == "not_sure"


def test_only_a_press_keeps_the_form_open_longer(patient: Client, noon: time_machine.Traveller) -> None:
    for _ in range(12):
        noon.shift(session.IDLE - dt.timedelta(minutes=1))
        assert patient.post("/form/stay/").status_code == 204
    noon.shift(session.IDLE + dt.timedelta(minutes=1))
    assert patient.post("/form/stay/").status_code == 403


def test_a_refused_save_is_in_the_trail(patient: Client, draft: Response) -> None:
    patient.post(PAGE, TYPED)
    assert patient.post(PAGE, {**TYPED, "rf_saddle": "not_sure"}).status_code == 409
    event = AuditEvent.objects.get(event=Event.SAVE_REFUSED_STALE)
    assert (event.detail, event.case_reference) == ({"page": "rf-saddle"}, draft.case.reference)


def test_a_page_of_a_form_that_was_sent_in_another_tab_is_not_dropped_silently(
    client: Client, noon: time_machine.Traveller, clinic: Site
) -> None:
    response = factories.finished_draft(clinic)
    factories.enter(client, response, at=NOON)
    services.submit(response=response, by=Actor.patient(response.patient_id), at=NOON)
    answer = client.post("/form/goals/", {"goals": "Walk", "lock": "1"})
    assert answer.status_code == 409
    assert b"was not saved" in answer.content


@pytest.mark.parametrize("typed", ["walk to the shop", ""])
def test_a_page_that_another_answer_closed_shows_what_was_typed_and_saves_nothing(
    client: Client, noon: time_machine.Traveller, clinic: Site, typed: str
) -> None:
    response = factories.finished_draft(clinic, helper="helping", cs10="asked_me")
    factories.enter(client, response, at=NOON)
    by = Actor.patient(response.patient_id)
    seen = response.page_locks["helper"]
    services.save_page(
        response=response, page_id="helper", answers={"helper": "myself"}, seen_lock=seen, by=by, at=NOON
    )
    answer = client.post("/form/helper-statement/", {"cs10": "legal_authority" if typed else "", "lock": "1"})
    assert answer.status_code == (409 if typed else 302)
    assert (b"legal authority" in answer.content) is bool(typed)
    assert answers_in(response)["cs10"] == "asked_me"


def test_a_warning_sign_typed_while_the_form_was_sent_elsewhere_is_heeded(
    client: Client, noon: time_machine.Traveller, clinic: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = factories.finished_draft(clinic)
    factories.enter(client, response, at=NOON)
    save = services.save_page

    def too_late(**said: Any) -> services.Saved:
        services.submit(response=response, by=Actor.patient(response.patient_id), at=NOON)
        return save(**said)

    monkeypatch.setattr(services, "save_page", too_late)
    answer = client.post(PAGE, {**TYPED, "rf_saddle": "new_or_worse", "lock": "1"})
    assert answer.status_code == 409
    assert "Go to A&amp;E now" in words_of(answer)
    assert b"was not saved" in answer.content
    assert (response.case.red_flags.get().item, fresh(response.case).rank) == ("rf_saddle", 1)


def test_a_warning_sign_on_a_page_that_another_answer_closed_is_heeded(
    client: Client, noon: time_machine.Traveller, clinic: Site
) -> None:
    response = factories.finished_draft(clinic, conditions=["low_back"])
    factories.enter(client, response, at=NOON)
    answer = client.post("/form/rf-stroke/", {"rf_stroke": "new_or_worse", "lock": "0", "asked": "rf_stroke"})
    assert answer.status_code == 409
    page = words_of(answer)
    assert "This page is not asked any more" in page
    assert "999" in page
    assert (response.case.red_flags.get().item, fresh(response.case).rank) == ("rf_stroke", 1)
    assert "rf_stroke" not in answers_in(response)
    assert client.get("/form/").headers["Location"] == "/form/advice/"


def test_what_was_not_saved_says_what_to_do_about_a_warning_sign(
    client: Client, noon: time_machine.Traveller, clinic: Site
) -> None:
    response = factories.finished_draft(clinic)
    factories.enter(client, response, at=NOON)
    services.submit(response=response, by=Actor.patient(response.patient_id), at=NOON)
    assert "If it was about a warning sign" in words_of(client.post("/form/goals/", {"goals": "Walk"}))
