"""The smallest set that has something in common with each of some sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")

STEPS = 50_000


class SearchTooLongError(Exception):
    """A search that was given up. Callers fall back on an answer that is good enough."""


def smallest_hitting(sets: Sequence[frozenset[Thing]], order: Sequence[Thing]) -> frozenset[Thing]:
    """A smallest set that meets every one of these. Among equals the earlier in `order` are preferred."""
    rank = {thing: place for place, thing in enumerate(order)}
    ordered = sorted(sets, key=len)
    steps = STEPS

    def extend(chosen: frozenset[Thing], room: int) -> frozenset[Thing] | None:
        nonlocal steps
        steps -= 1
        if steps < 0:
            raise SearchTooLongError
        unmet = [some for some in ordered if not some & chosen]
        if not unmet:
            return chosen
        if _apart(unmet) > room:
            return None
        for thing in sorted(unmet[0], key=rank.__getitem__):
            found = extend(chosen | {thing}, room - 1)
            if found is not None:
                return found
        return None

    for room in range(_apart(ordered), len(order) + 1):
        found = extend(frozenset(), room)
        if found is not None:
            return found
    raise ValueError("One of the sets is empty.")


def _apart(sets: Sequence[frozenset[Thing]]) -> int:
    """How many of the sets have nothing in common: no smaller set can meet them all."""
    seen: frozenset[Thing] = frozenset()
    count = 0
    for some in sets:
        if not some & seen:
            seen |= some
            count += 1
    return count
