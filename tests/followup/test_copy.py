"""The copy of everything reads like the form: its questions in their order, its days in words."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from screening.questionnaires.selectors import questionnaire_of
from tests.factories.intake import response_of, submitted_case
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
