"""No row anywhere with a final outcome without clinician, reason and opened answers: tried by SQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Role, Site
from screening.cases.models import Assessment, Case, Decision, Transition
from screening.cases.workflow import FINAL, State
from screening.review.services import Refused
from tests.factories.intake import open_clinic
from tests.factories.people import make_member
from tests.factories.review import LATER, Clinician, fresh
from tests.factories.room import LATE, amends

OFFERED, SIGNPOSTED = State.OFFERED_ASSESSMENT, State.SIGNPOSTED
CLOSE = (
    "UPDATE screening_case SET state = %s, closed_at = now(), claimed_by_id = NULL, claimed_at = NULL,"
    " lease_until = NULL WHERE id = %s"
)


def refused(statement: str, values: list[Any], match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def columns_of(model: Any) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if not field.primary_key]


def copied(model: Any, pk: int, match: str, **changes: str) -> None:
    """The row again with something else in it: what `changes` holds is SQL."""
    columns = columns_of(model)
    table = model._meta.db_table
    values = ", ".join(changes.get(column, column) for column in columns)
    names = ", ".join(columns)
    refused(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = %s", [pk], match)  # noqa: S608


@pytest.fixture
def decided(case: Case, clinician: Clinician) -> Decision:
    clinician.takes(case)
    return clinician.decides(case)


@pytest.mark.parametrize("state", sorted(FINAL))
def test_no_case_is_closed_without_decisions(case: Case, state: str) -> None:
    refused(CLOSE, [state, case.pk], "two clinicians")


def test_no_case_is_made_closed(case: Case) -> None:
    copied(
        Case,
        case.pk,
        "two clinicians",
        state=f"'{OFFERED}'",
        reference="'AAAA-AAAA'",
        closed_at="now()",
    )


@pytest.mark.parametrize("state", sorted(FINAL))
def test_one_decision_closes_no_case(decided: Decision, state: str) -> None:
    refused(CLOSE, [state, decided.case_id], "two clinicians")


def test_two_decisions_of_one_person_close_no_case(decided: Decision) -> None:
    columns = ", ".join(columns_of(Decision))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO screening_decision ({columns}) SELECT {columns} FROM screening_decision"  # noqa: S608
            " WHERE id = %s",
            [decided.pk],
        )
    refused(CLOSE, [OFFERED, decided.case_id], "two clinicians")


def test_two_minds_close_no_case(decided: Decision, lead: Clinician) -> None:
    lead.opens(decided.case)
    lead.disagrees(decided.case, SIGNPOSTED)
    for state in FINAL:
        refused(CLOSE, [state, decided.case_id], "two clinicians")


def test_decisions_of_an_earlier_round_close_no_case(
    decided: Decision, lead: Clinician, clinician: Clinician
) -> None:
    case = decided.case
    lead.opens(case)
    lead.looks_second(case, agrees=False)
    other = Clinician.at(case.site)
    other.takes(case)
    other.decides(case, OFFERED)
    refused(CLOSE, [OFFERED, case.pk], "two clinicians")


def test_decisions_about_an_older_judgement_close_no_case(decided: Decision, lead: Clinician) -> None:
    case = decided.case
    newest = Assessment.objects.get(case=case)
    columns = ", ".join(columns_of(Assessment))
    lead.opens(case)
    with connection.cursor() as cursor:  # somebody judged again behind the back of the services
        cursor.execute(
            f"INSERT INTO screening_assessment ({columns}) SELECT {columns} FROM screening_assessment"  # noqa: S608
            " WHERE id = %s",
            [newest.pk],
        )
    with connection.cursor() as cursor:
        names = ", ".join(columns_of(Decision))
        opened = {"clinician_id": str(lead.membership.user_id), "stage": "'second'"}
        values = ", ".join(opened.get(column, column) for column in columns_of(Decision))
        cursor.execute(
            f"INSERT INTO screening_decision ({names}) SELECT {values} FROM screening_decision"  # noqa: S608
            " WHERE id = %s",
            [decided.pk],
        )
    refused(CLOSE, [OFFERED, case.pk], "two clinicians")


def test_the_history_cannot_say_that_a_case_was_closed(decided: Decision) -> None:
    step = Transition.objects.filter(case=decided.case).latest("id")
    for state in FINAL:
        copied(Transition, step.pk, "two clinicians", to_state=f"'{state}'")
    refused("UPDATE screening_transition SET to_state = %s WHERE id = %s", [OFFERED, step.pk], "update")


@pytest.mark.parametrize(
    ("column", "value", "match"),
    [
        ("reason", "''", "needs a reason"),
        ("reason", "NULL", "reason"),
        ("reason_length", "0", "decision_has_reason"),
        ("clinician_id", "NULL", "opened by|null value"),
        ("answers_opened_at", "NULL", "opened by|null value"),
        ("answers_opened_at", "answers_opened_at - interval '1 second'", "opened by"),
        ("answers_opened_at", "decided_at + interval '1 second'", "opened by|decision_after_opening"),
        ("register_entry", "'GMC 1, typed in'", "recorded entry"),
        ("outcome", "'cured'", "decision_outcome_known"),
    ],
)
def test_no_decision_is_made_with_something_missing(
    decided: Decision, column: str, value: str, match: str
) -> None:
    copied(Decision, decided.pk, match, **{column: value})


def test_nobody_decides_on_answers_that_somebody_else_opened(decided: Decision) -> None:
    stranger = Clinician.at(decided.case.site)
    copied(Decision, decided.pk, "opened by", clinician_id=str(stranger.membership.user_id))


def test_nobody_decides_on_answers_as_they_were_before_they_changed(
    decided: Decision, lead: Clinician
) -> None:
    """The services refuse it, and the database whoever comes past them."""
    case = decided.case
    lead.opens(case)
    amends(case, answers={"dx_confirmed": "no"})
    with pytest.raises(Refused, match="answers changed after you opened them"):
        lead.looks_second(case, agrees=False, at=LATE)
    newest = case.assessments.latest("id").pk
    copied(Decision, decided.pk, "opened as they are now", assessment_id=str(newest))
    lead.opens(case, at=LATE)
    lead.looks_second(case, agrees=False, at=LATE)


def test_a_first_decision_is_about_answers_its_clinician_has_opened(case: Case, clinician: Clinician) -> None:
    clinician.takes(case)
    amends(case, answers={"dx_confirmed": "no"})
    with pytest.raises(Refused, match="answers changed after you opened them"):
        clinician.decides(case, at=LATE)
    clinician.opens(case, at=LATE)
    clinician.decides(case, at=LATE)


@pytest.mark.parametrize("role", [Role.QUESTIONNAIRE_MANAGER, Role.ADMINISTRATOR])
def test_who_is_no_clinician_here_decides_nothing(decided: Decision, role: Role) -> None:
    for member in (make_member(role, site=decided.case.site), make_member(site=open_clinic())):
        Clinician(member).opens(decided.case)
        copied(Decision, decided.pk, "clinician of the site", clinician_id=str(member.user_id))


@pytest.mark.parametrize("change", ["outcome = 'signposted'", "reason = ''", "clinician_id = clinician_id"])
def test_no_decision_is_changed_or_taken_away(decided: Decision, change: str) -> None:
    refused(f"UPDATE screening_decision SET {change} WHERE id = %s", [decided.pk], "(?i)update")  # noqa: S608
    refused("DELETE FROM screening_decision WHERE id = %s", [decided.pk], "(?i)delete")


def test_two_without_an_entry_on_the_register_close_no_case(decided: Decision, site: Site) -> None:
    second = Clinician.at(site, Role.LEAD_CLINICIAN, specialist_register=None, register_checked_on=None)
    second.opens(decided.case)
    names = columns_of(Decision)
    changed = {"clinician_id": str(second.membership.user_id), "stage": "'second'"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO screening_decision ({', '.join(names)})"  # noqa: S608
            f" SELECT {', '.join(changed.get(name, name) for name in names)}"
            " FROM screening_decision WHERE id = %s",
            [decided.pk],
        )
    refused(CLOSE, [OFFERED, decided.case_id], "specialist register")


def test_a_closed_case_still_takes_what_the_patient_sends(decided: Decision, lead: Clinician) -> None:
    """What guards the closing must not stand in the way of what comes after it."""
    lead.opens(decided.case)
    lead.looks_second(decided.case)
    Case.objects.filter(pk=decided.case_id).update(news_at=LATER)
    assert fresh(decided.case).state == OFFERED
    refused(CLOSE, [SIGNPOSTED, decided.case_id], "two clinicians")
