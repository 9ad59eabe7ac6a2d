"""`make bench-replay`: judge N made-up cases out of PostgreSQL, in a scratch database of its own.

Run through `python -m clinic.postgres run --test --`. The database is made, filled, measured and dropped.
Before the run is believed, the counts of some cases are compared with judging them one by one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.rules import OUT
from clinic.secrets import new_secrets

NAME = "bench_replay"
BATCH = 2_000
FILE = OUT.with_name("replay.json")


def scratch(address: str) -> str:
    """An empty database on the same server, and its address."""
    parts = urlsplit(address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"CREATE DATABASE {NAME}")
    return urlunsplit(parts._replace(path=f"/{NAME}"))


def note(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


def fill(count: int) -> Any:
    """A clinic with its definitions, and cases that hold nothing but what a judgement needs."""
    from bench.documents import DAY, default_rules, documents
    from screening.cases.models import Assessment, Case, Patient, Response
    from tests.factories.intake import NOON, Kind, open_clinic, published_version

    site = open_clinic()
    questionnaire = published_version(site, Kind.QUESTIONNAIRE)
    ruleset = published_version(site, Kind.RULESET)
    patient = Patient.objects.create(site=site, created_at=NOON)
    made = documents(default_rules(), count, seed=11)
    response = None
    for start in range(0, count, BATCH):
        batch = list(islice(made, BATCH))
        cases = Case.objects.bulk_create(
            Case(
                site=site, patient=patient, reference=f"B{start + n:011}", waiting_since=NOON, started_at=NOON
            )
            for n in range(len(batch))
        )
        if response is None:
            response = Response.objects.create(
                site=site,
                case=cases[0],
                patient=patient,
                version=questionnaire,
                questionnaire_code=questionnaire.code,
                status="completed",
                submitted_at=NOON,
                started_at=NOON,
                last_activity_at=NOON,
            )
        Assessment.objects.bulk_create(
            Assessment(
                case=case,
                response=response,
                questionnaire=questionnaire,
                ruleset=ruleset,
                engine_version="",
                as_of=DAY,
                judged={"answers": answers, "standing_red_flags": []},
                result={},
                sha256="",
                made_at=NOON,
            )
            for case, answers in zip(cases, batch, strict=True)
        )
        note(f"{start + len(batch):,} of {count:,} cases made")
    note("\n")
    return site, questionnaire, ruleset


def one_by_one(sample: int) -> Any:
    from bench.documents import DAY, default_rules, documents
    from screening.rules.assess import assess
    from screening.rules.quick import Short
    from screening.rules.replay import Counts

    counts = Counts()
    made: Iterator[dict[str, Any]] = documents(default_rules(), sample, seed=11)
    for answers in made:
        counts.add(Short.of(assess(default_rules(), answers, as_of=DAY)))
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=1_000)
    given = parser.parse_args()
    address = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = scratch(address)
    os.environ |= {  # the workers inherit these, and with them the keys
        **new_secrets(),
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        "BASE_URL": "https://bench.example.org",
        "ALLOWED_HOSTS": "bench.example.org",
        "LOG_LEVEL": "WARNING",
        "THRESHOLD_DEMO": "0",
    }
    try:
        run(given.count, min(given.sample, given.count))
    finally:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def run(count: int, sample: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from screening.cases.replaying import Range, definitions_of, judged_documents, replay_site
    from screening.rules.replay import replay

    call_command("migrate", verbosity=0)
    site, questionnaire, ruleset = fill(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT id FROM screening_case WHERE site_id = %s ORDER BY id OFFSET %s LIMIT 1",
            [site.pk, sample - 1],
        )
        last = cursor.fetchone()[0]
    definitions = definitions_of(questionnaire, ruleset)
    first = replay(definitions, [Range(site.pk, 0, last)], read=judged_documents, processes=1)
    if first.before != one_by_one(sample):
        sys.exit("The counts differ from judging one by one.")
    start = time.perf_counter()
    result = replay_site(
        site=site,
        definitions=definitions,
        progress=lambda done, total: note(f"{done:,} of {total:,} judged"),
    )
    seconds = time.perf_counter() - start
    note("\n")
    report = {
        "cases": result.before.total,
        "seconds": round(seconds, 2),
        "cases a second": round(count / seconds),
        "seconds for a million": round(1e6 * seconds / count, 1),
        "cores": len(os.sched_getaffinity(0)),
        "largest worker, MiB": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "this process, MiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "counts compared one by one": sample,
        "outcomes": dict(result.before.outcomes),
    }
    for name, value in report.items():
        print(f"{name}: {value}")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
