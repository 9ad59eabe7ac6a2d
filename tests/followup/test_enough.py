"""What counts towards the caps: whatever reached the person, or may have, whenever the clock says it did."""

from __future__ import annotations

import pytest

from screening.cases.models import Case
from screening.followup.models import Attempt, Reminder
from screening.followup.replies import Result, Verdict
from screening.followup.services import claim, fence, leave, recover
from screening.followup.services.settling import Tried, settle
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import NOON
from tests.factories.review import Clinician
from tests.followup.rounds import another, now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY, HOUR, MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return reachable_case()


@pytest.fixture
def due(case: Case) -> Reminder:
    return planned(case, at=NOON + 2 * DAY, step="FU03")


def test_a_message_that_may_have_arrived_leaves_no_room_for_another_that_day(
    sink: Sink, due: Reminder
) -> None:
    at = due.due_at
    claim(owner="dead", at=at)
    (ready,) = fence(reminder_ids=[due.pk], owner="dead", at=at)
    assert leave(ready=ready, owner="dead", at=at) is not None
    recover(at=at + 6 * MINUTE)
    Reminder.objects.filter(pk=due.pk).update(due_at=at + DAY)  # it is not tried again at once
    other = another(due, at=at + 7 * MINUTE)
    assert send(at + 7 * MINUTE) == {"dropped": 1}
    assert now(other).due_at >= at + DAY
    assert Attempt.objects.get(reminder=due).result == Result.AMBIGUOUS
    assert sink.messages == []


def test_a_message_that_left_while_the_clock_was_a_day_ahead_counts_today(sink: Sink, due: Reminder) -> None:
    at = due.due_at
    claim(owner="ahead", at=at + DAY)
    (ready,) = fence(reminder_ids=[due.pk], owner="ahead", at=at + DAY)
    left = leave(ready=ready, owner="ahead", at=at + DAY)
    assert left is not None
    settle(tried=[Tried(left, Verdict(Result.SENT, "accepted", "250"), at + DAY)], owner="ahead")
    other = another(due, at=at + HOUR)
    assert send(at + HOUR) == {"dropped": 1}
    assert now(other).due_at >= at + 2 * DAY
    assert sink.messages == []


def test_an_appointment_is_confirmed_on_a_day_that_has_had_its_message(sink: Sink, due: Reminder) -> None:
    at = due.due_at
    assert send(at) == {"sent": 1}
    Clinician.at(due.site).books(due.case, at=at)
    planned(due.case, at=at, step="FU07-booked")
    assert send(at + MINUTE) == {"sent": 1}
