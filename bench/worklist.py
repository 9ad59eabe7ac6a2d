"""`make bench-worklist`: the clinician's pages at 10,000 cases and at N, in scratch databases of its own.

Run through `python -m clinic.postgres run --test --`. Whole requests through the middleware, by a clinician
who is signed in; medians. Both sizes are measured in turns, round by round, so that whatever else the machine
does meanwhile slows both alike. Equal pages are compared: both clinics have more than a page waiting of each
kind, and more than a page of people born on one day; a page with another number of cases at N is a miss.
Beside them Django's own paginator over the same cases. Then the plans of all queries of each page are read:
none may walk through all cases.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.scratch import beside, note, scratch

FEW, WAITING = 10_000, 2_000  # how many of the few wait for somebody: more than a page of each kind
ROUNDS = 40
GOAL, MOST_QUERIES = 1.3, 15
FILE = Path(__file__).resolve().parents[1] / "var" / "bench" / "worklist.json"
Page = Callable[[], Any]
Times = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1_000_000)
    given = parser.parse_args()
    with scratch("bench_worklist", demo=True):
        report = run(given.count)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=1))
    print(f"\nWritten: {FILE}")
    if report["missed"]:
        sys.exit(f"Over the goal: {', '.join(report['missed'])}")


def run(count: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo", stdout=StringIO())
    start = time.monotonic()
    grow(WAITING, busy=True)
    grow(FEW)
    with beside("bench_worklist", "bench_worklist_few") as few:
        grow(count)
        print(f"{count:,} cases made in {time.monotonic() - start:,.0f} s", flush=True)
        with Reader(few) as reading_few, Reader(os.environ["DATABASE_URL"]) as reading_many:
            times = in_turns(reading_few, reading_many)
            rows = [reader.ask("rows") for reader in (reading_few, reading_many)]
            counts, scans = reading_many.ask("plans")
    return told(count, times, rows, counts, scans)


def in_turns(*readers: Reader) -> list[dict[str, float]]:
    """Milliseconds of each page by each reader, the median of the rounds."""
    times: list[Times] = [{} for _ in readers]
    for number in range(ROUNDS + 2):
        for reader, kept in zip(readers, times, strict=True):
            for name, taken in reader.ask("round", with_peers=number <= ROUNDS // 4).items():
                if number > 1:  # the first two warm the caches
                    kept.setdefault(name, []).append(taken)
        note(f"round {number + 1} of {ROUNDS + 2}")
    note("\n")
    return [{name: round(statistics.median(each), 2) for name, each in kept.items()} for kept in times]


def told(
    count: int,
    times: list[dict[str, float]],
    rows: list[dict[str, int]],
    counts: dict[str, int],
    scans: list[str],
) -> dict[str, Any]:
    """The table, printed, and the same as a report."""
    few, many = times
    deep = {name: many[name] / many[first] for name, first in DEEP.items()}
    report: dict[str, Any] = {"cases": count, "pages": {}, "deep beside first": deep, "scans": scans}
    print(f"{'p50, ms':<40}{FEW:>10,}{count:>12,}{'ratio':>8}{'queries':>9}{'rows':>10}")
    for name in few:
        ratio, shown = many[name] / few[name], [each.get(name, 0) for each in rows]
        report["pages"][name] = {"few": few[name], "many": many[name], "ratio": ratio} | {
            "queries": counts.get(name),
            "rows": shown,
        }
        line = f"{name:<40}{few[name]:>10.1f}{many[name]:>12.1f}{ratio:>8.2f}{counts.get(name, '-'):>9}"
        print(line + (f"{shown[0]:>5} /{shown[1]:>3}" if any(shown) else ""))
    for name, ratio in deep.items():
        print(f"{name} takes {ratio:.2f} of its first page")
    ours = {name: page for name, page in report["pages"].items() if name not in PEERS}
    report["missed"] = [
        *[name for name, page in ours.items() if page["ratio"] > GOAL or page["queries"] > MOST_QUERIES],
        *[name for name, ratio in deep.items() if ratio > GOAL],
        *[f"{name}: not the same page" for name, page in ours.items() if len(set(page["rows"])) > 1],
        *scans,
    ]
    return report


class Reader:
    """A process that reads the pages out of one database, when it is asked."""

    def __init__(self, address: str) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        before = os.environ["DATABASE_URL"]
        os.environ["DATABASE_URL"] = address
        self.process = context.Process(target=read, args=(theirs,), daemon=True)
        self.process.start()
        os.environ["DATABASE_URL"] = before

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *how: object) -> None:
        self.process.terminate()
        self.process.join()

    def ask(self, what: str, **how: Any) -> Any:
        self.pipe.send((what, how))
        return self.pipe.recv()


def read(pipe: Any) -> None:
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    made = pages()
    answers = {"round": lambda **how: timed(made, **how), "rows": lambda: shown(made)}
    answers["plans"] = lambda: read_plans(made)
    while True:
        what, how = pipe.recv()
        pipe.send(answers[what](**how))


def grow(size: int, *, busy: bool = False) -> None:
    from accounts.models import Site
    from screening.cases.models import Case
    from screening.manage.scale import make_many

    start, missing = time.monotonic(), size - Case.objects.count()
    for made in make_many(site=Site.objects.get(), count=max(missing, 0), busy=busy):
        note(f"{made:,} of {missing:,} cases made, {made / (time.monotonic() - start):,.0f} a second")
    note("\n")


DEEP = {"to do, a deep page": "to do, first page", "all cases, in the middle": "all cases, first page"}
PEERS = ("Django's paginator, first page", "Django's paginator, in the middle")


def pages() -> dict[str, Page]:
    """Everything that is measured, by name, on the cases that are there now."""
    from django.core.paginator import Paginator
    from django.db.models import Count
    from django.urls import reverse

    from accounts.models import Membership, Role
    from screening.cases.models import ON_WORKLIST, Case, Patient
    from screening.review.paging import MOST_URGENT, NEWEST
    from screening.review.selectors import View
    from tests.factories.people import sign_in

    # One has made every first decision of the demo, and so of its copies; the other has decided nothing.
    first, other = Membership.objects.filter(role=Role.CLINICIAN).order_by("pk")
    decider, client = sign_in(_client(), first), sign_in(_client(), other)
    chance = random.Random(4)

    def listed(view: View, after: str = "", reader: Any = client) -> Page:
        query = {"view": view, "after": after} if after else {"view": view}
        return lambda: reader.get(reverse("worklist"), query)

    def searched(text: str) -> Page:
        return lambda: client.post(reverse("search"), {"q": text})

    waiting = Case.objects.filter(ON_WORKLIST).order_by(*MOST_URGENT.fields)
    archive = Case.objects.exclude(state="draft").order_by(*NEWEST.fields)
    middle = Case.objects.order_by("pk").values_list("pk", flat=True)[Case.objects.count() // 2]
    some = [
        Case.objects.select_related("patient").filter(pk__gte=chance.randrange(middle)).first()
        for _ in range(ROUNDS)
    ]
    known = [case for case in some if case is not None]
    names = iter(known * 3)
    by_birthday = Patient.objects.values("date_of_birth_hash").annotate(people=Count("pk"))
    shared = by_birthday.exclude(date_of_birth_hash="").order_by("-people")[0]["date_of_birth_hash"]
    born = Patient.objects.filter(date_of_birth_hash=shared)[0].date_of_birth
    half = archive.count() // 2

    def by_paginator(number: int) -> Page:
        return lambda: list(Paginator(archive.select_related("patient"), 50).page(number))

    return {
        "to do, first page": listed(View.TO_DO),
        "to do, a deep page": listed(View.TO_DO, MOST_URGENT.mark(waiting[waiting.count() // 2])),
        "mine": listed(View.MINE, reader=decider),
        "free to take": listed(View.UNCLAIMED),
        "waiting for the patient": listed(View.WAITING),
        "second review": listed(View.SECOND),
        "second review, all decided by oneself": listed(View.SECOND, reader=decider),
        "another look": listed(View.AGAIN),
        "whether a list has changed": lambda: client.get(reverse("worklist-signs")),
        "all cases, first page": listed(View.ALL),
        "all cases, in the middle": listed(View.ALL, NEWEST.mark(archive[half])),
        "search by reference": searched(known[0].reference),
        "search by NHS number": searched(str(known[1].patient.nhs_number)),
        "search by a common surname": searched("Albury"),
        "search by three letters": searched("Alb"),
        "search by date of birth": searched(str(born)),
        "a case": lambda: client.get(reverse("case", args=[next(names).reference])),
        PEERS[0]: by_paginator(1),
        PEERS[1]: by_paginator(half // 50),
    }


def _client() -> Any:
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1")


def timed(made: dict[str, Page], *, with_peers: bool) -> dict[str, float]:
    """Milliseconds of each page, read once."""
    times = {}
    for name, page in made.items():
        if name in PEERS and not with_peers:
            continue
        start = time.perf_counter()
        answer = page()
        times[name] = (time.perf_counter() - start) * 1e3
        if getattr(answer, "status_code", 200) != 200:
            sys.exit(f"{name}: status {answer.status_code}")
    return times


def shown(made: dict[str, Page]) -> dict[str, int]:
    """How many cases each list shows: a page of fifty costs more than one of thirty."""
    found = {
        name: re.findall(rb'class="worklist">.*?<tbody>(.*?)</tbody>', page().content, re.S)
        for name, page in made.items()
        if name not in PEERS and name != "a case"
    }
    return {name: bodies[0].count(b"<tr") for name, bodies in found.items() if bodies}


def read_plans(made: dict[str, Page]) -> tuple[dict[str, int], list[str]]:
    """How many queries each page asks, and those that walk through all cases or people."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts, scans = {}, []
    for name, page in made.items():
        if name in PEERS:
            continue
        with CaptureQueriesContext(connection) as asked:
            page()
        queries = [query["sql"] for query in asked if not re.match(r"(SAVEPOINT|RELEASE|SET)", query["sql"])]
        counts[name] = len(queries)
        for sql in queries:
            if not sql.lstrip().startswith(("SELECT", "WITH")):
                continue
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + sql.replace("%", "%%"))
                plan = "\n".join(line for (line,) in cursor.fetchall())
            if re.search(r"Seq Scan on screening_(case|patient|response|assessment)\b", plan):
                scans.append(f"{name} walks through a table: {sql[:120]}")
    return counts, scans


if __name__ == "__main__":
    main()
