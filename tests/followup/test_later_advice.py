"""Advice for an answer of a later form: read in the words of that form, whichever way somebody comes back."""

from __future__ import annotations

import copy

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.models import Case, RedFlag
from screening.intake import services
from screening.intake.services import Occasion
from screening.questionnaires.models import Kind
from screening.questionnaires.services import draft_version, publish_version
from tests.factories.intake import NOON, enter, open_clinic, response_of, shipped, submitted_case
from tests.factories.people import make_member
from tests.intake.reading import reads_advice, words_of

pytestmark = pytest.mark.django_db
TITLE = "Call 999 about your chest now"


def publish_new_advice(site: Site) -> None:
    """Version 2: advice of its own for the question about the chest."""
    content = copy.deepcopy(shipped(Kind.QUESTIONNAIRE))
    content["advice"]["chest_now"] = {**content["advice"]["call_999"], "title": TITLE}
    chest = next(page for page in content["pages"] if page["id"] == "rf-chest")["items"][0]
    chest["advice"] = {**chest["advice"], "new_or_worse": "chest_now"}
    author, approver = (
        Actor.staff(make_member(role, site=site))
        for role in (Role.QUESTIONNAIRE_MANAGER, Role.LEAD_CLINICIAN)
    )
    draft = draft_version(site=site, kind=Kind.QUESTIONNAIRE, content=content, by=author, at=NOON)
    publish_version(version=draft, by=approver, at=NOON)


@pytest.fixture
def raised(db: None) -> Case:
    """Sent by the first version; the answer is given in a later form by the second, and nothing is read."""
    case = submitted_case(open_clinic())
    publish_new_advice(case.site)
    by = Actor.patient(case.patient_id)
    later = services.begin_later_form(case=case, occasion=Occasion("FU11/1", ("rf-chest",)), by=by, at=NOON)
    services.save_page(
        response=later, page_id="rf-chest", answers={"rf_chest": "new_or_worse"}, seen_lock=0, by=by, at=NOON
    )
    assert RedFlag.objects.get(case=case).advice == "chest_now"
    return case


@time_machine.travel(NOON, tick=False)
def test_who_comes_back_by_link_reads_the_advice_of_the_later_form(client: Client, raised: Case) -> None:
    browser = enter(client, response_of(raised), at=NOON)
    assert browser.get(reverse("patient-room")).headers["Location"] == reverse("intake-advice")
    assert TITLE in words_of(browser.get(reverse("intake-advice")))
    reads_advice(browser)
    assert TITLE in words_of(browser.get(reverse("patient-room"))), "in sight until it is cleared"
