"""Messages about appointments and from the start of follow-up: when, what they say, when they stop."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from screening.cases.models import Case, Patient
from screening.followup.models import Reminder
from screening.followup.selectors import unsendable, upcoming_of, why_not_sent
from screening.followup.services import REMINDERS, plan
from screening.review.appointments import services
from screening.review.appointments.models import Appointment
from screening.review.room.services import write_to_patient
from tests.factories.followup import EMAIL, reachable_case
from tests.factories.intake import NOON
from tests.factories.review import Clinician
from tests.followup.rounds import received, send
from tests.followup.sink import Sink
from tests.followup.test_planning import fresh
from tests.followup.times import DAY, HOUR, MINUTE, london, wall

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db: None) -> Case:
    return reachable_case(at=NOON)


@pytest.fixture
def clinician(case: Case) -> Clinician:
    return Clinician.at(case.site)


def booked(
    case: Case, clinician: Clinician, starts_at: dt.datetime, *, at: dt.datetime = NOON
) -> Appointment:
    return clinician.books(case, at=at, starts_at=starts_at)


def due(case: Case, *, at: dt.datetime) -> list[tuple[str, str]]:
    found = upcoming_of(fresh(case), as_of=at)
    return [(one.step, wall(one.due_at)) for one in found if one.step in ("FU07-booked", "FU07", "FU08")]


def test_an_appointment_is_confirmed_and_reminded_by_the_clock_on_the_wall(
    case: Case, clinician: Clinician
) -> None:
    """Booked three weeks before, across the end of summer time if there is one between."""
    starts = london(f"{(NOON + 21 * DAY).date()} 14:00")
    booked(case, clinician, starts)
    steps = due(case, at=NOON)
    assert steps[0][0] == "FU07-booked"
    week = (starts - 7 * DAY).date()
    assert ("FU07", f"{week:%a %Y-%m-%d} 09:00") in steps
    assert [step for step, _ in steps].count("FU07") == 3
    assert [step for step, _ in steps].count("FU08") == 2


def test_the_confirmation_names_day_and_time(case: Case, clinician: Clinician, sink: Sink) -> None:
    starts = london(f"{(NOON + 21 * DAY).date()} 14:05")
    booked(case, clinician, starts)
    plan(as_of=NOON, by=REMINDERS)
    send(at=NOON + MINUTE)
    assert EMAIL in received(sink)
    bodies = [message.as_string() for message in sink.messages]
    letters = [body for body in bodies if "14:05" in body]
    assert letters, bodies
    day = starts.day
    assert f"{day} {starts:%B %Y}" in letters[0]
    row = Reminder.objects.get(case=case, step="FU07-booked", channel="email")
    assert row.state == "sent"


def test_an_appointment_that_is_over_is_not_confirmed(case: Case, clinician: Clinician) -> None:
    starts = london(f"{NOON.date()} 16:00")
    booked(case, clinician, starts)
    assert ("FU07-booked", wall(NOON)) in due(case, at=NOON)
    assert due(case, at=starts + HOUR) == []


def test_a_cancelled_or_moved_appointment_is_not_reminded(case: Case, clinician: Clinician) -> None:
    starts = london(f"{(NOON + 3 * DAY).date()} 14:00")
    one = booked(case, clinician, starts)
    early = starts - 49 * HOUR
    plan(as_of=early, by=REMINDERS)
    assert Reminder.objects.filter(case=case, step="FU07", state="scheduled").exists()
    services.cancel_appointment(appointment=one, reason="Ill", **clinician.who(early))
    plan(as_of=early, by=REMINDERS)
    rows = Reminder.objects.filter(case=case, step="FU07")
    assert {(row.state, row.closed_reason) for row in rows} == {("cancelled", "cancelled")}
    reasons = {row.why for row in why_not_sent(fresh(case), as_of=early) if row.step == "FU07"}
    assert reasons == {"The appointment was cancelled"}


def test_a_moved_appointment_is_confirmed_anew(case: Case, clinician: Clinician) -> None:
    starts = london(f"{(NOON + 21 * DAY).date()} 14:00")
    one = booked(case, clinician, starts)
    plan(as_of=NOON, by=REMINDERS)
    services.move_appointment(
        appointment=one,
        key=uuid.uuid4(),
        way="video",
        place="Room",
        starts_at=starts + DAY,
        minutes=30,
        reason="",
        **clinician.who(NOON + HOUR),
    )
    plan(as_of=NOON + HOUR, by=REMINDERS)
    rows = Reminder.objects.filter(case=case, step="FU07-booked", channel="email")
    assert sorted(rows.values_list("state", flat=True)) == ["cancelled", "scheduled"]


def test_what_changes_within_a_day_of_an_appointment_is_told_at_any_hour(
    case: Case, clinician: Clinician, sink: Sink
) -> None:
    day = (NOON + 4 * DAY).date()
    evening = london(f"{day - DAY} 21:00")
    one = booked(case, clinician, london(f"{day} 14:00"))
    services.move_appointment(
        appointment=one,
        key=uuid.uuid4(),
        way="video",
        place="Room",
        starts_at=london(f"{day} 08:30"),
        minutes=30,
        reason="",
        **clinician.who(evening),
    )
    plan(as_of=evening, by=REMINDERS)
    assert send(at=evening) == {"sent": 1}
    assert "08:30" in sink.messages[-1].as_string()
    booked(case, clinician, evening + DAY + HOUR, at=evening + HOUR)
    assert [at for step, at in due(case, at=evening + HOUR) if step == "FU07-booked"] == [
        wall(london(f"{day} 09:00"))
    ]


def test_whoever_missed_is_asked_a_working_day_later_until_there_is_another(
    case: Case, clinician: Clinician
) -> None:
    starts = london(f"{(NOON + 3 * DAY).date()} 14:00")
    one = booked(case, clinician, starts)
    noted = starts + HOUR
    services.miss_appointment(appointment=one, reason="", **clinician.who(noted))
    asked = [one.step for one in upcoming_of(fresh(case), as_of=noted)]
    assert "FU09" in asked
    assert "FU07" not in asked
    booked(case, clinician, starts + 14 * DAY, at=noted + HOUR)
    asked = [one.step for one in upcoming_of(fresh(case), as_of=noted + 2 * HOUR)]
    assert "FU09" not in asked


def test_follow_up_counts_from_the_start_that_staff_entered(case: Case, clinician: Clinician) -> None:
    Patient.objects.filter(pk=case.patient_id).update(reminders_wanted=True)
    assert not any(one.step.startswith("FU1") for one in upcoming_of(fresh(case), as_of=NOON))
    clinician.starts(case, NOON.date())
    steps = {one.step: wall(one.due_at)[4:] for one in reversed(upcoming_of(fresh(case), as_of=NOON))}
    assert steps["FU10"].startswith(f"{(NOON + 7 * DAY).date()}")
    assert {"FU10", "FU11", "FU12"} <= set(steps)
    clinician.starts(case, (NOON + 3 * DAY).date())
    again = {one.step: wall(one.due_at)[4:] for one in reversed(upcoming_of(fresh(case), as_of=NOON))}
    assert again["FU10"].startswith(f"{(NOON + 10 * DAY).date()}")


def test_every_message_of_the_shipped_schedule_has_something_to_count_from(case: Case) -> None:
    assert unsendable(site=case.site) == []


def test_a_message_of_the_clinic_is_planned_though_its_step_has_a_long_name(
    case: Case, clinician: Clinician
) -> None:
    write_to_patient(case=case, key=uuid.uuid4(), text="Please ring.", **clinician.who(NOON))
    plan(as_of=NOON, by=REMINDERS)
    assert Reminder.objects.filter(case=case, step="FU04-message").exists()
