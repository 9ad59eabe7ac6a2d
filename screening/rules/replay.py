"""Judge very many documents by one rule set, or by two to see who would move. Streaming, on all cores.

The documents come in chunks that mean nothing here: `read` turns a chunk into a pack where it is judged, so
that what is large is read by the worker and never travels. Only counts come back. Workers are started
afresh (`spawn`), so `read`, `prepare` and the chunks have to be things that can be pickled.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.rules.bulk import Bulk
from screening.rules.canonical import canonical_json
from screening.rules.compiled import compile_ruleset
from screening.rules.definition import Questionnaire, RuleSet
from screening.rules.judged import Replay
from screening.rules.packed import Pack


@dataclass(frozen=True)
class Definitions:
    """A questionnaire and a rule set as canonical JSON: what a worker is sent and compiles for itself."""

    questionnaire: bytes
    ruleset: bytes

    @classmethod
    def of(cls, questionnaire: Any, ruleset: Any) -> Definitions:
        return cls(canonical_json(questionnaire), canonical_json(ruleset))


Chunk = Any
Read = Callable[[Chunk], Pack]


def replay(
    definitions: Definitions,
    chunks: Iterable[Chunk],
    *,
    read: Read,
    candidate: Definitions | None = None,
    progress: Callable[[int], None] | None = None,
    prepare: Callable[[], None] | None = None,
    processes: int | None = None,
) -> Replay:
    """Judge every document of every chunk; `progress` hears how many are done so far."""
    whole = Replay()
    jobs = ((definitions, candidate, read, chunk) for chunk in chunks)
    for part in on_all_cores(_job, jobs, prepare=prepare, processes=processes):
        whole.merge(part)
        if progress is not None:
            progress(whole.before.total)
    for names in whole.names.values():
        names.sort()
    return whole


def on_all_cores(
    function: Callable[[Any], Any],
    jobs: Iterable[Any],
    *,
    prepare: Callable[[], None] | None = None,
    processes: int | None = None,
) -> Iterator[Any]:
    """What the function makes of each job, as each is ready. A worker of a pool has no workers of its own.

    A job is taken when a worker is free for it, so that whoever stops giving out jobs gets back what was
    begun, and nothing that was judged is lost.
    """
    wanted = processes if processes is not None else len(os.sched_getaffinity(0))
    if wanted <= 1 or multiprocessing.current_process().daemon:
        yield from map(function, jobs)
        return
    free, over = threading.Semaphore(wanted - 1), threading.Event()

    def given_out() -> Iterator[Any]:
        for job in jobs:
            yield job
            free.acquire()
            if over.is_set():
                return

    context = multiprocessing.get_context("spawn")
    with context.Pool(wanted, initializer=prepare) as pool:
        try:
            for made in pool.imap_unordered(function, given_out()):
                free.release()
                yield made
        finally:
            over.set()
            free.release()  # or the pool, which waits for the next job, could not be closed


def _job(job: tuple[Definitions, Definitions | None, Read, Chunk]) -> Replay:
    definitions, candidate, read, chunk = job
    pack = read(chunk)
    before = bulk_of(definitions).judge(pack)
    after = None if candidate is None else bulk_of(candidate).judge(pack)
    return Replay.of(pack.names, before, after)


@lru_cache(maxsize=4)
def bulk_of(definitions: Definitions) -> Bulk:
    """Ready to judge; one for each process and pair of definitions."""
    return Bulk(
        compile_ruleset(
            Questionnaire.model_validate_json(definitions.questionnaire),
            RuleSet.model_validate_json(definitions.ruleset),
        )
    )
