"""What is deleted is gone from every table, and nothing of anybody else is."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.models import Role, Site
from screening.cases.models import Case, Patient
from screening.followup.models import (
    Alert,
    Attempt,
    Bounce,
    Channel,
    OptOut,
    ReminderAct,
    StaffAct,
    Subject,
)
from screening.manage.publication.models import ImpactCase
from screening.manage.retention.erasing import PARTS, erase, keys_of
from screening.manage.retention.models import Disposal, Outcome
from screening.review.desk.models import SamePerson
from screening.review.models import Objection
from screening.review.services import add_note
from tests.factories.intake import response_of
from tests.factories.people import make_member
from tests.factories.review import Clinician
from tests.factories.room import amends, replies
from tests.guards.world import Clinic, make_clinic

# These speak of a record after it is gone: by its keys and references alone.
STAY = {"audit_auditevent", "screening_disposal"}


def test_every_table_that_leads_to_a_person_is_on_the_list() -> None:
    listed = {rows.model for rows, _what in PARTS} | {Patient, SamePerson}
    personal = {
        model
        for model in apps.get_models()
        if any(field.is_relation and field.related_model in listed for field in model._meta.fields)
    }
    assert personal <= listed, "add it to what is deleted with a record"


@pytest.mark.django_db
def test_nothing_is_left_of_these_people_and_everything_of_the_others() -> None:
    here = busy(make_clinic("Here", code="here", family_name="Underwood"))
    other = make_clinic("There", code="there", family_name="Overwood")
    theirs = list(Patient.objects.filter(site=other.site).values_list("pk", flat=True))
    before = rows_naming(people_of(other.site)), counted(theirs)
    named = people_of(here.site)
    references = list(Case.objects.filter(site=here.site).values_list("reference", flat=True))
    agreed(here.site, references)
    patients = list(Patient.objects.filter(site=here.site).values_list("pk", flat=True))
    counts = erase(patients, references)
    assert all(counts.values()), counts
    assert {table for table, _row in rows_naming(named)} <= STAY
    assert (rows_naming(people_of(other.site)), counted(theirs)) == before
    assert all(rows.count() == count for (rows, _what), count in zip(PARTS, counted(theirs), strict=True))
    assert not ImpactCase.objects.filter(reference__in=references).exists()


def busy(here: Clinic) -> Clinic:
    """With a row in each table that the clinic left empty."""
    at, site, decided = timezone.now(), here.site, here.decided.case
    nurse, doctor = Clinician.at(site), Clinician.at(site, Role.LEAD_CLINICIAN)
    add_note(case=here.case, key=uuid4(), text="Read.", **nurse.who(at))
    nurse.takes(here.case, at=at)
    nurse.hands_over(here.case, doctor, at=at)
    nurse.rings(here.urgent.case, at=at)
    doctor.starts(decided, at.date(), at=at)
    replies(decided, at=at)
    amends(decided, answers={"goals": "Dance"}, at=at)
    response, reminder, user = response_of(decided), here.reminder, doctor.membership.user
    Objection.objects.create(response=response, item="goals", text="Never said.", at=at)
    of_person = {"patient_id": reminder.patient_id, "channel": Channel.EMAIL, "at": at}
    OptOut.objects.create(subject=Subject.REMINDERS, **of_person)
    Bounce.objects.create(reminder=reminder, address_hash="x", reason="x", **of_person)
    Attempt.objects.create(reminder=reminder, number=1, owner="x", started_at=at)
    ReminderAct.objects.create(reminder=reminder, act=StaffAct.CANCELLED, reason="x", by=user, at=at)
    Alert.objects.create(site=site, case=decided, number=1, tier=1, due_at=at, try_at=at)
    pair = {"kept_id": response.patient_id, "joined_id": here.case.patient_id}
    SamePerson.objects.create(**pair, reason="One woman.", by=user, at=at)
    return here


def people_of(site: Site) -> set[str]:
    """The keys by which rows name the people of a clinic and their cases."""
    cases = Case.objects.filter(site=site)
    forms = [str(key) for key in cases.values_list("responses__pk", flat=True)]
    return {
        *map(str, Patient.objects.filter(site=site).values_list("pk", flat=True)),
        *cases.values_list("reference", flat=True),
        *forms,
    }


def counted(patients: list[UUID]) -> list[int]:
    """How many rows of each kind these people have."""
    named = keys_of(patients)
    return [rows.filter(**{f"{what}__in": named[what]}).count() for rows, what in PARTS]


def rows_naming(keys: set[str]) -> set[tuple[str, str]]:
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608  our own tables
            found |= {(table, row) for (row,) in cursor.fetchall() if any(key in row for key in keys)}
    return found


def agreed(site: Site, references: list[str]) -> Disposal:
    at: dt.datetime = timezone.now()
    patients = list(Patient.objects.filter(site=site).values_list("pk", flat=True))
    disposal = Disposal.objects.create(
        site=site,
        patients=patients,
        references=references,
        last_contact=at.date(),
        put_forward_by=make_member(Role.ADMINISTRATOR, site=site).user,
        put_forward_at=at,
    )
    disposal.outcome, disposal.settled_at = Outcome.DELETED, at
    disposal.settled_by = Clinician.at(site, Role.LEAD_CLINICIAN).membership.user
    disposal.save()
    return disposal
