"""Two records that a clinician said are of one person: what must not be sent to one must not to the other."""

from __future__ import annotations

from itertools import pairwise

import pytest

from screening.cases.models import Case
from screening.followup.models import Reminder, ReminderState, SuppressedFor
from screening.followup.services import (
    REMINDERS,
    claim,
    fence,
    leave,
    new_owner,
    plan,
)
from screening.followup.window import Window
from screening.review.desk.models import SamePerson
from screening.review.desk.services import join_records, part_records
from tests.factories.followup import planned, reachable_case, suppressed
from tests.factories.intake import NOON, open_clinic
from tests.factories.review import Clinician, fresh
from tests.followup.rounds import now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY, HOUR, MINUTE, SCHEDULE

pytestmark = pytest.mark.django_db
AT = NOON + 2 * DAY


@pytest.fixture
def cases(db: None) -> list[Case]:
    """Three forms of one person, and the message that the last of them is due."""
    site = open_clinic()
    return [reachable_case(site, email=f"{name}@example.org") for name in ("old", "middle", "new")]


@pytest.fixture
def due(cases: list[Case]) -> Reminder:
    return planned(cases[-1], at=AT, step="FU03")


def joined(one: Case, other: Case) -> SamePerson:
    who = Clinician.at(one.site).who(NOON)
    return join_records(case=one, seen=fresh(one).lock, other=other.reference, reason="She rang.", **who)


def test_nothing_is_sent_to_any_record_of_somebody_who_died(
    sink: Sink, cases: list[Case], due: Reminder
) -> None:
    for one, other in pairwise(cases):
        joined(one, other)
    suppressed(cases[0], SuppressedFor.DECEASED, at=NOON + DAY)
    assert send(due.due_at) == {"dropped": 3}
    assert {row.closed_reason for row in Reminder.objects.all()} == {"suppressed"}
    assert sink.messages == []
    plan(as_of=NOON + 21 * DAY, by=REMINDERS)
    assert not cases[-1].tasks.exists()


def test_what_was_said_of_one_record_holds_for_the_other_while_they_are_one(
    cases: list[Case], due: Reminder
) -> None:
    one, other = cases[0], cases[-1]
    link = joined(one, other)
    suppressed(one, at=NOON + DAY)
    owner = new_owner()
    claim(owner=owner, at=due.due_at)
    assert not fence(reminder_ids=[due.pk], owner=owner, at=due.due_at)
    assert now(due).state == ReminderState.CANCELLED
    part_records(case=one, link=link, reason="Twins.", **Clinician.at(one.site).who(AT))
    Reminder.objects.filter(pk=due.pk).update(state="claimed", owner=owner, lease_until=AT + DAY)
    (ready,) = fence(reminder_ids=[due.pk], owner=owner, at=due.due_at)
    assert leave(ready=ready, owner=owner, at=due.due_at) is not None


def test_what_is_said_of_one_record_while_the_mail_is_written_stops_that_of_the_other(
    cases: list[Case], due: Reminder
) -> None:
    joined(cases[0], cases[-1])
    owner = new_owner()
    claim(owner=owner, at=due.due_at)
    (ready,) = fence(reminder_ids=[due.pk], owner=owner, at=due.due_at)
    suppressed(cases[0], at=due.due_at + MINUTE)
    assert leave(ready=ready, owner=owner, at=due.due_at + MINUTE) is None


def test_one_person_gets_no_more_messages_for_having_two_records(
    sink: Sink, cases: list[Case], due: Reminder
) -> None:
    one, _, other = cases
    link = joined(one, other)
    assert send(due.due_at) == {"sent": 2, "dropped": 1}
    left = Reminder.objects.get(sent_at=None)
    assert left.case in (one, other)
    assert left.due_at >= due.due_at + DAY
    part_records(case=one, link=link, reason="Twins.", **Clinician.at(one.site).who(AT))
    plan(as_of=due.due_at + HOUR, by=REMINDERS)
    assert send(due.due_at + HOUR) == {"sent": 1}


def test_a_message_to_one_record_waits_a_day_after_one_to_the_other(cases: list[Case]) -> None:
    one, _, other = cases
    sent = planned(one, at=AT, step="FU03")
    Reminder.objects.exclude(pk=sent.pk).delete()
    joined(one, other)
    Reminder.objects.update(state=ReminderState.SENT, sent_at=sent.due_at)
    plan(as_of=sent.due_at + HOUR, by=REMINDERS)
    assert not Reminder.objects.filter(case=other).exists()
    later = Window(SCHEDULE.quiet, "england").next_open(sent.due_at + DAY)
    plan(as_of=later, by=REMINDERS)
    assert Reminder.objects.filter(case=other, step="FU03").exists()
