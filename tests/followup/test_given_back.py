"""A message that a worker gives back while somebody looks at its case."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from screening.followup.models import Reminder, ReminderState
from screening.followup.services import REMINDERS, claim, fence, plan, planning
from screening.followup.services.claiming import check_again, release
from tests.followup.rounds import DUE, now, send
from tests.followup.sink import Sink

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
