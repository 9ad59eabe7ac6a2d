"""Lines of generated source, and the table of everything in them that an author wrote.

The source holds only our own words and numbered names: `_v` for results, `_k` for constants, `_p`,
`_d` and `_f` for parameters, definitions and functions, `_o_` for run-time operations. A result that is
never null is an `_s`: what is made of it needs no question whether it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Source:
    """Collects lines at the current indentation, and constants by identity of meaning."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.namespace: dict[str, Any] = {}
        self._constants: dict[tuple[type, str], str] = {}
        self.depth = 0
        self.count = 0

    def add(self, line: str) -> None:
        self.lines.append(self.indent + line)

    def new(self, prefix: str = "_v") -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def assign(self, expression: str, *, sure: bool = False) -> str:
        """Give an expression a name, so that it is computed once however often it is used."""
        return self.begin(expression, sure=sure)

    def begin(self, expression: str, *, sure: bool = False) -> str:
        """Give a variable its first value, of possibly several."""
        name = self.new("_s" if sure else "_v")
        self.add(f"{name} = {expression}")
        return name

    def constant(self, value: Any) -> str:
        """The name of a value in the table; null and the truth values are words of ours already."""
        if value is None or value is True or value is False:
            return str(value)
        key = (type(value), repr(value))
        known = self._constants.get(key) if isinstance(value, type) or not callable(value) else None
        if known is None:
            known = self._constants[key] = f"_k{len(self.namespace)}"
            self.namespace[known] = value
        return known

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        self.add(opening)
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    @contextmanager
    def charged(self, times: str) -> Iterator[None]:
        """Pay for the lines inside, as often as they will run, before they do."""
        place = len(self.lines)
        self.add("")
        self.add("if _budget[0] < 0: _spent()")
        yield
        lines = len(self.lines) - place
        self.lines[place] = f"{self.indent}_budget[0] -= {times} * {lines} + 1"

    @property
    def indent(self) -> str:
        return " " * self.depth

    @property
    def source(self) -> str:
        return "\n".join(self.lines) + "\n"
