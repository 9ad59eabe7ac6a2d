"""What happens in the seconds between the check of a message and the network."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from accounts.actors import Actor
from screening.cases.models import Case
from screening.cases.opening import LONDON
from screening.followup.models import Reminder, ReminderState
from screening.followup.services import claim, fence, leave, new_owner
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
