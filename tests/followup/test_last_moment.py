"""What happens in the seconds between the check of a message and the network."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import count

import pytest

from accounts.actors import Actor
from screening.cases.models import Case
from screening.cases.opening import LONDON
from screening.followup.models import Reminder, ReminderState
from screening.followup.services import REMINDERS, claim, fence, leave, new_owner, send_due, switch_off
from screening.followup.services.checking import FRESH
from screening.review.appointments.services import cancel_appointment
from screening.review.room import services
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import NOON
from tests.factories.review import Clinician
from tests.followup.rounds import now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def announced() -> tuple[Case, Reminder]:
    """A message of the clinic that the patient is about to be told of."""
    case = reachable_case()
    clinician = Clinician.at(case.site)
    services.write_to_patient(case=case, key=uuid.uuid4(), text="Please ring us.", **clinician.who(NOON))
    case.refresh_from_db()
    return case, planned(case, at=NOON, step="FU04-message")


def test_nobody_is_told_of_a_message_that_they_read_while_the_mail_was_written() -> None:
    case, reminder = announced()
    owner = new_owner()
    claim(owner=owner, at=reminder.due_at)
    (ready,) = fence(reminder_ids=[reminder.pk], owner=owner, at=reminder.due_at)
    services.read_messages(case=case, by=Actor.patient(case.patient_id), at=reminder.due_at + SECOND)
    assert leave(ready=ready, owner=owner, at=reminder.due_at + 2 * SECOND) is None


def test_nobody_is_reminded_of_an_appointment_that_was_cancelled_while_the_mail_was_written() -> None:
    case = reachable_case()
    clinician, owner = Clinician.at(case.site), new_owner()
    appointment = clinician.books(case, at=NOON)
    reminder = planned(case, at=NOON, step="FU07-booked")
    at = reminder.due_at
    claim(owner=owner, at=at)
    (ready,) = fence(reminder_ids=[reminder.pk], owner=owner, at=at)
    cancel_appointment(appointment=appointment, reason="The room is closed.", **clinician.who(at + SECOND))
    assert leave(ready=ready, owner=owner, at=at + 2 * SECOND) is None


@pytest.mark.parametrize("what", ["read", "cancelled", "switched off"])
def test_what_was_known_at_the_check_keeps_nothing_back_though_a_clock_was_ahead_when_it_was_written(
    sink: Sink, what: str
) -> None:
    case, message = announced()
    clinician, at = Clinician.at(case.site), NOON + 2 * DAY
    match what:
        case "read":
            services.read_messages(case=case, by=Actor.patient(case.patient_id), at=at + DAY)
        case "cancelled":
            appointment = clinician.books(case, at=NOON, starts_at=NOON + 9 * DAY)
            cancel_appointment(appointment=appointment, reason="Closed.", **clinician.who(at + DAY))
        case _:
            switch_off(reminder=message, subject="reinvitation", by=REMINDERS, at=at + DAY)
    Reminder.objects.filter(pk=message.pk).update(state="cancelled", closed_reason="by_staff")
    reminder = planned(case, at=at, step="FU03")
    looks = count()  # time goes on: a message that is checked again and again would be so for ever
    due = lambda: reminder.due_at + next(looks) * SECOND / 100  # noqa: E731
    assert send_due(now=due, owner=new_owner(), seconds=2) == {"sent": 1}


@pytest.mark.parametrize(("left", "sent"), [(FRESH + SECOND, True), (FRESH, False), (SECOND, False)])
def test_nothing_is_checked_so_late_that_the_window_closes_before_it_leaves(
    sink: Sink, left: dt.timedelta, *, sent: bool
) -> None:
    reminder = planned(reachable_case(), at=NOON + 2 * DAY, step="FU03")
    closes = dt.datetime.combine(reminder.due_at.astimezone(LONDON).date(), dt.time(19), LONDON)
    at = closes.astimezone(dt.UTC) - left
    assert send(at) == ({"sent": 1} if sent else {"dropped": 1})
    assert bool(sink.messages) is sent
    if not sent:
        waiting = now(reminder)
        assert waiting.state == ReminderState.SCHEDULED
        assert waiting.due_at.astimezone(LONDON).time() == dt.time(9)
