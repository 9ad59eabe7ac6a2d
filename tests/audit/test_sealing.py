"""Whatever is changed behind the triggers' back is found, and the exact row named."""

from __future__ import annotations

import io
import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from audit import sealing, tasks
from audit.events import Event
from audit.models import AuditEvent, AuditSeal
from audit.sealing import Head, Kind, Problem, head, seal, verify
from audit.services import record
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
ROWS = 12


def write(count: int = ROWS) -> list[int]:
    return [
        record(
            Event.CASE_VIEWED,
            by=Actor.system("test"),
            at=timezone.now(),
            site=None,
            case=f"TH-{number}",
            references=["TH-1", "TH-2"],
            detail={"number": number, "share": 0.1, "word": "é"},
        ).pk
        for number in range(count)
    ]


def tamper(sql: str, *parameters: object) -> None:
    """As the owner of the database, with the triggers off."""
    with connection.cursor() as cursor:
        for table in ("audit_auditevent", "audit_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        assert cursor.rowcount > 0
        for table in ("audit_auditevent", "audit_auditseal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def ids() -> list[int]:
    found = write()
    assert seal(at=timezone.now()) == ROWS
    return found


def test_an_untouched_trail_is_found_whole(ids: list[int]) -> None:
    verdict = verify()
    assert verdict
    assert (verdict.checked, verdict.unsealed, verdict.problems) == (ROWS, 0, ())
    assert verdict.head == head()


def test_an_empty_trail_is_found_whole() -> None:
    assert seal(at=timezone.now()) == 0
    assert verify().head == Head(0, sealing.START)


def test_a_row_is_sealed_once(ids: list[int]) -> None:
    assert seal(at=timezone.now()) == 0
    write(3)
    assert seal(at=timezone.now()) == 3
    assert verify().checked == ROWS + 3


@pytest.mark.parametrize(
    "change",
    [
        "event = 'case_claimed'",
        "at = at + interval '1 second'",
        "recorded_at = recorded_at - interval '1 microsecond'",
        "actor_kind = 'staff'",
        "actor_label = 'Dr Other'",
        "user_id = 99",
        "role = 'clinician'",
        "patient_id = '00000000-0000-0000-0000-000000000001'",
        "site_id = 99",
        "case_reference = 'TH-99'",
        '"references" = \'["TH-1"]\'',
        "request_id = 'x'",
        "detail = '{}'",
    ],
)
def test_a_changed_column_is_found_at_its_row(ids: list[int], change: str) -> None:
    tamper(f"UPDATE audit_auditevent SET {change} WHERE id = %s", ids[5])  # noqa: S608
    assert verify().problems == (Problem(Kind.CHANGED, 6, ids[5]),)


def test_every_column_is_covered_by_the_seal() -> None:
    assert set(sealing.COLUMNS) == {field.attname for field in AuditEvent._meta.concrete_fields}


def test_a_deleted_row_is_named(ids: list[int]) -> None:
    tamper("DELETE FROM audit_auditevent WHERE id = %s", ids[3])
    assert verify().problems == (Problem(Kind.DELETED, 4, ids[3]),)


def test_two_rows_that_changed_places_are_named(ids: list[int]) -> None:
    tamper(
        "UPDATE audit_auditevent a SET event = b.event, case_reference = b.case_reference, detail = b.detail "
        "FROM audit_auditevent b WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))",
        ids[2],
        ids[7],
        ids[7],
        ids[2],
    )
    assert verify().problems == (Problem(Kind.CHANGED, 3, ids[2]), Problem(Kind.CHANGED, 8, ids[7]))


def test_seals_that_changed_places_are_named(ids: list[int]) -> None:
    tamper("UPDATE audit_auditseal SET seq = seq + 1000 WHERE seq IN (4, 5)")
    tamper("UPDATE audit_auditseal SET seq = CASE seq WHEN 1004 THEN 5 ELSE 4 END WHERE seq > 1000")
    problems = verify().problems
    assert {problem.seq for problem in problems} == {4, 5, 6}
    assert {problem.kind for problem in problems} == {Kind.REORDERED}


def test_a_deleted_seal_is_named(ids: list[int]) -> None:
    tamper("DELETE FROM audit_auditseal WHERE seq = 4")
    verdict = verify()
    assert verdict.problems == (Problem(Kind.SEAL_DELETED, 4),)
    assert verdict.unsealed == 1


def test_a_forged_row_with_a_forged_seal_breaks_the_chain(ids: list[int]) -> None:
    tamper("UPDATE audit_auditevent SET event = 'case_claimed' WHERE id = %s", ids[5])
    row = AuditEvent.objects.values_list(*sealing.COLUMNS).get(pk=ids[5])
    forged = sealing.link(AuditSeal.objects.get(seq=6).previous, row)
    tamper("UPDATE audit_auditseal SET hash = %s WHERE seq = 6", forged)
    assert verify().problems == (Problem(Kind.REORDERED, 7, ids[6]),)


def test_an_end_that_was_cut_off_is_found_by_the_head_kept_elsewhere(ids: list[int]) -> None:
    kept = head()
    tamper("DELETE FROM audit_auditevent WHERE id >= %s", ids[9])
    tamper("DELETE FROM audit_auditseal WHERE audit_id >= %s", ids[9])

    assert verify()  # the chain alone cannot tell
    assert verify(expected=[kept]).problems == (Problem(Kind.HEAD_DIFFERS, ROWS),)


def test_a_chain_built_anew_is_found_by_the_head_kept_elsewhere(ids: list[int]) -> None:
    kept = head()
    tamper("UPDATE audit_auditevent SET event = 'case_claimed' WHERE id = %s", ids[0])
    tamper("DELETE FROM audit_auditseal")
    seal(at=timezone.now(), everything=True)

    assert verify()
    assert verify(expected=[kept]).problems == (Problem(Kind.HEAD_DIFFERS, ROWS),)


def test_a_head_kept_earlier_still_fits(ids: list[int]) -> None:
    kept = head()
    write()
    seal(at=timezone.now())
    assert verify(expected=[kept])


def test_long_trails_are_sealed_and_walked_in_batches(monkeypatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 5)
    ids = write(13)
    assert seal(at=timezone.now()) == 13
    seen: list[int] = []
    assert verify(progress=seen.append)
    assert seen == [5, 10, 13]

    tamper("UPDATE audit_auditevent SET event = 'case_claimed' WHERE id = %s", ids[5])
    assert verify().problems == (Problem(Kind.CHANGED, 6, ids[5]),)


def test_the_tick_seals() -> None:
    write(2)
    tasks.seal()
    assert AuditSeal.objects.count() == 2


def test_the_command_names_what_is_wrong(ids: list[int]) -> None:
    out, errors = io.StringIO(), io.StringIO()
    call_command("verify_audit", stdout=out, stderr=errors)
    assert f"Head: {head()}" in out.getvalue()
    kept = str(head())
    call_command("verify_audit", "--expect", kept, stdout=out, stderr=errors)

    tamper("DELETE FROM audit_auditevent WHERE id = %s", ids[3])
    with pytest.raises(CommandError):
        call_command("verify_audit", stdout=out, stderr=errors)
    assert f"Row {ids[3]} is gone" in errors.getvalue()
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        call_command("verify_audit", "--expect", "nonsense", stdout=out, stderr=errors)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_appears_late_with_a_lower_number_is_sealed_too() -> None:
    """Its transaction took a number first and ended last."""
    written, finish = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                write(1)
                written.set()
                finish.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    later = write(3)
    assert seal(at=timezone.now()) == 3
    finish.set()
    thread.join()

    assert seal(at=timezone.now()) == 1
    assert AuditSeal.objects.get(seq=4).audit_id < min(later)
    assert verify()


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain() -> None:
    write(40)
    at_once(lambda: seal(at=timezone.now()))
    seal(at=timezone.now())

    assert AuditSeal.objects.count() == 40
    assert verify()


@pytest.mark.nightly
def test_a_long_trail_is_verified_in_time() -> None:
    """A million rows take a minute or two: here a twentieth of it, in processor time."""
    now = timezone.now()
    rows = [
        AuditEvent(at=now, event="case_viewed", actor_kind="system", actor_label="test", detail={"n": n})
        for n in range(50_000)
    ]
    AuditEvent.objects.bulk_create(rows, batch_size=5_000)
    assert seal(at=now) == 50_000
    began = time.process_time()
    assert verify().checked == 50_000
    assert time.process_time() - began < 6
