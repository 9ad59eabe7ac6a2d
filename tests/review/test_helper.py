"""Somebody fills in for the patient: the clinician reads that, and what they said about being allowed to."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Role
from tests.factories.intake import draft, open_clinic, submitted_case
from tests.factories.people import make_member, sign_in

pytestmark = pytest.mark.django_db


def page(case: object, clinic: object) -> str:
    browser = sign_in(Client(), make_member(Role.CLINICIAN, site=clinic))  # type: ignore[arg-type]
    return browser.get(f"/staff/cases/{case.reference}/").content.decode()  # type: ignore[attr-defined]


def test_the_clinician_reads_who_fills_in_and_by_what_authority() -> None:
    clinic = open_clinic()
    helped = page(submitted_case(clinic, helper="helping", cs10="asked_me"), clinic)
    assert "They said: “I am filling this in for someone who has asked me to”" in helped
    assert "patient’s own address" in helped
    assert "have not said yet" in page(draft(clinic, helper="helping").case, clinic)
    assert "Somebody else" not in page(submitted_case(clinic), clinic)
