"""Saving a page: whole or not at all, never over newer answers, red flags at once."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import Actor
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import ORDINARY_RANK, TO_RING, Response
from screening.cases.services import standing_red_flags
from screening.intake import filling, services
from tests.factories.intake import NOON, answers_in, baseline, draft, response_of, submitted_case


def save(response: Response, page_id: str, seen_lock: int | None = None, **answers: Any) -> services.Saved:
    fresh = Response.objects.get(pk=response.pk)
    lock = int(fresh.page_locks.get(page_id, 0)) if seen_lock is None else seen_lock
    return services.save_page(
        response=response,
        page_id=page_id,
        answers=answers,
        seen_lock=lock,
        by=Actor.patient(response.patient_id),
        at=NOON,
    )


def test_a_start_keeps_the_two_facts_and_nothing_else(draft: Response) -> None:
    first = draft.revisions.first()
    assert first is not None
    assert {**first.answers, **(first.private_answers or {})} == {"dob": "1980-01-01", "nation": "england"}


def test_a_save_adds_a_revision_an_event_and_the_time(draft: Response) -> None:
    before = draft.revision
    saved = save(draft, "rf-saddle", rf_saddle="no").response
    assert saved.revision == before + 1
    assert saved.last_activity_at == NOON
    assert saved.revisions.last().answers == {"rf_saddle": "no"}  # type: ignore[union-attr]
    event = AuditEvent.objects.filter(event=Event.PAGE_SAVED).first()
    assert event is not None
    assert event.detail == {"page": "rf-saddle", "revision": before + 1}


def test_a_key_of_another_page_or_of_no_page_is_not_stored(draft: Response) -> None:
    save(draft, "rf-saddle", rf_saddle="no", psychosis_self="yes", invented="x")
    assert answers_in(draft)["rf_saddle"] == "no"
    assert {"psychosis_self", "invented"}.isdisjoint(answers_in(draft))


def test_a_blank_takes_an_answer_away(draft: Response) -> None:
    save(draft, "rf-saddle", rf_saddle="no")
    save(draft, "rf-saddle", rf_saddle=None)
    assert "rf_saddle" not in answers_in(draft)


def test_a_stale_save_writes_nothing_and_carries_both_answers(draft: Response) -> None:
    save(draft, "rf-saddle", rf_saddle="no")
    with pytest.raises(services.StalePage) as stale:
        save(draft, "rf-saddle", seen_lock=0, rf_saddle="not_sure")
    assert (stale.value.saved, stale.value.typed) == ({"rf_saddle": "no"}, {"rf_saddle": "not_sure"})
    assert answers_in(draft)["rf_saddle"] == "no"
    assert draft.case.red_flags.count() == 0


def test_the_same_answers_from_two_tabs_are_no_conflict(draft: Response) -> None:
    save(draft, "rf-saddle", rf_saddle="no")
    save(draft, "rf-saddle", seen_lock=0, rf_saddle="no")
    assert answers_in(draft)["rf_saddle"] == "no"


@pytest.mark.parametrize(
    ("page", "answers", "tier", "advice"),
    [
        ("rf-saddle", {"rf_saddle": "new_or_worse"}, 1, "ae_spine"),
        ("rf-saddle", {"rf_saddle": "not_sure"}, 2, "not_sure_999"),
        ("rf-weight", {"rf_weight": "not_sure"}, 3, "few_days"),
        ("rf-suicide", {"rf_suicide": "plan_or_acted"}, 1, "crisis_now"),
        ("rf-suicide", {"rf_suicide": "thoughts"}, 2, "crisis"),
    ],
)
def test_a_positive_answer_is_a_red_flag_at_once(
    draft: Response, page: str, answers: dict[str, Any], tier: int, advice: str
) -> None:
    saved = save(draft, page, **answers)
    flag = draft.case.red_flags.get()
    assert (flag.tier, flag.advice, flag.read_at) == (tier, advice, None)
    assert [due.advice for due in saved.advice] == [advice]
    draft.case.refresh_from_db()
    assert draft.case.rank == tier
    assert draft.case.waiting_since == NOON


def test_old_and_checked_raises_nothing(draft: Response) -> None:
    assert save(draft, "rf-saddle", rf_saddle="old_checked").advice == ()
    draft.case.refresh_from_db()
    assert draft.case.rank == ORDINARY_RANK


def test_rather_not_say_shows_where_to_turn_and_opens_a_call_that_is_not_urgent(draft: Response) -> None:
    saved = save(draft, "rf-suicide", rf_suicide="prefer_not_say")
    assert [due.advice for due in saved.advice] == ["crisis_box"]
    assert [flag.tier for flag in draft.case.red_flags.all()] == [TO_RING]
    assert standing_red_flags(draft.case) == [], "the rules hear nothing of it"
    draft.case.refresh_from_db()
    assert draft.case.rank == TO_RING < ORDINARY_RANK


def test_a_red_flag_stands_after_its_answer_changed(draft: Response) -> None:
    save(draft, "rf-saddle", rf_saddle="new_or_worse")
    save(draft, "rf-saddle", rf_saddle="no")
    assert draft.case.red_flags.get().cleared_at is None
    assert answers_in(draft)["rf_saddle"] == "no"


def test_the_same_positive_answer_twice_is_one_flag_and_advice_both_times(draft: Response) -> None:
    save(draft, "rf-saddle", rf_saddle="new_or_worse")
    assert save(draft, "rf-saddle", rf_saddle="new_or_worse").advice
    assert draft.case.red_flags.count() == 1


def test_a_red_flag_counts_in_the_outcome_after_its_answer_changed(clinic: Any) -> None:
    response = draft(clinic, until="rf-bladder", rf_saddle="new_or_worse")
    save(response, "rf-saddle", rf_saddle="no")
    by = Actor.patient(response.patient_id)
    response = filling.carry_on(response=response, answers=baseline(), by=by, at=NOON)
    case = services.submit(response=response, by=by, at=NOON)
    assert (case.outcome, case.underlying, case.rank) == ("urgent", "flagged_review", 1)


def test_reading_the_advice_is_noted_once(draft: Response) -> None:
    save(draft, "rf-saddle", rf_saddle="new_or_worse")
    by = Actor.patient(draft.patient_id)
    flags = [draft.case.red_flags.get().pk]
    assert services.read_advice(case=draft.case, flags=flags, by=by, at=NOON) == 1
    assert services.read_advice(case=draft.case, flags=flags, by=by, at=NOON) == 0
    assert draft.case.red_flags.get().read_at == NOON


def test_a_number_left_with_the_advice_reaches_the_patient(draft: Response) -> None:
    by = Actor.patient(draft.patient_id)
    services.leave_contact(case=draft.case, name="Ada", phone="07700 900123", by=by, at=NOON)
    draft.patient.refresh_from_db()
    assert (draft.patient.given_name, draft.patient.phone) == ("Ada", "07700 900123")


def test_a_sent_form_takes_no_more_answers(clinic: Any) -> None:
    response = response_of(submitted_case(clinic))
    with pytest.raises(services.Closed):
        save(response, "goals", goals="Run")


def test_a_withdrawn_draft_takes_no_more_answers(draft: Response) -> None:
    services.withdraw(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    with pytest.raises(services.Closed):
        save(draft, "goals", goals="Run")


def test_the_nation_chooses_advice_from_the_moment_it_is_saved(draft: Response) -> None:
    save(draft, "start", dob="1980-01-01", nation="scotland")
    draft.patient.refresh_from_db()
    assert draft.patient.nation == "scotland"
