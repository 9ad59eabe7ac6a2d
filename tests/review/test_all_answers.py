"""What the page of a case says of the form: every question that was asked, and none that was not."""

from __future__ import annotations

import copy
import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from screening.cases.models import Case
from screening.questionnaires.models import Kind
from tests.factories.clocks import all_clocks_at
from tests.factories.followup import reachable_case
from tests.factories.intake import NOON, shipped, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician, fresh
from tests.followup.test_later_forms import begun

EXACTLY = "Do you know more exactly when your pain began?"
LANGUAGE = "Tell us more, for example which language"
DOSE = "Did you take the usual dose, or the highest you could manage, for at least 2 weeks?"


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def page_of(clinician: Clinician, case: Case, *, at: dt.datetime = LATER, name: str = "case") -> str:
    with all_clocks_at(at):
        browser = sign_in(Client(), clinician.membership)
        return browser.get(reverse(name, args=[case.reference])).content.decode()


def all_answers(page: str) -> str:
    return words(page.split("All answers</h2>")[1])


def tried(**changes: Any) -> list[dict[str, Any]]:
    """The usual treatments, the first of them with some answers changed; None takes one out."""
    entries = copy.deepcopy(shipped(Kind.RULESET)["baseline"]["treatments"])
    entries[0] = {name: said for name, said in {**entries[0], **changes}.items() if said is not None}
    return entries


@pytest.mark.parametrize("days", [0, 40, 400])
def test_a_question_that_was_asked_when_the_form_was_sent_stays_however_late_it_is_read(
    site: Site, clinician: Clinician, days: int
) -> None:
    case = submitted_case(site, onset="2026-03", onset_exact="2026-03-10")
    page = page_of(clinician, case, at=LATER + dt.timedelta(days=days))
    assert f"{EXACTLY} 10 March 2026" in all_answers(page)


def test_a_question_that_was_not_asked_is_not_called_unanswered(site: Site, clinician: Clinician) -> None:
    page = page_of(clinician, submitted_case(site, communication_needs=["none"]))
    assert LANGUAGE not in page
    asked = page_of(clinician, submitted_case(site, communication_needs=["interpreter"]))
    assert f"{LANGUAGE} Not answered" in all_answers(asked)


def test_a_patient_is_not_to_be_asked_what_their_form_does_not_ask(site: Site, clinician: Clinician) -> None:
    case = submitted_case(site, communication_needs=["none"])
    clinician.takes(case)
    assert LANGUAGE not in page_of(clinician, case, name="case-ask")


def test_what_a_treatment_was_asked_and_not_answered_stands_in_its_row(
    site: Site, clinician: Clinician
) -> None:
    page = page_of(clinician, submitted_case(site, treatments=tried(dose_ok=None)))
    rows = page.split("Treatments tried</h2>")[1].split("<tr>")
    naproxen = next(words(row) for row in rows if "naproxen" in row)
    physio = next(words(row) for row in rows if "physiotherapy" in row)
    assert f"{DOSE} Not answered" in naproxen
    assert DOSE not in physio, "nobody asks the dose of exercise"


def test_what_a_later_form_asked_and_nobody_answered_is_shown_too(db: None) -> None:
    case = reachable_case(at=NOON)
    clinician = Clinician.at(case.site)
    clinician.starts(case, NOON.date())
    begun(fresh(case), at=NOON + dt.timedelta(days=28), step="FU11")
    page = page_of(clinician, case, at=NOON + dt.timedelta(days=29))
    later = words(page.split("Follow-up forms</h2>")[1].split("</section>")[0])
    assert "pain on average in the past week? Not answered" in later
    assert "What is your date of birth?" not in later, "this form does not ask it"
