"""Sending over HTTP, the receipt, and coming back with a link."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Case, Response
from screening.intake import services, session
from tests.factories import intake as factories
from tests.factories.intake import NOON
from tests.intake.reading import text_of

pytestmark = pytest.mark.usefixtures("noon")


def test_pressing_send_twice_shows_the_same_reference(client: Client, clinic: Site) -> None:
    draft = factories.finished_draft(clinic)
    factories.enter(client, draft, at=NOON)
    seen = set()
    for _ in range(2):
        answer = client.post("/form/submit/", follow=True)
        assert answer.status_code == 200
        seen |= set(re.findall(r"[2-9B-Z]{4}-[2-9B-Z]{4}", text_of(answer)))
    assert seen == {draft.case.reference}
    assert Case.objects.get().transitions.count() == 2


def test_sending_with_a_needed_answer_missing_says_which(client: Client, clinic: Site) -> None:
    factories.enter(client, factories.finished_draft(clinic, cs6=None), at=NOON)
    answer = client.post("/form/submit/")
    assert answer.status_code == 422
    assert "My answers are true and complete" in text_of(answer)


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        ({}, "usually within 5 working days", "We still need to know"),
        ({"psychosis_self": "yes"}, "usually within 5 working days", "We still need to know"),
        ({"onset": None}, "When your pain began", "5 working days"),
        ({"rf_saddle": "new_or_worse"}, "Please do not wait for us", "5 working days"),
    ],
)
def test_the_receipt_is_honest_about_what_happens_next(
    client: Client, clinic: Site, changes: dict[str, Any], said: str, unsaid: str
) -> None:
    response = factories.response_of(factories.submitted_case(clinic, **changes))
    page = text_of(factories.enter(client, response, at=NOON).get("/form/sent/"))
    assert said in page
    assert unsaid not in page
    assert "eligible" not in page.lower()


def test_a_sent_form_shows_its_receipt_on_every_page(client: Client, clinic: Site) -> None:
    response = factories.response_of(factories.submitted_case(clinic))
    factories.enter(client, response, at=NOON)
    for address in ("/form/", "/form/goals/", "/form/check/", "/form/link/"):
        assert client.get(address).headers["Location"] == "/form/sent/"


def test_a_withdrawn_form_is_gone_and_says_so(patient: Client, draft: Response) -> None:
    services.withdraw(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    assert patient.get("/form/").status_code == 410


def test_a_link_is_one_page_whatever_it_is(client: Client, draft: Response) -> None:
    good = services.issue_link(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    tokens = (good, "x" * 43)
    wrong = {"date_of_birth_day": "2", "date_of_birth_month": "1", "date_of_birth_year": "1980"}
    assert len({without_tokens(client.get(f"/go/{token}/")) for token in tokens}) == 1
    assert len({without_tokens(client.post(f"/go/{token}/", wrong)) for token in tokens}) == 1
    assert session.SESSION_KEY not in client.session


def without_tokens(response: Any) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", response.content.decode())


def test_a_link_opens_the_draft_in_a_new_session(client: Client, draft: Response) -> None:
    token = services.issue_link(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    typed = {"date_of_birth_day": "1", "date_of_birth_month": "1", "date_of_birth_year": "1980"}
    answer = client.post(f"/go/{token}/", typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/form/")
    assert client.get("/form/").status_code == 200
