"""Which branches of a form, or of one entry of a group, are closed.

A branch whose condition is false is closed: no rule and no other condition sees its answers. One whose
condition is unknown is open. Conditions may look back only, so this settles after as many rounds as
conditions stand on one another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from screening.cql import Program

Values = Mapping[str, Any]
NONE = frozenset[str]()


class Branches:
    """`conditional` names, for each item that is not always asked, the definition that says whether it is."""

    def __init__(self, program: Program, conditional: Mapping[str, str]) -> None:
        self.conditional = conditional
        self._program = program
        self._names = tuple(conditional.values())
        self._reads = NONE.union(*map(program.references, self._names))

    def closed(self, values: Values, as_of: dt.date) -> frozenset[str]:
        """The items that are not asked."""
        return self.settled(values, as_of)[0]

    def settled(
        self, values: Values, as_of: dt.date, *, always: frozenset[str] = NONE
    ) -> tuple[frozenset[str], Values]:
        """The items that are not asked, and the values without them, as the program takes them.

        `always` are items that never are.
        """
        closed, left = always, self._program.accept(_without(values, always))
        for _ in range(len(self._names) + 1):
            said = self._program.evaluate(left, today=as_of).values(self._names)
            not_asked = [
                item for item, is_asked in zip(self.conditional, said, strict=True) if is_asked is False
            ]
            before, closed = closed, always.union(not_asked)
            gone = [item for item in before ^ closed if values.get(item) is not None]
            if gone:
                left = self._program.accept(_without(values, closed))
            if self._reads.isdisjoint(gone):  # nothing that a condition reads is another than before
                break
        return closed, left


def _without(values: Values, closed: Iterable[str]) -> Values:
    gone = [item for item in closed if values.get(item) is not None]
    return {**values, **dict.fromkeys(gone)} if gone else values
