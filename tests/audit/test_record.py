"""What is written to the trail, and that it cannot be taken back."""

from __future__ import annotations

import uuid

import pgtrigger
import pytest
import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Role
from audit import services
from audit.events import Event
from audit.models import AuditEvent, AuditSeal
from audit.reads import READS
from audit.sentences import SENTENCES, sentence_of
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> AuditEvent:
    member = make_member()
    event = services.record(
        Event.CASE_VIEWED, by=Actor.staff(member), at=timezone.now(), site=member.site, case="TH-1"
    )
    services.seal(at=timezone.now())
    return event


@pytest.mark.parametrize("who", ["staff", "patient", "system"])
def test_one_of_many_is_written_like_one_by_itself(who: str) -> None:
    member, patient, at = make_member(), uuid.uuid4(), timezone.now()
    by = {"staff": Actor.staff(member), "patient": Actor.patient(patient), "system": Actor.system("x")}[who]
    about = {
        "site": member.site,
        "case": "TH-1",
        "patient": None,
        "references": ("TH-2", "TH-3"),
        "detail": {"why": "a 'b' é"},
    }
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        one = services.record(Event.CASE_VIEWED, by=by, at=at, **about)
        services.record_each(Event.CASE_VIEWED, [services.About(**about)], by=by, at=at)
    rows = AuditEvent.objects.filter(pk__gte=one.pk).order_by("pk")
    first, second = ({f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} for row in rows)
    by_the_database = {"id": None, "recorded_at": None}
    assert {**first, **by_the_database} == {**second, **by_the_database}


def test_every_event_has_a_sentence_of_its_own() -> None:
    assert set(SENTENCES) == set(Event)
    assert len({sentence_of(event) for event in Event}) == len(Event)
    assert set(Event) >= READS


def test_a_sentence_continues_a_name_and_fits_the_column() -> None:
    for event in Event:
        assert sentence_of(event)[0].islower(), event
        assert not sentence_of(event).endswith("."), event
        assert len(event.value) <= 60, event


def test_a_row_says_who_what_when_where() -> None:
    member = make_member(Role.LEAD_CLINICIAN)
    patient = uuid.uuid4()
    at = timezone.now()
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        services.record(
            Event.DECISION_RECORDED,
            by=Actor.staff(member),
            at=at,
            site=member.site,
            case="TH-1",
            patient=patient,
            detail={"outcome": "declined", "fields": ["reason"], "count": 2, "agrees": True, "none": None},
        )

    row = AuditEvent.objects.get()
    assert (row.event, row.actor_kind, row.actor_label) == ("decision_recorded", "staff", member.user.name)
    assert (row.user_id, row.role, row.site_id) == (member.user_id, "lead_clinician", member.site_id)
    assert (row.case_reference, row.patient_id, row.at, row.request_id) == ("TH-1", patient, at, "abc")
    assert row.detail["fields"] == ["reason"]
    assert abs((row.recorded_at - timezone.now()).total_seconds()) < 60


def test_a_patient_is_named_by_number_alone() -> None:
    patient = uuid.uuid4()
    services.record(Event.PAGE_SAVED, by=Actor.patient(patient), at=timezone.now(), site=None)
    row = AuditEvent.objects.get()
    assert (row.actor_label, row.patient_id, row.user_id) == ("Patient", patient, None)


def test_a_process_has_a_name() -> None:
    services.record(Event.REMINDER_SENT, by=Actor.system("reminders"), at=timezone.now(), site=None)
    assert AuditEvent.objects.get().actor_label == "reminders"


@pytest.mark.parametrize(
    ("detail", "problem"),
    [
        ({"answers": {"pain": 7}}, TypeError),
        ({"all": [{"a": 1}]}, TypeError),
        ({"said": "x" * 201}, ValueError),
    ],
)
def test_what_somebody_said_does_not_fit_in(detail, problem) -> None:
    with pytest.raises(problem):
        services.record(
            Event.NOTE_ADDED, by=Actor.system("test"), at=timezone.now(), site=None, detail=detail
        )


def test_what_is_rolled_back_leaves_no_row() -> None:
    with transaction.atomic():
        services.record(Event.CASE_CLAIMED, by=Actor.system("test"), at=timezone.now(), site=None)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("model", [AuditEvent, AuditSeal])
def test_the_orm_cannot_change_or_delete_a_row(row: AuditEvent, model) -> None:
    assert model.objects.exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**{"event" if model is AuditEvent else "hash": "other"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.first().save()


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditseal"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = 'other'",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {column} = 'other'",
    ],
)
def test_plain_sql_cannot_either(row: AuditEvent, table: str, statement: str) -> None:
    event = table == "audit_auditevent"
    sql = statement.format(table=table, column="event" if event else "hash", key="id" if event else "seq")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_telling_triggers_to_look_away_helps_nobody_change_a_row(row: AuditEvent) -> None:
    with pytest.raises(DatabaseError, match="append-only"), pgtrigger.ignore(), transaction.atomic():
        AuditEvent.objects.update(event="other")
