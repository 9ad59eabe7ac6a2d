"""`make bench-impact`: the effect of a rule change on N past cases, as somebody waits for it on a page.

Run through `python -m clinic.postgres run --test --`, in a scratch database of its own. Making the cases
happens once and is timed apart. The run is timed twice: with nothing packed, and with the packs that the
first one left. It is believed only if cases judged one by one, by both rule sets and without columns or
packs, change as the run says.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import threading
import time
from contextlib import closing
from itertools import islice
from multiprocessing import active_children
from typing import Any

from bench.cases import Progress, fill
from bench.replaying import changed, held
from bench.rules import OUT
from bench.scratch import scratch

FILE = OUT.with_name("impact.json")
SAMPLED = 200  # cases of each range that are judged one by one
GOAL = 30  # seconds for 100,000 cases


class Watched:
    """Looks at the run as a page does, four times a second: how far it is, and what its workers hold."""

    def __init__(self, run: Any, progress: Progress) -> None:
        self.run, self.progress = run, progress
        self.seen: list[int] = []
        self.largest: list[int] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        from django.db import connection

        from screening.manage.publication.models import ImpactRun

        while not self._over.wait(0.25):
            row = ImpactRun.objects.get(pk=self.run.pk)
            self.seen.append(row.done)
            self.largest.append(max([0, *map(held, active_children())]))
            self.progress(row.done, max(row.total, 1))
        connection.close()


def one_by_one(job: Any, sample: int) -> dict[str, Any]:
    """What the first cases of a range change to, each judged alone."""
    from screening.cases.packing import judged_documents
    from screening.rules.anew import raised_by, still_standing
    from screening.rules.assess import assess
    from screening.rules.changes import Change
    from screening.rules.judged import Short
    from screening.rules.replay import bulk_of

    pair = [bulk_of(definitions).compiled for definitions in (job.before, job.after)]
    raised, found = raised_by(pair[0].ruleset), {}
    with closing(judged_documents(job.part)) as documents:
        for case in islice(documents, sample):
            left = still_standing([*case.standing_red_flags], [*case.cleared], case.answers, raised)
            flags = [(item, tier) for item, tier in left]
            both = [
                Short.of(
                    assess(
                        rules,
                        case.answers,
                        as_of=case.as_of,
                        standing_red_flags=flags,
                        cleared=case.cleared,
                    )
                )
                for rules in pair
            ]
            found[case.name] = Change.between(*both) if both[0] != both[1] else None
    return found


def checked(run: Any) -> int:
    """How many cases were judged one by one and came to the same. A difference ends the bench."""
    from screening.cases.packing import Wanted, ranges
    from screening.manage.publication.judging import Job
    from screening.manage.publication.models import ImpactCase
    from screening.manage.publication.selectors import setting_of

    setting = setting_of(run.version)
    before, after = setting.before(), setting.after(run.version)
    parts, _ = ranges(site=run.site, wanted=Wanted.by(before, after))
    count, progress = 0, Progress("judged one by one")
    for part in parts:
        alone = one_by_one(Job(before, after, part), SAMPLED)
        rows = ImpactCase.objects.filter(change__run=run, reference__in=alone).select_related("change")
        together = {row.reference: row.change for row in rows}
        for name, change in alone.items():
            said = together.get(name)
            if (change is None) != (said is None) or (
                change is not None
                and (said.was, said.was_tier, said.now, said.now_tier, said.gained, said.lost)
                != (
                    change.was,
                    change.was_tier,
                    change.now,
                    change.now_tier,
                    [*change.gained],
                    [*change.lost],
                )
            ):
                sys.exit(f"{name} changes otherwise when it is judged by itself.")
        count += len(alone)
        progress(count, SAMPLED * len(parts))
    return count


def spent() -> float:
    """Processor seconds of this process and of the workers that have ended."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=None, help="workers; as many as cores unless given")
    given = parser.parse_args()
    with scratch("bench_impact"):
        run(given.count, given.processes)


def run(count: int, processes: int | None) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from accounts.actors import Actor
    from screening.manage.publication.models import ImpactRun
    from screening.manage.publication.services import begin_run
    from screening.questionnaires.services import draft_version

    call_command("migrate", verbosity=0)
    making = Progress("made")
    site, _questionnaire, ruleset = fill(count, making)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    by, at = Actor.system("bench"), timezone.now()
    content = {**changed(ruleset), "cases": []}
    row = next(rule for rule in content["rules"] if rule["code"] == "rf_weight")
    row["when"]["answers"] = {"new_or_worse": 3}
    draft = draft_version(site=site, kind=ruleset.kind, content=content, by=by, at=at)
    report: dict[str, Any] = {
        "cases": count,
        "goal, seconds for 100,000": GOAL,
        "workers": processes or len(os.sched_getaffinity(0)),
    }
    for how in ("nothing packed before", "packed before"):
        ImpactRun.objects.all().delete()
        impact = begin_run(version=draft, by=by, at=at)
        report |= {f"{how}: {name}": value for name, value in weighed(impact, count, processes).items()}
    impact.refresh_from_db()
    report |= {
        "this process, MiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "changed": impact.counts["changed"],
        "less urgent": impact.counts["less_urgent"],
        "moved": impact.counts["moved"],
        "kinds of change": impact.changes.count(),
        "making the cases, seconds": round(making.seconds, 1),
        "load": [round(each, 1) for each in os.getloadavg()],
        "judged one by one and the same": checked(impact),
    }
    for name, value in report.items():
        print(f"{name}: {value}")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=1))


def weighed(impact: Any, count: int, processes: int | None) -> dict[str, Any]:
    """The run from its start to its end, as the ticks would go on with it, and what it took."""
    from django.utils import timezone

    from screening.manage.publication.services import work

    before, ticks = spent(), 0
    with Watched(impact, Progress("judged")) as watched:
        started = time.perf_counter()
        while work(now=timezone.now, processes=processes):
            ticks += 1
        seconds = time.perf_counter() - started
    impact.refresh_from_db()
    if impact.done != count:
        sys.exit(f"{impact.done} of {count} cases were judged.")
    return {
        "seconds": round(seconds, 2),
        "seconds for 100,000": round(1e5 * seconds / count, 2),
        "processor seconds, all workers": round(spent() - before, 1),
        "ticks": ticks,
        "steps of progress": len({*watched.seen}),
        "largest worker half way, MiB": max(watched.largest[: len(watched.largest) // 2], default=0),
        "largest worker at the end, MiB": max(watched.largest, default=0),
    }


if __name__ == "__main__":
    main()
