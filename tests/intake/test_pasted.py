"""What is pasted or typed in a hurry: signs that nobody sees, numbers without digits, words for numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Site
from screening.cases.models import Patient, Response
from screening.intake.fields import field_for
from screening.rules.questionnaire import Item
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in
from tests.intake.reading import text_of

pytestmark = pytest.mark.django_db
# As copied from a list of contacts, a chat, a PDF.
COPIED = ["\u202a{}\u202c", "{}\u200b", "\ufeff{}", "\u2066{}\u2069", " {}\u200e "]
HOW_LONG = "/form/treatments/1/?part=3"


@pytest.fixture
def finished(client: Client, clinic: Site, noon: time_machine.Traveller) -> Response:
    response = factories.finished_draft(clinic)
    factories.enter(client, response, at=NOON)
    return response


def lock(draft: Response, page: str) -> str:
    return str(Response.objects.get(pk=draft.pk).page_locks.get(page, 0))


def contact(draft: Response, **changes: str) -> dict[str, str]:
    usual = {"phone": "07700 900123", "email": "sam@example.com", "contact_preference": "email"}
    return {**usual, "lock": lock(draft, "your-contact"), **changes}


@pytest.mark.parametrize("copied", COPIED)
def test_an_address_and_a_number_are_kept_as_they_look(
    client: Client, finished: Response, copied: str
) -> None:
    typed = contact(finished, email=copied.format("sam@example.org"), phone=copied.format("07700 900982"))
    assert client.post("/form/your-contact/", typed).status_code == 303
    answers = answers_in(finished)
    assert (answers["email"], answers["phone"]) == ("sam@example.org", "07700 900982")


@pytest.mark.parametrize("copied", COPIED)
def test_a_link_goes_to_the_address_that_is_seen(
    client: Client,
    finished: Response,
    copied: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/form/link/", {"email": copied.format("sam@example.org")}).status_code == 200
    assert mail.outbox[-1].to == ["sam@example.org"]
    assert Patient.objects.get(pk=finished.patient_id).email == "sam@example.org"


@pytest.mark.parametrize("where", [f"{'é' * 60}.org", "a\u05d01.org", "exa mple.org", "example"])
def test_an_address_that_no_mail_can_go_to_is_asked_for_again(
    client: Client, finished: Response, where: str
) -> None:
    answer = client.post("/form/link/", {"email": f"sam@{where}"})
    assert answer.status_code == 422
    assert text_of(answer).count("Enter an email address like name@example.com") == 2


@pytest.mark.parametrize("copied", COPIED)
def test_a_date_and_a_number_are_read_as_they_look(client: Client, clinic: Site, copied: str) -> None:
    typed = {"dob_day": copied.format("1"), "dob_month": "1", "dob_year": copied.format("1980")}
    begun = client.post(f"/clinic/{clinic.slug}/start/", {**typed, "nation": "england"})
    assert begun.status_code == 302


@pytest.mark.parametrize("copied", COPIED)
def test_a_count_is_read_as_it_looks(client: Client, finished: Response, copied: str) -> None:
    typed = {"lock": lock(finished, "treatments"), "weeks": copied.format("12"), "skip": "1"}
    assert client.post(HOW_LONG, typed).status_code == 303
    assert answers_in(finished)["treatments"][0]["weeks"] == 12


@pytest.mark.parametrize("copied", COPIED)
def test_a_number_with_a_point_is_read_as_it_looks(copied: str) -> None:
    field = field_for(Item(id="dose", type="decimal", text="How much?"), clinic="", answers={})
    assert field.clean(copied.format("12.5")) == Decimal("12.5")


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", " \u2060 ", "\u200e\u200f"])
def test_a_name_that_nobody_can_see_is_a_blank(client: Client, finished: Response, unseen: str) -> None:
    typed = {"lock": lock(finished, "your-name"), "given_name": unseen, "family_name": "Example"}
    answer = client.post("/form/your-name/", typed)
    assert answer.status_code == 422
    assert "Fill in “First name”" in text_of(answer)


@pytest.mark.parametrize(
    "joined",
    [
        "می\u200cخواهم",
        "👩\u200d🦽",
        "क्\u200dष",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_the_joiners_of_words_and_pictures_stay(client: Client, finished: Response, joined: str) -> None:
    answer = client.post("/form/goals/", {"lock": lock(finished, "goals"), "goals": joined})
    assert answer.status_code == 303
    assert answers_in(finished)["goals"] == joined


def test_a_health_number_is_kept_in_the_digits_that_staff_search_by(
    client: Client, finished: Response
) -> None:
    typed = {"lock": lock(finished, "nhs-number"), "nhs_number": "９４３ ４７６ ５９１９"}
    assert client.post("/form/nhs-number/", typed).status_code == 303
    assert answers_in(finished)["nhs_number"] == "9434765919"


@pytest.mark.parametrize(
    "phone", ["my sister answers", "O77OO 9OO123", "946 0000", "+44 946 0000", "+376 312 3"]
)
def test_a_number_that_nobody_could_ring_is_asked_for_again(
    client: Client, finished: Response, phone: str
) -> None:
    answer = client.post("/form/your-contact/", contact(finished, phone=phone))
    assert answer.status_code == 422
    assert "Enter a phone number with all its digits" in text_of(answer)
    assert phone in text_of(answer)


@pytest.mark.parametrize(
    "phone", ["+44 (0)7700 900123", "020 7946 0000 after 6", "00353 1 555 0123", "+376 312 345"]
)
def test_a_number_is_taken_as_people_write_it(client: Client, finished: Response, phone: str) -> None:
    assert client.post("/form/your-contact/", contact(finished, phone=phone)).status_code == 303
    assert answers_in(finished)["phone"] == phone


def test_below_urgent_advice_too_a_number_has_all_its_digits_and_the_advice_stays(
    patient: Client, draft: Response
) -> None:
    patient.post("/form/rf-saddle/", {"lock": "0", "rf_saddle": "new_or_worse"})
    answer = patient.post("/form/advice/", {"read": "on", "phone": "ring me please"})
    assert answer.status_code == 422
    assert "Enter a phone number with all its digits" in text_of(answer)
    assert "Go to A&amp;E now" in text_of(answer)
    assert not Patient.objects.get(pk=draft.patient_id).phone


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("about 3", "Write a whole number in digits, like 12"),
        ("½", "Write a whole number in digits, like 12"),
        ("1,5", "Write a whole number in digits, like 12"),
        ("-3", "Write a number from 0 to 4000"),
        ("99999", "Write a number from 0 to 4000"),
    ],
)
def test_what_is_wrong_with_a_number_is_said_in_plain_words_with_its_question(
    client: Client, finished: Response, typed: str, said: str
) -> None:
    answer = client.post(HOW_LONG, {"lock": lock(finished, "treatments"), "weeks": typed})
    assert answer.status_code == 422
    assert text_of(answer).count(f"{said}: “For how many weeks did you have it?”") == 2  # summary and field
