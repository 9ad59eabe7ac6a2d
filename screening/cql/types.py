"""The types of the subset. `str(type)` is the type as CQL writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from screening.cql.words import quote_if_needed

if TYPE_CHECKING:
    from collections.abc import Iterator


class Type:
    """Base of all types, so that signatures can say `Type`.

    `size` counts the types it is made of, `depth` the lists and tuples around the innermost. Both are known
    when a type is made: one whose parts are shared may be far too large to be walked through.
    """

    __slots__ = ()
    size = 1
    depth = 0


@dataclass(frozen=True, slots=True)
class SimpleType(Type):
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class UncertainType(Type):
    """An Integer of which only the bounds may be known. The author sees an Integer."""

    def __str__(self) -> str:
        return "Integer"


@dataclass(frozen=True, slots=True)
class ListType(Type):
    element: Type
    size: int = field(init=False, repr=False, compare=False)
    depth: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", 1 + self.element.size)
        object.__setattr__(self, "depth", 1 + self.element.depth)

    def __str__(self) -> str:
        return f"List<{self.element}>"


@dataclass(frozen=True, slots=True)
class IntervalType(Type):
    """Exists only to the right of `in` and `during`; no value of it can be stored."""

    point: Type

    def __str__(self) -> str:
        return f"Interval<{self.point}>"


class TupleType(Type):
    """Named elements. Their order is kept for printing and means nothing otherwise."""

    __slots__ = ("depth", "fields", "size")
    fields: dict[str, Type]

    def __init__(self, fields: Mapping[str, Type]) -> None:
        self.fields = dict(fields)
        self.size = 1 + sum(field.size for field in self.fields.values())
        self.depth = 1 + max((field.depth for field in self.fields.values()), default=0)

    def __iter__(self) -> Iterator[tuple[str, Type]]:
        return iter(self.fields.items())

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, TupleType) and other.fields == self.fields)

    def __hash__(self) -> int:
        return hash(frozenset(self.fields.items()))

    def __str__(self) -> str:
        return "Tuple{" + ", ".join(f"{quote_if_needed(name)} {type_}" for name, type_ in self) + "}"

    def __repr__(self) -> str:
        return f"TupleType({self.fields!r})"


BOOLEAN = SimpleType("Boolean")
INTEGER = SimpleType("Integer")
DECIMAL = SimpleType("Decimal")
STRING = SimpleType("String")
DATE = SimpleType("Date")
DATETIME = SimpleType("DateTime")
QUANTITY = SimpleType("Quantity")
ANY = SimpleType("Any")
UNCERTAIN = UncertainType()
NAMED_TYPES: dict[str, Type] = {
    type_.name: type_ for type_ in (BOOLEAN, INTEGER, DECIMAL, STRING, DATE, DATETIME, QUANTITY, ANY)
}


def conversion_cost(source: Type, target: Type) -> int | None:
    """How far `source` is from being usable as `target`; None when it never is.

    Null has the type Any and fits everywhere; otherwise only the conversions of the specification
    count: Integer to Decimal, Date to DateTime, and the same inside lists and tuples.
    """
    if source == target:
        return 0
    if target == ANY or source == ANY:
        return 1
    if source == UNCERTAIN:
        return 5 if target == INTEGER else 6 if target == DECIMAL else None
    if target == UNCERTAIN:
        return 1 if source == INTEGER else None
    if (source, target) in ((INTEGER, DECIMAL), (DATE, DATETIME)):
        return 2
    if isinstance(source, ListType) and isinstance(target, ListType):
        return conversion_cost(source.element, target.element)
    if isinstance(source, IntervalType) and isinstance(target, IntervalType):
        return conversion_cost(source.point, target.point)
    if isinstance(source, TupleType) and isinstance(target, TupleType):
        if source.fields.keys() != target.fields.keys():
            return None
        costs = [conversion_cost(type_, target.fields[name]) for name, type_ in source]
        return None if None in costs else max((cost for cost in costs if cost), default=0)
    return None


def common_type(first: Type, second: Type) -> Type | None:
    """The narrowest type that both fit, or None. Any is null's type, so it gives way to the other."""
    if first == second or second == ANY:
        return first
    if first == ANY:
        return second
    if isinstance(first, ListType) and isinstance(second, ListType):
        element = common_type(first.element, second.element)
        return None if element is None else ListType(element)
    if isinstance(first, TupleType) and isinstance(second, TupleType):
        if first.fields.keys() != second.fields.keys():
            return None
        merged = {name: common_type(type_, second.fields[name]) for name, type_ in first}
        return None if None in merged.values() else TupleType({n: t for n, t in merged.items() if t})
    if {first, second} == {INTEGER, UNCERTAIN}:
        return UNCERTAIN
    for target, other in ((first, second), (second, first)):
        if conversion_cost(other, target) is not None:
            return target
    return None


def certain(type_: Type) -> Type:
    """The type as other code may see it, without internal uncertainty."""
    return INTEGER if type_ == UNCERTAIN else type_


def lists_in(type_: Type) -> tuple[str, ...]:
    """The elements of a tuple that are lists."""
    fields = type_.fields if isinstance(type_, TupleType) else {}
    return tuple(name for name, field in fields.items() if isinstance(field, ListType))


def holds_lists(type_: Type) -> bool:
    """Can there be a list in it, so that handling one value may cost more than one step?"""
    if isinstance(type_, TupleType):
        return any(holds_lists(field) for field in type_.fields.values())
    return isinstance(type_, ListType) or type_ == ANY
