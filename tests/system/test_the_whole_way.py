"""The story from the first page to the letter, with every part real."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from tests.chaos.processes import Processes, until
from tests.factories.followup import send_at_any_hour
from tests.factories.people import add_second_factor, make_member
from tests.factories.review import REGISTERED
from tests.followup.sink import Sink, words_of
from tests.system.answers import BORN, EMAIL
from tests.system.walker import PDF, SAVE, Patient, Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]

LINK = re.compile(r"https?://\S+/go/\S+")
# Words that would tell a stranger who looks over a shoulder what the mail is about.
TELLING = (
    "pain",
    "clinician",
    "assessment",
    "health",
    "medic",
    "treat",
    "eligib",
    "decision",
    "sam",
    "sample",
)


def test_a_patient_fills_in_the_form_and_reads_what_two_clinicians_decided(
    patient: Callable[..., Patient],
    staff: Callable[..., Staff],
    clinic: Site,
    mail: tuple[Sink, int],
    tmp_path: Path,
) -> None:
    sink, port = mail
    send_at_any_hour(clinic, at=timezone.now() - dt.timedelta(days=1))

    # Given somebody on a small phone whose browser runs no scripts
    sam = patient()
    reference = _the_form_is_filled_in(sam, sink)

    # When two clinicians look at it, one after the other
    first = make_member(site=clinic)
    second = make_member(Role.LEAD_CLINICIAN, site=clinic, **REGISTERED)
    _the_first_clinician_decides(staff(), first, reference)
    _the_second_clinician_agrees(staff(), second, reference)
    assert Case.objects.get().state == "offered_assessment"

    # Then a worker and a clock of their own send word of it
    with Processes(tmp_path, mail_port=port) as processes:
        try:
            processes.beat()
            processes.worker()
            until(lambda: len(sink.messages) == 2, seconds=90, what="the mail about the letter")
        except AssertionError as error:
            error.add_note(processes.log())
            raise
    _the_mail_says_nothing(sink, subject="You have a message")

    # And its link leads the patient to the letter, on another phone
    _the_letter_is_read(patient(), _link_in(sink))
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert {Event.CASE_VIEWED, Event.DECISION_RECORDED, Event.STATUS_VIEWED, Event.LETTER_OPENED} <= events


def _the_form_is_filled_in(sam: Patient, sink: Sink) -> str:
    sam.goes_to("/")
    sam.looks("start")
    sam.follows("Start now")
    sam.looks("two-facts")
    sam.fills({"dob": BORN, "nation": "england"})
    sam.presses("Continue")
    sam.goes_on_to("your-gp", looking=True)

    # They stop, ask for a link, and come back with it on another day
    sam.follows("See all sections")
    sam.looks("sections")
    sam.follows("Carry on")
    sam.presses("Save and come back later")
    sam.looks("link")
    sam.fills({"email": "sam.sample at example"})
    sam.presses("Email me a link")
    sam.looks_at_error("link-address")
    sam.fills({"email": EMAIL})
    sam.presses("Email me a link")
    sam.looks("link-sent")
    sam.follows("Leave the form on this device")
    sam.looks("leave")
    sam.presses("Leave the form")
    sam.looks("left")
    assert sam.goes_to("/form/your-gp/") == 404
    sam.looks("no-session")
    _the_mail_says_nothing(sink, subject="Your form is saved")
    sam.opens_link(_link_in(sink), born=BORN)
    sam.reads("Your form", "In progress")
    sam.follows("Carry on")

    sam.goes_on_to("record-files", looking=True)
    sam.fills({"record_files": PDF})
    sam.presses("Add this file")
    sam.reads("gp-summary.pdf")
    sam.looks("file-added")
    sam.presses(SAVE)
    sam.goes_on_to("check", looking=True)

    # They look at it all again and change one answer
    sam.looks("check")
    sam.follows("Change What would you most like to be able to do again?")
    sam.looks("change-answer")
    sam.fills({"goals": "Walk to the sea"})
    sam.presses(SAVE)
    sam.reads("Check your answers", "Walk to the sea")
    sam.presses("Send my answers")
    sam.looks("receipt")
    sam.reads("We have your form", "This does not mean you will or will not be offered treatment.")
    return sam.page.locator(".nhsuk-panel strong").inner_text()


def _the_first_clinician_decides(clinician: Staff, membership, reference: str) -> None:
    secret = add_second_factor(membership.user)
    clinician.signs_in(membership.user.email, secret, looking=True)
    clinician.looks("worklist")
    clinician.reads(reference, "For specialist review")
    clinician.follows("Sam Sample")
    clinician.looks("case")
    clinician.reads("Walk to the sea", "Naproxen", "gp-summary.pdf", "Take the case first")
    clinician.presses("Work on this case")
    clinician.reads("You are working on this case now.")
    clinician.follows("Record your decision")
    clinician.looks("decide")
    clinician.presses("Continue")
    clinician.looks_at_error("decide-no-outcome")
    clinician.fills({"outcome": "offered_assessment"})
    clinician.presses("Continue")
    clinician.looks("decide-offer")
    clinician.presses("Record the decision")
    clinician.looks_at_error("decide-blank")
    clinician.fills(
        {
            "reason": "Records agree with the answers. Two treatments did not help.",
            "identity": "yes",
            "records": ["gp_summary"],
            "records_on": "2026-05",
            "diagnosis": "Hospital doctor",
            "treatments": "all",
            "options": "Exercise programme, offered",
            "guideline": "Considered and recorded",
            "capacity": "yes",
            "gp": "letter",
        }
    )
    clinician.presses("Record the decision")
    clinician.reads(
        "Your decision is recorded.", "Waiting for second review", "may not make the second review"
    )
    clinician.looks("case-decided")
    assert clinician.goes_to(f"/staff/cases/{reference}/second/") == 403
    clinician.looks("403")


def _the_second_clinician_agrees(lead: Staff, membership, reference: str) -> None:
    secret = add_second_factor(membership.user)
    lead.signs_in(membership.user.email, secret)
    lead.follows("Second review")
    lead.follows("Sam Sample")
    lead.follows("Second review")
    lead.looks("second-review")
    lead.reads("What the patient will read", "What the GP will read")
    lead.fills({"says": "agree", "reason": "I agree."})
    lead.presses("Record the review")
    lead.reads("The second review is recorded.", "Assessment offered")
    lead.looks("case-closed")


def _the_letter_is_read(sam: Patient, link: str) -> None:
    sam.goes_to(re.sub(r"^https?://[^/]+", "", link))
    sam.looks("link-opened")
    sam.fills({"date_of_birth": "1981-03-27"})
    sam.presses("Continue")
    sam.looks_at_error("link-refused")
    sam.fills({"date_of_birth": BORN})
    sam.presses("Continue")
    sam.looks("room")
    sam.reads("We have written to you")
    sam.follows("Letter of")
    sam.looks("letter")
    sam.reads("We would like to offer you an appointment", "people made this decision")


def _link_in(sink: Sink) -> str:
    found = LINK.search(_text(sink))
    assert found, _text(sink)
    return found[0]


def _the_mail_says_nothing(sink: Sink, *, subject: str) -> None:
    message = sink.messages[-1]
    assert message["Subject"] == subject
    assert message["To"] == EMAIL
    told = LINK.sub("", f"{message['Subject']} {message['From']} {_text(sink)}").lower()
    assert [word for word in TELLING if word in told] == []


def _text(sink: Sink) -> str:
    return words_of(sink.messages[-1])
