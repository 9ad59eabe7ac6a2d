"""The room over HTTP: whose it is, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.intake.services import erase_draft, withdraw
from screening.review.models import Amendment, AnotherLook, Message
from tests.factories.intake import answers_in, draft, enter, response_of, submitted_case
from tests.factories.people import make_member
from tests.factories.review import Clinician, fresh
from tests.factories.room import decided_case, inside
from tests.intake.reading import BORN, hidden_in, time_runs_out

pytestmark = pytest.mark.django_db
DOORS = (
    "patient-room",
    "patient-who",
    "patient-messages",
    "patient-answers",
    "patient-documents",
    "patient-look",
    "patient-withdraw",
    "patient-contact",
    "patient-copy",
    "patient-copy-json",
)


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "documents"


def revision(case: Case) -> int:
    return response_of(case).revision


@pytest.mark.parametrize("door", DOORS)
def test_no_door_opens_without_a_session(client: Client, case: Case, door: str) -> None:
    assert client.get(reverse(door)).status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_no_door_opens_when_the_form_was_deleted(client: Client, site: Site, door: str) -> None:
    response = draft(site)
    enter(client, response, at=timezone.now())
    erase_draft(case=response.case, by=Actor.patient(response.patient_id), at=timezone.now())
    assert client.get(reverse(door)).status_code == 410


def test_a_message_that_is_too_long_is_still_there_to_be_shortened(client: Client, case: Case) -> None:
    long = "word " * 900
    page = inside(client, case).post(reverse("patient-messages"), {"key": uuid.uuid4(), "text": long})
    assert page.status_code == 422
    assert long.strip() in page.content.decode()
    assert not Message.objects.exists()


def test_a_double_press_sends_one_message(client: Client, case: Case) -> None:
    inside(client, case)
    typed = {"key": str(uuid.uuid4()), "text": "Thank you"}
    for _press in range(2):
        assert client.post(reverse("patient-messages"), typed).status_code == 303
    assert Message.objects.count() == 1


def test_control_signs_and_markup_do_no_harm(client: Client, case: Case) -> None:
    inside(client, case)
    typed = {"key": str(uuid.uuid4()), "text": "<b>Hello</b>\x00\x07 there"}
    client.post(reverse("patient-messages"), typed)
    assert Message.objects.get().text == "<b>Hello</b> there"
    assert "&lt;b&gt;Hello" in client.get(reverse("patient-messages")).content.decode()


def test_a_correction_over_http_keeps_the_first_value_in_sight(client: Client, case: Case) -> None:
    address = reverse("patient-correct", args=["diagnosis"])
    page = inside(client, case).get(address).content.decode()
    assert 'value="yes"' in page
    sent = client.post(
        address, {"lock": revision(case), "asked": "dx_confirmed", "dx_confirmed": "no", "reason": "Misread."}
    )
    assert sent.status_code == 303
    shown = client.get(reverse("patient-answers")).content.decode()
    assert "You said first: Yes" in shown


def test_a_wrong_correction_keeps_what_was_typed(client: Client, case: Case) -> None:
    address = reverse("patient-correct", args=["your-contact"])
    page = inside(client, case).post(
        address,
        {
            "lock": revision(case),
            "asked": ["phone", "email"],
            "phone": "123",
            "email": "x at y",
            "reason": "New",
        },
    )
    assert page.status_code == 422
    assert "x at y" in page.content.decode()
    assert "New" in page.content.decode()
    assert not Amendment.objects.exists()


def test_an_urgent_answer_on_a_page_with_a_mistake_is_heeded_at_once(client: Client, site: Site) -> None:
    case = submitted_case(site)
    Clinician.at(site).asks(case, items=["rf_saddle", "phone"])
    page = inside(client, case).post(
        reverse("patient-questions", args=[1]),
        {
            "lock": revision(case),
            "asked": ["rf_saddle", "phone"],
            "rf_saddle": "new_or_worse",
            "phone": "123",
        },
    )
    assert page.status_code == 422
    assert "Go to A&amp;E now" in page.content.decode()
    assert fresh(case).rank == 1


@pytest.mark.parametrize("page_id", ["nowhere", "agree"])
def test_what_is_no_page_or_was_agreed_is_not_corrected(client: Client, case: Case, page_id: str) -> None:
    assert inside(client, case).get(f"/room/answers/{page_id}/").status_code == 404


def test_a_question_of_another_page_cannot_be_slipped_in(client: Client, case: Case) -> None:
    inside(client, case).post(
        reverse("patient-correct", args=["diagnosis"]),
        {
            "lock": revision(case),
            "asked": ["dx_confirmed", "goals"],
            "dx_confirmed": "no",
            "goals": "Hacked",
            "reason": "",
        },
    )
    assert [change.item for change in Amendment.objects.all()] == ["dx_confirmed"]


def test_only_what_was_asked_is_on_the_page_of_a_request(client: Client, site: Site) -> None:
    case = submitted_case(site, dx_confirmed="not_sure")
    Clinician.at(site).asks(case, items=["dx_confirmed"], text="Which one?")
    page = inside(client, case).get(reverse("patient-questions", args=[1])).content.decode()
    assert "Which one?" in page
    assert page.count('name="asked"') == 1
    assert client.get(reverse("patient-questions", args=[2])).status_code == 404


def test_an_urgent_answer_to_a_request_leads_to_the_advice(client: Client, site: Site) -> None:
    case = submitted_case(site)
    Clinician.at(site).asks(case, items=["rf_saddle"])
    sent = inside(client, case).post(
        reverse("patient-questions", args=[1]),
        {"lock": revision(case), "asked": "rf_saddle", "rf_saddle": "new_or_worse", "text": ""},
    )
    assert sent.url == reverse("intake-advice")  # type: ignore[attr-defined]
    assert fresh(case).state == State.URGENT_HOLD
    assert client.get(reverse("patient-room")).url == reverse("intake-advice")  # type: ignore[attr-defined]


def test_a_request_for_words_wants_words(client: Client, site: Site) -> None:
    case = submitted_case(site)
    Clinician.at(site).asks(case, text="When did you stop?")
    address = reverse("patient-questions", args=[1])
    inside(client, case)
    assert client.post(address, {"lock": revision(case), "text": " "}).status_code == 422
    assert client.post(address, {"lock": revision(case), "text": "In May."}).status_code == 303
    assert client.post(address, {"lock": revision(case), "text": "In May."}).status_code == 303
    assert case.information_requests.get().answer == "In May."


def test_asking_for_another_look_twice_is_refused_kindly(client: Client, site: Site) -> None:
    case = decided_case(site)
    inside(client, case)
    address = reverse("patient-look")
    assert client.post(address, {"reason": "Look again"}).status_code == 303
    again = client.post(address, {"reason": "Look again"})
    assert again.status_code == 409
    assert "We did not keep" not in again.content.decode(), "these words were kept"
    other = client.post(address, {"reason": "My leg gives way now."})
    assert other.status_code == 409
    assert "We did not keep what you wrote. Here it is:" in other.content.decode()
    assert "My leg gives way now." in other.content.decode(), "nothing typed is lost"
    assert AnotherLook.objects.count() == 1


def test_words_sent_after_the_form_was_taken_back_are_not_lost(client: Client, case: Case) -> None:
    inside(client, case)
    withdraw(case=case, by=Actor.patient(case.patient_id), at=timezone.now())
    for name, typed in (
        ("patient-messages", {"key": str(uuid.uuid4()), "text": "Please ring me."}),
        ("patient-look", {"reason": "Please ring me."}),
    ):
        answer = client.post(reverse(name), typed)
        shown = answer.content.decode()
        assert answer.status_code == 409, name
        assert "We did not keep what you wrote. Here it is:" in shown, name
        assert "Please ring me." in shown, name


def test_a_case_nobody_decided_offers_no_other_look(client: Client, case: Case) -> None:
    page = inside(client, case).get(reverse("patient-look")).content.decode()
    assert "when we have made a decision" in page
    assert "<textarea" not in page


def test_leaving_wants_a_tick_and_then_keeps_the_record_readable(client: Client, case: Case) -> None:
    inside(client, case)
    address = reverse("patient-withdraw")
    assert client.post(address, {}).status_code == 422
    assert fresh(case).state == State.AWAITING_REVIEW
    assert client.post(address, {"sure": "on"}).status_code == 303
    assert fresh(case).state == State.WITHDRAWN
    assert "You took your form back" in client.get(reverse("patient-room")).content.decode()
    assert client.get(reverse("patient-copy")).status_code == 200
    assert client.post(address, {"sure": "on"}).status_code == 409


def test_a_sent_form_is_not_deleted(client: Client, case: Case) -> None:
    assert inside(client, case).post(reverse("patient-erase"), {"sure": "on"}).status_code == 409
    assert answers_in(response_of(case))


def test_deleting_a_draft_with_an_urgent_answer_says_what_stays(client: Client, site: Site) -> None:
    response = draft(site, until="rf-bladder", rf_saddle="new_or_worse")
    page = enter(client, response, at=timezone.now()).get(reverse("patient-erase")).content.decode()
    assert "The answer that needs a doctor soon" in page
    assert "Please do not wait for us" in page


def test_clinicians_are_named_and_others_are_shown_by_what_they_do(
    client: Client, case: Case, clinician: Clinician
) -> None:
    clinician.opens(case, at=timezone.now())
    manager = make_member(Role.ADMINISTRATOR, site=case.site)
    record(
        Event.SENDING_VIEWED,
        by=Actor.staff(manager),
        at=timezone.now(),
        site=case.site,
        references=[case.reference],
    )
    page = inside(client, case).get(reverse("patient-who")).content.decode()
    assert clinician.membership.user.name in page
    assert "Administrator" in page
    assert manager.user.name not in page


def test_empty_rooms_are_kind(client: Client, case: Case) -> None:
    inside(client, case)
    assert "No messages yet" in client.get(reverse("patient-messages")).content.decode()
    assert "Nobody has looked yet" in client.get(reverse("patient-who")).content.decode()


def test_a_message_typed_when_the_time_ran_out_is_sent_after_the_date_of_birth(
    client: Client, case: Case
) -> None:
    inside(client, case)
    time_runs_out(client)
    waits = client.post(reverse("patient-messages"), {"key": str(uuid.uuid4()), "text": "Please ring me."})
    assert waits.status_code == 403
    assert not Message.objects.exists()
    answer = client.post(reverse("patient-messages"), {**hidden_in(waits.content), **BORN})
    assert answer.status_code == 303
    assert Message.objects.get().text == "Please ring me."
