"""What staff see of the room, and answer: over HTTP."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.services import Stale
from screening.followup.room import records
from screening.review.case_history import history_of
from screening.review.models import Message
from screening.review.room import services
from screening.review.services import ask_patient
from tests.factories.intake import draft, response_of, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import Clinician, fresh
from tests.factories.room import LATE, decided_case, inside, replies, wants_another_look

pytestmark = pytest.mark.django_db


def test_staff_read_and_answer(client: Client, case: Case, clinician: Clinician) -> None:
    replies(case, "I moved house.")
    sign_in(client, clinician.membership)
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "I moved house." in page
    assert "Patient replied" in page
    typed = {"key": str(uuid.uuid4()), "text": "Thank you."}
    for _press in range(2):
        assert client.post(reverse("case-message", args=[case.reference]), typed).status_code == 302
    assert Message.objects.filter(author=clinician.membership.user).count() == 1
    client.post(reverse("case-news", args=[case.reference]), {"seen": fresh(case).lock})
    assert fresh(case).news_at is None


def test_the_button_of_whoever_decided_is_refused_with_its_reason(client: Client, site: Site) -> None:
    case = decided_case(site)
    wants_another_look(case)
    first = case.decisions.earliest("id").clinician.memberships.get()
    sign_in(client, first)
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "A different clinician has to look again." in page


def test_the_letter_of_whoever_answers_second_is_kept(client: Client, site: Site) -> None:
    case = decided_case(site)
    wants_another_look(case)
    ben, ada = Clinician.at(site), Clinician.at(site)
    sign_in(client, ada.membership)
    client.get(reverse("case", args=[case.reference]))
    address = reverse("case-look", args=[case.reference])
    seen = fresh(case).lock
    ben.opens(case, at=LATE)
    services.answer_look(case=case, seen=seen, reopens=False, answer="It stands.", **ben.who(LATE))
    typed = {"outcome": "stands", "answer": "Dear Quillfeather, we looked."}
    for number in (seen, fresh(case).lock):
        answer = client.post(address, {**typed, "seen": number})
        assert (answer.status_code, b"Dear Quillfeather" in answer.content) == (409, True)
    assert b"recorded already" in answer.content
    assert client.get(address).status_code == 404


def test_a_note_sent_twice_is_one_note(client: Client, case: Case, clinician: Clinician) -> None:
    sign_in(client, clinician.membership)
    address = reverse("case-note", args=[case.reference])
    assert 'name="key"' in client.get(address).content.decode()
    typed = {"key": str(uuid.uuid4()), "text": "Rang, no answer."}
    for _press in range(2):
        assert client.post(address, typed).status_code == 302
    assert case.notes.count() == 1
    assert AuditEvent.objects.filter(event=Event.NOTE_ADDED).count() == 1


def test_a_question_sent_twice_is_one_question(case: Case, clinician: Clinician) -> None:
    """Also to a patient who was asked something else before, so that the state of the case stays."""
    clinician.asks(case)
    seen = fresh(case).lock
    said = {"case": case, "seen": seen, "items": [], "text": "Which school?", **clinician.who()}
    ask_patient(**said)
    with pytest.raises(Stale):
        ask_patient(**said)
    assert case.information_requests.count() == 2


def test_the_history_says_that_staff_began_the_form(site: Site, clinician: Clinician) -> None:
    entered = clinician.enters(site).case
    name = clinician.membership.user.name
    assert [row["by"] for row in history_of(entered, [])] == [name]
    assert [row["by"] for row in records.history(entered)] == [name]
    own = draft(site).case
    assert history_of(own, [])[-1]["by"] == "Patient"


def test_what_was_asked_of_the_patient_stays_in_sight(
    client: Client, site: Site, clinician: Clinician
) -> None:
    case = submitted_case(site, onset=None)
    clinician.asks(case, items=["onset", "record_files"], text="Please help us.")
    sign_in(client, clinician.membership)
    side = client.get(reverse("case", args=[case.reference])).content.decode().split("From the patient")[1]
    asked = side.split("Please help us.")[1].split("Not answered yet.")[0]
    assert "When did this pain begin?" in asked
    assert "Add a letter or a summary" in asked


def test_an_answer_to_a_request_is_read_beside_what_was_asked(
    client: Client, site: Site, clinician: Clinician
) -> None:
    case = submitted_case(site, onset=None)
    clinician.asks(case, items=["onset", "goals"])
    posted = {"lock": response_of(case).revision, "asked": ["onset", "goals"], "onset_month": "3"}
    patient = inside(Client(), case)
    answer = patient.post(
        reverse("patient-questions", args=[1]), {**posted, "onset_year": "2024", "skip": "1"}
    )
    assert answer.status_code == 303
    assert "We have your answers." in patient.get(answer["Location"]).content.decode()
    sign_in(client, clinician.membership)
    side = client.get(reverse("case", args=[case.reference])).content.decode().split("From the patient")[1]
    asked = side.partition("Answered on")[0]
    assert "When did this pain begin? <strong>March 2024</strong>" in asked
    assert "<em>Not answered</em>" in asked


def test_who_adds_nothing_to_what_was_asked_is_not_thanked_for_answers(
    site: Site, clinician: Clinician
) -> None:
    case = submitted_case(site, onset=None)
    clinician.asks(case, items=["onset"])
    posted = {"lock": response_of(case).revision, "asked": ["onset"], "skip": "1"}
    patient = inside(Client(), case)
    answer = patient.post(reverse("patient-questions", args=[1]), posted)
    said = patient.get(answer["Location"]).content.decode()
    assert "You added nothing." in said
    assert "We have your answers." not in said


@pytest.mark.parametrize(
    ("reopens", "became"), [(True, "opened the case again"), (False, "let the decision stand")]
)
def test_another_look_stays_in_sight_after_it_was_answered(
    client: Client, site: Site, clinician: Clinician, reopens: bool, became: str
) -> None:
    case = decided_case(site)
    wants_another_look(case, "My diagnosis has changed.")
    clinician.opens(case, at=LATE)
    services.answer_look(
        case=case, seen=fresh(case).lock, reopens=reopens, answer="I read it all.", **clinician.who(LATE)
    )
    sign_in(client, clinician.membership)
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "My diagnosis has changed." in page
    assert f"{clinician.membership.user.name} {became}" in page
