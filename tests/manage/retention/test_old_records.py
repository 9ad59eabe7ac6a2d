"""Which records are past their time: only those of which nothing is new and nothing waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.models import Case, Patient
from screening.followup.models import SuppressedFor
from screening.followup.services import ContactChoices, choose_contact
from screening.manage.retention import selectors
from screening.manage.retention.selectors import old_records
from screening.review.desk.models import SamePerson, Task
from screening.review.desk.services import finish_task
from screening.review.services import add_note
from tests.factories.followup import suppressed, was_suppressed
from tests.factories.intake import NOON, draft, open_clinic, submitted_case
from tests.factories.review import LATER, Clinician
from tests.factories.room import amends, decided_case, replies, wants_another_look
from tests.manage.retention.conftest import THEN

pytestmark = pytest.mark.django_db
RECENT = LATER + dt.timedelta(days=2 * 365)  # seven years before THEN


def found(site: Site, at: dt.datetime = THEN) -> list[tuple[str, ...]]:
    return [each.references for each in old_records(site=site, at=at)]


def test_a_closed_case_is_past_its_time_after_eight_years_and_not_a_day_before(
    site: Site, past: Case
) -> None:
    (old,) = old_records(site=site, at=THEN)
    assert (old.references, old.patients) == ((past.reference,), (past.patient_id,))
    assert (old.last_contact, old.kept_until) == (LATER.date(), dt.date(LATER.year + 8, 6, 15))
    assert found(site, LATER.replace(year=LATER.year + 8)) == [(past.reference,)]
    assert found(site, LATER.replace(year=LATER.year + 8) - dt.timedelta(days=1)) == []


def does(case: Case, task: Task) -> None:
    finish_task(task=task, **lead(case).who(RECENT))


def wants_no_more_mail(case: Case) -> None:
    chosen = ContactChoices(channels=frozenset(), wanted=frozenset())
    choose_contact(case=case, chosen=chosen, by=Actor.patient(case.patient_id), at=RECENT)


def lead(case: Case) -> Clinician:
    return Clinician.at(case.site, Role.LEAD_CLINICIAN)


@pytest.mark.parametrize(
    "happened",
    [
        lambda case: replies(case, at=RECENT),
        lambda case: amends(case, answers={"goals": "Dance"}, at=RECENT),
        lambda case: wants_another_look(case, at=RECENT),
        lambda case: add_note(case=case, key=uuid4(), text="Rang her.", **lead(case).who(RECENT)),
        lambda case: lead(case).notes_task(case, at=LATER),  # of long ago, but nobody has done it
        lambda case: lead(case).books(case, at=RECENT),
        lambda case: lead(case).starts(case, RECENT.date(), at=RECENT),
        lambda case: does(case, lead(case).notes_task(case, at=LATER)),
        lambda case: wants_no_more_mail(case),
        lambda case: suppressed(case, SuppressedFor.COMPLAINT, at=LATER),  # of long ago, and still open
        lambda case: was_suppressed(case, at=RECENT),
    ],
    ids=[
        "message",
        "correction",
        "another look",
        "note",
        "task",
        "appointment",
        "follow-up",
        "task that was done",
        "choice of messages",
        "complaint",
        "suppression that has ended",
    ],
)
def test_contact_and_work_that_waits_keep_a_record(
    site: Site, past: Case, happened: Callable[[Case], object]
) -> None:
    assert found(site) == [(past.reference,)]
    happened(past)
    assert found(site) == []


def test_a_case_that_is_open_is_kept_however_old(site: Site) -> None:
    submitted_case(site)
    draft(site)
    assert found(site) == []


def test_somebody_who_was_young_is_kept_until_they_are_26(site: Site, past: Case) -> None:
    Patient.objects.filter(pk=past.patient_id).update(date_of_birth="2012-01-02")
    assert found(site) == []
    assert found(site, dt.datetime(2038, 1, 1, 12, tzinfo=dt.UTC)) == []
    assert found(site, dt.datetime(2038, 1, 2, 12, tzinfo=dt.UTC)) == [(past.reference,)]


def test_joined_records_go_together_or_not_at_all(site: Site, past: Case) -> None:
    other = decided_case(site)
    by = Clinician.at(site).membership.user
    SamePerson.objects.create(
        kept_id=past.patient_id, joined_id=other.patient_id, reason="Same woman.", by=by, at=NOON
    )
    assert found(site) == [(past.reference, other.reference)]
    replies(other, at=RECENT)
    assert found(site) == []


def test_many_are_looked_at_together_and_the_oldest_come_first(
    site: Site, past: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CaptureQueriesContext(connection) as one:
        found(site)
    others = [decided_case(site) for _each in range(3)]
    with CaptureQueriesContext(connection) as four:
        assert len(found(site)) == 4
    assert len(four) == len(one)
    last, *_rest = others
    Patient.objects.filter(pk=last.patient_id).update(created_at=LATER)
    monkeypatch.setattr(selectors, "CHUNK", 1)
    assert len(set(found(site))) == 4
    assert found(site)[-1] == (last.reference,)


def test_one_that_no_key_opens_is_kept_and_hides_no_other(site: Site, past: Case) -> None:
    damaged = decided_case(site)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE screening_patient SET date_of_birth = 'x' WHERE id = %s", [damaged.patient_id])
    assert found(site) == [(past.reference,)]


def test_records_of_another_clinic_are_nobodys_business_here(site: Site, past: Case) -> None:
    decided_case(open_clinic())
    assert found(site) == [(past.reference,)]
    assert old_records(site=site, at=timezone.now()) == []
