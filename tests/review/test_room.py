"""What a patient reads after a review: where the form stands, and the letter."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.review import services
from screening.review.models import Letter
from tests.factories.intake import draft, enter, submitted_case
from tests.factories.review import LATER, Clinician
from tests.factories.room import inside

pytestmark = pytest.mark.django_db
ROOM = "/room/"


def decided(site: Site, outcome: State = State.DECLINED) -> Case:
    case = submitted_case(site)
    first, second = Clinician.at(site), Clinician.at(site, Role.LEAD_CLINICIAN)
    first.takes(case)
    first.decides(case, outcome)
    second.opens(case)
    second.looks_second(case, letter="Dear Ada, we have read your answers.")
    return case


def events(case: Case) -> list[str]:
    return list(
        AuditEvent.objects.filter(case_reference=case.reference)
        .order_by("at", "id")
        .values_list("event", flat=True)
    )


def test_while_clinicians_read_the_room_says_so_and_the_visit_is_written_down(
    client: Client, site: Site
) -> None:
    case = submitted_case(site)
    page = inside(client, case).get(ROOM)
    assert page.status_code == 200
    assert "A clinician will read your answers" in page.content.decode()
    assert case.reference in page.content.decode()
    assert events(case)[-1] == Event.STATUS_VIEWED


@pytest.mark.parametrize("outcome", [State.OFFERED_ASSESSMENT, State.DECLINED, State.SIGNPOSTED])
def test_the_room_names_a_letter_but_no_decision(client: Client, site: Site, outcome: State) -> None:
    case = decided(site, outcome)
    words = inside(client, case).get(ROOM).content.decode()
    assert "We have written to you" in words
    assert reverse("patient-letter", args=[1]) in words
    assert "Declined" not in words
    assert "offered" not in words.lower()


def test_the_first_reading_of_a_letter_is_kept_and_every_reading_is_written_down(
    client: Client, site: Site
) -> None:
    case = decided(site)
    inside(client, case)
    assert "Dear Ada" in client.get(reverse("patient-letter", args=[1])).content.decode()
    first = Letter.objects.get().read_at
    client.get(reverse("patient-letter", args=[1]))
    assert Letter.objects.get().read_at == first is not None
    assert events(case).count(Event.LETTER_OPENED) == 2


@pytest.mark.parametrize("number", [0, 2, 999_999])
def test_a_letter_that_is_not_there_is_not_found(client: Client, site: Site, number: int) -> None:
    case = decided(site)
    assert inside(client, case).get(f"/room/letter/{number}/").status_code == 404


def test_nobody_comes_in_without_a_session(client: Client, site: Site) -> None:
    decided(site)
    assert client.get(ROOM).status_code == 404
    assert client.get(reverse("patient-letter", args=[1])).status_code == 404
    assert Letter.objects.get().read_at is None


def test_a_form_that_was_not_sent_has_a_room_that_leads_back_to_it(client: Client, site: Site) -> None:
    words = enter(client, draft(site), at=timezone.now()).get(ROOM).content.decode()
    assert "You have not sent your form yet" in words
    assert reverse("intake-form") in words
    assert reverse("patient-erase") in words
    assert reverse("patient-answers") not in words


def test_urgent_advice_stays_in_sight_until_a_clinician_has_acted(client: Client, site: Site) -> None:
    case = submitted_case(site, rf_saddle="new_or_worse")
    inside(client, case)
    assert "Go to A&amp;E now" in client.get(ROOM).content.decode()
    clinician = Clinician.at(site)
    clinician.takes(case)
    services.clear_red_flags(
        case=case,
        seen=Case.objects.get(pk=case.pk).lock,
        reason="Rang, went.",
        no_call="Seen in person.",
        **clinician.who(LATER),
    )
    assert "Go to A&amp;E now" not in client.get(ROOM).content.decode()


def test_what_a_clinician_asks_is_read_in_the_room(client: Client, site: Site) -> None:
    case = submitted_case(site)
    clinician = Clinician.at(site)
    clinician.takes(case)
    services.ask_patient(
        case=case,
        seen=Case.objects.get(pk=case.pk).lock,
        items=[],
        text="Please tell us when you stopped.",
        **clinician.who(LATER),
    )
    words = inside(client, case).get(ROOM).content.decode()
    assert "We need something from you" in words
    assert "Please tell us when you stopped." in words
