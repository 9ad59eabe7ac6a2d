"""A page of the room that another window, or its own first press, has overtaken."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from screening.cases.models import Case
from tests.factories.intake import answers_in, response_of, submitted_case
from tests.factories.review import fresh
from tests.factories.room import inside

pytestmark = pytest.mark.django_db


def test_a_stale_correction_shows_both_and_may_be_sent_again(client: Client, case: Case) -> None:
    address = reverse("patient-correct", args=["diagnosis"])
    seen = response_of(case).revision
    inside(client, case)
    typed = {"lock": seen, "asked": "dx_confirmed", "reason": ""}
    client.post(address, {**typed, "dx_confirmed": "no"})
    stale = client.post(address, {**typed, "dx_confirmed": "not_sure"})
    assert stale.status_code == 409
    assert "Use what I typed now" in stale.content.decode()
    again = client.post(address, {**typed, "lock": response_of(case).revision, "dx_confirmed": "not_sure"})
    assert again.status_code == 303
    assert answers_in(response_of(case))["dx_confirmed"] == "not_sure"


def test_an_urgent_answer_on_a_page_that_another_window_closed_is_heeded(client: Client, site: Site) -> None:
    case = submitted_case(site, phq_1=0, phq_2=0)
    address = reverse("patient-correct", args=["mood-4"])
    typed = {"lock": response_of(case).revision, "asked": "phq_9", "phq_9": "3"}
    page = inside(client, case).post(address, typed)
    words = page.content.decode()
    assert page.status_code == 409
    assert "This page is not asked any more" in words
    assert "Samaritans" in words
    assert f'href="{reverse("patient-answers")}"' in words
    assert fresh(case).rank == 2
    assert "phq_9" not in answers_in(response_of(case))


def test_a_treatment_added_by_a_double_press_is_there_once(client: Client, case: Case) -> None:
    address = reverse("patient-entry-add", args=["treatments"])
    before = len(answers_in(response_of(case))["treatments"])
    asked = ["class", "name", "for_this_pain", "outcome"]
    typed = {"class": "tens", "name": "A machine", "for_this_pain": "yes", "outcome": "no_relief"}
    seen = response_of(case).revision
    inside(client, case)
    for _press in range(2):
        answer = client.post(address, {**typed, "lock": seen, "asked": asked, "reason": ""})
        assert answer.status_code == 303
    assert len(answers_in(response_of(case))["treatments"]) == before + 1
