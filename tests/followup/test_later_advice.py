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


def later_sent(browser: Client, case: Case, answer: str, page: str = "rf-chest") -> str:
    """The receipt of a later form in which this was said, and its advice was read."""
    by = Actor.patient(case.patient_id)
    later = services.begin_later_form(case=case, occasion=Occasion("FU11/1", (page,)), by=by, at=NOON)
    said = {page.replace("-", "_"): answer}
    services.save_page(response=later, page_id=page, answers=said, seen_lock=0, by=by, at=NOON)
    enter(browser, later, at=NOON)
    if RedFlag.objects.filter(case=case).exists():
        reads_advice(browser)
    browser.post(reverse("intake-submit"))
    return words_of(browser.get(reverse("intake-sent")))


@pytest.mark.parametrize(
    ("answer", "nation", "told"),
    [
        ("new_or_worse", "england", "Call 999 now, or ask someone to take you to A&amp;E"),
        ("not_sure", "scotland", "Call NHS 24 on 111 now and describe it"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_the_receipt_of_a_later_form_with_an_urgent_answer_repeats_the_advice(
    client: Client, db: None, answer: str, nation: str, told: str
) -> None:
    receipt = later_sent(client, submitted_case(open_clinic(), nation=nation), answer)
    assert told in receipt
    assert "We have told our clinical team. Please do not wait for us." in receipt
    assert "calls you if something needs it" not in receipt


@time_machine.travel(NOON, tick=False)
def test_whoever_would_rather_not_say_reads_where_to_turn_on_the_receipt_too(
    client: Client, db: None
) -> None:
    receipt = later_sent(client, submitted_case(open_clinic()), "prefer_not_say", "rf-suicide")
    assert "If you need someone to talk to" in receipt
    assert "Your answers are sent" in receipt


@time_machine.travel(NOON, tick=False)
def test_the_receipt_of_a_later_form_without_one_is_quiet(client: Client, db: None) -> None:
    receipt = later_sent(client, submitted_case(open_clinic()), "no")
    assert "Please do not wait for us" not in receipt
    assert "calls you if something needs it" in receipt
