"""A form of follow-up on a small phone without scripts: from the room to the clinician who reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Role, Site
from tests.factories.intake import response_of, submitted_case
from tests.factories.people import make_member
from tests.factories.review import Clinician
from tests.system.test_room import comes_back
from tests.system.walker import Patient, Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
NOW = {
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


def test_the_form_after_a_month(
    patient: Callable[..., Patient], staff: Callable[..., Staff], clinic: Site
) -> None:
    now = timezone.now()
    case = submitted_case(clinic, at=now - dt.timedelta(days=40))
    clinician = Clinician.at(clinic)
    clinician.starts(case, (now - dt.timedelta(days=30)).date(), at=now)
    clinician.books(case, at=now)
    sam = patient(**NOW)
    comes_back(sam, response_of(case))
    sam.goes_to("/room/")
    sam.reads("Your appointments", "Put it in your calendar")
    sam.looks("room-with-appointment")
    sam.follows("See if there is a short form for you")
    sam.looks("later-forms")
    sam.presses("Fill in this form")
    sam.follows("Carry on")
    while sam.path.startswith("/form/") and sam.path != "/form/check/":
        if sam.path in ("/form/pgic/", "/form/ae-which/", "/form/ae-how-bad/", "/form/peg/"):
            sam.looks(f"later-{sam.path.split('/')[2]}")
        sam.answers_page()
    sam.looks("later-check")
    sam.presses("Send my answers")
    sam.looks("later-sent")
    sam.reads("Your answers are sent")

    desk = staff(make_member(Role.CLINICIAN, site=clinic))
    desk.opens_case(case.reference)
    desk.reads("Measures at 1 month", "Responds: clearly better", "Appointments and follow-up")
    desk.looks("case-with-later-form")
