"""`make bench-reminders`: N reminders planned, claimed, checked and marked sent, in a scratch database.

Run through `python -m clinic.postgres run --test --`. Beside them, in the same run, a bare loop over as many
rows that claims and marks and asks nothing, in the same batches and with two commits each: the limit. The
mail server is one that takes everything at once. A tenth of the rows is measured first: ten times as many may
cost at most eleven times the time. What is counted as ours is everything from planning on: reading what has
happened to each case, its line in the trail, a fresh link, the text, the last word, the try. The same two
statements are also measured on the real table with its keys and indexes, as a second line to compare with,
and once more with a commit for each row before it would leave, and nothing else: what we pay at least so that
whoever dies leaves one message in doubt and not a whole batch.
Then as many again go through real workers to a mail server on this machine (`bench/through_celery.py`).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bench.scratch import note, scratch
from bench.through_celery import through_celery

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from screening.followup.messages import Outgoing
    from screening.followup.replies import Verdict

GOAL, SCALING, CELERY, BATCH, AT_ONCE = 0.4, 11.0, 30.0, 500, 1_000
FILE = Path(__file__).resolve().parents[1] / "var" / "bench" / "reminders.json"

REAL = "the same on the real table, s"
ONE_BY_ONE = "the same, a commit for each row, s"

CLAIM = """
    WITH due AS (
        SELECT id FROM bare WHERE state = 'scheduled' AND due_at <= now()
        ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
    )
    UPDATE bare SET state = 'claimed', owner = 'bench', lease_until = now() + interval '5 minutes'
    FROM due WHERE bare.id = due.id RETURNING bare.id
"""
LEAVE = "UPDATE bare SET sent_at = now() WHERE id = %s AND owner = 'bench' AND lease_until > now()"
MARK = """
    UPDATE bare SET state = 'sent', sent_at = now(), owner = '', lease_until = NULL
    WHERE id = ANY(%s) AND owner = 'bench'
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    given = parser.parse_args()
    with scratch("bench_reminders"):
        report = run(given.count)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=1))
    print(f"\nWritten: {FILE}")
    if report["missed"]:
        sys.exit(f"Missed: {', '.join(report['missed'])}")


