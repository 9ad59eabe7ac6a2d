"""Judge very many documents by one rule set, or by two to see who would move. Streaming, on all cores.

The documents come in chunks that mean nothing here: `read` turns a chunk into documents where it is judged,
so that what is large is read by the worker and never travels. Only counts come back. Workers are started
afresh (`spawn`), so `read`, `prepare` and the chunks have to be things that can be pickled.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from screening.rules.assessment import SEVERITY
from screening.rules.canonical import canonical_json
from screening.rules.compiled import compile_ruleset
from screening.rules.definition import Questionnaire, RuleSet
from screening.rules.quick import Quick, Short

KEPT = 200  # documents named for each kind of move; the counts are of all


class Document(NamedTuple):
    """What is judged, and the name by which a move is reported."""

    name: str
    answers: Mapping[str, Any]
    as_of: dt.date
    standing_red_flags: tuple[tuple[str, int], ...] = ()
    cleared: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Definitions:
    """A questionnaire and a rule set as canonical JSON: what a worker is sent and compiles for itself."""

    questionnaire: bytes
    ruleset: bytes

    @classmethod
    def of(cls, questionnaire: Any, ruleset: Any) -> Definitions:
        return cls(canonical_json(questionnaire), canonical_json(ruleset))


@dataclass
class Counts:
    """How many documents came to each outcome, tier and code."""

    total: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    underlying: Counter[str] = field(default_factory=Counter)
    tiers: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, short: Short) -> None:
        self.total += 1
        self.outcomes[short.outcome] += 1
        self.underlying[short.underlying] += 1
        if short.tier is not None:
            self.tiers[short.tier] += 1
        self.codes.update(short.codes)

    def merge(self, other: Counts) -> None:
        self.total += other.total
        self.outcomes.update(other.outcomes)
        self.underlying.update(other.underlying)
        self.tiers.update(other.tiers)
        self.codes.update(other.codes)


Move = tuple[str, str]


@dataclass
class Replay:
    """Counts by the one rule set; with a second one its counts too, and what moved between them.

    `moved` counts documents by (outcome before, outcome after) where the two differ, `changed` those of which
    anything differs, be it a code. `names` holds the first documents of each move.
    """

    before: Counts = field(default_factory=Counts)
    after: Counts = field(default_factory=Counts)
    moved: Counter[Move] = field(default_factory=Counter)
    milder: int = 0
    changed: int = 0
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    names: dict[Move, list[str]] = field(default_factory=dict)

    def compare(self, name: str, before: Short, after: Short) -> None:
        if before == after:
            return
        self.changed += 1
        self.gained.update(after.codes - before.codes)
        self.lost.update(before.codes - after.codes)
        self.milder += is_milder(before, after)
        if before.outcome != after.outcome:
            move = (before.outcome, after.outcome)
            self.moved[move] += 1
            self._name(move, [name])

    def merge(self, other: Replay) -> None:
        self.before.merge(other.before)
        self.after.merge(other.after)
        self.moved.update(other.moved)
        self.milder += other.milder
        self.changed += other.changed
        self.gained.update(other.gained)
        self.lost.update(other.lost)
        for move, names in other.names.items():
            self._name(move, names)

    def _name(self, move: Move, names: list[str]) -> None:
        known = self.names.setdefault(move, [])
        known.extend(names[: KEPT - len(known)])


def is_milder(before: Short, after: Short) -> bool:
    """Whether the second is less grave: in its outcome, in what lies under it, or in its tier."""
    if SEVERITY[after.outcome] != SEVERITY[before.outcome]:
        return SEVERITY[after.outcome] < SEVERITY[before.outcome]
    if SEVERITY[after.underlying] < SEVERITY[before.underlying]:
        return True
    return before.tier is not None and after.tier is not None and after.tier > before.tier


Chunk = Any
Read = Callable[[Chunk], Iterable[Document]]


def replay(
    definitions: Definitions,
    chunks: Iterable[Chunk],
    *,
    read: Read = iter,
    candidate: Definitions | None = None,
    progress: Callable[[int], None] | None = None,
    prepare: Callable[[], None] | None = None,
    processes: int | None = None,
) -> Replay:
    """Judge every document of every chunk; `progress` hears how many are done so far."""
    whole = Replay()
    for part in _judged(definitions, candidate, chunks, read, prepare, _workers(processes)):
        whole.merge(part)
        if progress is not None:
            progress(whole.before.total)
    for names in whole.names.values():
        names.sort()
    return whole


def _workers(processes: int | None) -> int:
    """All cores. A worker of somebody else's pool may have no workers of its own."""
    if multiprocessing.current_process().daemon:
        return 1
    return processes if processes is not None else len(os.sched_getaffinity(0))


def _judged(
    definitions: Definitions,
    candidate: Definitions | None,
    chunks: Iterable[Chunk],
    read: Read,
    prepare: Callable[[], None] | None,
    processes: int,
) -> Iterator[Replay]:
    if processes <= 1:
        for chunk in chunks:
            yield judge_chunk(definitions, candidate, read, chunk)
        return
    context = multiprocessing.get_context("spawn")
    jobs = ((definitions, candidate, read, chunk) for chunk in chunks)
    with context.Pool(processes, initializer=prepare) as pool:
        yield from pool.imap_unordered(_job, jobs)


def _job(job: tuple[Definitions, Definitions | None, Read, Chunk]) -> Replay:
    return judge_chunk(*job)


def judge_chunk(definitions: Definitions, candidate: Definitions | None, read: Read, chunk: Chunk) -> Replay:
    """One chunk by itself, in this process."""
    part = Replay()
    before = _quick(definitions)
    after = None if candidate is None else _quick(candidate)
    for document in read(chunk):
        said = _short(before, document)
        part.before.add(said)
        if after is not None:
            again = _short(after, document)
            part.after.add(again)
            part.compare(document.name, said, again)
    return part


def _short(quick: Quick, document: Document) -> Short:
    return quick.judge(
        document.answers,
        as_of=document.as_of,
        standing_red_flags=document.standing_red_flags,
        cleared=document.cleared,
    )


@lru_cache(maxsize=4)
def _quick(definitions: Definitions) -> Quick:
    return Quick(
        compile_ruleset(
            Questionnaire.model_validate_json(definitions.questionnaire),
            RuleSet.model_validate_json(definitions.ruleset),
        )
    )
