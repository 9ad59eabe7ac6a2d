"""Which rows an expression is computed for, and what its names mean there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from screening.cql.columns import Column
from screening.cql.grouping import Rows

TODAY = "\0today"  # no author can write this name
Fail = Callable[[Rows], None]


class Frame:
    """Some rows. Those inside another frame know which of its rows each of theirs belongs to.

    `names` are the aliases and operands that are bound here; what is bound nowhere is a parameter or a
    definition and belongs to the whole. `fail` is told rows on which something went wrong.
    """

    def __init__(
        self,
        size: int,
        *,
        whole: Callable[[str], Column],
        fail: Fail,
        outer: Frame | None = None,
        rows: Rows | None = None,
        names: Mapping[str, Column] | None = None,
        sees_outer: bool = True,
    ) -> None:
        self.size = size
        self.fail = fail
        self._whole = whole
        self._outer = outer
        self._rows = rows
        self._names = dict(names or {})
        self._seen: dict[str, Column] = {}
        seen = outer.bound if outer is not None and sees_outer else frozenset[str]()
        self.bound: frozenset[str] = seen | self._names.keys()

    def column(self, name: str) -> Column:
        if name in self._names:
            return self._names[name]
        return self._moved(name, name, Frame.column) if name in self.bound else self.unbound(name)

    def unbound(self, name: str) -> Column:
        """A parameter or a definition, also where an alias of the same name is bound."""
        return self._moved(f"\0{name}", name, Frame.unbound)

    def _moved(self, key: str, name: str, look: Callable[[Frame, str], Column]) -> Column:
        if self._outer is None:
            return self._whole(name)
        if key not in self._seen:
            found = look(self._outer, name)
            self._seen[key] = found if self._rows is None else found.take(self._rows)
        return self._seen[key]

    def of(self, rows: Rows, names: Mapping[str, Column] | None = None) -> Frame:
        """Some of the rows, or some of them several times. Names may be bound for them."""
        if len(rows) == self.size and not names and (rows == np.arange(self.size)).all():
            return self
        return Frame(
            len(rows),
            whole=self._whole,
            fail=lambda failed: self.fail(rows[failed]),
            outer=self,
            rows=rows,
            names=names,
        )

    def calling(self, operands: Mapping[str, Column]) -> Frame:
        """The same rows inside a function: its operands are all that is bound."""
        return Frame(
            self.size, whole=self._whole, fail=self.fail, outer=self, names=operands, sees_outer=False
        )

    def one_of_each(self, numbers: Rows, first: Rows) -> Frame:
        """A row for each number: row r of this frame is like row `numbers[r]` of that one."""

        def fail(failed: Rows) -> None:
            alike = np.zeros(len(first), np.bool_)
            alike[failed] = True
            self.fail(np.flatnonzero(alike[numbers]))

        return Frame(len(first), whole=self._whole, fail=fail, outer=self, rows=first)
