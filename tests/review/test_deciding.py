"""From the worklist to a closed case: who may do what, in which order, and what is written down."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import ORDINARY_RANK, Case, Decision
from screening.cases.services import LEASE, Stale
from screening.cases.workflow import State
from screening.review import services
from screening.review.models import Letter
from screening.review.services import Refused
from tests.factories.intake import submitted_case
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician, fresh
from tests.factories.room import amends


def test_two_clinicians_close_a_case_with_a_letter(case: Case, clinician: Clinician, lead: Clinician) -> None:
    clinician.takes(case)
    clinician.decides(case)
    assert fresh(case).state == State.CLINICIAN_REVIEWED
    assert fresh(case).claimed_by is None, "a decided case is nobody's any more"
    lead.opens(case)
    lead.looks_second(case)
    closed = fresh(case)
    assert (closed.state, closed.closed_at) == (State.OFFERED_ASSESSMENT, LATER)
    assert Letter.objects.get(case=case).text == "Dear patient, ..."
    assert list(case.transitions.values_list("move", flat=True)) == [
        "submit",
        "queue",
        "decide",
        "agree",
        "offer",
    ]


def test_the_first_clinician_may_not_review_second(case: Case, lead: Clinician) -> None:
    lead.takes(case)
    lead.decides(case)
    with pytest.raises(Refused, match="second clinician"):
        lead.looks_second(case)
    assert fresh(case).state == State.CLINICIAN_REVIEWED


def test_a_decision_needs_the_answers_opened(case: Case, clinician: Clinician) -> None:
    clinician.claims(case)
    with pytest.raises(Refused, match="Open the answers"):
        clinician.decides(case)
    assert not Decision.objects.exists()


def test_a_decision_needs_the_claim(case: Case, clinician: Clinician) -> None:
    clinician.opens(case)
    with pytest.raises(Refused, match="Take the case first"):
        clinician.decides(case)


def test_a_claim_lapses_by_itself(case: Case, site: Site, clinician: Clinician) -> None:
    clinician.takes(case)
    other = Clinician.at(site)
    with pytest.raises(Refused, match="is working on this case"):
        other.claims(case, at=LATER + LEASE - dt.timedelta(seconds=1))
    assert other.claims(case, at=LATER + LEASE).claimed_by_id == other.membership.user_id
    with pytest.raises(Refused):
        clinician.decides(case, at=LATER + LEASE)


def test_a_stale_page_writes_nothing(case: Case, clinician: Clinician) -> None:
    clinician.takes(case)
    with pytest.raises(Stale):
        clinician.decides(case, seen=fresh(case).lock - 1)
    assert not Decision.objects.exists()


def test_an_urgent_case_cannot_be_decided_before_the_urgent_answer_is_cleared(
    site: Site, clinician: Clinician
) -> None:
    urgent = submitted_case(site, rf_saddle="new_or_worse")
    assert (urgent.state, urgent.rank) == (State.URGENT_HOLD, 1)
    clinician.takes(urgent)
    with pytest.raises(Refused, match="Safety answers come first"):
        clinician.decides(urgent)
    services.clear_red_flags(
        case=urgent,
        seen=fresh(urgent).lock,
        reason="Rang; at A&E with her son.",
        no_call="Seen in person.",
        **clinician.who(),
    )
    cleared = fresh(urgent)
    assert (cleared.state, cleared.rank, cleared.outcome) == (
        State.AWAITING_REVIEW,
        ORDINARY_RANK,
        "flagged_review",
    )
    flag = urgent.red_flags.get()
    assert (flag.cleared_by_id, flag.cleared_reason) == (
        clinician.membership.user_id,
        "Rang; at A&E with her son.",
    )
    clinician.decides(urgent)


def test_overturning_the_suggestion_is_counted(case: Case, clinician: Clinician) -> None:
    clinician.takes(case)
    assert not clinician.decides(case, State.OFFERED_ASSESSMENT).overturns
    other = submitted_case(case.site)
    clinician.takes(other)
    assert clinician.decides(other, State.DECLINED).overturns


def test_a_case_sent_back_waits_for_a_first_decision_again(
    case: Case, clinician: Clinician, lead: Clinician
) -> None:
    clinician.takes(case)
    clinician.decides(case)
    lead.opens(case)
    lead.looks_second(case, agrees=False)
    assert fresh(case).state == State.AWAITING_REVIEW
    assert not Letter.objects.exists()


def test_only_a_lead_clinician_reviews_second(case: Case, site: Site, clinician: Clinician) -> None:
    clinician.takes(case)
    clinician.decides(case)
    other = Clinician.at(site)
    other.opens(case)
    with pytest.raises(Refused, match="may not make the second review"):
        other.looks_second(case)


def test_an_answer_that_was_being_changed_as_the_case_was_opened_has_to_be_opened(
    client: Client, case: Case, clinician: Clinician
) -> None:
    """A change has the time at which it began. Until it is written nobody who opens the case sees it."""
    room, address = sign_in(client, clinician.membership), reverse("case", args=[case.reference])
    began = timezone.now()
    room.get(address)
    amends(case, at=began, answers={"dx_confirmed": "no"})
    clinician.claims(case, at=timezone.now())
    with pytest.raises(Refused, match="changed after you opened"):
        clinician.decides(case, at=timezone.now())
    assert (
        "The answers changed after you opened them"
        in room.get(reverse("case-decide", args=[case.reference])).content.decode()
    )
    room.get(address)
    clinician.decides(case, at=timezone.now())
    assert fresh(case).state == State.CLINICIAN_REVIEWED


@pytest.mark.parametrize("role", [Role.QUESTIONNAIRE_MANAGER, Role.ADMINISTRATOR])
def test_others_may_not_touch_a_case(case: Case, site: Site, role: Role) -> None:
    with pytest.raises(Refused, match="may not"):
        Clinician.at(site, role).claims(case)


def test_asking_the_patient_waits_for_the_patient(case: Case, clinician: Clinician) -> None:
    clinician.takes(case)
    request = services.ask_patient(
        case=case, seen=fresh(case).lock, items=["onset"], text="When did it begin?", **clinician.who()
    )
    assert fresh(case).state == State.AWAITING_INFO
    assert (request.items, request.text) == (["onset"], "When did it begin?")


def test_a_note_said_otherwise_from_the_same_page_is_another_note(case: Case, clinician: Clinician) -> None:
    """Somebody goes back to the page and adds what they forgot."""
    key = uuid.uuid4()
    for text in ("Rang, no answer.", "Rang, no answer.", "Rang, no answer. Her son rings back at 4."):
        services.add_note(case=case, key=key, text=text, **clinician.who())
    assert case.notes.count() == 2


def test_every_service_leaves_one_event(case: Case, clinician: Clinician, lead: Clinician) -> None:
    clinician.takes(case)
    services.add_note(case=case, key=uuid.uuid4(), text="Rang, no answer.", **clinician.who())
    services.release(case=case, seen=fresh(case).lock, **clinician.who())
    clinician.claims(case)
    clinician.decides(case)
    lead.opens(case)
    lead.looks_second(case)
    staff = AuditEvent.objects.filter(actor_kind="staff", case_reference=case.reference).order_by("id")
    assert [event.event for event in staff] == [
        Event.CASE_VIEWED,
        Event.CASE_CLAIMED,
        Event.NOTE_ADDED,
        Event.CASE_RELEASED,
        Event.CASE_CLAIMED,
        Event.DECISION_RECORDED,
        Event.CASE_VIEWED,
        Event.SECOND_REVIEW_RECORDED,
    ]


@pytest.mark.parametrize("state", ["offered_assessment", "declined_with_reasons", "signposted"])
def test_the_database_refuses_a_final_state_without_two_decisions(
    case: Case, clinician: Clinician, state: str
) -> None:
    clinician.takes(case)
    clinician.decides(case, State(state))
    with (
        pytest.raises(DatabaseError, match="two clinicians"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE screening_case SET state = %s, closed_at = now(), claimed_by_id = NULL,"
            " claimed_at = NULL, lease_until = NULL WHERE id = %s",
            [state, case.pk],
        )


@pytest.mark.parametrize(
    "change",
    ["reason_length = 0", "clinician_id = NULL", "answers_opened_at = NULL", "outcome = 'cured'"],
)
def test_the_database_refuses_a_decision_that_is_not_whole(
    case: Case, clinician: Clinician, change: str
) -> None:
    """Copied by SQL with one thing wrong: no code of ours stands between."""
    clinician.takes(case)
    decision = clinician.decides(case)
    columns = [field.column for field in Decision._meta.fields if field.column != "id"]
    name, _equals, value = change.partition(" = ")
    values = ", ".join(value if column == name else column for column in columns)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO screening_decision ({', '.join(columns)})"  # noqa: S608  names of our own columns
            f" SELECT {values} FROM screening_decision WHERE id = %s",
            [decision.pk],
        )


@pytest.mark.parametrize("table", ["screening_decision", "screening_transition", "screening_assessment"])
def test_history_cannot_be_changed(case: Case, clinician: Clinician, table: str) -> None:
    clinician.takes(case)
    clinician.decides(case)
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608  our own tables
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
