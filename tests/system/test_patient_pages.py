"""Every state of the patient's pages that the story does not come through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Response
from screening.followup.optout import optout_address
from screening.intake import middleware, services
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import baseline, draft, enter, finished_draft, submitted_case
from tests.factories.people import make_site
from tests.system.answers import ANSWERS
from tests.system.walker import PDF, SAVE, Patient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
NOTE = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Not a letter"}


def come_back(sam: Patient, response: Response) -> None:
    """With the session of this form, as after opening its link."""
    client = enter(Client(), response, at=timezone.now())
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": sam.address}
    sam.context.add_cookies([cookie])


def test_pages_that_anybody_may_read(patient: Callable[..., Patient], clinic: Site) -> None:
    sam = patient()
    for name in ("privacy", "accessibility"):
        sam.goes_to(f"/clinic/harbour/{name}/")
        sam.looks(name)
    assert sam.goes_to("/clinic/nowhere/") == 404
    sam.looks("404")
    sam.goes_to("/go/" + "x" * 43 + "/")
    sam.looks("link-unknown")
    make_site(name="Second Clinic")
    sam.goes_to("/")
    sam.looks("clinics")
    sam.follows("Second Clinic")
    sam.follows("Start now")
    sam.looks("not-open")


def test_the_first_page_says_what_is_wrong_and_ends_kindly_for_who_is_too_young(
    patient: Callable[..., Patient],
) -> None:
    sam = patient()
    sam.goes_to("/clinic/harbour/start/")
    sam.presses("Continue")
    sam.looks_at_error("two-facts-blank")
    child = timezone.localdate() - dt.timedelta(days=365 * 12)
    sam.fills({"dob": child.isoformat(), "nation": "wales"})
    sam.presses("Continue")
    sam.looks("under-18")
    sam.reads("This service is for adults")
    assert not Response.objects.exists()


def test_questions_that_are_blank_wrong_or_answered_elsewhere(
    patient: Callable[..., Patient], clinic: Site
) -> None:
    sam, response = patient(), draft(clinic, until="your-contact")
    come_back(sam, response)
    sam.goes_to("/form/rf-suicide/")
    sam.looks("question-answered")
    sam.goes_to("/form/your-contact/")
    sam.presses(SAVE)
    sam.looks_at_error("question-blank")
    sam.reads("Continue without answering")
    sam.fills({"phone": "123", "email": "sam at example", "contact_preference": "post"})
    sam.presses(SAVE)
    sam.looks_at_error("question-wrong")

    # The same page is open in another window, and saved there first
    other = sam.context.new_page()
    other.goto(sam.page.url)
    for page, phone in ((other, "0117 496 0100"), (sam.page, "0117 496 0199")):
        page.locator("[name=phone]").fill(phone)
        page.locator("[name=email]").fill("")
        page.locator("[name=contact_preference]").last.check()
        with page.expect_navigation():
            page.get_by_role("button", name=SAVE).click()
    sam.looks("conflict")
    sam.reads("0117 496 0100", "0117 496 0199")
    sam.presses("Use what I typed now")
    assert sam.question == "your-gp"


def test_treatments_and_files(patient: Callable[..., Patient], clinic: Site) -> None:
    sam = patient()
    come_back(sam, draft(clinic, until="records"))
    sam.goes_to("/form/treatments/")
    sam.looks("treatments")
    sam.follows("Remove")
    sam.looks("treatment-remove")
    sam.follows("Keep it")
    sam.follows("Add another")
    sam.presses(SAVE)
    sam.looks_at_error("treatment-blank")
    sam.goes_to("/form/records/")
    sam.fills({"records": "uploaded"})
    sam.presses(SAVE)
    sam.looks("files")
    sam.presses(SAVE)
    sam.looks_at_error("files-blank")
    sam.fills({"record_files": NOTE})
    sam.presses("Add this file")
    sam.looks_at_error("file-wrong")


def test_what_cannot_be_taken_is_answered_with_a_page(
    patient: Callable[..., Patient], clinic: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, response = patient(), draft(clinic, until="record-files")
    come_back(sam, response)
    sam.goes_to("/form/goals/")
    sam.context.clear_cookies(name="csrf")
    sam.presses(SAVE)
    sam.looks("form-forged")
    monkeypatch.setattr(middleware, "LARGEST_REQUEST", 100)
    sam.goes_to("/form/record-files/")
    sam.fills({"record_files": PDF})
    sam.presses("Add this file")
    sam.looks("file-too-large")
    sam.reads("up to 20 MB")


def test_reminders_are_stopped_with_one_press(patient: Callable[..., Patient], clinic: Site) -> None:
    at = timezone.now()
    reminder = planned(reachable_case(clinic, at=at - dt.timedelta(days=3)), at=at, step="FU03")
    sam = patient()
    sam.goes_to(urlsplit(optout_address(reminder)).path)
    sam.looks("stop")
    sam.page.get_by_role("button").click()
    sam.reads("You do not need to do anything else.")
    sam.looks("stopped")


def test_sending_with_something_missing_and_an_urgent_receipt(
    patient: Callable[..., Patient], clinic: Site
) -> None:
    sam = patient()
    response = finished_draft(clinic, **{**ANSWERS, **baseline(), "given_name": "", "q_sleep": None})
    come_back(sam, response)
    sam.goes_to("/form/check/")
    sam.looks("check-missing")
    sam.presses("Send my answers")
    assert sam.page.title().startswith("Error:")
    sam.looks("check-refused")

    kim = patient()
    come_back(kim, Response.objects.get(case=submitted_case(clinic, rf_chest="new_or_worse")))
    kim.goes_to("/form/sent/")
    kim.looks("receipt-urgent")
    kim.reads("Call 999 now")
    kim.goes_to("/room/")
    kim.looks("room-urgent")

    lee = patient()
    case = submitted_case(clinic, records="will_send", record_files=[], q_sleep=None)
    come_back(lee, Response.objects.get(case=case))
    lee.goes_to("/form/sent/")
    lee.looks("receipt-missing")
    lee.goes_to("/room/")
    lee.looks("room-waiting")
    services.withdraw(case=case, by=Actor.patient(case.patient_id), at=timezone.now())
    assert lee.goes_to("/form/sent/") == 410
    lee.looks("closed")
