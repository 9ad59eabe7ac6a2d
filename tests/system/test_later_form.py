"""A form of follow-up on a small phone without scripts: from its link to the trend that a clinician reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Role, Site
from screening.followup.services import REMINDERS
from screening.intake.services import issue_link
from screening.intake.services.mailing import address_of
from tests.factories.intake import submitted_case
from tests.factories.people import make_member
from tests.factories.review import Clinician
from tests.system.walker import Patient, Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
NOW = {
    "peg_p": 3,
    "peg_e": 3,
    "peg_g": 3,
    "pgic": "2",
    "ae_serious": "no",
    "ae_mind": "no",
    "ae_any": "yes",
    "ae_which": ["dizzy"],
    "ae_how_dizzy": "moderate",
    "ae_other": "",
    "ae_report": "",
    "ae_driving": "no",
}
LOOKED_AT = ("pgic", "ae-which", "ae-how-bad", "peg")


def test_the_form_after_three_months(
    patient: Callable[..., Patient], staff: Callable[..., Staff], clinic: Site
) -> None:
    now = timezone.now()
    case = submitted_case(clinic, at=now - dt.timedelta(days=120))
    Clinician.at(clinic).starts(case, (now - dt.timedelta(days=91)).date(), at=now)
    link = address_of(issue_link(case=case, by=REMINDERS, at=now))

    sam = patient(**NOW)
    sam.opens_link(link, born="1980-01-01")
    sam.follows("See if there is a short form for you")
    sam.reads("Measures at 3 months")
    sam.looks("later-forms")
    sam.presses("Fill in this form")
    sam.follows("Carry on")
    while sam.path.startswith("/form/") and sam.path != "/form/check/":
        name = sam.path.split("/")[2]
        if name in LOOKED_AT:
            sam.looks(f"later-{name}")
        sam.answers_page()
    sam.looks("later-check")
    sam.presses("Send my answers")
    sam.reads("Your answers are sent")
    sam.looks("later-sent")

    desk = staff(make_member(Role.CLINICIAN, site=clinic))
    desk.opens_case(case.reference)
    desk.reads("Measures at 3 months", "Responds: clearly better", "Scores")
    desk.looks("case-with-later-form")
