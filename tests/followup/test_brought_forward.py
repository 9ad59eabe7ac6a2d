"""A message that waits longer than it has to, because a clock was wrong for a moment, leaves when it may."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from audit.models import AuditEvent
from screening.followup.models import Reminder, ReminderState
from screening.followup.schedule import due as due_of
from screening.followup.selectors import upcoming_of
from screening.followup.services import REMINDERS, plan
from screening.review.models import InformationRequest
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import NOON
from tests.factories.people import make_person
from tests.factories.review import Clinician
from tests.followup.rounds import another, now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY, HOUR, MINUTE, SCHEDULE, history, london

pytestmark = pytest.mark.django_db


@pytest.fixture
def due() -> Reminder:
    return planned(reachable_case(), at=NOON + 2 * DAY, step="FU03")


def later(reminder: Reminder, *, at: dt.datetime, **changes: object) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(due_at=at, **changes)


def test_what_was_put_off_by_a_clock_a_day_ahead_leaves_today(sink: Sink, due: Reminder) -> None:
    right = due.due_at
    before_dawn = right + DAY - 8 * HOUR
    assert send(before_dawn) == {"dropped": 1}
    assert now(due).due_at > before_dawn
    plan(as_of=right + HOUR, by=REMINDERS)
    assert now(due).due_at == right + HOUR
    assert send(right + HOUR) == {"sent": 1}


def test_what_a_clock_a_day_ahead_planned_too_early_keeps_no_place_free() -> None:
    case = reachable_case()
    right = NOON + 2 * DAY
    records = planned(case, at=right, step="FU03")
    InformationRequest.objects.create(case=case, asked_by=make_person(), asked_at=right - DAY + MINUTE)
    plan(as_of=right - DAY + HOUR, by=REMINDERS)
    asked = Reminder.objects.get(case=case, step="FU04")
    assert asked.due_at < records.due_at
    assert asked.due_at == right - DAY + HOUR


def test_what_waits_for_its_next_try_waits_on(due: Reminder) -> None:
    later(due, at=due.due_at + 12 * HOUR, state=ReminderState.RETRY, attempts=1)
    plan(as_of=due.due_at + HOUR, by=REMINDERS)
    assert now(due).due_at == due.due_at + 12 * HOUR


def test_what_is_tried_again_is_said_to_leave_at_its_own_time() -> None:
    past = history("submission", "2026-11-02 10:00", facts=frozenset({"reviewed"}))
    at, as_of = london("2026-11-04 18:00"), london("2026-11-04 10:00")
    ((key, _), *_) = {one.key: one for one in due_of(past, SCHEDULE, as_of=as_of)}.items()
    tried = dataclasses.replace(past, pending={key: at})
    assert [one.due_at for one in due_of(tried, SCHEDULE, as_of=as_of)] == [at]
    untried = dataclasses.replace(tried, untried=frozenset({key}))
    assert [one.due_at for one in due_of(untried, SCHEDULE, as_of=as_of)] == [as_of]


def test_what_waits_for_the_caps_waits_on(due: Reminder) -> None:
    at = due.due_at
    other = another(due, at=at)
    later(other, at=at, state=ReminderState.SENT, sent_at=at)
    later(due, at=at + 2 * DAY)
    plan(as_of=at + HOUR, by=REMINDERS)
    assert now(due).due_at == at + DAY


def asked_before_an_appointment() -> tuple[Reminder, dt.datetime]:
    """The first of two messages that ask for a form, planned, and when the second takes its place."""
    case = reachable_case(records_request="yes")  # or they would be reminded of their records as well
    Clinician.at(case.site).books(case, at=NOON, starts_at=NOON + 6 * DAY)
    first, second = (one.due_at for one in upcoming_of(case, as_of=NOON) if one.step == "FU08")
    plan(as_of=first, by=REMINDERS)
    return Reminder.objects.get(case=case, step="FU08"), second


def test_what_a_clock_that_was_ahead_took_for_overtaken_leaves_after_all(sink: Sink) -> None:
    first, second = asked_before_an_appointment()
    plan(as_of=second, by=REMINDERS)
    assert (now(first).state, now(first).closed_reason) == ("cancelled", "superseded")
    right = first.due_at + HOUR
    assert plan(as_of=right, by=REMINDERS).planned == 1
    assert (now(first).state, now(first).closed_reason, now(first).due_at) == ("scheduled", "", right)
    lines = AuditEvent.objects.filter(event="reminder_planned", case_reference=first.case.reference)
    assert [line.detail["step"] for line in lines].count("FU08") == 3
    assert send(right)["sent"] >= 1
    assert now(first).state == "sent"


def test_what_was_tried_before_a_clock_that_was_ahead_took_it_for_overtaken_is_tried_again() -> None:
    first, second = asked_before_an_appointment()
    later(first, at=first.due_at, state=ReminderState.RETRY, attempts=1)
    plan(as_of=second, by=REMINDERS)
    plan(as_of=first.due_at + HOUR, by=REMINDERS)
    assert now(first).state == "retry"


def test_what_a_clock_far_ahead_took_for_too_late_leaves_after_all() -> None:
    first, _ = asked_before_an_appointment()
    plan(as_of=NOON + 7 * DAY, by=REMINDERS)
    assert (now(first).state, now(first).closed_reason) == ("cancelled", "too_late")
    plan(as_of=first.due_at + HOUR, by=REMINDERS)
    assert now(first).state == "scheduled"


def test_what_is_overtaken_stays_cancelled_while_the_time_is_right() -> None:
    first, second = asked_before_an_appointment()
    plan(as_of=second, by=REMINDERS)
    plan(as_of=second + HOUR, by=REMINDERS)
    assert (now(first).state, now(first).closed_reason) == ("cancelled", "superseded")


def test_what_staff_cancelled_is_not_brought_back() -> None:
    first, _ = asked_before_an_appointment()
    later(first, at=first.due_at, state=ReminderState.CANCELLED, closed_reason="by_staff")
    assert plan(as_of=first.due_at + HOUR, by=REMINDERS).planned == 0
    assert now(first).state == "cancelled"
