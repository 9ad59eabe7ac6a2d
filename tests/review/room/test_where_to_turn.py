"""Who to call when things get worse, by nation; how long it takes; and nothing is offered that is refused."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import ResponseStatus
from screening.intake.services import withdraw
from screening.intake.services.later import Occasion, begin_later_form
from screening.questionnaires.models import Kind
from screening.questionnaires.seed_files import seed_content
from tests.factories.intake import enter, submitted_case
from tests.factories.room import LATE, inside
from tests.intake.reading import words_of

pytestmark = pytest.mark.django_db
PAGES = ["/form/sent/", "/room/", "/room/forms/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("nation", ["england", "scotland", "wales"])
def test_whoever_gets_worse_may_call_111(client: Client, site: Site, page: str, nation: str) -> None:
    words = words_of(inside(client, submitted_case(site, nation=nation)).get(page))
    assert "Call 999 in an emergency, or 111, or your GP." in words


@pytest.mark.parametrize("page", PAGES)
def test_in_northern_ireland_there_is_no_111_to_call(client: Client, site: Site, page: str) -> None:
    words = words_of(inside(client, submitted_case(site, nation="northern_ireland")).get(page))
    assert "Call 999 in an emergency, or call your GP or GP out-of-hours service." in words
    assert "111" not in words


def test_after_a_later_form_neither(client: Client, site: Site) -> None:
    case = submitted_case(site, nation="northern_ireland")
    by = Actor.patient(case.patient_id)
    later = begin_later_form(case=case, occasion=Occasion("FU11/1", ("rf-chest",)), by=by, at=LATE)
    later.status, later.submitted_at = ResponseStatus.COMPLETED, LATE
    later.save(update_fields=["status", "submitted_at"])
    words = words_of(enter(client, later, at=timezone.now()).get("/form/sent/"))
    assert "Your answers are sent" in words
    assert "GP out-of-hours service" in words
    assert "111" not in words


def test_a_letter_names_who_to_call_in_every_nation() -> None:
    crisis = next(each for each in seed_content(Kind.LETTERS)["help"] if each["code"] == "HELP_CRISIS")
    assert "in Northern Ireland your GP out-of-hours service" in crisis["text"]


def test_the_receipt_says_the_days_that_the_clinic_aims_for(client: Client, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(flagged_days=3, not_currently_days=8)
    words = words_of(inside(client, submitted_case(Site.objects.get(pk=site.pk))).get("/form/sent/"))
    assert "usually within 8 working days" in words


def test_whoever_took_the_form_back_is_not_invited_to_write(client: Client, site: Site) -> None:
    case = submitted_case(site)
    withdraw(case=case, by=Actor.patient(case.patient_id), at=LATE)
    room = inside(client, case)
    assert "write to us" not in words_of(room.get("/room/"))
    messages = words_of(room.get("/room/messages/"))
    assert "To ask us something, call us." in messages
    assert "You can write to us first" not in messages
