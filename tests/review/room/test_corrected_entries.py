"""A correction inside a list of entries: what changed is told apart, wherever both values are shown."""

from __future__ import annotations

import copy
import re
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from screening.cases.models import Case
from screening.cases.responses import answers_of
from tests.factories.intake import response_of
from tests.factories.people import sign_in
from tests.factories.review import Clinician
from tests.factories.room import amends, inside

WEEKS = "For how many weeks did you have it?"


def treatments(case: Case) -> list[dict[str, Any]]:
    return copy.deepcopy(answers_of(response_of(case))["treatments"])


def shortens_the_first(case: Case) -> str:
    """The patient had it for one week, not for what they said; returns what they said."""
    entries = treatments(case)
    said, entries[0]["weeks"] = entries[0]["weeks"], 1
    amends(case, answers={"treatments": entries})
    return f"naproxen: {WEEKS} {said} weeks"


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def page_of(client: Client, clinician: Clinician, case: Case) -> str:
    sign_in(client, clinician.membership)
    return client.get(reverse("case", args=[case.reference])).content.decode()


def test_a_clinician_sees_which_question_of_which_entry_was_corrected(
    client: Client, clinician: Clinician, case: Case
) -> None:
    first = shortens_the_first(case)
    page = page_of(client, clinician, case)
    table = words(page.split("Answers changed, or called not right")[1].split("</table>")[0])
    assert f"{first} naproxen: {WEEKS} 1 weeks" in table
    assert first in words(page.split("All answers</h2>")[1]), "beside the list among all answers too"


def test_an_entry_that_came_or_went_is_shown_whole(client: Client, clinician: Clinician, case: Case) -> None:
    entries = treatments(case)
    amends(case, answers={"treatments": [entries[0], {"name": "Heat", "class": "self_care"}]})
    table = words(page_of(client, clinician, case).split("Answers changed, or called not right")[1])
    assert "physiotherapy: What kind" in table.partition("Heat: What kind")[0]
    assert "How many sessions did you have? 8 sessions" in table


def test_an_answer_taken_out_of_an_entry_is_seen_to_be_gone(
    client: Client, clinician: Clinician, case: Case
) -> None:
    entries = treatments(case)
    del entries[0]["weeks"]
    amends(case, answers={"treatments": entries})
    assert f"naproxen: {WEEKS} Not answered" in words(page_of(client, clinician, case))


def test_the_patient_reads_what_they_said_first(client: Client, case: Case) -> None:
    first = shortens_the_first(case)
    page = inside(client, case).get(reverse("patient-answers")).content.decode()
    assert f"You said first: {first}" in words(page)


def test_a_stale_correction_of_an_entry_shows_both_values_apart(client: Client, case: Case) -> None:
    browser = inside(client, case)
    seen = response_of(case).revision
    shortens_the_first(case)
    posted = {"lock": seen, "weeks": "30", "asked": ["weeks"], "reason": "I looked it up."}
    answer = browser.post(reverse("patient-entry", args=["treatments", 1]), posted)
    assert answer.status_code == 409
    said = words(answer.content.decode())
    assert f"{WEEKS} 1 weeks" in said
    assert f"{WEEKS} 30 weeks" in said
