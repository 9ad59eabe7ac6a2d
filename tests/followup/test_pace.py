"""A database so slow that a whole group, once checked, is too old to leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from unittest import mock

import pytest

from screening.followup.services import REMINDERS, new_owner, plan, send_due, sending
from tests.factories.followup import asked_for_link
from tests.factories.intake import open_clinic
from tests.followup.rounds import DUE
from tests.followup.sink import Sink

pytestmark = pytest.mark.django_db
PEOPLE = 12


@pytest.mark.parametrize("each", [dt.timedelta(milliseconds=1), dt.timedelta(seconds=1)])
def test_messages_leave_however_slow_the_check(sink: Sink, each: dt.timedelta) -> None:
    site, clock, fence, sizes = open_clinic(), [DUE], sending.fence, []
    for number in range(PEOPLE):
        asked_for_link(site, email=f"person{number}@example.org")
    plan(as_of=DUE, by=REMINDERS)

    def slow(*, reminder_ids: Sequence[Any], **given: Any) -> Any:
        found = fence(reminder_ids=reminder_ids, **given)
        clock[0] += each * len(reminder_ids)
        sizes.append(len(reminder_ids))
        return found

    with mock.patch.object(sending, "fence", slow):
        counts = send_due(now=lambda: clock[0], owner=new_owner(), seconds=40)
    assert counts == {"sent": PEOPLE}
    assert sizes == ([10, 2] if each < dt.timedelta(seconds=1) else [10, 2, 4, 1, 2, 3])
