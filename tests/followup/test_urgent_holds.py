"""While an urgent answer waits for a clinician nobody is reminded; their care and their safety go on."""

from __future__ import annotations

import pytest

from screening.cases.models import TO_RING, Case
from screening.cases.services import raise_red_flag
from screening.followup.models import Reminder, ReminderState
from screening.followup.schedule import consider
from screening.followup.services import REMINDERS, claim, fence, new_owner, plan
from screening.rules.schedule import URGENT
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import NOON
from tests.factories.review import Clinician
from tests.followup.rounds import now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY, HOUR, SCHEDULE, history, london

RECORDS_DUE = NOON + 2 * DAY
HELD = {
    "draft_activity": {"FU01", "FU02"},
    "submission": {"FU03"},
    "info_requested": set(),
    "message_sent": set(),
    "outcome": set(),
    "appointment_booked": set(),
    "appointment": {"FU08"},
    "appointment_missed": set(),
    "treatment_start": {"FU11", "FU12", "FU13"},
    "review_due": {"FU14"},
    "recheck": {"FU15"},
}


@pytest.mark.parametrize(("anchor", "held"), HELD.items())
def test_an_urgent_answer_that_waits_holds_reminders_and_nothing_else(anchor: str, held: set[str]) -> None:
    past = history(anchor, "2026-11-03 14:20", facts=frozenset({URGENT}), reinvitation_wanted=True)
    considered = consider(past, SCHEDULE, as_of=london("2026-11-03 14:20"))
    assert {one.due.step for one in considered if one.why == URGENT} == held
    others = {step.code for step in SCHEDULE.steps if step.anchor == anchor and step.when_to_send} - held
    assert {one.due.step for one in considered if one.why != URGENT} == others


def says(case: Case, *, tier: int) -> None:
    raise_red_flag(
        case=case,
        item="rf_suicide",
        answer="plan_or_acted" if tier < TO_RING else "prefer_not_say",
        tier=tier,
        advice="crisis_now",
        by=REMINDERS,
        at=NOON + DAY,
    )


@pytest.mark.django_db
def test_a_reminder_that_was_planned_does_not_reach_somebody_at_risk(sink: Sink) -> None:
    case = reachable_case()
    reminder = planned(case, at=RECORDS_DUE, step="FU03")
    says(case, tier=1)
    assert send(RECORDS_DUE) == {"dropped": 1}
    assert (now(reminder).state, now(reminder).closed_reason) == (ReminderState.CANCELLED, "urgent")
    assert not sink.messages


@pytest.mark.django_db
def test_once_a_clinician_dealt_with_it_the_reminder_is_due_again(sink: Sink) -> None:
    case = reachable_case()
    says(case, tier=1)
    plan(as_of=RECORDS_DUE, by=REMINDERS)
    assert not Reminder.objects.filter(case=case).exists()
    clinician = Clinician.at(case.site)
    clinician.takes(case, at=RECORDS_DUE + HOUR)
    clinician.clears(case, at=RECORDS_DUE + HOUR)
    plan(as_of=RECORDS_DUE + 2 * HOUR, by=REMINDERS)
    (row,) = Reminder.objects.filter(case=case, state=ReminderState.SCHEDULED)
    assert (row.step, row.due_at) == ("FU03", RECORDS_DUE + 2 * HOUR)


@pytest.mark.django_db
def test_an_answer_that_only_asks_for_a_call_holds_nothing() -> None:
    case = reachable_case()
    reminder = planned(case, at=RECORDS_DUE, step="FU03")
    says(case, tier=TO_RING)
    owner = new_owner()
    claim(owner=owner, at=RECORDS_DUE)
    assert [one.reminder_id for one in fence(reminder_ids=[reminder.pk], owner=owner, at=RECORDS_DUE)]
