"""A compiled library and what evaluating it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import chain
from typing import Any

from screening.cql.check import check_expression, check_library
from screening.cql.compile import (
    BUDGET,
    ERROR,
    FALSE,
    NULL,
    TRUE,
    UNREACHED,
    UNREACHED_MARK,
    compile_checked,
)
from screening.cql.errors import CqlError
from screening.cql.parser import parse_expression, parse_library, parse_type
from screening.cql.quantities import Uncertainty
from screening.cql.references import parameters_read
from screening.cql.tree import Library, Node
from screening.cql.types import Type, certain
from screening.cql.values import hand_out

ENGINE_VERSION = "1.0"

_CODES: dict[object, int] = {False: FALSE, True: TRUE, None: NULL, ERROR: ERROR, UNREACHED_MARK: UNREACHED}


class Evaluation:
    """The values of all definitions for one set of parameters."""

    __slots__ = ("_places", "_values", "_verdicts", "errors")

    def __init__(self, places: dict[str, int], values: Any, errors: dict[str, str], verdicts: Any) -> None:
        self._places = places
        self._values = values
        self._verdicts = verdicts
        self.errors: Mapping[str, str] = errors

    def __getitem__(self, name: str) -> Any:
        """The value of a definition. Null, and also what is only known within bounds, is None."""
        return hand_out(self._values[self._places[name]])

    def bounds(self, name: str) -> tuple[int, int] | None:
        """The least and greatest possible value of a number that is only known within bounds."""
        value = self._values[self._places[name]]
        return (value.low, value.high) if isinstance(value, Uncertainty) else None

    @property
    def trace(self) -> bytes:
        """One verdict code for each node of `Program.traced`.

        0 is false, 1 true, 2 null, 3 error, 4 not reached. Made when asked for, since most
        evaluations are looked at for their results only.
        """
        return bytes(map(_CODES.__getitem__, chain.from_iterable(self._verdicts)))


class Program:
    """A library, checked and compiled. It holds no state between evaluations; the tree becomes its own."""

    def __init__(self, library: Library) -> None:
        checker = check_library(library)
        compiled = compile_checked(checker)
        self.name = library.name
        self.version = library.version
        self.parameters: dict[str, Type] = dict(library.parameters)
        self.definitions: tuple[str, ...] = tuple(library.definitions)
        self.types: dict[str, Type] = {
            name: certain(definition.type) for name, definition in library.definitions.items()
        }
        self.traced: tuple[tuple[str, Node], ...] = compiled.traced
        self.source = compiled.source
        self.functions = library.functions
        self._library = library
        self._reads = parameters_read(library, checker.references, checker.order)
        self._places = {name: place for place, name in enumerate(self.definitions)}
        self._run = compiled.run

    def evaluate(self, parameters: Mapping[str, object], *, today: dt.date) -> Evaluation:
        """Every definition's value. A parameter that is missing is null; one that is unknown is ignored."""
        values, errors, verdicts = self._run(parameters, today, [BUDGET])
        errors = {name: errors[name] for name in self.definitions if name in errors} if errors else errors
        return Evaluation(self._places, values, errors, verdicts)

    def references(self, name: str) -> frozenset[str]:
        """The parameters that a definition reads, itself or through others."""
        if name not in self._places:
            raise KeyError(name)
        return self._reads[name]

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
