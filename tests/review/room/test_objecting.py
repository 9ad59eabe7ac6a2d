"""An entry or a statement is called not right: the words stand beside it, and nothing is replaced."""

from __future__ import annotations

import html
import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.intake.services import withdraw
from screening.review.models import Objection
from tests.factories.intake import answers_in, enter, response_of, submitted_case
from tests.factories.people import make_member, sign_in
from tests.factories.review import fresh
from tests.factories.room import amends

pytestmark = pytest.mark.django_db
ENTRY = "/room/answers/treatments/not-right/treatments/1/"
STATEMENT = "/room/answers/before-you-send/not-right/cs6/"
WRONG = "That was my sister’s treatment, not mine."


def inside(client: Client, case: Case) -> Client:
    return enter(client, response_of(case), at=timezone.now())


def text_of(client: Client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def typed(client: Client, path: str, text: str = WRONG) -> dict[str, str]:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(path).content.decode())
    assert found is not None
    return {"seen": found[1], "text": text}


def staff_page(case: Case, site: Site) -> str:
    browser = sign_in(Client(), make_member(Role.CLINICIAN, site=site))
    return text_of(browser, f"/staff/cases/{case.reference}/")


def test_the_entry_stays_and_the_clinician_reads_both(client: Client, case: Case, site: Site) -> None:
    before = answers_in(response_of(case))
    outcome, judged = case.outcome, case.assessments.count()
    answer = inside(client, case).post(ENTRY, typed(client, ENTRY))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/room/answers/")
    assert answers_in(response_of(case)) == before
    assert (fresh(case).outcome, case.assessments.count()) == (outcome, judged)
    named = text_of(client, "/room/answers/")
    assert "You told us this is not right: " in named
    assert WRONG in named
    seen = staff_page(case, site)
    assert "Not right" in seen
    assert WRONG in seen
    assert str(before["treatments"][0]["name"]) in seen
    assert fresh(case).news_at is not None, "somebody has to read it"
    assert AuditEvent.objects.get(event=Event.ANSWER_OBJECTED).detail == {"items": ["treatments"]}


def test_what_was_agreed_to_can_be_called_wrong_and_not_changed(
    client: Client, case: Case, site: Site
) -> None:
    inside(client, case)
    assert STATEMENT in text_of(client, "/room/answers/")
    assert client.get("/room/answers/before-you-send/").status_code == 404
    client.post(STATEMENT, typed(client, STATEMENT, "One answer was a guess."))
    assert answers_in(response_of(case))["cs6"] is True
    assert "One answer was a guess." in staff_page(case, site)
    assert "One answer was a guess." in text_of(client, "/room/copy/")


def test_a_blank_keeps_nothing_and_says_so(client: Client, case: Case) -> None:
    answer = inside(client, case).post(ENTRY, typed(client, ENTRY, " "))
    assert answer.status_code == 422
    assert b"Say what is not right" in answer.content
    assert not Objection.objects.exists()


def test_pressing_twice_is_one(client: Client, case: Case) -> None:
    sent = typed(inside(client, case), ENTRY)
    for _ in range(2):
        assert client.post(ENTRY, sent).status_code == 303
    assert Objection.objects.count() == 1


def test_it_is_never_said_of_a_value_that_the_page_did_not_show(client: Client, case: Case) -> None:
    sent = typed(inside(client, case), ENTRY)
    entries = answers_in(response_of(case))["treatments"]
    amends(case, answers={"treatments": [{**entries[0], "name": "Another"}, *entries[1:]]}, at=timezone.now())
    answer = client.post(ENTRY, sent)
    assert answer.status_code == 409
    shown = html.unescape(answer.content.decode())
    assert "changed in another window" in shown
    assert WRONG in shown
    assert "Another" in shown
    assert not Objection.objects.exists()
    assert client.post(ENTRY, typed(client, ENTRY)).status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "/room/answers/treatments/not-right/treatments/99/",
        "/room/answers/treatments/not-right/treatments/0/",
        "/room/answers/treatments/not-right/treatments/",
        "/room/answers/treatments/not-right/cs6/",
        "/room/answers/before-you-send/not-right/cs6/1/",
        "/room/answers/rf-saddle/not-right/rf_saddle/",
        "/room/answers/nowhere/not-right/cs6/",
    ],
)
def test_only_what_was_said_can_be_called_wrong(client: Client, case: Case, path: str) -> None:
    assert inside(client, case).get(path).status_code == 404


def test_a_form_that_was_taken_back_is_a_matter_for_the_telephone(client: Client, case: Case) -> None:
    sent = typed(inside(client, case), ENTRY)
    withdraw(case=case, by=Actor.patient(case.patient_id), at=timezone.now())
    answer = client.post(ENTRY, sent)
    assert answer.status_code == 409
    assert WRONG in html.unescape(answer.content.decode()), "nothing typed is lost"
    assert not Objection.objects.exists()


def test_words_about_an_entry_that_was_taken_off_meanwhile_are_not_lost(client: Client, case: Case) -> None:
    entries = answers_in(response_of(case))["treatments"]
    last = f"/room/answers/treatments/not-right/treatments/{len(entries)}/"
    sent = typed(inside(client, case), last)
    amends(case, answers={"treatments": entries[:-1]}, at=timezone.now())
    answer = client.post(last, sent)
    assert answer.status_code == 409
    shown = html.unescape(answer.content.decode())
    assert "It is not in your answers any more." in shown
    assert WRONG in shown
    assert not Objection.objects.exists()


def test_nobody_changes_it_afterwards(client: Client, case: Case) -> None:
    inside(client, case).post(ENTRY, typed(client, ENTRY))
    for statement in ("UPDATE screening_objection SET item = 'x'", "DELETE FROM screening_objection"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_medicine_that_is_wrong_is_taken_off_the_list_and_kept_beside_it(
    client: Client, site: Site
) -> None:
    case = submitted_case(site, meds=["Naproxen", "Paracetamol"])
    inside(client, case)
    page = client.get("/room/answers/medicines/").content.decode()
    lock = re.search(r'name="lock" value="(\d+)"', page)
    assert lock is not None
    client.post("/room/answers/medicines/", {"meds": ["Paracetamol", ""], "lock": lock[1], "asked": "meds"})
    assert answers_in(response_of(case))["meds"] == ["Paracetamol"]
    assert "You said first: Naproxen, Paracetamol" in text_of(client, "/room/answers/")
