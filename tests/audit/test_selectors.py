from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Membership, Site
from audit.events import Event
from audit.models import AuditEvent
from audit.selectors import FLAG, JUDGEMENT, Filters, Opening, last_opened, trail, trail_for_patient
from audit.services import record
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def member() -> Membership:
    return make_member()


def note(event: Event, member: Membership, **more) -> AuditEvent:
    return record(
        event, by=more.pop("by", Actor.staff(member)), at=more.pop("at", NOW), site=member.site, **more
    )


def of_case(reference: str, *, site: Site) -> Sequence[AuditEvent]:
    return trail(site=site, filters=Filters(case_reference=reference)).rows


def test_the_trail_of_a_case_includes_lists_that_showed_it(member: Membership) -> None:
    opened = note(Event.CASE_VIEWED, member, case="TH-1")
    listed = note(Event.WORKLIST_VIEWED, member, references=["TH-2", "TH-1"])
    note(Event.CASE_VIEWED, member, case="TH-2")
    note(Event.WORKLIST_VIEWED, member, references=["TH-2"])
    note(Event.WORKLIST_VIEWED, member)

    assert list(of_case("TH-1", site=member.site)) == [listed, opened]


def test_no_reference_finds_nothing_rather_than_everything(member: Membership) -> None:
    note(Event.WORKLIST_VIEWED, member)
    assert trail_for_patient(site=member.site, patient_id=uuid.uuid4(), references=[""]) == []


def test_who_looked_lists_staff_who_read_and_nobody_else(member: Membership) -> None:
    patient = uuid.uuid4()
    opened = note(Event.CASE_VIEWED, member, case="TH-1", patient=patient)
    listed = note(Event.WORKLIST_VIEWED, member, references=["TH-1"])
    note(Event.CASE_CLAIMED, member, case="TH-1", patient=patient)
    note(Event.STATUS_VIEWED, member, by=Actor.patient(patient), case="TH-1")
    note(Event.CASE_VIEWED, member, case="TH-2", patient=uuid.uuid4())

    assert trail_for_patient(site=member.site, patient_id=patient, references=["TH-1"]) == [listed, opened]
    assert trail_for_patient(site=member.site, patient_id=patient) == [opened]


def test_another_site_sees_nothing(member: Membership) -> None:
    patient = uuid.uuid4()
    note(Event.CASE_VIEWED, member, case="TH-1", patient=patient, references=["TH-1"])
    elsewhere = make_member().site

    assert not of_case("TH-1", site=elsewhere)
    assert trail_for_patient(site=elsewhere, patient_id=patient, references=["TH-1"]) == []
    assert not trail(site=elsewhere).rows
    assert last_opened(site=elsewhere, reference="TH-1", user_id=member.user_id) is None


def test_the_trail_of_a_site_comes_in_pages_without_gaps(member: Membership) -> None:
    written = [note(Event.CASE_VIEWED, member, case=f"TH-{number}") for number in range(7)]
    seen, before = [], None
    for _ in range(4):
        page = trail(site=member.site, before=before, size=3)
        seen += page.rows
        before = page.older
        if before is None:
            break
        note(Event.CASE_VIEWED, member, case="TH-new")  # what comes meanwhile shifts nothing

    assert seen == written[::-1]


def test_filters_narrow_the_trail(member: Membership) -> None:
    other = make_member(site=member.site)
    early = note(Event.CASE_VIEWED, member, case="TH-1", at=NOW - dt.timedelta(days=2))
    late = note(Event.CASE_CLAIMED, other, case="TH-1")

    def found(**filters) -> list[AuditEvent]:
        return list(trail(site=member.site, filters=Filters(**filters)).rows)

    assert found() == [late, early]
    assert found(event="case_viewed") == [early]
    assert found(user_id=other.user_id) == [late]
    assert found(case_reference="TH-1") == [late, early]
    assert found(case_reference="TH-2") == []
    assert found(since=NOW - dt.timedelta(days=1)) == [late]
    assert found(until=NOW - dt.timedelta(days=1)) == [early]


def test_last_opened_is_the_latest_time_this_person_opened_this_case(member: Membership) -> None:
    def opened():
        return last_opened(site=member.site, reference="TH-1", user_id=member.user_id)

    note(Event.CASE_CLAIMED, member, case="TH-1")
    note(Event.CASE_VIEWED, make_member(site=member.site), case="TH-1")
    assert opened() is None
    note(Event.CASE_VIEWED, member, case="TH-1", at=NOW - dt.timedelta(hours=1))
    note(Event.CASE_VIEWED, member, case="TH-1", at=NOW)
    assert opened() == Opening(NOW)
    note(Event.CASE_PRINTED, member, case="TH-1", at=NOW, detail={JUDGEMENT: 7, FLAG: 3})
    assert opened() == Opening(NOW, judgement=7, flag=3)


@pytest.mark.parametrize("index", ["audit_by_case", "audit_by_patient", "audit_by_reference_shown"])
def test_each_question_has_an_index_that_answers_it(member: Membership, index: str) -> None:
    site = member.site_id
    rows = [
        AuditEvent(
            at=NOW,
            event="case_viewed",
            actor_kind="staff",
            actor_label="x",
            site_id=site,
            user_id=number % 9,
            case_reference=f"TH-{number}" if number % 2 else "",
            patient_id=uuid.uuid4() if number % 2 else None,
            references=[] if number % 2 else [f"TH-{number}", f"TH-{number + 1}"],
        )
        for number in range(4_000)
    ]
    AuditEvent.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_auditevent")
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        of_case("TH-7", site=member.site)
        trail_for_patient(site=member.site, patient_id=uuid.uuid4(), references=["TH-7"])
    plans = ""
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans += "\n".join(line for (line,) in cursor.fetchall())
    assert index in plans
