"""Several workers who do the same at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(work: Callable[[], T], *, workers: int = 4) -> list[T]:
    """What each came to. What one of them raises is raised here."""
    start = threading.Barrier(workers, timeout=60)

    def one() -> T:
        try:
            start.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return [each.result() for each in [pool.submit(one) for _ in range(workers)]]
