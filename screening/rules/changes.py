"""What two judgements of the same documents differ in, documents that differ alike taken together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from screening.cql.columns import Mask
from screening.rules.judged import Judged, Short
from screening.rules.ruleset import Outcome


class Change(NamedTuple):
    """What documents came to, what they come to now, and the codes found now or no longer: that is why."""

    was: Outcome
    was_underlying: Outcome
    was_tier: int | None
    now: Outcome
    now_underlying: Outcome
    now_tier: int | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def less_urgent(self) -> bool:
        """Urgent before, and now of a milder tier or not urgent at all."""
        if self.was_tier is None:
            return False
        return self.now_tier is None or self.now_tier > self.was_tier

    @classmethod
    def between(cls, before: Short, after: Short) -> Change:
        return cls(
            before.outcome,
            before.underlying,
            before.tier,
            after.outcome,
            after.underlying,
            after.tier,
            tuple(sorted(after.codes - before.codes)),
            tuple(sorted(before.codes - after.codes)),
        )


def changes(names: list[str], before: Judged, after: Judged) -> dict[Change, list[str]]:
    """The names of all documents of which anything differs, by what differs."""
    nothing = np.zeros(before.size, np.bool_)
    columns = [before.underlying, before.tier, after.underlying, after.tier]
    differing: Mask = (before.underlying != after.underlying) | (before.tier != after.tier)
    for code in sorted(before.codes.keys() | after.codes.keys()):
        was, now = before.codes.get(code, nothing), after.codes.get(code, nothing)
        other = was != now
        if other.any():
            differing |= other
            columns.append(now.astype(np.int32) - was)  # found now, no longer, neither
    rows = np.flatnonzero(differing)
    table = np.stack([column[rows] for column in columns], axis=1)
    _, first, numbers = np.unique(table, axis=0, return_index=True, return_inverse=True)
    kinds = [Change.between(before.short(int(rows[row])), after.short(int(rows[row]))) for row in first]
    found: dict[Change, list[str]] = {kind: [] for kind in kinds}
    for row, number in zip(rows.tolist(), numbers.ravel().tolist(), strict=True):
        found[kinds[number]].append(names[row])
    return found
