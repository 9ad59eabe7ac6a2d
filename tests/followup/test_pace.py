"""A database or a mail server so slow that a whole group, once checked, is too old to leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from unittest import mock

import pytest
from django.db import connection

from screening.followup.delivery import HANDED_OVER, Mailer
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


def test_a_slow_mail_server_gets_no_more_checked_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    site, clock, sizes, fence = open_clinic(), [DUE], [], sending.fence
    for number in range(PEOPLE):
        asked_for_link(site, email=f"person{number}@example.org")
    plan(as_of=DUE, by=REMINDERS)

    def counted(*, reminder_ids: Sequence[Any], **given: Any) -> Any:
        sizes.append(len(reminder_ids))
        return fence(reminder_ids=reminder_ids, **given)

    def slow(self: Mailer, outgoing: Any) -> Any:
        clock[0] += dt.timedelta(seconds=1)
        return HANDED_OVER

    monkeypatch.setattr(sending, "fence", counted)
    monkeypatch.setattr(Mailer, "send", slow)
    assert send_due(now=lambda: clock[0], owner=new_owner(), seconds=40) == {"sent": PEOPLE}
    assert sizes == [10, 2, 4, 1]


def test_the_last_word_is_prepared_once_for_each_connection(sink: Sink) -> None:
    site = open_clinic()
    for number in range(PEOPLE):
        asked_for_link(site, email=f"person{number}@example.org")
    plan(as_of=DUE, by=REMINDERS)
    assert send_due(now=lambda: DUE, owner=new_owner()) == {"sent": PEOPLE}
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans + custom_plans FROM pg_prepared_statements")
        assert sum(row[0] for row in cursor.fetchall()) == PEOPLE
