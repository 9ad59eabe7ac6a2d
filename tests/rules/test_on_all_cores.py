"""Work for several processes at once, given out one piece at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from screening.rules.replay import on_all_cores

PATIENCE = 30  # seconds


def test_jobs_are_given_out_as_workers_are_free_so_that_nothing_begun_is_lost() -> None:
    given: list[int] = []

    def until_told() -> Iterator[int]:
        for number in range(50):
            if over:
                return
            given.append(number)
            yield number

    over = False
    made = on_all_cores(abs, until_told(), processes=2)
    first = next(made)
    over = True
    assert len(given) < 5, "only what two workers have in hand"
    assert sorted([first, *made]) == given

    over = False
    left = on_all_cores(abs, until_told(), processes=2)
    next(left)
    left.close()
    assert len(given) < 10, "nobody waits for the rest"


def test_two_workers_are_other_processes_and_one_is_this_one() -> None:
    assert os.getpid() not in set(on_all_cores(_process, range(2), processes=2))
    assert set(on_all_cores(_process, range(2), processes=1)) == {os.getpid()}


def test_both_workers_are_at_work_at_once(tmp_path: Path) -> None:
    jobs = [(tmp_path, name, other) for name, other in (("a", "b"), ("b", "a"))]
    assert list(on_all_cores(_meet, jobs, processes=2)) == [True, True]


def _meet(job: tuple[Path, str, str]) -> bool:
    """Whether the other job is begun while this one is not done."""
    folder, name, other = job
    (folder / name).touch()
    until = time.monotonic() + PATIENCE
    while not (folder / other).exists() and time.monotonic() < until:
        time.sleep(0.01)
    return (folder / other).exists()


def _process(_: int) -> int:
    return os.getpid()
