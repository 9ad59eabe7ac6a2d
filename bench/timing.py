"""Rounds in which every way has its turn, and what came of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

Way = Callable[[int], object]
LIMIT = "by hand, two-valued"


def measured(ways: Mapping[str, Way], size: int, rounds: int) -> dict[str, list[float]]:
    """Microseconds for one document, in each of the interleaved rounds."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(timed(way, range(size)))
    return times


def timed(way: Way, numbers: range) -> float:
    start = time.process_time()
    for number in numbers:
        way(number)
    return (time.process_time() - start) / len(numbers) * 1e6


def ratios(times: Mapping[str, list[float]]) -> dict[str, Any]:
    """Medians; the ratio to the first way is taken round by round, and has its quartiles beside it."""
    limit = next(iter(times.values()))
    found = {}
    for name, each in times.items():
        ratios = [by_hand / us for by_hand, us in zip(limit, each, strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        found[name] = {"us": round(statistics.median(each), 1), "ratio": middle, "quartiles": [low, high]}
    return found