def run(count: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    few = measured(count // 10)
    many = measured(count)
    waiting = planned_only(count)
    celery = through_celery(waiting)
    share = many["rate"] / many["bare_rate"]
    most = many["bare claim and mark, s"] / many[ONE_BY_ONE]
    growth = many["seconds"] / few["seconds"]
    print(f"\n{'':<36}{few['rows']:>12,}{many['rows']:>12,}")
    for what in ("planned, s", "claimed, checked, marked, s", "bare claim and mark, s", REAL, ONE_BY_ONE):
        print(f"{what:<36}{few[what]:>12.2f}{many[what]:>12.2f}")
    print(f"{'rate of all, rows/s':<36}{few['rate']:>12,.0f}{many['rate']:>12,.0f}")
    print(f"{'rate of the bare loop, rows/s':<36}{few['bare_rate']:>12,.0f}{many['bare_rate']:>12,.0f}")
    print(f"{'share of the bare loop':<36}{share:>24.3f}   goal {GOAL}")
    print(f"{'share with a commit for each row alone':<36}{most:>24.3f}   at most, as long as each commits")
    print(f"{'time for ten times the rows':<36}{growth:>24.1f}   goal {SCALING} at most")
    what, most = f"through Celery on {celery['broker']}, s", f"goal {CELERY:.0f} at most for 100,000"
    print(f"{what:<36}{celery['seconds']:>24.1f}   {most}")
    missed = [
        name
        for name, broken in {
            "the share of the bare loop": share < GOAL,
            "the growth": growth > SCALING,
            "the time through Celery": celery["seconds"] > CELERY * max(1.0, count / 100_000),
        }.items()
        if broken
    ]
    return {
        "few": few,
        "many": many,
        "share": share,
        "share with a commit for each row alone": most,
        "growth": growth,
        "celery": celery,
        "missed": missed,
    }


def planned_only(count: int) -> int:
    """So many more people, whose reminders are planned and due. Returns how many reminders."""
    from screening.followup.services import REMINDERS, plan

    return plan(as_of=_people(count), by=REMINDERS).planned


def measured(count: int) -> dict[str, Any]:
    """Fresh people with one reminder due each; then the same number of bare rows."""
    from screening.followup.services import REMINDERS, new_owner, plan, send_due

    at = _people(count)
    note(f"{count:,}: planning")
    start = time.perf_counter()
    planned = plan(as_of=at, by=REMINDERS).planned
    planning = time.perf_counter() - start
    note(f"{count:,}: sending")
    start = time.perf_counter()
    sent = send_due(now=lambda: at, owner=new_owner(), limit=BATCH, post=_Everything()).get("sent", 0)
    sending_took = time.perf_counter() - start
    if not planned == sent == count:
        sys.exit(f"{planned:,} planned and {sent:,} sent of {count:,}: this measures nothing.")
    note(f"{count:,}: the bare loop")
    bare, real, one_by_one = _bare(count), _bare_on_the_real_table(), _bare(count, leave=LEAVE)
    note(" " * 40 + "\r")
    seconds = planning + sending_took
    return {
        "rows": count,
        "planned, s": planning,
        "claimed, checked, marked, s": sending_took,
        "bare claim and mark, s": bare,
        REAL: real,
        ONE_BY_ONE: one_by_one,
        "seconds": seconds,
        "rate": count / seconds,
        "bare_rate": count / bare,
    }


class _Everything:
    """A mail server that takes everything at once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, outgoing: Outgoing) -> Verdict:
        from screening.followup.delivery import HANDED_OVER

        return HANDED_OVER


def _people(count: int) -> dt.datetime:
    """So many forms that were begun a day ago by people who asked for a link. Returns when they are due."""
    from django.utils import timezone

    from screening.cases.models import Case, Patient, Response
    from tests.factories.followup import asked_for_link, send_at_any_hour
    from tests.factories.intake import open_clinic

    at = timezone.now() - dt.timedelta(hours=25)
    site = open_clinic()
    send_at_any_hour(site, at=at)
    first = asked_for_link(site, at=at, email="first@example.org")
    pattern = Response.objects.select_related("patient", "case").get(pk=first.pk)
    Case.objects.filter(pk=pattern.case_id).update(state="expired", closed_at=at)
    values = [
        {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
        for row in (pattern.patient, pattern.case, pattern)
    ]
    values[1] |= {"state": "draft", "closed_at": None}
    for begin in range(0, count, AT_ONCE):
        note(f"{count:,}: {begin:,} people")
        patients = [Patient(**values[0]) for _ in range(min(AT_ONCE, count - begin))]
        Patient.objects.bulk_create(patients)
        cases = [
            Case(**{**values[1], "patient_id": each.pk, "reference": uuid.uuid4().hex[:12]})
            for each in patients
        ]
        Case.objects.bulk_create(cases)
        Response.objects.bulk_create(
            Response(**{**values[2], "patient_id": each.patient_id, "case_id": each.pk}) for each in cases
        )
    return timezone.now()


def _bare(count: int, *, leave: str = "") -> float:
    """Seconds for rows with one key and one index. `leave` is committed for each before they are marked."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare, bare_log")
        cursor.execute(
            "CREATE TABLE bare (id uuid PRIMARY KEY, due_at timestamptz, state text, owner text,"
            " lease_until timestamptz, sent_at timestamptz)"
        )
        cursor.execute("CREATE TABLE bare_log (id bigserial PRIMARY KEY, row_id uuid, at timestamptz)")
        cursor.execute(
            "INSERT INTO bare SELECT gen_random_uuid(), now() - interval '1 hour', 'scheduled'"
            " FROM generate_series(1, %s)",
            [count],
        )
        cursor.execute("CREATE INDEX ON bare (due_at) WHERE state = 'scheduled'")
        cursor.execute("ANALYZE bare")
        return _claim_and_mark(cursor, CLAIM, MARK, leave)


def _bare_on_the_real_table() -> float:
    """Seconds for the rows that were just sent, made due again, with every key and index they have."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bare_log")
        cursor.execute(
            "UPDATE screening_reminder SET state = 'scheduled', sent_at = NULL"
            " WHERE created_at = (SELECT max(created_at) FROM screening_reminder)"
        )
        cursor.execute("ANALYZE screening_reminder")
        claim, mark = (text.replace("bare ", "screening_reminder ") for text in (CLAIM, MARK))
        return _claim_and_mark(cursor, claim.replace("bare.id", "screening_reminder.id"), mark)


def _claim_and_mark(cursor: CursorWrapper, claim: str, mark: str, leave: str = "") -> float:
    from django.db import transaction

    start = time.perf_counter()
    while True:
        with transaction.atomic():
            cursor.execute(claim, [BATCH])
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return time.perf_counter() - start
        if leave:
            _each_commits(leave, ids)
        with transaction.atomic():
            cursor.execute(mark, [ids])
            cursor.execute("INSERT INTO bare_log (row_id, at) SELECT unnest(%s::uuid[]), now()", [ids])


def _each_commits(leave: str, ids: list[uuid.UUID]) -> None:
    """As the last word does it: prepared, and without waiting for the disk."""
    import psycopg
    from django.db import connection

    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("SET synchronous_commit TO off")
        for each in ids:
            cursor.execute(leave, [each], prepare=True)
        cursor.execute("SET synchronous_commit TO DEFAULT")


if __name__ == "__main__":
    main()
