"""Somebody fills in for the patient: who, and what they said about being allowed to, stays with the form."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts.models import Role
from screening.cases.models import Case
from tests.factories.intake import NOON, draft, enter, finished_draft, open_clinic, submitted_case
from tests.factories.people import make_member, sign_in

pytestmark = pytest.mark.django_db
JOAN = {"helper": "helping", "helper_name": "Joan Amos", "helper_relation": "Her daughter"}
HELPED = {**JOAN, "cs10": "asked_me"}


def page(case: Case) -> str:
    browser = sign_in(Client(), make_member(Role.CLINICIAN, site=case.site))
    return browser.get(f"/staff/cases/{case.reference}/").content.decode()


def test_the_clinician_reads_who_fills_in_and_by_what_authority() -> None:
    clinic = open_clinic()
    helped = page(submitted_case(clinic, **HELPED))
    assert "Joan Amos (Her daughter) filled in this form." in helped
    assert "They said: “I am filling this in for someone who has asked me to”" in helped
    assert "patient’s own address" in helped
    assert "filled in this form" not in page(submitted_case(clinic))


def test_who_helps_is_known_while_the_form_is_still_a_draft() -> None:
    clinic = open_clinic()
    begun = page(draft(clinic, **JOAN).case)
    assert "Joan Amos (Her daughter) fills in this form. They have not said yet" in begun
    assert "Somebody else fills in this form." in page(draft(clinic, until="who-is-helping", **JOAN).case)


def test_only_a_helper_is_asked_who_they_are_before_anything_else(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        enter(client, draft(until="helper"), at=NOON)
        nobody = client.post("/form/helper/", {"helper": "myself", "lock": "0"})
        assert nobody.headers["Location"] == "/form/rf-saddle/"
        enter(client, draft(until="helper"), at=NOON)
        helper = client.post("/form/helper/", {"helper": "helping", "lock": "0"})
        assert helper.headers["Location"] == "/form/who-is-helping/"
        blank = client.post("/form/who-is-helping/", {"lock": "0", "skip": "1"})
        assert blank.status_code == 422, "nobody passes over who they are"
        named = {"helper_name": "Joan Amos", "helper_relation": "Her daughter", "lock": "0"}
        assert client.post("/form/who-is-helping/", named).headers["Location"] == "/form/rf-saddle/"


def test_the_patient_reads_it_before_sending_and_can_change_it(client: Client) -> None:
    with time_machine.travel(NOON + dt.timedelta(minutes=1), tick=False):
        enter(client, finished_draft(**HELPED), at=NOON)
        check = client.get("/form/check/").content.decode()
    assert "Joan Amos" in check
    assert "Her daughter" in check
    assert "/form/who-is-helping/?then=check#id_helper_name" in check
