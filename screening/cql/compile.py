"""Turns a checked library into one Python function. The only module that calls `compile` and `exec`.

The source is generated from the checked tree alone and contains no text of an author: names are
numbered, every literal is in the constants table. See `emit`, `generate` and `inline`; `straight` for
the quick way, `careful` for the one that keeps failures apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from screening.cql.careful import write_careful
from screening.cql.check import Checker
from screening.cql.emit import Source
from screening.cql.emit_straight import StraightSource
from screening.cql.outcome import CarefulRows, Row, Rows
from screening.cql.running import BUDGET, QUICK_BUDGET, WORDS, not_usual
from screening.cql.straight_library import write_straight

Taken = tuple[Any, ...]  # the parameters as `take` gives them: every one, in the order of declaration
Errors = Mapping[str, str]  # by definition
Quick = Callable[[Taken, dt.date, list[int]], Row]
Careful = Callable[[Mapping[str, object], dt.date, list[int]], tuple[Row, Errors]]
NO_ERRORS: Errors = MappingProxyType({})


class Compiled:
    """A library as two functions.

    The quick one does everything at once. Where anything in it fails, or a parameter is not what was
    declared, the careful one evaluates definition by definition; only that result counts then. It is
    made when it is first needed.
    """

    def __init__(self, checker: Checker) -> None:
        source = StraightSource()
        self.written = write_straight(checker, source)
        self.source = source.source
        self.quick: Quick | None = None
        self.take: Callable[[Mapping[str, object]], Taken] = not_usual
        self._checker = checker
        self._parameters = tuple(checker.library.parameters)
        self._rows = self.written.rows
        try:
            namespace = _executed(source)
        except (SyntaxError, MemoryError, RecursionError):  # more of something inside itself than Python can
            self.careful  # noqa: B018 - if this cannot be made either, it is better known now
        else:
            self.quick, self.take = namespace["_quick"], namespace["_take"]

    @cached_property
    def careful(self) -> tuple[Careful, CarefulRows]:
        source = Source()
        places = write_careful(self._checker, source)
        rows = CarefulRows(places, self.written.rows.fixed, self.written.order)
        return _executed(source)["_careful"], rows

    def run(
        self,
        given: Mapping[str, object] | None,
        today: dt.date,
        taken: Taken | None = None,
        budget: int = QUICK_BUDGET,
    ) -> tuple[Row, Errors, Rows]:
        """A row, the errors, and how to read the row. `taken` is what `take` gives; one of both is enough.

        What the quick way cannot do within its `budget` is done carefully.
        """
        if self.quick is not None:
            try:
                if taken is None:
                    taken = self.take(given or {})
                return self.quick(taken, today, [budget]), NO_ERRORS, self._rows
            except Exception:  # noqa: BLE001, S110 - whatever it was, the careful way finds and names it
                pass
        if given is None:
            given = dict(zip(self._parameters, taken or (), strict=True))
        return self.run_carefully(given, today)

    def run_carefully(self, given: Mapping[str, object], today: dt.date) -> tuple[Row, Errors, Rows]:
        careful, rows = self.careful
        return *careful(given, today, [BUDGET]), rows


def _executed(source: Source) -> dict[str, Any]:
    namespace = WORDS | source.namespace
    exec(compile(source.source, "<cql>", "exec"), namespace)
    return namespace
