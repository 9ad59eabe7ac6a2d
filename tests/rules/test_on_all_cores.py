"""Work for several processes at once, given out one piece at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator

from screening.rules.replay import on_all_cores


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


def _process(_: int) -> int:
    return os.getpid()
