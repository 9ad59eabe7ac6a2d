"""Appointments: booked, moved, cancelled and missed by staff; the patient sees them; nothing is rewritten."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.intake.services import withdraw
from screening.review.appointments import services
from screening.review.appointments.models import Appointment, AppointmentState
from screening.review.appointments.selectors import start_of
from screening.review.services import Refused
from tests.factories.intake import enter, open_clinic, response_of, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def moved(one: Appointment, clinician: Clinician, **said: object) -> Appointment:
    when = {"starts_at": one.starts_at + DAY, "minutes": 20, "way": "in_person", "place": "Room 2"}
    said = {"key": uuid.uuid4(), **when, "reason": "", **clinician.who(), **said}
    return services.move_appointment(appointment=one, **said)  # type: ignore[arg-type]


def missed(case: Case, clinician: Clinician, *, days: int) -> Appointment:
    one = clinician.books(case, in_days=days)
    who = clinician.who(one.starts_at + DAY)
    return services.miss_appointment(appointment=one, reason="", **who)


def test_the_same_page_sent_twice_books_once(case: Case, clinician: Clinician) -> None:
    key = uuid.uuid4()
    assert clinician.books(case, key=key) == clinician.books(case, key=key)
    assert case.appointments.count() == 1
    assert AuditEvent.objects.filter(event=Event.APPOINTMENT_RECORDED).count() == 1


def test_another_time_on_a_page_that_was_sent_is_never_taken_for_the_first(
    case: Case, clinician: Clinician
) -> None:
    """Back to the page, which a browser still holds: whoever is told "booked" finds it booked."""
    key = uuid.uuid4()
    clinician.books(case, key=key, hour=14)
    one = clinician.books(case, key=key, hour=16)
    assert case.appointments.count() == 2
    moved(one, clinician, key=key)
    with pytest.raises(Refused, match="changed already: moved"):
        moved(one, clinician, key=key, starts_at=one.starts_at + 2 * DAY)


def test_moving_keeps_the_old_time_and_books_another(case: Case, clinician: Clinician) -> None:
    one = clinician.books(case)
    key = uuid.uuid4()
    other = moved(one, clinician, key=key)
    assert moved(one, clinician, key=key) == other
    one.refresh_from_db()
    assert (one.state, other.state, other.instead_of_id, other.sequence) == ("moved", "booked", one.pk, 1)
    assert other.kind == one.kind
    with pytest.raises(Refused, match="changed already: moved"):
        moved(one, clinician)


def test_nothing_is_booked_in_the_past_or_for_somebody_who_left(case: Case, clinician: Clinician) -> None:
    with pytest.raises(Refused, match="time is over"):
        clinician.books(case, in_days=-1)
    response = response_of(case)
    withdraw(case=case, by=clinician.who()["by"], at=LATER)
    assert response.case_id == case.pk
    with pytest.raises(Refused, match="took the form back"):
        clinician.books(case)


def test_nobody_has_missed_what_has_not_begun(case: Case, clinician: Clinician) -> None:
    one = clinician.books(case)
    with pytest.raises(Refused, match="not begun"):
        services.miss_appointment(appointment=one, reason="", **clinician.who())


def test_after_the_second_miss_a_clinician_is_asked_to_decide(case: Case, clinician: Clinician) -> None:
    missed(case, clinician, days=3)
    assert not case.tasks.exists()
    second = missed(case, clinician, days=20)
    (task,) = case.tasks.all()
    assert "second appointment" in task.text
    assert task.for_user is None
    assert task.due_on > second.starts_at.date()


def test_the_database_keeps_an_appointment_as_it_was(case: Case, clinician: Clinician) -> None:
    one = clinician.books(case)
    for change in ({"starts_at": LATER}, {"minutes": 31}, {"way": "telephone"}, {"place": "Elsewhere"}):
        with pytest.raises(ProgrammingError, match="only moved"), transaction.atomic():
            Appointment.objects.filter(pk=one.pk).update(**change)
    services.cancel_appointment(appointment=one, reason="Ill", **clinician.who())
    with pytest.raises(ProgrammingError), transaction.atomic():
        Appointment.objects.filter(pk=one.pk).update(state="booked", settled_at=None, settled_by=None)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Appointment.objects.all().delete()


def test_the_last_start_that_was_entered_holds(case: Case, clinician: Clinician) -> None:
    clinician.starts(case, dt.date(2026, 12, 1))
    clinician.starts(case, dt.date(2026, 12, 8))
    held = start_of(case)
    assert held is not None
    assert held.day == dt.date(2026, 12, 8)
    assert case.treatment_starts.count() == 2


# The pages ----------------------------------------------------------------------------------------------


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def here(site: Site, now: dt.datetime) -> Case:
    return submitted_case(site, at=now)


@pytest.fixture
def browser(client: Client, site: Site) -> Client:
    sign_in(client, Clinician.at(site, Role.CLINICIAN).membership)
    return client


def typed(at: dt.datetime, **changes: str) -> dict[str, str]:
    day = (at + 40 * DAY).date()
    parts = {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}
    said = {"key": str(uuid.uuid4()), "kind": "first", "time": "14:20", "minutes": "30"}
    return {**said, **parts, "way": "in_person", "place": "Room 7, Mill Lane", **changes}


def test_a_clinician_books_and_the_case_says_so(browser: Client, here: Case, now: dt.datetime) -> None:
    address = reverse("case-book", args=[here.reference])
    assert browser.get(address).status_code == 200
    answer = browser.post(address, typed(now), follow=True)
    page = answer.content.decode()
    assert "The appointment is booked" in page
    assert "14:20" in page
    assert "Room 7, Mill Lane" in page
    one = here.appointments.get()
    assert one.starts_at.astimezone(timezone.get_default_timezone()).hour == 14


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day_year": "2020"}, "This time is over"),
        ({"day_year": "2099"}, "more than two years ahead"),
        ({"time": "25:00"}, "Write the time like 14:20"),
        ({"minutes": "0"}, "at least 5 minutes"),
        ({"place": ""}, "Say where it takes place"),
        ({"day_day": "28", "day_month": "3", "day_year": "2027", "time": "01:30"}, "jumps over this time"),
    ],
)
def test_a_mistake_keeps_what_was_typed(
    browser: Client, here: Case, now: dt.datetime, changes: dict[str, str], said: str
) -> None:
    answer = browser.post(reverse("case-book", args=[here.reference]), typed(now, **changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert changes.get("place", "Room 7, Mill Lane") in page
    assert not here.appointments.exists()


def test_who_comes_second_reads_that_it_was_changed(
    browser: Client, site: Site, here: Case, now: dt.datetime
) -> None:
    colleague = Clinician.at(site)
    one = colleague.books(here, at=now)
    services.cancel_appointment(appointment=one, reason="Ill", **colleague.who(now))
    address = reverse("case-appointment-move", args=[here.reference, one.pk])
    assert "was changed already: cancelled" in browser.get(address).content.decode()
    answer = browser.post(address, typed(now))
    assert answer.status_code == 409
    assert "Room 7, Mill Lane" in answer.content.decode()


def test_an_appointment_of_another_case_is_not_found(
    browser: Client, site: Site, here: Case, now: dt.datetime
) -> None:
    other = Clinician.at(site).books(submitted_case(site, at=now), at=now)
    for name in ("move", "cancel", "missed", "calendar"):
        address = reverse(f"case-appointment-{name}", args=[here.reference, other.pk])
        assert browser.get(address).status_code == 404
    elsewhere = submitted_case(open_clinic(), at=now)
    assert browser.get(reverse("case-book", args=[elsewhere.reference])).status_code == 404


def test_the_patient_sees_the_appointment_and_takes_it_along(
    client: Client, site: Site, here: Case, now: dt.datetime
) -> None:
    colleague = Clinician.at(site)
    first = colleague.books(here, at=now, in_days=3)
    services.cancel_appointment(appointment=first, reason="Ill", **colleague.who(now))
    second = colleague.books(here, at=now + dt.timedelta(minutes=1), in_days=8, place="Room 9, Mill Lane")
    enter(client, response_of(here), at=now)
    room = client.get(reverse("patient-room")).content.decode()
    assert "Room 9, Mill Lane" in room
    assert "video.example.org" not in room
    assert reverse("patient-calendar", args=[2]) in room
    answer = client.get(reverse("patient-calendar", args=[2]))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert b"UID:" + str(second.pk).encode() in answer.content
    for private in (b"Mill Lane", b"pain", b"Pain", here.reference.encode()):
        assert private not in answer.content
    assert b"STATUS:CANCELLED" in client.get(reverse("patient-calendar", args=[1])).content
    assert client.get(reverse("patient-calendar", args=[3])).status_code == 404


def test_a_moved_appointment_is_the_same_entry_of_a_calendar(
    browser: Client, site: Site, here: Case, now: dt.datetime
) -> None:
    colleague = Clinician.at(site)
    one = colleague.books(here, at=now)
    other = moved(one, colleague, **colleague.who(now))
    file = browser.get(reverse("case-appointment-calendar", args=[here.reference, other.pk])).content
    assert b"UID:" + str(one.pk).encode() in file
    assert b"SEQUENCE:1" in file
    assert Appointment.objects.get(pk=one.pk).state == AppointmentState.MOVED
