"""The copy of everything reads like the form: its questions in their order, its days in words."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from accounts.models import Site
from screening.questionnaires.selectors import questionnaire_of
from screening.review.room import services
from tests.factories.intake import open_clinic, response_of, submitted_case
from tests.factories.review import Clinician, fresh
from tests.factories.room import LATE, decided_case, wants_another_look
from tests.followup.test_room import copied


def test_answers_stand_in_the_order_in_which_they_were_asked(client: Client, db: None) -> None:
    case = submitted_case()
    asked = [item.id for item in questionnaire_of(response_of(case).version).items()]
    read = [row["item"] for row in copied(client, case)["answers"]]  # type: ignore[attr-defined]
    assert read == [item for item in asked if item in read]
    assert len(read) > 30


def test_the_date_of_birth_is_a_date_in_the_file_and_a_day_on_the_page(client: Client, db: None) -> None:
    copy = copied(client, submitted_case(dob="1967-02-17"))
    assert {"what": "Date of birth", "is": "1967-02-17"} in copy["person"]  # type: ignore[operator]
    page = client.get(reverse("patient-copy")).content.decode()
    assert "17 February 1967" in page
    assert "1967-02-17" not in page


def test_every_answer_about_a_treatment_is_on_the_page(client: Client, db: None) -> None:
    copied(client, submitted_case())
    page = client.get(reverse("patient-copy")).content.decode()
    answers = page.partition("What you agreed to")[0]
    for said in ("How many sessions did you have? 8 sessions", "How much of the pain did it take away? 10 %"):
        assert said in answers


def test_a_decision_that_is_looked_at_again_was_made_all_the_same(client: Client, db: None) -> None:
    site: Site = open_clinic()
    case = decided_case(site)
    wants_another_look(case)
    clinician = Clinician.at(site)
    clinician.opens(case, at=LATE)
    services.answer_look(
        case=case, seen=fresh(case).lock, reopens=True, answer="We look again.", **clinician.who(LATE)
    )
    before = copied(client, fresh(case))["decisions"]
    assert [row["stage"] for row in before] == ["First review", "Second review"]  # type: ignore[attr-defined]
    clinician.takes(case, at=LATE)
    clinician.decides(case, at=LATE)
    assert copied(client, fresh(case))["decisions"] == before, "no new decision before two have made it"
