"""A message that staff let try again, after it was given up."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Role
from screening.followup.models import Reminder, ReminderState
from screening.followup.services import send_again
from screening.review.desk.models import Task
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import NOON
from tests.factories.review import Clinician
from tests.followup.rounds import now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY, HOUR, MINUTE

pytestmark = pytest.mark.django_db
LATER, REFUSED = "451 later", "554 no"


@pytest.fixture
def due() -> Reminder:
    return planned(reachable_case(), at=NOON + 2 * DAY, step="FU03")


def again(reminder: Reminder, *, after: dt.timedelta = HOUR) -> None:
    lead = Clinician.at(reminder.site, Role.LEAD_CLINICIAN)
    send_again(reminder=reminder, reason="She asked for it.", **lead.who(reminder.due_at + after))


def test_it_is_put_off_as_often_as_one_that_is_new(sink: Sink, due: Reminder) -> None:
    sink.answers["rcpt"] = [LATER] * 9
    for _ in range(5):
        assert send(now(due).due_at) == {"retry": 1}
    due.attempt_rows.update(started_at=due.due_at - 3 * DAY)  # as if the first had been so long ago
    assert send(now(due).due_at) == {"retry": 1}
    assert (now(due).state, now(due).closed_reason) == (ReminderState.FAILED, "not_now")
    again(due, after=DAY)
    at = due.due_at + DAY
    for wait in (MINUTE, 5 * MINUTE, 15 * MINUTE):
        assert send(at) == {"retry": 1}
        assert (now(due).state, now(due).due_at) == (ReminderState.RETRY, at + wait)
        at += wait
    assert send(at) == {"sent": 1}


def test_staff_hear_that_it_failed_again_though_they_did_the_task_of_that_day(
    sink: Sink, due: Reminder
) -> None:
    sink.answers["data"] = [REFUSED] * 2
    tasks = Task.objects.filter(case=due.case, done_at=None)
    assert send(due.due_at) == {"failed": 1}
    assert tasks.update(done_at=due.due_at + MINUTE) == 1
    again(due)
    assert send(due.due_at + HOUR) == {"failed": 1}
    assert tasks.count() == 1


def test_two_that_fail_for_one_reason_on_a_day_are_one_task(sink: Sink, due: Reminder) -> None:
    sink.answers["data"] = [REFUSED] * 2
    assert send(due.due_at) == {"failed": 1}
    again(due)
    assert send(due.due_at + HOUR) == {"failed": 1}
    assert Task.objects.filter(case=due.case).count() == 1
