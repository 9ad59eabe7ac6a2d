"""What an evaluation gives, in one row, and how to read it.

A row is as short as it can be: verdicts that are the same value stand in it once, and many values of
definitions are verdicts as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any

# Verdict codes of a trace. A node is not reached when it stands in a branch that was not taken.
FALSE, TRUE, NULL, ERROR, UNREACHED = range(5)
_CODES = {False: FALSE, True: TRUE, None: NULL, ERROR: ERROR, UNREACHED: UNREACHED}
CHUNK = 256

Row = tuple[Any, ...]


def _picker(wanted: Sequence[int]) -> Callable[[Row], Row]:
    if len(wanted) < 2:
        return lambda row: tuple([row[place] for place in wanted])
    return itemgetter(*wanted)


def coded(verdicts: Row) -> bytes:
    """The code of each verdict. A getter of many things looks them up more quickly than a loop of ours."""
    if len(verdicts) < 2:
        return bytes([_CODES[verdict] for verdict in verdicts])
    return bytes(itemgetter(*verdicts)(_CODES))


@dataclass(frozen=True)
class Rows:
    """`places` says where the value of a definition stands, `fixed` has those that are always the same."""

    places: Mapping[str, int]
    fixed: Mapping[str, Any]

    def value(self, row: Row, name: str) -> Any:
        place = self.places.get(name)
        return self.fixed[name] if place is None else row[place]

    def values(self, row: Row, names: tuple[str, ...]) -> Sequence[Any]:
        """The same of many definitions at once."""
        return [self.value(row, name) for name in names]

    def trace(self, row: Row) -> bytes:
        raise NotImplementedError


@dataclass(frozen=True)
class QuickRows(Rows):
    """First so many `verdicts`, then values, and at the end what was `told`: a row for each parameter.

    `told` says in which of those rows, and where in it, the value of a definition stands. `spread` says,
    for each node in turn, which of the codes is its own: 256 codes at a time.
    """

    told: Mapping[str, tuple[int, int]]
    verdicts: int
    spread: tuple[bytes, ...]
    _found: dict[tuple[str, ...], Callable[[Row], Row]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def value(self, row: Row, name: str) -> Any:
        place = self.told.get(name)
        return super().value(row, name) if place is None else row[-1][place[0]][place[1]]

    def values(self, row: Row, names: tuple[str, ...]) -> Sequence[Any]:
        """Where each stands is found once: in the row itself, in what was told, or always the same."""
        pick = self._found.get(names)
        if pick is None:
            pick = self._found[names] = self._picking(names, row)
        return pick(row)

    def _picking(self, names: tuple[str, ...], row: Row) -> Callable[[Row], Row]:
        """Takes these out of a row, and what was told out of its end. A row always has the same parts."""
        starts = list(accumulate(map(len, row[-1]), initial=len(row)))
        places = [self._place(name, starts) for name in names]
        fixed = tuple(self.fixed[name] for name, place in zip(names, places, strict=True) if place is None)
        after = iter(range(starts[-1], starts[-1] + len(fixed)))
        wanted = [next(after) if place is None else place for place in places]
        pick = _picker(wanted)
        if max(wanted, default=0) < len(row):
            return pick
        return lambda row: pick((*row, *chain.from_iterable(row[-1]), *fixed))

    def _place(self, name: str, starts: Sequence[int]) -> int | None:
        if name in self.told:
            part, place = self.told[name]
            return starts[part] + place
        return self.places.get(name)

    def trace(self, row: Row) -> bytes:
        codes = b"".join([told[0] for told in row[-1]])
        if self.verdicts:
            codes = coded(row[: self.verdicts]) + codes
        if len(self.spread) == 1:
            return self.spread[0].translate(codes.ljust(CHUNK))
        chunks = (codes[place : place + CHUNK].ljust(CHUNK) for place in range(0, len(codes), CHUNK))
        return b"".join(map(bytes.translate, self.spread, chunks))


@dataclass(frozen=True)
class CarefulRows(Rows):
    """First the verdicts of all nodes, definition by definition, then values. `order` is that of a trace."""

    order: tuple[int, ...]

    def trace(self, row: Row) -> bytes:
        codes = coded(row[0])
        return bytes([codes[place] for place in self.order])
