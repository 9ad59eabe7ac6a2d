"""Judge past cases by a draft, a range at a time. The rows are the truth: whoever wakes up goes on.

Each range is written in a transaction of its own, under the lock of the run and once only, so that a worker
may die at any moment and two may work at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases import fresh, packing
from screening.manage.publication.gates import unsound
from screening.manage.publication.judging import Job, Judged, judge
from screening.manage.publication.models import ImpactChange, ImpactRun, RunState
from screening.manage.publication.selectors import is_current, newest_run, setting_of
from screening.questionnaires.models import DefinitionVersion, VersionStatus
from screening.questionnaires.services import NotReady
from screening.rules.canonical import sha256_of
from screening.rules.changes import Change
from screening.rules.replay import on_all_cores

log = structlog.get_logger(__name__)

Clock = Callable[[], dt.datetime]
LEASE = dt.timedelta(minutes=2)  # far more than one range takes
SECONDS = 20.0  # that one tick works before others have their turn
OPEN = (RunState.WAITING, RunState.RUNNING)


def begin_run(*, version: DefinitionVersion, by: Actor, at: dt.datetime) -> ImpactRun:
    """Ask for the effect of a draft as it is now. What is asked or known already is not asked again.

    Raises NotReady where the draft has errors, or replaces nothing that past cases were judged by.
    """
    with transaction.atomic():
        version = DefinitionVersion.objects.select_for_update(of=["self"]).get(pk=version.pk)
        setting = setting_of(version)
        if version.status != VersionStatus.DRAFT:
            raise NotReady(_("Only a draft is tried on past cases."))
        if setting is None:
            raise NotReady(_("No past case was judged by what this draft would replace."))
        if problem := unsound(version):
            raise NotReady(problem)
        run = newest_run(version)
        if run is not None and is_current(run, version, setting) and run.state != RunState.FAILED:
            return run
        ImpactRun.objects.filter(version=version).delete()
        run = ImpactRun.objects.create(
            site=version.site,
            version=version,
            sha256=version.sha256,
            compared=setting.compared,
            beside=setting.beside,
            asked_by_id=by.user_id,
            asked_at=at,
        )
        detail: dict[str, Any] = {"kind": version.kind, "code": version.code, "number": version.number}
        record(Event.VERSION_REPLAYED, by=by, at=at, site=version.site, detail=detail)
    return run


def work(*, now: Clock, seconds: float = SECONDS, processes: int | None = None) -> int:
    """Go on with the runs that nobody works on, until the time is up. Returns how many cases were judged."""
    until, judged = now() + dt.timedelta(seconds=seconds), 0
    while now() < until and (run := _claimed(at=now())) is not None:
        try:
            judged += _go_on(run, now=now, until=until, processes=processes)
        except (SoftTimeLimitExceeded, OperationalError):  # of the moment, not of the draft: go on later
            _let_go(run)
            raise
        except Exception:  # one run that cannot be judged must not come round for ever
            log.exception("impact_run_failed", run=run.pk)
            _stop(run, _("Past cases could not be judged by this draft."), at=now())
    return judged


def _claimed(*, at: dt.datetime) -> ImpactRun | None:
    with transaction.atomic():
        free = ImpactRun.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at), state__in=OPEN)
        run = free.select_for_update(skip_locked=True, of=["self"]).order_by("id").first()
        if run is None:
            return None
        run.state, run.lease_until = RunState.RUNNING, at + LEASE
        run.started_at = run.started_at or at
        run.save(update_fields=["state", "lease_until", "started_at"])
    return run


def _go_on(run: ImpactRun, *, now: Clock, until: dt.datetime, processes: int | None) -> int:
    version = DefinitionVersion.objects.select_related("site").get(pk=run.version_id)
    setting = setting_of(version)
    if setting is None or not is_current(run, version, setting):
        _stop(run, _("The draft was changed before all past cases were judged."), at=now())
        return 0
    before, after = setting.before(), setting.after(version)
    wanted = packing.Wanted.by(before, after)
    parts, total = packing.ranges(site=version.site, wanted=wanted)
    left = _unfinished(parts, run.finished)
    ImpactRun.objects.filter(pk=run.pk).update(total=total)
    jobs = _in_time([Job(before, after, part) for part in left], now=now, until=until)
    judged = 0
    # Each as it is ready, on all cores; a single one needs no workers.
    several = processes if len(left) > 1 else 1
    for found in on_all_cores(judge, jobs, prepare=fresh.prepare, processes=several):
        judged += _keep(run, found, at=now())
    _finish(run, parts, at=now())
    return judged


def _in_time(jobs: list[Job], *, now: Clock, until: dt.datetime) -> Iterator[Job]:
    """The jobs until the time is up, and one at least. What is begun by then is finished and kept."""
    for place, job in enumerate(jobs):
        if place and now() >= until:
            return
        yield job


def _unfinished(parts: list[packing.Range], finished: list[list[int]]) -> list[packing.Range]:
    """What is left to judge. Of a range that has grown since it was judged, the cases that came to it."""
    left = []
    for part in parts:
        ends = [upto for after, upto in finished if part.after <= after and upto <= part.upto]
        after = max(ends, default=part.after)
        if after < part.upto:
            left.append(packing.Range(part.site_id, after, part.upto, part.wanted))
    return left


def _keep(run: ImpactRun, found: Judged, *, at: dt.datetime) -> int:
    """Write what came of a range, once, and hold the run a little longer. Returns how many cases it has."""
    span = [found.part.after, found.part.upto]
    with transaction.atomic():
        now = ImpactRun.objects.select_for_update(of=["self"]).filter(pk=run.pk, state=RunState.RUNNING)
        row = now.first()
        if row is None or span in row.finished:
            return 0
        for change, names in found.changes.items():
            _keep_change(row, change, names)
        row.counts = _added(row.counts, found)
        row.finished = [*row.finished, span]
        row.done += found.counts.before.total
        row.lease_until = at + LEASE
        row.save(update_fields=["counts", "finished", "done", "lease_until"])
    return found.counts.before.total


def _keep_change(run: ImpactRun, change: Change, names: list[str]) -> None:
    values = {**change._asdict(), "gained": list(change.gained), "lost": list(change.lost)}
    row, _made = ImpactChange.objects.get_or_create(
        run=run, fingerprint=sha256_of(values), defaults={**values, "less_urgent": change.less_urgent}
    )
    ImpactChange.objects.filter(pk=row.pk).update(cases=F("cases") + len(names))
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY screening_impactcase (change_id, reference, reason) FROM STDIN") as copying,
    ):
        for name in names:
            copying.write_row((row.pk, name, ""))


def _added(counts: dict[str, Any], found: Judged) -> dict[str, Any]:
    more = found.counts
    parts = {
        "before": dict(more.before.outcomes),
        "after": dict(more.after.outcomes),
        "moved": {f"{was} {now}": many for (was, now), many in more.moved.items()},
        "gained": dict(more.gained),
        "lost": dict(more.lost),
    }
    added: dict[str, Any] = {
        part: {
            name: counts.get(part, {}).get(name, 0) + values.get(name, 0)
            for name in sorted({*counts.get(part, {}), *values})
        }
        for part, values in parts.items()
    }
    added["changed"] = counts.get("changed", 0) + more.changed
    added["less_urgent"] = counts.get("less_urgent", 0) + sum(
        len(names) for change, names in found.changes.items() if change.less_urgent
    )
    return added


def _finish(run: ImpactRun, parts: list[packing.Range], *, at: dt.datetime) -> None:
    """Done when nothing is left; else let go of it, so that the next tick need not wait for the lease."""
    with transaction.atomic():
        row = ImpactRun.objects.select_for_update(of=["self"]).filter(pk=run.pk, state=RunState.RUNNING)
        now = row.first()
        if now is None:
            return
        now.lease_until = None
        if not _unfinished(parts, now.finished):
            now.state, now.finished_at, now.total = RunState.DONE, at, now.done
        now.save(update_fields=["lease_until", "state", "finished_at", "total"])


def _let_go(run: ImpactRun) -> None:
    """Best tried: without the database the lease ends by itself."""
    with suppress(OperationalError):
        ImpactRun.objects.filter(pk=run.pk, state__in=OPEN).update(lease_until=None)


def _stop(run: ImpactRun, problem: str, *, at: dt.datetime) -> None:
    ImpactRun.objects.filter(pk=run.pk, state__in=OPEN).update(
        state=RunState.FAILED, problem=problem, finished_at=at, lease_until=None
    )
