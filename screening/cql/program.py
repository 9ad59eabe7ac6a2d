"""A compiled library and what evaluating it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from screening.cql.check import check_expression, check_library
from screening.cql.compile import Compiled, Errors, Taken
from screening.cql.errors import CqlError, EvaluationFailure
from screening.cql.outcome import QuickRows, Row, Rows
from screening.cql.parser import parse_expression, parse_library, parse_type
from screening.cql.quantities import Uncertainty
from screening.cql.references import of_bits, parameters_read
from screening.cql.running import QUICK_BUDGET
from screening.cql.tree import Library, Node
from screening.cql.types import Type, certain
from screening.cql.values import Accepted, hand_out

ENGINE_VERSION = "1.0"
Pick = Callable[[Taken], Taken]


class Evaluation:
    """The values of all definitions for one set of parameters."""

    __slots__ = ("_row", "_rows", "errors")

    def __init__(self, rows: Rows, row: Row, errors: Errors) -> None:
        self._rows = rows
        self._row = row
        self.errors = errors

    def __getitem__(self, name: str) -> Any:
        """The value of a definition. Null, and also what is only known within bounds, is None."""
        value = self._rows.value(self._row, name)
        return value if value is None or value is True or value is False else self._told(name, value)

    def values(self, names: tuple[str, ...]) -> list[Any]:
        """Of many definitions at once, each as above."""
        return [
            value if value is None or value is True or value is False else self._told(name, value)
            for name, value in zip(names, self._rows.values(self._row, names), strict=True)
        ]

    def _told(self, name: str, value: Any) -> Any:
        """One that cannot be written out is null and an error, as if it could not be computed."""
        try:
            return hand_out(value)
        except EvaluationFailure as problem:
            self.errors = {**self.errors, name: str(problem)}
            return None

    def bounds(self, name: str) -> tuple[int, int] | None:
        """The least and greatest possible value of a number that is only known within bounds."""
        value = self._rows.value(self._row, name)
        return (value.low, value.high) if isinstance(value, Uncertainty) else None

    @property
    def was_quick(self) -> bool:
        """Whether the quick way sufficed: nothing failed, and it did not take long."""
        return isinstance(self._rows, QuickRows)

    @property
    def trace(self) -> bytes:
        """One verdict code for each node of `Program.traced`.

        0 is false, 1 true, 2 null, 3 error, 4 not reached. Made when asked for, since most
        evaluations are looked at for their results only.
        """
        return self._rows.trace(self._row)


class Program:
    """A library, checked and compiled. It holds no state between evaluations; the tree becomes its own."""

    def __init__(self, library: Library) -> None:
        checker = check_library(library)
        compiled = Compiled(checker)
        self.name = library.name
        self.version = library.version
        self.parameters: dict[str, Type] = dict(library.parameters)
        self.definitions: tuple[str, ...] = tuple(library.definitions)
        self.types: dict[str, Type] = {
            name: certain(definition.type) for name, definition in library.definitions.items()
        }
        self.traced: tuple[tuple[str, Node], ...] = compiled.written.traced
        self.source = compiled.source
        self.functions = library.functions
        self._library = library
        self._reads = parameters_read(library, checker.references, checker.order)
        self._run, self._take = compiled.run, compiled.take
        self._picks: tuple[Mapping[str, Type], Pick | None] = (self.parameters, self._pick(self.parameters))

    def accept(self, parameters: Mapping[str, object]) -> Mapping[str, Any]:
        """The parameters, looked at once for many evaluations, here or in a program that declares the same.

        What does not fit its declared type stays as it is and is an error wherever it is evaluated.
        """
        try:
            return Accepted(self.parameters, self._take(parameters))
        except Exception:  # noqa: BLE001 - a misfit, or a value that only the careful way takes
            return parameters

    def _pick(self, types: Mapping[str, Type]) -> Pick | None:
        """Our parameters out of a row of those, or None where they are not declared as here."""
        if any(types.get(name) != type_ for name, type_ in self.parameters.items()):
            return None
        places = list(map(list(types).index, self.parameters))
        return itemgetter(*places) if len(places) > 1 else lambda row: tuple(row[place] for place in places)

    def evaluate(
        self, parameters: Mapping[str, object], *, today: dt.date, budget: int = QUICK_BUDGET
    ) -> Evaluation:
        """Every definition's value. A parameter that is missing is null; one that is unknown is ignored.

        `budget` is what the quick way may spend (see `Compiled.run`).
        """
        taken = None
        if type(parameters) is Accepted:
            types, pick = self._picks
            if parameters.types is not types:
                self._picks = _, pick = parameters.types, self._pick(parameters.types)
            taken = pick and pick(parameters.row)
        row, errors, rows = self._run(parameters, today, taken, budget)
        if errors:
            errors = {name: errors[name] for name in self.definitions if name in errors}
        return Evaluation(rows, row, errors)

    def evaluate_row(self, row: Taken, *, today: dt.date) -> Evaluation:
        """The same of values as `accept` gives them: one for each parameter, in the order of declaration."""
        found, errors, rows = self._run(None, today, row)
        return Evaluation(rows, found, errors)

    def references(self, name: str) -> frozenset[str]:
        """The parameters that a definition reads, itself or through others."""
        if name not in self.types:
            raise KeyError(name)
        return of_bits(self._reads[name], self.parameters)

    def tree(self, name: str) -> Node:
        """The checked expression of a definition."""
        return self._library.definitions[name].expression


def type_of(text: str, parameters: Mapping[str, Type] | None = None) -> Type:
    """The type that a text names, or the type of the expression that it is.

    `List<String>` names one; `Count(trials) + 1` has one, given the parameters it reads.
    """
    try:
        return parse_type(text)
    except CqlError:
        return certain(check_expression(parse_expression(text), parameters or {}).type)


def compile_library(text: str) -> Program:
    """Parse, check and compile; a CqlError names the place of what is wrong."""
    return Program(parse_library(text))
