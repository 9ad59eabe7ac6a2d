"""Source for straight-line code: what has been computed once is not written again.

An expression of ours consists of names that are assigned once, so the same text in the same scope has
the same value. What was computed inside a block is known inside that block only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from screening.cql.emit import Source


class StraightSource(Source):
    """Collects lines, and remembers the name that holds each value.

    `entered` is the number of names there were when the innermost block began. `roots` names the one
    variable whose being null makes a result null, where there is only one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scopes: list[dict[object, str]] = [{}]
        self.entered = 0
        self.roots: dict[str, str] = {}
        self.in_functions = False

    def known(self, meaning: object) -> str | None:
        """The name of a value that has been computed where we stand."""
        return next((scope[meaning] for scope in reversed(self.scopes) if meaning in scope), None)

    def remember(self, meaning: object, operand: str) -> None:
        self.scopes[-1][meaning] = operand

    def assign(self, expression: str, *, sure: bool = False) -> str:
        found = None if self.in_functions else self.known(expression)
        if found is None:
            found = self.begin(expression, sure=sure)
            self.remember(expression, found)
        return found

    def computed_before(self, operand: str) -> bool:
        """Whether a result is older than the block we stand in."""
        return int(operand[2:]) <= self.entered

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        outer, self.entered = self.entered, self.count
        self.scopes.append({})
        try:
            with super().block(opening):
                yield
        finally:
            self.scopes.pop()
            self.entered = outer

    @contextmanager
    def charged(self, times: str) -> Iterator[None]:
        """The same price as in `Source`, out of a local variable except in functions."""
        if self.in_functions:
            with super().charged(times):
                yield
            return
        place = len(self.lines)
        self.add("")
        self.add("if _left < 0: _spent()")
        yield
        lines = len(self.lines) - place
        self.lines[place] = f"{self.indent}_left -= {times} * {lines} + 1"
