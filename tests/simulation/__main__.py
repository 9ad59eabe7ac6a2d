"""`make simulate`: 2,000 people over 400 days, and fewer over the clock changes of 2027 and 2028.

Run through `python -m clinic.postgres run --test --`. The people are those of several clinics, each with a
database and a process of its own: as many at once as this machine has processors, and one more, which thinks
while another waits for its database. Ends with an error when a property was broken, or a clinic did not come
to its end.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.scratch import note, scratch

FILE = Path(__file__).resolve().parents[2] / "var" / "bench" / "simulate.json"
MOST = 1_000  # people of one clinic
REPORT = '{"lived": '  # how the line begins that a clinic ends with


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=2_000)
    parser.add_argument("days", nargs="?", type=int, default=400)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--begins", type=dt.date.fromisoformat, help="live one clinic from this day on")
    given = parser.parse_args()
    if given.begins:
        with scratch(f"simulated_year_{given.seed}"):
            os.environ["LOG_LEVEL"] = "ERROR"
            print(json.dumps(live(given.begins, given.people, given.days, given.seed)))
        return
    began, clinics = time.monotonic(), list(_clinics(given.people))
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as at_once:
        of_each = [
            at_once.submit(_elsewhere, begins, people, given.days, given.seed + number)
            for number, (begins, people) in enumerate(clinics)
        ]
        lived = [each.result() for each in of_each]
    report: dict[str, dict[str, Counter[str]]] = {}
    for (begins, _), each in zip(clinics, lived, strict=True):
        if each is None:  # why is said above; what the others came to is shown all the same
            continue
        sums = report.setdefault(str(begins), {"lived": Counter(), "broken": Counter()})
        for part, counts in sums.items():
            for what, count in each[part].items():  # Counter.update() would do, were a zero not worth a line
                counts[what] = counts[what] + count
    for begins, sums in report.items():
        _show(begins, given.days, sums)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=1))
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes in all. Written: {FILE}")
    if None in lived:
        sys.exit("A clinic did not come to its end.")
    if any(sum(sums["broken"].values()) for sums in report.values()):
        sys.exit("A property was broken.")


def _clinics(people: int) -> list[tuple[dt.date, int]]:
    clinics = -(-people // MOST)
    sizes = [people // clinics + (number < people % clinics) for number in range(clinics)]
    first, later = dt.date(2026, 3, 1), dt.date(2027, 10, 1)
    return [*((first, size) for size in sizes), (later, max(20, people // 10))]


def _elsewhere(begins: dt.date, people: int, days: int, seed: int) -> Any:
    command = [sys.executable, "-m", "tests.simulation", str(people), str(days)]
    command += ["--begins", str(begins), "--seed", str(seed)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    # Not always the last line: what is logged comes the same way.
    told = [line for line in done.stdout.splitlines() if line.startswith(REPORT)]
    return json.loads(told[-1]) if done.returncode == 0 and told else None


def live(begins: dt.date, people: int, days: int, seed: int) -> dict[str, dict[str, int]]:
    """One clinic: what happened in it, and each property by how often it was broken."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:  # whether a machine without power forgets is not looked at here
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET synchronous_commit = off')
    connection.close()
    connection.close_pool()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.simulation.checker import Checker
    from tests.simulation.year import Simulation

    start = dt.datetime.combine(begins, dt.time(0), dt.UTC)
    simulation = Simulation(people=people, start=start, days=days, seed=seed)
    year = simulation.run(lambda day, of: note(f"{begins}: day {day} of {of}, {simulation.letters} letters"))
    note(" " * 60)
    post, kinds = simulation.post, Counter(one.kind for _, one in year.diary)
    checker = Checker(year)
    lived = {
        "people": people,
        **simulation.counts,
        "workers put to sleep": simulation.clock.naps,
        **{f"people: {kind.replace('_', ' ')}": kinds[kind] for kind in sorted(kinds)},
        "messages that should come, if nothing stops them": len(checker.expected),
        "messages that arrived": len(year.letters),
        "put off by the mail server": post.put_off,
        "refused by it": len(post.refused),
        "answers of it that never came": post.doubts.total(),
        "crashes with a message in hand": simulation.troubles.total(),
        "messages that came twice, after a crash or a doubt": checker.repeats().total(),
    }
    broken = checker.broken()
    for what, found in broken.items():
        for each in found[:3]:  # enough to begin with
            print(f"{begins}, {what}: {each}", file=sys.stderr)
            if what == "forgotten":  # no two lives are the same, and the database goes with this one
                print(*_rows(simulation.world.cases[each[0].name.person]), sep="\n", file=sys.stderr)  # type: ignore[index]
    return {"lived": lived, "broken": {what: len(found) for what, found in broken.items()}}


def _rows(case: int) -> list[str]:
    """What the service knew of the messages of a case, each with its tries, and its lines in the trail."""
    from audit.models import AuditEvent
    from screening.cases.models import Case
    from screening.followup.models import Attempt, Reminder

    rows = Reminder.objects.filter(case_id=case).order_by("created_at").values()
    tries = Attempt.objects.filter(reminder__case_id=case).order_by("id").values()
    reference = Case.objects.get(pk=case).reference
    trail = AuditEvent.objects.filter(case_reference=reference, event__startswith="reminder").order_by("id")
    return [f"  {each}" for each in (*rows, *tries, *trail.values("at", "event", "detail"))]


def _show(begins: str, days: int, sums: dict[str, Counter[str]]) -> None:
    print(f"\n{days} days from {begins}")
    for what, count in sums["lived"].items():
        print(f"  {what:<54} {count:>8,}")
    print("  Broken, how often:")
    for what, count in sums["broken"].items():
        print(f"  {what:<54} {count:>8,}")


if __name__ == "__main__":
    main()
