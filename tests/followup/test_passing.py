"""What was cancelled for a reason that has passed is due like what nobody had written down yet."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Role
from audit.models import AuditEvent
from screening.cases.models import Patient
from screening.followup.models import OptOut, Reminder, ReminderState
from screening.followup.services import REMINDERS, cancel_reminder, end_suppression, plan
from screening.questionnaires.models import Kind
from screening.questionnaires.seed_files import seed_content
from tests.at_once import at_once
from tests.factories.followup import planned, publish_schedule, reachable_case, suppressed
from tests.factories.intake import NOON
from tests.factories.review import Clinician
from tests.followup.rounds import now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY, HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def due() -> Reminder:
    return planned(reachable_case(), at=NOON + 2 * DAY, step="FU03")


def test_a_message_that_a_complaint_stopped_leaves_when_the_complaint_is_over(
    sink: Sink, due: Reminder
) -> None:
    at = due.due_at
    standing = suppressed(due.case, at=at)
    assert send(at) == {"dropped": 1}
    assert (now(due).state, now(due).closed_reason) == (ReminderState.CANCELLED, "suppressed")
    who = Clinician.at(due.site).who(at + HOUR)
    end_suppression(standing=standing, case=due.case, because="It is over.", **who)
    plan(as_of=at + HOUR, by=REMINDERS)
    assert (now(due).state, now(due).due_at, now(due).closed_reason) == ("scheduled", at + HOUR, "")
    assert send(at + HOUR) == {"sent": 1}
    lines = AuditEvent.objects.filter(event__startswith="reminder", case_reference=due.case.reference)
    assert list(lines.order_by("id").values_list("event", flat=True)) == [
        "reminder_planned",
        "reminder_cancelled",
        "reminder_planned",
        "reminder_sent",
    ]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({"deceased_at": NOON}, {"deceased_at": None}, "suppressed"),
        ({"contact_by_email": False}, {"contact_by_email": True}, "no_address"),
        ({"reminders_wanted": False}, {"reminders_wanted": True}, "not_wanted"),
    ],
)
def test_so_does_what_was_stopped_by_a_mistake_or_a_choice_that_was_taken_back(
    sink: Sink, due: Reminder, before: dict[str, Any], after: dict[str, Any], reason: str
) -> None:
    at, people = due.due_at, Patient.objects.filter(pk=due.patient_id)
    people.update(**before)
    plan(as_of=at, by=REMINDERS)
    assert (now(due).state, now(due).closed_reason) == (ReminderState.CANCELLED, reason)
    people.update(**after)
    plan(as_of=at + HOUR, by=REMINDERS)
    assert send(at + HOUR) == {"sent": 1}


def test_while_the_reason_stands_nothing_is_written_down_again(due: Reminder) -> None:
    suppressed(due.case, at=due.due_at)
    assert plan(as_of=due.due_at, by=REMINDERS).cancelled == 1
    again = plan(as_of=due.due_at + HOUR, by=REMINDERS)
    assert (again.planned, again.cancelled) == (0, 0)


def test_what_staff_cancelled_by_hand_does_not_come_back(due: Reminder) -> None:
    who = Clinician.at(due.site, Role.LEAD_CLINICIAN).who(due.due_at)
    cancel_reminder(reminder=due, reason="I rang them.", **who)
    assert plan(as_of=due.due_at + HOUR, by=REMINDERS).planned == 0
    assert now(due).state == ReminderState.CANCELLED


def test_what_the_new_schedule_asks_for_is_not_cancelled_by_the_old_one_again_and_again(
    sink: Sink, due: Reminder
) -> None:
    at, content = due.due_at, seed_content(Kind.SCHEDULE)
    for step in content["steps"]:
        if step["code"] == "FU03":
            step["stop_when"].remove("opted_out")
    publish_schedule(due.site, content, at=at)
    OptOut.objects.create(patient_id=due.patient_id, channel="email", subject="reminders", at=NOON)
    assert send(at) == {"dropped": 1}
    plan(as_of=at + HOUR, by=REMINDERS)
    assert now(due).schedule.content == content
    assert send(at + HOUR) == {"sent": 1}


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_the_same_moment_bring_it_back_once() -> None:
    due = planned(reachable_case(), at=NOON + 2 * DAY, step="FU03")
    Reminder.objects.filter(pk=due.pk).update(state="cancelled", closed_reason="suppressed")
    found = at_once(lambda: plan(as_of=due.due_at, by=REMINDERS).planned)
    assert sorted(found) == [0, 0, 0, 1]
    assert now(due).state == ReminderState.SCHEDULED
    assert AuditEvent.objects.filter(event="reminder_planned").count() == 2
