"""Whole forms, sent: where a case lands and what is kept of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts.encryption import lookup_hash
from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.workflow import State
from tests.factories.intake import response_of, submitted_case


@pytest.mark.parametrize(
    ("changes", "outcome", "state"),
    [
        ({}, "flagged_review", State.AWAITING_REVIEW),
        ({"psychosis_self": "yes"}, "not_currently", State.AWAITING_REVIEW),
        ({"dx_confirmed": "not_sure"}, "more_info", State.AWAITING_INFO),
        ({"rf_saddle": "new_or_worse"}, "urgent", State.URGENT_HOLD),
    ],
)
def test_a_sent_form_is_judged_and_put_where_it_belongs(
    clinic: Site, changes: dict[str, Any], outcome: str, state: State
) -> None:
    case = submitted_case(clinic, **changes)
    assert (case.outcome, case.state) == (outcome, state)
    assert next(move.move for move in case.transitions.all()) == "submit"


def test_a_sent_form_names_its_patient_so_that_staff_can_find_them(clinic: Site) -> None:
    case = submitted_case(clinic, given_name="Ada", family_name="Okafor-Smith", phone="07700 900000")
    patient = case.patient
    patient.refresh_from_db()
    assert (patient.given_name, patient.family_name, patient.phone) == ("Ada", "Okafor-Smith", "07700 900000")
    assert patient.family_name_hash == lookup_hash("okaforsmith")
    assert patient.family_name_start_hash == lookup_hash("Oka")


def test_what_was_agreed_is_kept_by_the_words_that_were_read(clinic: Site) -> None:
    response = response_of(submitted_case(clinic, cs9=None))
    kept = {statement.code: statement.answer for statement in response.statements.all()}
    assert {"CS1", "CS2", "CS3", "CS4", "CS5", "CS6", "CS7", "CS11"} <= set(kept)
    assert "CS9" not in kept
    assert "CS10" not in kept
    assert all(len(statement.version_sha256) == 64 for statement in response.statements.all())


def test_every_page_of_a_form_stands_in_the_trail(clinic: Site) -> None:
    case = submitted_case(clinic)
    events = AuditEvent.objects.filter(case_reference=case.reference).values_list("event", flat=True)
    assert {Event.CASE_STARTED, Event.PAGE_SAVED, Event.CASE_SUBMITTED, Event.CASE_ASSESSED} <= set(events)


def test_free_text_and_names_are_unreadable_in_the_database(clinic: Site) -> None:
    response = response_of(submitted_case(clinic, goals="Walk to Zanzibar", family_name="Quillfeather"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(r)::text || to_jsonb(p)::text || (SELECT string_agg(to_jsonb(v)::text, '')"
            " FROM screening_revision v WHERE v.response_id = r.id)"
            " FROM screening_response r JOIN screening_patient p ON p.id = r.patient_id WHERE r.id = %s",
            [response.pk],
        )
        stored = cursor.fetchone()[0]
    assert "Zanzibar" not in stored
    assert "Quillfeather" not in stored
    assert "low_back" in stored
