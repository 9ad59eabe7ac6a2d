"""A message that a worker gives back, or loses to another."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from accounts.models import Role
from screening.followup.models import Reminder, ReminderState
from screening.followup.replies import Result, Verdict
from screening.followup.services import (
    REMINDERS,
    came_back,
    claim,
    fence,
    leave,
    plan,
    planning,
    recover,
    send_again,
)
from screening.followup.services.claiming import check_again, lease, release
from screening.followup.services.settling import Tried, settle
from tests.factories.review import Clinician
from tests.followup.rounds import DUE, now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY

pytestmark = pytest.mark.django_db


def test_it_is_not_taken_for_sent(sink: Sink, reminder: Reminder) -> None:
    claim(owner="slow", at=DUE)
    assert fence(reminder_ids=[reminder.pk], owner="slow", at=DUE)
    histories = planning.histories

    def seen(*given: Any, **more: Any) -> Any:
        found = histories(*given, **more)
        check_again(reminder_ids=[reminder.pk], owner="slow")
        release(reminder_ids=[reminder.pk], owner="slow")
        return found

    with mock.patch.object(planning, "histories", seen):
        plan(as_of=DUE, by=REMINDERS)
    assert now(reminder).state == ReminderState.SCHEDULED
    assert send(DUE) == {"sent": 1}


def test_what_a_slow_worker_says_of_its_try_ends_no_later_one(sink: Sink, reminder: Reminder) -> None:
    later, tries = DUE + lease(), []
    for owner, at in (("slow", DUE), ("other", later)):
        claim(owner=owner, at=at)
        (ready,) = fence(reminder_ids=[reminder.pk], owner=owner, at=at)
        left = leave(ready=ready, owner=owner, at=at)
        assert left is not None
        tries.append(left)
        recover(at=later)
    settle(tried=[Tried(tries[0], Verdict(Result.SENT, "accepted", "250"), later)], owner="slow")
    row = now(reminder)
    assert (row.state, row.owner, row.attempts) == (ReminderState.SENDING, "other", 2)


def test_what_a_slow_worker_could_not_send_is_not_taken_from_whoever_has_it_now(reminder: Reminder) -> None:
    later = DUE + lease()
    claim(owner="slow", at=DUE)
    (ready,) = fence(reminder_ids=[reminder.pk], owner="slow", at=DUE)
    left = leave(ready=ready, owner="slow", at=DUE)
    assert left is not None
    recover(at=later)
    claim(owner="other", at=later)
    settle(tried=[Tried(left, Verdict(Result.RETRY, "not_now", "451"), later)], owner="slow")
    row = now(reminder)
    assert (row.state, row.owner) == (ReminderState.CLAIMED, "other")


def test_what_somebody_else_has_claimed_since_is_theirs(reminder: Reminder) -> None:
    late = DUE + lease()
    claim(owner="slow", at=DUE)
    recover(at=late)
    assert claim(owner="other", at=late) == [reminder.pk]
    release(reminder_ids=[reminder.pk], owner="slow")
    assert (now(reminder).state, now(reminder).owner) == (ReminderState.CLAIMED, "other")


def test_what_a_worker_held_whose_clock_was_ahead_does_not_wait_for_that_day(
    sink: Sink, reminder: Reminder
) -> None:
    claim(owner="ahead", at=DUE + DAY)
    assert recover(at=DUE) == 1
    assert now(reminder).state == ReminderState.SCHEDULED
    assert send(DUE) == {"sent": 1}


def test_what_came_back_and_was_about_to_be_sent_again_when_its_worker_died_is_sent(
    sink: Sink, reminder: Reminder
) -> None:
    assert send(DUE) == {"sent": 1}
    came_back(reminder=reminder, at=DUE)
    lead = Clinician.at(reminder.site, Role.LEAD_CLINICIAN)
    send_again(reminder=reminder, reason="It works now.", **lead.who(DUE))
    claim(owner="dead", at=DUE)
    assert fence(reminder_ids=[reminder.pk], owner="dead", at=DUE)
    assert recover(at=DUE + lease()) == 1
    assert now(reminder).state == ReminderState.RETRY
    assert send(DUE + lease()) == {"sent": 1}
    assert len(sink.messages) == 2


def test_a_clock_that_is_a_little_ahead_loses_nothing_to_the_others(reminder: Reminder) -> None:
    claim(owner="ahead", at=DUE + lease())
    assert recover(at=DUE) == 0
    assert now(reminder).owner == "ahead"
