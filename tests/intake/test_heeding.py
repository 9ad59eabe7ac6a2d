"""A warning sign counts in every path: when nobody reads, when the page is wrong, stale or too late."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from celery import current_app
from django.test import Client
from pytest_django import Settings

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import RedFlag, Response
from screening.intake.services import erase_draft
from screening.questionnaires.models import Kind
from screening.questionnaires.services import draft_version, publish_version
from screening.review.presenters import missing_contact
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in, shipped
from tests.factories.people import make_member, sign_in
from tests.factories.review import fresh
from tests.factories.urgent import urgent_draft
from tests.followup.times import london
from tests.intake.reading import reads_advice, words_of

pytestmark = pytest.mark.usefixtures("noon")
POSITIVE = {"rf_saddle": "new_or_worse", "lock": "0"}


# --- when people read --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-06-15 12:00", "Our clinical team can see it now. They are here until 5pm today."),
        ("2026-06-15 17:00", "next here on Tuesday 16 June at 9am."),
        ("2026-06-20 11:00", "next here on Monday 22 June at 9am."),
        ("2026-08-28 18:00", "next here on Tuesday 1 September at 9am."),  # a bank holiday in England
    ],
)
def test_the_page_says_when_people_read(
    client: Client, clinic: Site, noon: time_machine.Traveller, at: str, said: str
) -> None:
    noon.move_to(london(at))
    factories.enter(client, urgent_draft(clinic, at=london(at)), at=london(at))
    page = words_of(client.get("/form/advice/"))
    assert said in page
    assert ("nobody is here to read it now" in page) is ("next here" in said)
    assert "Please do not wait for us." in page


def test_the_bank_holidays_are_those_of_the_clinics_nation(
    client: Client, db: None, noon: time_machine.Traveller
) -> None:
    clinic, at = factories.open_clinic(nation="scotland"), london("2026-08-28 18:00")
    noon.move_to(at)
    factories.enter(client, urgent_draft(clinic, at=at), at=at)
    assert "next here on Monday 31 August at 9am." in words_of(client.get("/form/advice/"))


def test_a_clinic_without_opening_days_promises_nothing(client: Client, clinic: Site) -> None:
    Site.objects.filter(pk=clinic.pk).update(opening_days=[])
    factories.enter(client, urgent_draft(clinic), at=NOON)
    assert "nobody is here to read it now. Please do not wait for us." in words_of(
        client.get("/form/advice/")
    )


# --- the proof, and a number to ring -----------------------------------------------------------


def test_that_the_advice_was_shown_is_kept_whether_or_not_it_is_confirmed(
    patient: Client, draft: Response
) -> None:
    patient.post("/form/rf-saddle/", POSITIVE)
    assert not AuditEvent.objects.filter(event=Event.ADVICE_SHOWN).exists()
    patient.get("/form/advice/")
    row = AuditEvent.objects.get(event=Event.ADVICE_SHOWN)
    assert (row.case_reference, row.detail) == (draft.case.reference, {"advice": ["ae_spine"]})


def test_staff_see_that_no_contact_was_given_until_it_is(client: Client, clinic: Site) -> None:
    response = urgent_draft(clinic)
    staff = sign_in(client, make_member(site=clinic))
    assert "No contact given" in words_of(staff.get("/staff/worklist/"))
    case = f"/staff/cases/{response.case.reference}/"
    assert "No contact given: nobody can call this person." in words_of(staff.get(case))
    browser = factories.enter(Client(), response, at=NOON)
    reads_advice(browser, name="Sam", phone="07700 900123")
    assert "No contact given" not in words_of(staff.get("/staff/worklist/"))
    page = words_of(staff.get(case))
    assert "No contact given" not in page
    assert "07700 900123" in page


def test_an_address_alone_is_no_number_to_ring(clinic: Site) -> None:
    patient = urgent_draft(clinic).patient
    patient.email = "sam@example.org"
    assert missing_contact(patient) == "No phone number given"


def test_a_number_given_in_the_form_is_there_before_the_form_is_sent(client: Client, clinic: Site) -> None:
    response = factories.draft(clinic, until="conditions", phone="07700 900456", given_name="Ada")
    patient = fresh(response.case).patient
    assert (patient.phone, patient.given_name) == ("07700 900456", "Ada")


# --- in every path -----------------------------------------------------------------------------


def test_the_advice_comes_with_a_broker_and_a_mail_server_that_are_dead(
    patient: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a page asked the broker for something")

    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    monkeypatch.setattr("celery.app.task.Task.apply_async", refuse)
    assert patient.post("/form/rf-saddle/", POSITIVE).headers["Location"] == "/form/advice/"
    assert "Go to A&amp;E now" in words_of(patient.get("/form/advice/"))


@pytest.mark.parametrize("button", [{}, {"later": "1"}, {"upload": "1"}, {"then": "check"}, {"skip": "1"}])
def test_the_advice_comes_whatever_button_was_pressed(patient: Client, button: dict[str, str]) -> None:
    assert patient.post("/form/rf-saddle/", POSITIVE | button).headers["Location"] == "/form/advice/"


def test_an_answer_that_was_changed_elsewhere_still_counts(patient: Client, draft: Response) -> None:
    patient.post("/form/rf-saddle/", {"rf_saddle": "no", "lock": "0"})
    answer = patient.post("/form/rf-saddle/", POSITIVE)  # a tab that was opened before
    assert answer.status_code == 409
    page = words_of(answer)
    assert "Go to A&amp;E now" in page
    assert "This page was changed somewhere else" in page
    assert answers_in(draft)["rf_saddle"] == "no", "nothing is overwritten"
    assert RedFlag.objects.get().answer == "new_or_worse"
    assert fresh(draft.case).rank == 1
    assert patient.get("/form/").headers["Location"] == "/form/advice/"


def test_an_answer_sent_after_the_form_counts(patient: Client, clinic: Site) -> None:
    case = factories.submitted_case(clinic)
    browser = factories.enter(Client(), factories.response_of(case), at=NOON)
    answer = browser.post("/form/rf-saddle/", {"rf_saddle": "no"})
    assert answer.status_code == 409
    assert b"was not saved" in answer.content
    assert browser.post("/form/rf-saddle/", POSITIVE).headers["Location"] == "/form/advice/"
    assert "Go to A&amp;E now" in words_of(browser.get("/form/advice/"))
    assert fresh(case).rank == 1
    assert answers_in(factories.response_of(case))["rf_saddle"] == "no"


def test_an_answer_sent_after_the_form_from_a_page_that_was_closed_before_counts(clinic: Site) -> None:
    case = factories.submitted_case(clinic, phq_1=0, phq_2=0)
    browser = factories.enter(Client(), factories.response_of(case), at=NOON)
    assert browser.post("/form/mood-4/", {"phq_9": "3"}).headers.get("Location") == "/form/advice/"
    assert fresh(case).rank == 2


def test_an_answer_sent_after_the_form_was_taken_back_says_what_to_do(
    patient: Client, draft: Response
) -> None:
    erase_draft(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    answer = patient.post("/form/rf-saddle/", POSITIVE)
    assert answer.status_code == 410
    assert "Your last answer was not saved" in words_of(answer)
    assert "Call 999 if it is happening right now" in words_of(answer)
    assert "Your last answer was not saved" not in words_of(patient.get("/form/rf-saddle/"))


def two_on_a_page(clinic: Site) -> None:
    """The same questions, but two warning signs share a page."""
    content = {**shipped(Kind.QUESTIONNAIRE)}
    pages = {page["id"]: dict(page) for page in content["pages"]}
    pages["rf-saddle"]["items"] = pages["rf-saddle"]["items"] + pages.pop("rf-bladder")["items"]
    content["pages"] = list(pages.values())
    author, approver = (
        make_member(Role.QUESTIONNAIRE_MANAGER, site=clinic),
        make_member(Role.LEAD_CLINICIAN, site=clinic),
    )
    version = draft_version(
        site=clinic, kind=Kind.QUESTIONNAIRE, content=content, by=Actor.staff(author), at=NOON
    )
    publish_version(version=version, by=Actor.staff(approver), at=NOON)


def test_an_answer_on_a_page_with_a_mistake_still_counts(client: Client, clinic: Site) -> None:
    two_on_a_page(clinic)
    response = factories.draft(clinic)
    browser = factories.enter(client, response, at=NOON)
    answer = browser.post("/form/rf-saddle/", POSITIVE)  # the second question is blank
    assert answer.status_code == 422
    page = words_of(answer)
    assert "Go to A&amp;E now" in page
    assert "There is a problem" in page
    assert "rf_saddle" not in answers_in(response), "a page is saved whole or not at all"
    assert fresh(response.case).rank == 1
    assert AuditEvent.objects.filter(event=Event.ADVICE_SHOWN).count() == 1


def test_an_answer_sent_after_the_session_ended_says_what_to_do(
    patient: Client, noon: time_machine.Traveller
) -> None:
    noon.shift(31 * 60)
    page = words_of(patient.post("/form/rf-saddle/", POSITIVE))
    assert "Your last answer was not saved yet" in page
    assert "Call 999" in page
    assert "Your last answer was not saved" not in words_of(patient.get("/form/rf-saddle/"))
