"""The patient's own room on a small phone without scripts, and what staff see of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, Site
from screening.cases.models import Case, Response
from screening.cases.workflow import State
from tests.factories.intake import draft, enter, response_of, submitted_case
from tests.factories.people import make_member
from tests.factories.review import Clinician, fresh
from tests.system.walker import PDF, Patient, Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]


def comes_back(sam: Patient, response: Response) -> None:
    """With the session of this form, as after opening its link."""
    client = enter(Client(), response, at=timezone.now())
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": sam.address}
    sam.context.add_cookies([cookie])


def decided(clinic: Site) -> Case:
    at = timezone.now()
    case = submitted_case(clinic, at=at)
    first, second = Clinician.at(clinic), Clinician.at(clinic, Role.LEAD_CLINICIAN)
    first.takes(case, at=at)
    first.decides(case, State.DECLINED, at=at)
    second.opens(case, at=at)
    second.looks_second(case, at=at)
    return case


def test_while_clinicians_read(
    patient: Callable[..., Patient], staff: Callable[..., Staff], clinic: Site
) -> None:
    sam, case = (
        patient(),
        submitted_case(clinic, at=timezone.now(), email="sam@example.org", phone="07700 900000"),
    )
    comes_back(sam, response_of(case))
    sam.goes_to("/room/")
    sam.looks("room")
    sam.reads("A clinician will read your answers", "We aim to do this by")

    # Words, first none, then one
    sam.follows("Messages")
    sam.looks("room-messages-empty")
    sam.presses("Send message")
    sam.looks_at_error("room-messages-blank")
    sam.fills({"text": "My knee is worse on stairs. " * 20})
    sam.presses("Send message")
    sam.looks("room-messages")
    sam.reads("Your message is sent")

    # Something was wrong: the first answer stays beside the right one
    sam.goes_to("/room/")
    sam.follows("See or correct your answers")
    sam.looks("room-answers")
    sam.goes_to("/room/answers/diagnosis/")
    sam.looks("room-correct")
    sam.fills({"dx_confirmed": "no", "reason": "I read it again."})
    sam.presses("Save the correction")
    sam.reads("You said first: Yes")
    sam.looks("room-answers-corrected")
    sam.goes_to("/room/answers/treatments/")
    sam.looks("room-correct-list")
    sam.follows("Correct")
    sam.looks("room-correct-entry")
    sam.goes_to("/room/answers/treatments/")
    sam.follows("Not right")
    sam.looks("room-not-right")
    sam.presses("Save")
    sam.looks_at_error("room-not-right-blank")
    sam.fills({"text": "That was my sister’s, not mine."})
    sam.presses("Save")
    sam.reads("You told us this is not right")
    sam.looks("room-answers-not-right")

    # A document, a wrong file first
    sam.goes_to("/room/documents/")
    sam.presses("Send this document")
    sam.looks_at_error("room-documents-blank")
    sam.fills({"record_files": {"name": "note.txt", "mimeType": "text/plain", "buffer": b"no letter"}})
    sam.presses("Send this document")
    sam.looks_at_error("room-documents-wrong")
    sam.fills({"record_files": PDF})
    sam.presses("Send this document")
    sam.reads("We have your document", "gp-summary.pdf")
    sam.looks("room-documents")

    # How to be reached
    sam.goes_to("/room/contact/")
    sam.looks("room-contact")
    for way in ("email", "sms"):
        sam.page.locator(f"[name=channels][value={way}]").uncheck()
    sam.presses("Save my choices")
    sam.looks_at_error("room-contact-none")
    sam.fills({"channels": ["sms"], "reminders": ["sms"]})
    sam.presses("Save my choices")
    sam.reads("Your choices are saved")

    # What staff see of it, and what the person sees of them
    alex = staff(make_member(Role.CLINICIAN, site=clinic))
    alex.goes_to("/staff/worklist/")
    alex.looks("worklist-news")
    alex.reads("Patient replied")
    alex.opens_case(case.reference)
    alex.reads("My knee is worse on stairs", "Said first", "I read it again.")
    alex.looks("case-news")
    alex.follows("Write to the patient")
    alex.looks("case-message")
    alex.fills({"text": "Thank you. Which knee is it?"})
    alex.presses("Send to the patient")
    alex.presses("Mark as read")
    alex.reads("Marked as read")
    sam.goes_to("/room/who/")
    sam.reads("opened your answers")
    sam.looks("room-who")
    sam.goes_to("/room/messages/")
    sam.reads("Which knee is it?")
    sam.goes_to("/room/copy/")
    sam.looks("room-copy")
    sam.reads("Which knee is it?", "gp-summary.pdf", "My knee is worse on stairs")

    # And out again
    sam.goes_to("/room/withdraw/")
    sam.looks("room-withdraw")
    sam.presses("Take my form back")
    sam.looks_at_error("room-withdraw-unsure")
    sam.fills({"sure": True})
    sam.presses("Take my form back")
    sam.looks("room-withdrawn")
    sam.reads("You took your form back")
    assert fresh(case).state == State.WITHDRAWN


def test_answering_what_a_clinician_asks(patient: Callable[..., Patient], clinic: Site) -> None:
    sam, case = patient(), submitted_case(clinic, at=timezone.now(), dx_confirmed="not_sure")
    comes_back(sam, response_of(case))
    sam.goes_to("/room/")
    sam.looks("room-missing")
    Clinician.at(clinic).asks(
        case,
        items=["dx_confirmed", "record_files", "treatments"],
        text="Which letter is it?",
        at=timezone.now(),
    )
    sam.goes_to("/room/")
    sam.looks("room-asked")
    sam.follows("Answer now")
    sam.looks("room-questions")
    sam.fills({"dx_confirmed": "yes", "record_files": PDF, "text": "It is from May."})
    sam.presses("Send my answers")
    sam.reads("We have your answers", "A clinician will read your answers")
    assert fresh(case).state == State.AWAITING_REVIEW


def test_an_urgent_correction_is_followed_by_the_advice(
    patient: Callable[..., Patient], clinic: Site
) -> None:
    sam, case = patient(), submitted_case(clinic, at=timezone.now())
    comes_back(sam, response_of(case))
    sam.goes_to("/room/answers/rf-saddle/")
    sam.fills({"rf_saddle": "new_or_worse"})
    sam.presses("Save the correction")
    assert sam.path == "/form/advice/"
    sam.goes_to("/room/messages/")
    assert sam.path == "/form/advice/", "unread advice comes before any page of the room"
    sam.fills({"read": True})
    sam.presses("Continue")
    sam.looks("room-urgent")
    sam.reads("Please do not wait for us")


def test_after_a_decision(patient: Callable[..., Patient], staff: Callable[..., Staff], clinic: Site) -> None:
    sam, case = patient(), decided(clinic)
    comes_back(sam, response_of(case))
    sam.goes_to("/room/")
    sam.looks("room-decided")
    sam.follows("Letter of")
    sam.looks("room-letter")
    sam.follows("Ask for another look")
    sam.looks("room-look")
    sam.presses("Ask for another look")
    sam.looks_at_error("room-look-blank")
    sam.fills({"reason": "My diagnosis has changed."})
    sam.presses("Ask for another look")
    sam.reads("A different clinician is looking again")
    sam.looks("room-looking-again")
    sam.goes_to("/room/look/")
    sam.looks("room-look-open")
    alex = staff(make_member(Role.CLINICIAN, site=clinic))
    alex.goes_to("/staff/worklist/?view=again")
    alex.looks("worklist-again")
    alex.opens_case(case.reference)
    alex.looks("case-look-wanted")
    alex.follows("Look again")
    alex.looks("case-look")
    alex.fills({"outcome": "reopens", "answer": "We will look at your new letter."})
    alex.presses("Record and write to the patient")
    sam.goes_to("/room/")
    sam.reads("A clinician will read your answers")


def test_a_draft_is_deleted_by_its_owner(patient: Callable[..., Patient], clinic: Site) -> None:
    sam, response = patient(), draft(clinic, at=timezone.now())
    comes_back(sam, response)
    sam.goes_to("/room/")
    sam.looks("room-draft")
    for name in ("who", "contact", "copy"):
        sam.goes_to(f"/room/{name}/")
        sam.looks(f"room-draft-{name}")
    sam.goes_to("/room/delete/")
    sam.looks("room-delete")
    sam.presses("Delete my form")
    sam.looks_at_error("room-delete-unsure")
    sam.fills({"sure": True})
    sam.presses("Delete my form")
    sam.looks("room-deleted")
    assert fresh(response.case).state == State.WITHDRAWN
