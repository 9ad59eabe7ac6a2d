"""`make simulate`: 2,000 people over 400 days, and fewer over the clock changes of 2027 and 2028.

Run through `python -m clinic.postgres run --test --`. Ends with an error when a property was broken.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from collections import Counter
from pathlib import Path

from bench.scratch import note, scratch

FILE = Path(__file__).resolve().parents[2] / "var" / "bench" / "simulate.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=2_000)
    parser.add_argument("days", nargs="?", type=int, default=400)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    report = {}
    years = {"2026-03-01": given.people, "2027-10-01": max(20, given.people // 10)}
    for begins, people in years.items():
        with scratch("simulated_year"):
            report[begins] = live(dt.date.fromisoformat(begins), people, given.days, given.seed)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=1))
    print(f"\nWritten: {FILE}")
    if any(sum(each["broken"].values()) for each in report.values()):
        sys.exit("A property was broken.")


def live(begins: dt.date, people: int, days: int, seed: int) -> dict[str, dict[str, int]]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.simulation.checker import Checker
    from tests.simulation.year import Simulation

    start = dt.datetime.combine(begins, dt.time(0), dt.UTC)
    simulation = Simulation(people=people, start=start, days=days, seed=seed)
    clock = time.monotonic()
    year = simulation.run(lambda day, of: note(f"{begins}: day {day} of {of}, {simulation.letters} letters"))
    note(" " * 60)
    post, kinds = simulation.post, Counter(one.kind for _, one in year.diary)
    checker = Checker(year)
    lived = {
        "people": people,
        "days": days,
        **simulation.counts,
        **{f"people: {kind.replace('_', ' ')}": kinds[kind] for kind in sorted(kinds)},
        "messages sent": len(year.letters),
        "put off by the server": post.put_off,
        "refused": len(post.refused),
        "answers that never came": post.doubts,
        "repeats in all": sum(checker.repeats().values()),
        "seconds": round(time.monotonic() - clock),
    }
    broken = checker.report(troubles=post.crashes + post.doubts)
    print(f"\nFrom {begins}")
    for what, count in lived.items():
        print(f"  {what:<50} {count:>8,}")
    print("  Broken, how often:")
    for what, count in broken.items():
        print(f"  {what:<50} {count:>8,}")
    return {"lived": lived, "broken": broken}


if __name__ == "__main__":
    main()
