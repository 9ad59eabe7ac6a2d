"""A whole library in straight-line code: one function, in which nothing looks after failures."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from screening.cql.check import Checker
from screening.cql.dates import Date, DateTime
from screening.cql.emit_straight import StraightSource
from screening.cql.layout import lay_out, reads_today
from screening.cql.quantities import Quantity
from screening.cql.straight import Straight
from screening.cql.tree import Node
from screening.cql.types import ListType, TupleType, Type
from screening.cql.values import PYTHON_TYPES


@dataclass(frozen=True)
class Written:
    """What `_quick` gives: first the verdicts of `traced`, then the values of `others`.

    `places` says where the value of a definition stands, `fixed` has those that are always the same.
    """

    traced: tuple[tuple[str, Node], ...]
    others: list[str]
    places: dict[str, int]
    fixed: dict[str, Any]


def write_straight(checker: Checker, source: StraightSource) -> Written:
    """Adds `_quick`, a function of parameters, whether `_take` gave them, day and budget."""
    library = checker.library
    source.in_functions = True
    layout = lay_out(checker, source)
    source.in_functions = False
    straight = Straight(source, layout.names, layout.extras, library.functions)
    traces: dict[str, list[tuple[Node, str]]] = {}
    _take(source, layout.names, library.parameters)
    with source.block("def _quick(_in, _accepted, _today, _budget):"):
        source.add("_left = _budget[0]")
        if reads_today(library):
            source.add("_today = _day(_today)")
        straight.filled |= _parameters(source, layout.names, library.parameters)
        for name in checker.order:
            if name in library.definitions and name not in layout.constants:
                straight.traced = []
                straight.everywhere[name] = straight.generate(library.definitions[name].expression)
                traces[name] = straight.traced
        told = [(name, *pair) for name in library.definitions for pair in traces.get(name, ())]
        nodes = {id(node): place for place, (_, node, _) in enumerate(told)}
        places = {name: nodes.get(id(part.expression), -1) for name, part in library.definitions.items()}
        others = [name for name, place in places.items() if place < 0 and name not in layout.constants]
        operands = [operand for _, _, operand in told] + [layout.names[name] for name in others]
        source.add(f"return ({''.join(f'{operand}, ' for operand in operands)}), {{}}")
    places |= {name: len(told) + number for number, name in enumerate(others)}
    fixed = {name: straight.constant_value(layout.names[name]) for name in layout.constants}
    return Written(tuple((name, node) for name, node, _ in told), others, places, fixed)


def _take(source: StraightSource, names: dict[str, str], types: dict[str, Type]) -> None:
    """Adds `_take`: all parameters as they were declared. What is not exactly of its type fails.

    A value of the right Python type is taken as it is, a list as a copy.
    """
    with source.block("def _take(_in):"):
        source.add(f"{_all(names, types)} = map(_in.get, {source.constant(tuple(types))})")
        for name, type_ in types.items():
            with source.block(f"if {names[name]} is not None:"):
                _checked(source, names[name], type_)
        source.add(f"return {_all(names, types)}")


def _all(names: dict[str, str], types: dict[str, Type]) -> str:
    return f"({''.join(f'{names[name]}, ' for name in types)})"


def _parameters(source: StraightSource, names: dict[str, str], types: dict[str, Type]) -> set[str]:
    """The parameters as variables. Gives the names of the lists that hold no null."""
    if len(types) > 1:
        read = f"{source.constant(itemgetter(*types))}(_in)"
    else:
        read = f"map(_in.get, {source.constant(tuple(types))})"
    if types:
        source.add(f"{_all(names, types)} = {read} if _accepted else _take(_in)")
    return {names[name] for name, type_ in types.items() if _row(type_)}


def _row(type_: Type) -> dict[str, Type] | None:
    """The fields of a list of tuples if all of them are simple."""
    if not isinstance(type_, ListType) or not isinstance(type_.element, TupleType):
        return None
    fields = type_.element.fields
    return fields if len(fields) > 1 and all(map(_is_simple, fields.values())) else None


def _checked(source: StraightSource, variable: str, type_: Type) -> None:
    """A value that is not null, as a value of its type."""
    if row := _row(type_):
        _rows(source, variable, row)
    elif unusual := _unusual(source, variable, type_):
        source.add(f"if {unusual}: _unusual()")
    else:
        source.add(f"{variable} = _accept({variable}, {source.constant(type_)})")


def _is_simple(type_: Type) -> bool:
    return PYTHON_TYPES.get(type_) in (bool, str, int, Date, DateTime, Quantity)


def _unusual(source: StraightSource, variable: str, type_: Type) -> str | None:
    """A test for a value that is not exactly of the Python type; None where every value is looked at."""
    if not _is_simple(type_):
        return None
    test = f"type({variable}) is not {source.constant(PYTHON_TYPES[type_])}"
    # Python compares whole numbers of this size most quickly.
    return f"{test} or not {1 - 2**30} <= {variable} < {2**30}" if PYTHON_TYPES[type_] is int else test


def _rows(source: StraightSource, variable: str, row: dict[str, Type]) -> None:
    """A list of tuples. A null in it or a missing field makes it a case for `accept`."""
    fields = {name: source.new() for name in row}
    keys, copies, item = source.constant(itemgetter(*fields)), source.begin("[]"), source.new()
    source.add(f"if type({variable}) is not {source.constant(list)}: _unusual()")
    with source.block(f"for {item} in {variable}:"):
        is_row = f"type({item}) is {source.constant(dict)} and len({item}) == {len(fields)}"
        source.add(f"if not ({is_row}): _unusual()")
        source.add(f"{', '.join(fields.values())} = {keys}({item})")
        for name, value in fields.items():
            source.add(f"if {value} is not None and ({_unusual(source, value, row[name])}): _unusual()")
        source.add(f"{copies}.append({{**{item}}})")
    source.add(f"{variable} = {copies}")
