"""Values crossing a border: from a caller into an evaluation and back, and from one type to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from screening.cql.dates import Date, DateTime
from screening.cql.errors import EvaluationFailure
from screening.cql.quantities import Quantity, Uncertainty
from screening.cql.runtime.conversions import date_to_date_time, integer_to_decimal
from screening.cql.runtime.lists import LENGTH_LIMIT
from screening.cql.runtime.numbers import as_decimal, as_integer
from screening.cql.runtime.uncertain import certain
from screening.cql.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    INTEGER,
    QUANTITY,
    STRING,
    UNCERTAIN,
    ListType,
    TupleType,
    Type,
)

PYTHON_TYPES: dict[Type, type] = {
    BOOLEAN: bool,
    INTEGER: int,
    DECIMAL: Decimal,
    STRING: str,
    DATE: Date,
    DATETIME: DateTime,
    QUANTITY: Quantity,
}
Converter = Callable[[Any], Any]


class Accepted(dict[str, Any]):
    """Parameters that are known to be exactly of these types. Nobody may change them.

    `row` has the values in the order in which they are declared.
    """

    __slots__ = ("row", "types")

    def __init__(self, types: Mapping[str, Type], row: tuple[Any, ...]) -> None:
        super().__init__(zip(types, row, strict=True))
        self.types = types
        self.row = row


def accept(value: Any, type_: Type) -> Any:
    """A caller's value as a value of the declared type. What does not fit is an EvaluationFailure."""
    if value is None:
        return None
    if type_ == ANY:
        return _accept_any(value)
    if isinstance(type_, ListType) and isinstance(value, list | tuple):
        if type_.element == STRING and all(type(item) is str for item in value):
            return list(value)
        return [accept(item, type_.element) for item in value]
    if isinstance(type_, TupleType) and isinstance(value, Mapping):
        return {name: accept(value.get(name), field) for name, field in type_}
    accepted = _accept_simple(value, type_)
    if accepted is None:
        raise EvaluationFailure(f"{type_} was expected, not {type(value).__name__} {str(value)[:40]!r}.")
    return accepted


def _accept_any(value: Any) -> Any:
    """Without a declared type the Python type decides."""
    if isinstance(value, list | tuple):
        return [accept(item, ANY) for item in value]
    if isinstance(value, Mapping):
        return {str(name): accept(item, ANY) for name, item in value.items()}
    if isinstance(value, dt.date):
        return Date.of(value)
    for type_, python_type in PYTHON_TYPES.items():
        if type(value) is python_type:
            return accept(value, type_)
    raise EvaluationFailure(f"A {type(value).__name__} is no value of the language.")


def _accept_simple(value: Any, type_: Type) -> Any:
    if type_ == INTEGER and type(value) is int:
        return as_integer(value)
    if type_ == DECIMAL and type(value) is Decimal:
        return as_decimal(value)
    if type(value) is PYTHON_TYPES.get(type_):
        return value
    if type_ == DECIMAL and isinstance(value, int | float) and not isinstance(value, bool):
        return as_decimal(Decimal(str(value)))
    if type_ == DATE and isinstance(value, dt.date):
        return Date.of(value)
    if type_ == STRING and isinstance(value, str):
        return str(value)
    return None


def hand_out(value: Any, room: list[int] | None = None) -> Any:
    """A value for the caller: lists as tuples, so that no one can change what a program holds.

    A list may hold one other list very many times, which is small here and written out is not: what has more
    elements than any list may have is an EvaluationFailure.
    """
    if not isinstance(value, list | dict):
        return None if isinstance(value, Uncertainty) else value
    room = [LENGTH_LIMIT] if room is None else room
    if isinstance(value, dict):
        return {name: hand_out(item, room) for name, item in value.items()}
    room[0] -= len(value)
    if room[0] < 0:
        raise EvaluationFailure("Written out, this has more than a million elements.")
    return tuple([hand_out(item, room) for item in value])


def fits(value: Any, type_: Type) -> bool:
    """Is the value of this type? Null is of none."""
    if value is None:
        return False
    if isinstance(type_, ListType):
        return isinstance(value, list) and all(item is None or fits(item, type_.element) for item in value)
    if isinstance(type_, TupleType):
        if not isinstance(value, dict) or value.keys() != type_.fields.keys():
            return False
        return all(value[name] is None or fits(value[name], field) for name, field in type_)
    return type_ == ANY or type(value) is PYTHON_TYPES[type_]


def cast(type_: Type, *, strict: bool) -> Converter:
    """`as` and `cast`: the value itself if it is of the type, otherwise null or a failure."""

    def check(value: Any) -> Any:
        if value is None or fits(value, type_):
            return value
        if strict:
            raise EvaluationFailure(f"A value is not of the type {type_}.")
        return None

    return check


def converter(source: Type, target: Type) -> Converter | None:
    """The silent conversion between two types; None where the value stays as it is."""
    if source == target or target in (ANY, UNCERTAIN):
        return None
    if source == ANY:
        return cast(target, strict=True)
    if source == UNCERTAIN:
        return certain if target == INTEGER else lambda value: integer_to_decimal(certain(value))
    if isinstance(source, ListType) and isinstance(target, ListType):
        return _list_converter(converter(source.element, target.element))
    if isinstance(source, TupleType) and isinstance(target, TupleType):
        return _tuple_converter({name: converter(field, target.fields[name]) for name, field in source})
    return integer_to_decimal if target == DECIMAL else date_to_date_time


def _list_converter(inner: Converter | None) -> Converter | None:
    if inner is None:
        return None
    return lambda value: None if value is None else [inner(item) for item in value]


def _tuple_converter(fields: dict[str, Converter | None]) -> Converter | None:
    changed = {name: inner for name, inner in fields.items() if inner is not None}
    if not changed:
        return None
    return lambda value: (
        None if value is None else value | {name: inner(value[name]) for name, inner in changed.items()}
    )
