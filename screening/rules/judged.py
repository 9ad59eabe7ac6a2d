"""Judgements in short, for very many documents: outcome, tier and codes, counted and compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from screening.cql.columns import Mask
from screening.rules.assessment import SEVERITY, Assessment
from screening.rules.ruleset import Outcome

KEPT = 200  # documents named for each kind of move; the counts are of all
NO_TIER = 2**31 - 1  # above every tier, so that the gravest is the least
OUTCOMES: tuple[Outcome, ...] = tuple(sorted(SEVERITY, key=lambda outcome: SEVERITY[outcome]))
URGENT = OUTCOMES.index("urgent")
Numbers = npt.NDArray[np.int32]
Move = tuple[str, str]


class Short(NamedTuple):
    """A judgement without its reasons. `codes` are those of all findings."""

    outcome: Outcome
    underlying: Outcome
    tier: int | None
    codes: frozenset[str]

    @classmethod
    def of(cls, assessment: Assessment) -> Short:
        codes = frozenset(finding.code for finding in assessment.findings)
        return cls(assessment.outcome, assessment.underlying, assessment.tier, codes)


class Judged:
    """Many judgements by columns. Outcomes are their places in OUTCOMES, the mildest first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.underlying: Numbers = np.zeros(size, np.int32)
        self.tier: Numbers = np.full(size, NO_TIER, np.int32)
        self.codes: dict[str, Mask] = {}

    @property
    def outcome(self) -> Numbers:
        return np.where(self.tier < NO_TIER, URGENT, self.underlying).astype(np.int32)

    def found(self, code: str, where: Mask) -> None:
        self._rows_with(code)[where] = True

    def _rows_with(self, code: str) -> Mask:
        return self.codes.setdefault(code, np.zeros(self.size, np.bool_))

    def at_least(self, outcome: int, where: Mask) -> None:
        """Not milder than this, leaving red flags aside."""
        self.underlying[where] = np.maximum(self.underlying[where], outcome)

    def urgent(self, tier: int, where: Mask) -> None:
        self.tier[where] = np.minimum(self.tier[where], tier)

    def put(self, row: int, short: Short) -> None:
        """What one document was judged by itself, in place of what was found for it here."""
        for mask in self.codes.values():
            mask[row] = False
        self.underlying[row] = OUTCOMES.index(short.underlying)
        self.tier[row] = NO_TIER if short.tier is None else short.tier
        for code in short.codes:
            self._rows_with(code)[row] = True

    def short(self, row: int) -> Short:
        tier = int(self.tier[row])
        return Short(
            OUTCOMES[int(self.outcome[row])],
            OUTCOMES[int(self.underlying[row])],
            None if tier == NO_TIER else tier,
            frozenset(code for code, mask in self.codes.items() if mask[row]),
        )


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

    @classmethod
    def of(cls, judged: Judged) -> Counts:
        tiers = {tier: many for tier, many in _many(judged.tier).items() if tier != NO_TIER}
        return cls(
            judged.size,
            Counter({OUTCOMES[place]: many for place, many in _many(judged.outcome).items()}),
            Counter({OUTCOMES[place]: many for place, many in _many(judged.underlying).items()}),
            Counter(tiers),
            Counter({code: int(mask.sum()) for code, mask in judged.codes.items() if mask.any()}),
        )

    def merge(self, other: Counts) -> None:
        self.total += other.total
        self.outcomes.update(other.outcomes)
        self.underlying.update(other.underlying)
        self.tiers.update(other.tiers)
        self.codes.update(other.codes)


def _many(column: Numbers) -> dict[int, int]:
    values, counts = np.unique(column, return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))


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

    @classmethod
    def of(cls, names: list[str], before: Judged, after: Judged | None) -> Replay:
        """The same documents by one rule set, or by two."""
        if after is None:
            return cls(Counts.of(before))
        part = cls(Counts.of(before), Counts.of(after))
        changed = (before.underlying != after.underlying) | (before.tier != after.tier)
        nothing = np.zeros(before.size, np.bool_)
        for code in sorted(before.codes.keys() | after.codes.keys()):
            was, now = before.codes.get(code, nothing), after.codes.get(code, nothing)
            changed |= was != now
            part.gained.update({code: many} if (many := int((now & ~was).sum())) else {})
            part.lost.update({code: many} if (many := int((was & ~now).sum())) else {})
        part.changed = int(changed.sum())
        part.milder = int(milder(before, after).sum())
        moved = np.flatnonzero(before.outcome != after.outcome)
        for row, was_, now_ in zip(
            moved.tolist(), before.outcome[moved].tolist(), after.outcome[moved].tolist(), strict=True
        ):
            move = (OUTCOMES[was_], OUTCOMES[now_])
            part.moved[move] += 1
            part._name(move, [names[row]])
        return part

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


def milder(before: Judged, after: Judged) -> Mask:
    """Where the second is less grave: in its outcome, in what lies under it, or in its tier."""
    was, now = before.outcome, after.outcome
    under = (after.underlying < before.underlying) | (after.tier > before.tier)
    less: Mask = (now < was) | ((now == was) & under)
    return less
