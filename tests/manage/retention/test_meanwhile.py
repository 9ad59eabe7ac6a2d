"""What happens to a record until the very moment at which it would be deleted."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.models import Case
from screening.followup.models import Channel, Reminder
from screening.intake.services.documents import path_of
from screening.manage.retention import services
from screening.manage.retention.models import Disposal
from screening.manage.retention.selectors import old_records
from screening.questionnaires.models import Kind
from screening.review.appointments import services as seeing
from screening.review.appointments.models import Appointment
from screening.review.room.services.amending import locked_response
from screening.review.services import Refused
from tests.factories.intake import published_version, response_of
from tests.factories.review import LATER, Clinician
from tests.factories.room import decided_case, replies
from tests.manage.retention.conftest import THEN

pytestmark = pytest.mark.django_db


def agrees(doctor: Clinician, disposal: Disposal, *cases: Case) -> Disposal:
    for case in cases:
        doctor.opens(case, at=THEN)
    return services.agree_to_delete(disposal=disposal, **doctor.who(THEN))


def deleted(disposal: Disposal, doctor: Clinician, *, at: dt.datetime = THEN) -> Disposal:
    return services.delete_record(disposal=disposal, by=Actor.staff(doctor.membership), at=at)


def test_appointments_that_were_moved_again_and_again_go_with_the_record(
    site: Site, past: Case, clerk: Clinician, doctor: Clinician
) -> None:
    nurse = Clinician.at(site)
    booked = nurse.books(past)
    for day in range(1, 7):
        said: dict[str, Any] = {"way": "video", "place": "Room 2", "minutes": 30, "reason": "She rang."}
        booked = seeing.move_appointment(
            appointment=booked,
            key=booked.pk,
            starts_at=LATER + dt.timedelta(days=20 + day),
            **said,
            **nurse.who(LATER),
        )
    services.put_forward(site=site, shown=[past.reference], **clerk.who(THEN))
    gone = deleted(agrees(doctor, Disposal.objects.get(), past), doctor)
    assert (gone.counts["appointment"], Appointment.objects.count()) == (7, 0)


def test_files_stay_where_the_database_keeps_a_row_back(
    past: Case, doctor: Clinician, waiting: Disposal
) -> None:
    stored, disposal = path_of(past.documents.get()), agrees(doctor, waiting, past)
    # As by another worker, which hung something on the record at that very moment.
    with (
        mock.patch.object(services, "erase", side_effect=IntegrityError("still named")),
        pytest.raises(IntegrityError),
    ):
        deleted(disposal, doctor)
    assert stored.is_file()
    assert Case.objects.filter(pk=past.pk).exists()


def test_what_was_agreed_and_is_in_use_again_is_not_deleted_years_later_without_another_look(
    past: Case, doctor: Clinician, waiting: Disposal, surgery: Client
) -> None:
    disposal = agrees(doctor, waiting, past)
    replies(past, at=THEN)
    Case.objects.update(news_at=None)  # somebody read it
    with pytest.raises(Refused, match="since it was put forward"):
        deleted(disposal, doctor)
    with pytest.raises(Refused, match="since it was put forward"):
        deleted(disposal, doctor, at=THEN.replace(year=THEN.year + 9))
    assert surgery.get(reverse("case", args=[past.reference])).status_code == 200


def test_a_message_that_may_still_leave_keeps_a_record(site: Site, past: Case) -> None:
    assert len(old_records(site=site, at=THEN)) == 1
    reminder = Reminder.objects.create(
        site=site,
        patient=past.patient,
        case=past,
        schedule=published_version(site, Kind.SCHEDULE),
        step="FU02",
        occurrence="1",
        channel=Channel.EMAIL,
        template="unfinished",
        due_at=LATER,
        created_at=LATER,
        state="sending",
    )
    assert old_records(site=site, at=THEN) == []
    Reminder.objects.filter(pk=reminder.pk).update(state="cancelled")
    assert len(old_records(site=site, at=THEN)) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_at_that_moment_comes_first_and_loses_nothing(site: Site) -> None:
    past, clerk = decided_case(site), Clinician.at(site, Role.ADMINISTRATOR)
    doctor, stored = Clinician.at(site, Role.LEAD_CLINICIAN), path_of(past.documents.get())
    services.put_forward(site=site, shown=[past.reference], **clerk.who(THEN))
    disposal = agrees(doctor, Disposal.objects.get(), past)
    wrote, end = threading.Event(), threading.Event()

    def patient_writes() -> None:
        try:
            with transaction.atomic():
                locked_response(response_of(past))
                replies(past, at=THEN)
                wrote.set()
                end.wait(20)
        finally:
            connection.close()

    def doctor_deletes() -> None:
        try:
            deleted(disposal, doctor)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        patient = pool.submit(patient_writes)
        assert wrote.wait(20)
        surgery = pool.submit(doctor_deletes)
        until_somebody_waits()
        end.set()
        patient.result(20)
        with pytest.raises(Refused, match="since it was put forward"):
            surgery.result(20)
    assert stored.is_file()
    assert Case.objects.get(pk=past.pk).messages.count() == 1


def until_somebody_waits() -> None:
    pause = threading.Event()
    for _each in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
        pause.wait(0.02)
