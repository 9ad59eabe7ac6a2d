"""Made-up past cases by the million, put straight into the tables."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import Site

BATCH = 4_000
DISTINCT = 100_000  # documents; further cases are the same ones judged on other days
DAYS = 730  # cases of two years
CASES = """screening_case (id, site_id, patient_id, reference, state, lock, rank, waiting_since, started_at,
    outcome, underlying, senior_review, is_fictional)"""
JUDGED = """screening_assessment (case_id, response_id, questionnaire_id, ruleset_id, engine_version, as_of,
    judged, result, sha256, made_at)"""
CASE_AGAIN = """id + %(shift)s, site_id, patient_id, 'B' || lpad((id + %(shift)s)::text, 11, '0'), state,
    lock, rank, waiting_since, started_at, outcome, underlying, senior_review, is_fictional"""
JUDGED_AGAIN = """case_id + %(shift)s, response_id, questionnaire_id, ruleset_id, engine_version,
    as_of - %(days)s::int, judged, result, sha256, made_at"""


class Progress:
    """One line that says how far it is, how quick, and how long it still takes."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.started = time.perf_counter()

    def __call__(self, done: int, total: int) -> None:
        seconds = max(self.seconds, 0.001)
        rate = done / seconds
        left = (total - done) / max(rate, 0.001)
        if sys.stderr.isatty():
            line = f"\r{self.what}: {done:,} of {total:,}, {rate:,.0f} a second, {left:,.0f} s left   "
            print(line, end="" if done < total else "\n", file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.started


def documents_of(first: int, count: int) -> Iterator[tuple[dict[str, Any], dt.date]]:
    """What cases first, first + 1, ... were judged on, and the day. The same ones every time."""
    from bench.documents import DAY, default_rules, documents

    for place, answers in enumerate(documents(default_rules(), count, seed=first), start=first):
        judged: dict[str, Any] = {"answers": answers, "standing_red_flags": []}
        if place % 50 == 0:
            judged["standing_red_flags"] = [["rf_saddle", 1 + place % 3]]
        if place % 75 == 0:
            judged["cleared"] = [["rf_chest", "new_or_worse"], ["rf_weight", "not_sure"]]
        yield judged, DAY - dt.timedelta(days=place * 7919 % DAYS)


def fill(count: int, progress: Progress, *, site: Site | None = None, processes: int | None = None) -> Any:
    """A clinic with its definitions, and cases that hold nothing but what a judgement needs."""
    from django.db import connection

    from screening.cases import fresh
    from screening.cases.models import Case, Patient, Response
    from screening.rules.replay import on_all_cores
    from tests.factories.intake import NOON, Kind, open_clinic, published_version

    site = site or open_clinic()
    questionnaire, ruleset = (published_version(site, kind) for kind in (Kind.QUESTIONNAIRE, Kind.RULESET))
    patient = Patient.objects.create(site=site, created_at=NOON)
    first = Case.objects.create(
        site=site, patient=patient, reference="FIRST", waiting_since=NOON, started_at=NOON
    )
    response = Response.objects.create(
        site=site,
        case=first,
        patient=patient,
        version=questionnaire,
        questionnaire_code=questionnaire.code,
        status="completed",
        submitted_at=NOON,
        started_at=NOON,
        last_activity_at=NOON,
    )
    keys = (site.pk, patient.pk, response.pk, questionnaire.pk, ruleset.pk, first.pk)
    distinct = min(count, DISTINCT)
    jobs = [(start, min(BATCH, distinct - start), keys) for start in range(0, distinct, BATCH)]
    done = 0
    for made in on_all_cores(write, jobs, prepare=fresh.prepare, processes=processes):
        done += made
        progress(done, count)
    while done < count:
        more = min(distinct, count - done)
        repeat(first.pk, done, more)
        done += more
        progress(done, count)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('screening_case', 'id'), max(id)) FROM screening_case"
        )
    return site, questionnaire, ruleset


def repeat(first: int, done: int, more: int) -> None:
    """The first cases once more, with references, keys and days of their own."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table, columns, key in ((CASES, CASE_AGAIN, "id"), (JUDGED, JUDGED_AGAIN, "case_id")):
            cursor.execute(
                f"INSERT INTO {table} SELECT {columns} FROM {table.split()[0]} "
                f"WHERE {key} > %(first)s AND {key} <= %(first)s + %(more)s",
                {"first": first, "more": more, "shift": done, "days": done // DISTINCT * 37},
            )


def write(job: tuple[int, int, Any]) -> int:
    """One batch of cases and their assessments, by COPY."""
    from django.db import connection, transaction

    from accounts.encryption import encrypt
    from tests.factories.intake import NOON

    start, count, (site, patient, response, questionnaire, ruleset, first) = job
    cases = [
        (
            first + 1 + n,
            site,
            patient,
            f"B{first + 1 + n:011}",
            "draft",
            0,
            5,
            NOON,
            NOON,
            "",
            "",
            False,
            False,
        )
        for n in range(start, start + count)
    ]
    judged = [
        (
            *(first + 1 + n, response, questionnaire, ruleset, "", day),
            *(encrypt(json.dumps(each, separators=(",", ":"))), "{}", "", NOON),
        )
        for n, (each, day) in enumerate(documents_of(start, count), start=start)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in ((CASES, cases), (JUDGED, judged)):
            with cursor.copy(f"COPY {table} FROM STDIN") as copying:
                for row in rows:
                    copying.write_row(row)
    return count
