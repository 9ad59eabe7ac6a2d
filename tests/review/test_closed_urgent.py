"""An urgent answer that comes after a case was closed: dealt with like any other, through its page."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from screening.cases.models import ORDINARY_RANK
from screening.cases.workflow import State
from tests.factories.people import sign_in
from tests.factories.review import Clinician, fresh
from tests.factories.room import amends, decided_case

pytestmark = pytest.mark.django_db


def test_an_urgent_answer_in_a_closed_case_is_claimed_called_about_and_cleared_by_its_buttons(
    client: Client, site: Site, lead: Clinician
) -> None:
    case = decided_case(site)
    address = {name: reverse(name, args=[case.reference]) for name in ("case", "case-claim", "case-call")}
    clear = reverse("case-clear", args=[case.reference])
    sign_in(client, lead.membership)
    assert address["case-claim"] not in client.get(address["case"]).content.decode(), "nothing to do any more"
    amends(case, answers={"rf_saddle": "new_or_worse"})
    assert f'action="{address["case-claim"]}"' in client.get(address["case"]).content.decode()
    client.post(address["case-claim"], {"seen": fresh(case).lock})
    page = client.get(address["case"]).content.decode()
    assert clear in page
    assert address["case-call"] in page
    said = {"key": uuid.uuid4(), "result": "reached", "text": "Her son drives her.", "time": ""}
    assert client.post(address["case-call"], said).status_code == 302
    done = {"seen": fresh(case).lock, "reason": "At A&E.", "rests_on": case.calls.get().pk, "no_call": ""}
    assert client.post(clear, done).status_code == 302
    case = fresh(case)
    assert (case.state, case.rank) == (State.DECLINED, ORDINARY_RANK)
    assert case.red_flags.get().cleared_call == case.calls.get()
