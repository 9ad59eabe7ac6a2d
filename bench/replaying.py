"""`make bench-replay`: judge N made-up cases out of PostgreSQL, in a scratch database of its own.

Run through `python -m clinic.postgres run --test --`. The database is made, filled, measured and dropped.
Making the cases and packing them happens once and is timed apart; what is measured is judging all of them
again. The run is believed only if cases judged one by one come to the same.
"""

from __future__ import annotations

import argparse
import copy
import json
import multiprocessing
import os
import resource
import sys
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from bench.cases import Progress, fill
from bench.rules import OUT
from bench.scratch import scratch

FILE = OUT.with_name("replay.json")


def checked(site: Any, definitions: Any, result: Any, sample: int) -> tuple[int, float]:
    """How many cases were judged one by one and came to the same, and the seconds; a difference ends the run.

    Each is judged by `assess`, which shares neither the columns nor the packed records with the replay.
    """
    from screening.cases import fresh, packing
    from screening.rules.judged import Counts
    from screening.rules.replay import on_all_cores

    parts, _ = packing.ranges(site=site, wanted=packing.Wanted.by(definitions))
    every = sample >= result.before.total
    chosen = parts if every else parts[:: max(len(parts) // 4, 1)]
    of_each = None if every else -(-sample // len(chosen))
    counts, progress = Counts(), Progress("judged one by one")
    jobs = [(definitions, part, of_each) for part in chosen]
    for differing, more in on_all_cores(one_by_one, jobs, prepare=fresh.prepare):
        if differing:
            sys.exit(f"{differing} is judged otherwise when it is judged by itself.")
        counts.merge(more)
        progress(counts.total, sample)
    if every and counts != result.before:
        sys.exit("The counts differ from judging one by one.")
    return counts.total, progress.seconds


def one_by_one(job: tuple[Any, Any, int | None]) -> tuple[str, Any]:
    """The name of a case of this range that comes out otherwise alone, if there is one; and the counts."""
    from bench.documents import default_rules
    from screening.cases import packing
    from screening.rules.assess import assess
    from screening.rules.judged import Counts, Short
    from screening.rules.replay import bulk_of

    definitions, part, most = job
    judged, counts = bulk_of(definitions).judge(packing.read(part)), Counts()
    with closing(packing.judged_documents(part)) as truth:
        for row, case in enumerate(islice(truth, most)):
            alone = Short.of(
                assess(
                    default_rules(),
                    case.answers,
                    as_of=case.as_of,
                    standing_red_flags=case.standing_red_flags,
                    cleared=case.cleared,
                )
            )
            if judged.short(row) != alone:
                return case.name, counts
            counts.add(alone)
    return "", counts


def changed(ruleset: Any) -> Any:
    """The rules as somebody might change them: one goes, a number is another."""
    content = copy.deepcopy(ruleset.content)
    content["rules"] = [rule for rule in content["rules"] if rule["code"] != "EXC_PREGNANCY"]
    content["definitions"] = content["definitions"].replace('"Impact severe": 7', '"Impact severe": 8')
    return content


class Memory:
    """The most that any worker has held, when a tenth was done and at the end. MiB."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.at_a_tenth = self.at_the_end = 0

    def __call__(self, done: int, total: int) -> None:
        self.at_the_end = max([self.at_the_end, *map(held, multiprocessing.active_children())])
        if done <= max(total / 10, 3 * 16_384):
            self.at_a_tenth = self.at_the_end
        self.progress(done, total)


def held(worker: Any) -> int:
    status = Path(f"/proc/{worker.pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=4_000, help="cases judged one by one as well")
    given = parser.parse_args()
    with scratch("bench_replay"):
        run(given.count, min(given.sample, given.count))


def run(count: int, sample: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from screening.cases.packing import Wanted, pack_site
    from screening.cases.replaying import Definitions, definitions_of, replay_site

    call_command("migrate", verbosity=0)
    making = Progress("made")
    site, questionnaire, ruleset = fill(count, making)
    made = making.seconds
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")
    definitions = definitions_of(questionnaire, ruleset)
    packing = Progress("packed")
    pack_site(site=site, wanted=Wanted.by(definitions), progress=packing)
    packed = packing.seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('screening_packedcases')")
        size = cursor.fetchone()[0]

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = Memory(Progress("judged"))
    result = replay_site(site=site, definitions=definitions, progress=memory)
    seconds = memory.progress.seconds
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    candidate = Definitions.of(questionnaire.content, changed(ruleset))
    comparing = Progress("compared")
    compared = replay_site(site=site, definitions=definitions, candidate=candidate, progress=comparing)
    both = comparing.seconds
    same, alone = checked(site, definitions, result, sample)
    report = {
        "cases": result.before.total,
        "seconds": round(seconds, 2),
        "cases a second": round(count / seconds),
        "seconds for a million": round(1e6 * seconds / count, 1),
        "processor seconds, all workers": round(processor, 1),
        "cores": len(os.sched_getaffinity(0)),
        "largest worker at a tenth, MiB": memory.at_a_tenth,
        "largest worker at the end, MiB": memory.at_the_end,
        "this process, MiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "load": [round(each, 1) for each in os.getloadavg()],
        "two rule sets, seconds": round(both, 2),
        "two rule sets, seconds for 100,000": round(1e5 * both / count, 2),
        "moved by the change": sum(compared.moved.values()),
        "packing once before, seconds": round(packed, 1),
        "packed, bytes a case": round(size / count),
        "making the cases, seconds": round(made, 1),
        "judged one by one and the same": same,
        "judging these one by one, seconds": round(alone, 1),
        "outcomes": dict(result.before.outcomes),
    }
    for name, value in report.items():
        print(f"{name}: {value}")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
