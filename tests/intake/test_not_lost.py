"""A page that cannot be saved any more shows what was typed on it, to whoever just sent it."""

from __future__ import annotations

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Response
from screening.intake import selectors, services, session
from tests.factories import intake as factories
from tests.factories.intake import NOON
from tests.intake.reading import words_of
from tests.intake.test_starting import born

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
GOAL = "Walk to the shop & back"
TYPED = {"lock": "0", "asked": "goals", "goals": GOAL}
SHOWN = "Walk to the shop &amp; back"
LONG_AFTER = session.IDLE + session.LAPSED_FOR + session.TOUCH_AFTER


def test_long_after_the_time_the_page_gives_back_the_words_and_not_what_was_asked(
    patient: Client, noon: time_machine.Traveller
) -> None:
    noon.shift(LONG_AFTER)
    answer = patient.post("/form/use-now/", {**TYPED, "cannabis_now": "prefer_not_say"})
    assert answer.status_code == 404
    page = words_of(answer)
    assert "What you typed" in page
    assert SHOWN in page
    assert "prefer_not_say" not in page
    assert "prescribed" not in page  # the question is not for who has no form open


def test_after_leaving_nobody_who_goes_back_and_sends_a_page_again_reads_what_was_typed(
    patient: Client, clinic: Site, noon: time_machine.Traveller
) -> None:
    patient.post("/form/leave/")
    page = words_of(patient.post("/form/goals/", TYPED))
    assert "Your last answer was not saved" in page
    assert SHOWN not in page
    patient.post(f"/clinic/{clinic.slug}/start/", born())
    noon.shift(LONG_AFTER)
    assert SHOWN in words_of(patient.post("/form/goals/", TYPED)), "who began after them reads their own"


def test_looking_at_a_page_without_a_form_shows_no_such_words(client: Client) -> None:
    assert "What you typed" not in words_of(client.get("/form/goals/?goals=Something+else"))


def test_a_form_that_was_taken_back_gives_back_the_words_of_a_page_still_open(
    patient: Client, draft: Response
) -> None:
    services.withdraw(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    answer = patient.post("/form/goals/", TYPED)
    assert answer.status_code == 410
    assert SHOWN in words_of(answer)


def test_a_treatment_typed_after_the_form_was_sent_is_given_back(client: Client, clinic: Site) -> None:
    response = factories.finished_draft(clinic)
    factories.enter(client, response, at=NOON)
    services.submit(response=response, by=Actor.patient(response.patient_id), at=NOON)
    answer = client.post("/form/treatments/add/", {"lock": "0", "class": "tens", "name": "Warm sand"})
    assert answer.status_code == 409
    assert "Warm sand" in words_of(answer)


@pytest.mark.parametrize(
    ("origin", "shown"),
    [("http://testserver", True), ("https://elsewhere.example", False), ("null", False), ("", False)],
)
def test_without_its_token_only_a_page_of_ours_gives_back_the_words(
    draft: Response, origin: str, shown: bool
) -> None:
    browser = factories.enter(Client(enforce_csrf_checks=True), draft, at=NOON)
    answer = browser.post("/form/goals/", TYPED, headers={"Origin": origin} if origin else {})
    assert answer.status_code == 403
    assert (SHOWN in words_of(answer)) is shown
    assert "Please send that again" in words_of(answer)
    assert "If it was about a warning sign, do not wait. Call 999" in words_of(answer)


def test_after_leaving_the_page_about_a_missing_token_gives_back_nothing_either(draft: Response) -> None:
    browser = factories.enter(Client(enforce_csrf_checks=True), draft, at=NOON)
    token = {"csrfmiddlewaretoken": browser.get("/form/leave/").cookies["csrf"].value}
    assert browser.post("/form/leave/", token, headers={"Origin": "http://testserver"}).status_code == 200
    answer = browser.post("/form/goals/", TYPED, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert SHOWN not in words_of(answer)
    assert "If it was about a warning sign, do not wait. Call 999" in words_of(answer)


@pytest.mark.parametrize(("fault", "status"), [(OperationalError, 503), (RuntimeError, 500)])
@pytest.mark.parametrize(
    ("origin", "shown"), [("http://testserver", True), ("https://elsewhere.example", False)]
)
def test_when_something_breaks_the_words_come_back_and_a_warning_sign_is_not_left_to_wait(
    draft: Response,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Exception],
    status: int,
    origin: str,
    shown: bool,
) -> None:
    def breaks(**_more: object) -> None:
        raise fault("out of reach")

    monkeypatch.setattr(services, "save_page", breaks)
    browser = factories.enter(Client(raise_request_exception=False), draft, at=NOON)
    typed = {"lock": "0", "rf_saddle": "new_or_worse", "goals": GOAL}
    answer = browser.post("/form/rf-saddle/", typed, headers={"Origin": origin})
    assert answer.status_code == status
    page = words_of(answer)
    assert "If it was about a warning sign, do not wait. Call 999" in page
    assert (SHOWN in page) is shown


def test_looking_at_a_page_that_breaks_says_nothing_of_an_answer(
    draft: Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_more: object) -> None:
        raise OperationalError

    browser = factories.enter(Client(raise_request_exception=False), draft, at=NOON)
    monkeypatch.setattr(selectors, "walk_of", lambda *_args: breaks())
    answer = browser.get("/form/")
    assert answer.status_code == 503
    assert "warning sign" not in words_of(answer)


def test_what_a_page_carries_along_is_no_word_of_anybody(
    patient: Client, noon: time_machine.Traveller
) -> None:
    noon.shift(LONG_AFTER)
    carried = {
        "form": "FU11/1",
        "of_case": "AB2C-3D4E",
        "shown": "12 13",
        "lock": "3",
        "seen": f"2-{'a1' * 32}",
    }
    assert "What you typed" not in words_of(patient.post("/room/forms/", carried))
