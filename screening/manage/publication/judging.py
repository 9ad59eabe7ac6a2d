"""One range of past cases, judged by what is published and by a draft. Runs in workers of its own."""

from __future__ import annotations

from dataclasses import dataclass

from screening.cases.packing import Range, read
from screening.rules.anew import anew, raised_by
from screening.rules.changes import Change, changes
from screening.rules.judged import Replay
from screening.rules.replay import Definitions, bulk_of


@dataclass(frozen=True, slots=True)
class Job:
    """Two pairs of definitions and the cases to judge by them."""

    before: Definitions
    after: Definitions
    part: Range


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one range: how many of what, and the cases that changed."""

    part: Range
    counts: Replay
    changes: dict[Change, list[str]]


def judge(job: Job) -> Judged:
    rules = bulk_of(job.before)
    pack = anew(read(job.part), raised_by(rules.compiled.ruleset))
    before, after = rules.judge(pack), bulk_of(job.after).judge(pack)
    return Judged(job.part, Replay.of(pack.names, before, after), changes(pack.names, before, after))
