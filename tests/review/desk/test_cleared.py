"""What stands on the page of a case about an urgent answer that was dealt with: the answer, in words."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from screening.cases.models import Case
from screening.cases.services import raise_red_flag
from tests.factories.intake import submitted_case
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician
from tests.factories.room import amends

pytestmark = pytest.mark.django_db


def calls_panel(clinician: Clinician, case: Case) -> str:
    page = sign_in(Client(), clinician.membership).get(reverse("case", args=[case.reference]))
    panel = page.content.decode().split('id="calls"')[1].split("</section>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", panel)).split())


def test_the_answer_that_was_cleared_is_read_there_whatever_is_said_now(clinician: Clinician) -> None:
    case = submitted_case(clinician.membership.site, rf_saddle="new_or_worse")
    clinician.takes(case)
    clinician.clears(case)
    amends(case, answers={"rf_saddle": "no"})
    assert "Yes, and it is new or getting worse Rang; seen today." in calls_panel(clinician, case)


def test_what_no_single_answer_said_is_cleared_in_words(case: Case, clinician: Clinician) -> None:
    by = Actor.patient(case.patient_id)
    raise_red_flag(case=case, item="clearly_worse", answer="yes", tier=2, advice="", by=by, at=LATER)
    clinician.takes(case)
    clinician.clears(case)
    panel = calls_panel(clinician, case)
    assert "Clearly worse than in the first form By PEG, PHQ-9 or GAD-7" in panel
    assert "clearly_worse" not in panel
