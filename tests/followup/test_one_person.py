"""Two messages to one person never pass a check that knows nothing of the other."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from screening.followup.models import Reminder, ReminderState
from screening.followup.services import Ready, claim, fence
from tests.chaos.processes import until
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import NOON
from tests.followup.rounds import another, now
from tests.followup.times import DAY

pytestmark = pytest.mark.django_db(transaction=True)
AT = NOON + 2 * DAY
WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"


@pytest.fixture
def two() -> tuple[Reminder, Reminder]:
    first = planned(reachable_case(), at=AT, step="FU03")
    return first, another(first, at=AT)


def test_of_two_in_one_group_one_passes(two: tuple[Reminder, Reminder]) -> None:
    ids = claim(owner="one", at=AT)
    assert len(ids) == 2
    (ready,) = fence(reminder_ids=ids, owner="one", at=AT)
    states = {now(reminder).state for reminder in two if reminder.pk != ready.reminder_id}
    assert states == {ReminderState.CLAIMED}


def test_of_two_that_two_workers_check_at_once_one_passes(two: tuple[Reminder, Reminder]) -> None:
    """The second waits until the first has said what it does, and then counts it."""
    first, second = two
    for reminder, owner in ((first, "one"), (second, "two")):
        Reminder.objects.filter(pk=reminder.pk).update(state="claimed", owner=owner, lease_until=AT + DAY)
    passed: list[Ready] = []

    def check() -> None:
        try:
            passed.extend(fence(reminder_ids=[second.pk], owner="two", at=AT))
        finally:
            connection.close()

    other = threading.Thread(target=check)
    with transaction.atomic():
        assert len(fence(reminder_ids=[first.pk], owner="one", at=AT)) == 1
        other.start()
        until(lambda: _waits() or not other.is_alive(), seconds=20, what="the other waits, or is done")
    other.join(20)
    assert passed == []
    assert now(second).due_at > AT


def _waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])
