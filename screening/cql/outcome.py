"""What an evaluation gives, in one row, and how to read it.

A row is as short as it can be: verdicts that are the same value stand in it once, and many values of
definitions are verdicts as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

# Verdict codes of a trace. A node is not reached when it stands in a branch that was not taken.
FALSE, TRUE, NULL, ERROR, UNREACHED = range(5)
_CODES = {False: FALSE, True: TRUE, None: NULL, ERROR: ERROR, UNREACHED: UNREACHED}
CHUNK = 256
IN_ROW, FIXED = -1, -2

Row = tuple[Any, ...]


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

    def values(self, row: Row, names: tuple[str, ...]) -> list[Any]:
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
    _found: dict[tuple[str, ...], list[tuple[int, int, Any]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def value(self, row: Row, name: str) -> Any:
        place = self.told.get(name)
        return super().value(row, name) if place is None else row[-1][place[0]][place[1]]

    def values(self, row: Row, names: tuple[str, ...]) -> list[Any]:
        """Where each stands is found once: in what was told, in the row itself, or always the same."""
        found = self._found.get(names)
        if found is None:
            found = self._found[names] = [self._standing(name) for name in names]
        told = row[-1]
        return [
            told[part][place] if part >= 0 else row[place] if part == IN_ROW else fixed
            for part, place, fixed in found
        ]

    def _standing(self, name: str) -> tuple[int, int, Any]:
        if name in self.told:
            return (*self.told[name], None)
        place = self.places.get(name)
        return (FIXED, 0, self.fixed[name]) if place is None else (IN_ROW, place, None)

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
