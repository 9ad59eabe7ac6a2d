"""The spine: a case is moved, judged, flagged and withdrawn, and keeps its history."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.certificate import certificate_of
from screening.cases.models import ORDINARY_RANK, Assessment, Case
from screening.cases.references import ALPHABET, new_reference
from screening.cases.services import (
    Stale,
    judge,
    local_date,
    locked,
    move,
    open_case,
    raise_red_flag,
    standing_red_flags,
)
from screening.cases.workflow import Move, NotAllowed, State
from screening.intake.services import withdraw
from screening.questionnaires.models import Kind
from screening.questionnaires.services import draft_version, publish_version
from screening.review.services import clear_red_flags
from screening.rules.canonical import canonical_json, sha256_of
from tests.factories.intake import NOON, draft, open_clinic, response_of, shipped, submitted_case
from tests.factories.people import make_member, make_site
from tests.factories.review import Clinician, fresh

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)
PATIENT = Actor.system("tests")


def raised(case: Case, *, item: str = "rf_saddle", tier: int = 1, at: dt.datetime = LATER) -> None:
    raise_red_flag(case=case, item=item, answer="new_or_worse", tier=tier, advice="ae", by=PATIENT, at=at)


def test_a_new_case_is_a_draft_with_a_reference_people_can_read_out() -> None:
    case = open_case(site=make_site(), nation="wales", by=PATIENT, at=NOON)
    assert (case.state, case.rank, case.patient.nation) == (State.DRAFT, ORDINARY_RANK, "wales")
    assert len(case.reference) == 9
    assert set(case.reference.replace("-", "")) <= set(ALPHABET)
    assert AuditEvent.objects.get(case_reference=case.reference).event == Event.CASE_STARTED


def test_references_do_not_repeat() -> None:
    assert len({new_reference() for _ in range(2000)}) == 2000


def test_a_case_that_changed_meanwhile_is_not_written() -> None:
    case = open_case(site=make_site(), nation="", by=PATIENT, at=NOON)
    with transaction.atomic():
        assert locked(case, seen=case.lock).pk == case.pk
    raised(case)
    with pytest.raises(Stale) as stale, transaction.atomic():
        locked(case, seen=case.lock)
    assert stale.value.case.lock == case.lock + 1


def test_a_move_that_is_not_in_the_table_changes_nothing() -> None:
    case = open_case(site=make_site(), nation="", by=PATIENT, at=NOON)
    with pytest.raises(NotAllowed), transaction.atomic():
        move(locked(case), Move.OFFER, by=PATIENT, at=LATER)
    case.refresh_from_db()
    assert case.state == State.DRAFT
    assert not case.transitions.exists()


def test_no_code_can_close_a_case_without_two_clinicians() -> None:
    """Not even by writing the state itself: the database asks for their decisions."""
    case = submitted_case()
    with pytest.raises(DatabaseError, match="two clinicians"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=State.OFFERED_ASSESSMENT, closed_at=LATER)
    first = Clinician.at(case.site)
    first.takes(case)
    first.decides(case)
    with pytest.raises(DatabaseError, match="two clinicians"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=State.OFFERED_ASSESSMENT, closed_at=LATER)


def test_a_red_flag_puts_an_unfinished_form_on_top_of_the_list_at_once() -> None:
    case = draft().case
    raised(case, tier=2)
    raised(case, tier=1, item="rf_bladder", at=LATER)
    case.refresh_from_db()
    assert (case.state, case.rank, case.waiting_since) == (State.DRAFT, 1, LATER)
    assert standing_red_flags(case) == [("rf_bladder", 1), ("rf_saddle", 2)]


def test_the_same_answer_twice_is_one_flag_that_keeps_its_first_time() -> None:
    case = draft().case
    raised(case, at=NOON)
    raised(case, at=LATER)
    assert case.red_flags.get().raised_at == NOON
    assert AuditEvent.objects.filter(event=Event.RED_FLAG_RAISED).count() == 1


def test_a_milder_flag_never_lowers_the_rank() -> None:
    case = draft().case
    raised(case, tier=1)
    raised(case, tier=3, item="rf_weight")
    case.refresh_from_db()
    assert case.rank == 1


def test_a_judgement_can_be_made_again_byte_for_byte_from_what_was_kept() -> None:
    case = submitted_case()
    kept = case.assessments.get()
    assert kept.sha256 == sha256_of(kept.result)
    again = judge(response=response_of(case), by=PATIENT, at=NOON)
    assert canonical_json(again.result) == canonical_json(kept.result)
    assert again.judged == kept.judged


def test_a_judgement_names_the_versions_it_used() -> None:
    site = open_clinic()
    case = submitted_case(site)
    first = case.assessments.get()
    approver = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site))
    second_rules = draft_version(
        site=site, kind=Kind.RULESET, content={**shipped(Kind.RULESET), "text": "New."}, by=PATIENT, at=LATER
    )
    publish_version(version=second_rules, by=approver, at=LATER)
    again = judge(response=response_of(case), by=PATIENT, at=LATER)
    assert again.ruleset == second_rules
    assert first.ruleset != second_rules
    assert first.questionnaire == again.questionnaire


def test_a_flag_that_stands_is_judged_even_when_the_answer_was_taken_back() -> None:
    case = submitted_case()
    raised(case)
    response = response_of(case)
    assert response.answers["rf_saddle"] == "no"
    assert judge(response=response, by=PATIENT, at=LATER).result["outcome"] == "urgent"


def test_an_assessment_is_history() -> None:
    submitted_case()
    for statement in ("UPDATE screening_assessment SET sha256 = ''", "DELETE FROM screening_assessment"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Assessment.objects.exists()


def test_withdrawing_stops_the_form_and_keeps_what_was_sent() -> None:
    case = submitted_case()
    withdraw(case=case, by=Actor.patient(case.patient_id), at=LATER)
    case.refresh_from_db()
    case.patient.refresh_from_db()
    assert (case.state, case.closed_at, case.patient.withdrawn_at) == (State.WITHDRAWN, LATER, LATER)
    assert response_of(case).answers
    assert case.transitions.last().move == Move.WITHDRAW
    assert AuditEvent.objects.filter(event=Event.CASE_WITHDRAWN, case_reference=case.reference).count() == 1
    with pytest.raises(NotAllowed):
        withdraw(case=case, by=Actor.patient(case.patient_id), at=LATER)


@pytest.mark.parametrize(
    "change",
    [
        {"state": State.AWAITING_REVIEW},  # sent, with no time of sending
        {"claimed_at": NOON},  # claimed by nobody
        {"closed_at": NOON},  # closed and still a draft
        {"state": State.EXPIRED},  # closed with no time
    ],
)
def test_half_a_truth_about_a_case_is_refused_by_the_database(change: dict[str, object]) -> None:
    case = open_case(site=make_site(), nation="", by=PATIENT, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**change)


def test_two_sites_never_share_a_reference() -> None:
    sites: list[Site] = [make_site(), make_site()]
    first, second = (open_case(site=site, nation="", by=PATIENT, at=NOON) for site in sites)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=second.pk).update(reference=first.reference)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (dt.datetime(2026, 7, 1, 22, 59, tzinfo=dt.UTC), dt.date(2026, 7, 1)),
        (dt.datetime(2026, 7, 1, 23, 0, tzinfo=dt.UTC), dt.date(2026, 7, 2)),
        (dt.datetime(2026, 12, 1, 23, 59, tzinfo=dt.UTC), dt.date(2026, 12, 1)),
    ],
)
def test_a_day_is_a_day_in_london(at: dt.datetime, day: dt.date) -> None:
    assert local_date(at) == day


def dealt_with(case: Case) -> Case:
    clinician = Clinician.at(case.site)
    clinician.takes(case)
    clear_red_flags(
        case=case,
        seen=fresh(case).lock,
        reason="Rang them: seen at A&E.",
        no_call="Seen in person.",
        **clinician.who(),
    )
    return fresh(case)


def test_a_flag_that_was_cleared_is_not_urgent_again_when_the_same_answers_are_judged() -> None:
    case = dealt_with(submitted_case(rf_saddle="new_or_worse"))
    again = judge(response=response_of(case), by=PATIENT, at=LATER)
    assert again.result["outcome"] == "flagged_review"
    assert again.judged["cleared"] == [["rf_saddle", "new_or_worse"]]
    assert fresh(case).rank == ORDINARY_RANK
    assert certificate_of(again).reproduced


def test_a_judgement_without_cleared_flags_keeps_the_document_it_always_had() -> None:
    kept = submitted_case(rf_saddle="new_or_worse").assessments.get()
    assert set(kept.judged) == {"answers", "standing_red_flags"}
    assert certificate_of(kept).reproduced


def test_another_answer_to_the_same_question_is_urgent_again() -> None:
    response = response_of(dealt_with(submitted_case(rf_saddle="not_sure")))
    response.answers["rf_saddle"] = "new_or_worse"
    assert judge(response=response, by=PATIENT, at=LATER).result["tier"] == 1
