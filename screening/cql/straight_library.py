"""A whole library in straight-line code: one function, in which nothing looks after failures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import itemgetter

from screening.cql.check import Checker
from screening.cql.dates import Date, DateTime
from screening.cql.emit_straight import StraightSource
from screening.cql.layout import lay_out, reads_today
from screening.cql.one_answer import asked_of, values_named
from screening.cql.outcome import CHUNK, QuickRows
from screening.cql.quantities import Quantity
from screening.cql.straight import Straight
from screening.cql.tree import Node
from screening.cql.types import ListType, TupleType, Type
from screening.cql.values import PYTHON_TYPES


@dataclass(frozen=True)
class Written:
    """What was generated: how to read what `_quick` gives, and the nodes of a trace in its order.

    `order` gives their places when they are counted definition by definition.
    """

    rows: QuickRows
    traced: tuple[tuple[str, Node], ...]
    order: tuple[int, ...]


def write_straight(checker: Checker, source: StraightSource) -> Written:
    """Adds `_quick`, a function of the parameters that `_take` gives, day and budget."""
    library = checker.library
    source.in_functions = True
    known = lay_out(checker, source)
    source.in_functions = False
    functions = {name: library.functions[name] for name in checker.order if name in library.functions}
    straight = Straight(source, known.names, known.extras, functions)
    varying = {
        name: part.expression for name, part in library.definitions.items() if name not in known.constants
    }
    asked = asked_of(varying, known.reads, library.parameters)
    of_groups = {name for group in asked.values() for name in group}
    coded: list[Node] = []
    nodes: dict[str, list[Node]] = {}
    for parameter, group in asked.items():
        nodes |= _table(straight, parameter, library.parameters[parameter], {n: varying[n] for n in group})
        coded += [node for name in group for node in nodes[name]]
    _take(source, known.names, library.parameters)
    operands: dict[int, str] = {}
    with source.block("def _quick(_given, _today, _budget):"):
        source.add("_left = _budget[0]")
        if reads_today(library):
            source.add("_today = _day(_today)")
        _tell(straight, asked, library.parameters)
        others = [name for name in checker.order if name in varying and name not in of_groups]
        wanted = {read for name in (*others, *library.functions) for read in known.reads[name]}
        straight.filled |= _parameters(source, known.names, library.parameters, wanted)
        straight.everywhere |= _told_to_others(source, asked, wanted)
        for name in others:
            straight.traced = []
            straight.everywhere[name] = straight.generate(varying[name])
            nodes[name] = [node for node, _ in straight.traced]
            operands |= {id(node): operand for node, operand in straight.traced}
        verdicts = list(dict.fromkeys(operands.values()))
        values = dict.fromkeys(known.names[name] for name in others if known.names[name] not in verdicts)
        row = [*verdicts, *values, "_told"]
        source.add(f"return {_all(row)}")
    found = {operand: place for place, operand in enumerate(row)}
    codes = {node: found[operand] for node, operand in operands.items()}
    codes |= {id(node): len(verdicts) + place for place, node in enumerate(coded)}
    places = {name: found[known.names[name]] for name in others}
    told = {
        name: (group, place)
        for group, names in enumerate(asked.values())
        for place, name in enumerate(names, start=1)
    }
    fixed = {name: straight.constant_value(known.names[name]) for name in known.constants}
    traced = [(name, node, codes[id(node)]) for name in varying for node in nodes[name]]
    return _written(traced, QuickRows(places, fixed, told, len(verdicts), ()))


def _written(traced: list[tuple[str, Node, int]], rows: QuickRows) -> Written:
    """Nodes whose codes stand in one chunk stand together in the trace."""
    order = sorted(range(len(traced)), key=lambda place: traced[place][2] // CHUNK)
    chunks: dict[int, list[int]] = {}
    for place in order:
        chunk, code = divmod(traced[place][2], CHUNK)
        chunks.setdefault(chunk, []).append(code)
    spread = tuple(bytes(chunks[chunk]) for chunk in sorted(chunks))
    nodes = tuple((traced[place][0], traced[place][1]) for place in order)
    return Written(replace(rows, spread=spread), nodes, tuple(order))


def _table(straight: Straight, parameter: str, type_: Type, group: dict[str, Node]) -> dict[str, list[Node]]:
    """Adds what a group says for every value of its parameter; gives the nodes of each definition."""
    source, variable = straight.source, straight.everywhere[parameter]
    traces: dict[str, list[tuple[Node, str]]] = {}
    with source.block(f"def _of{variable}({variable}):"):
        values = []
        for name, expression in group.items():
            straight.traced = traces[name] = []
            values.append(straight.generate(expression))
        codes = _all(operand for trace in traces.values() for _, operand in trace)
        source.add(f"return {_all([f'_coded({codes})', *values])}")
    named, other = values_named(group.values(), type_)
    source.add(f"_said{variable} = {{_n: _of{variable}(_n) for _n in {source.constant(tuple(named))}}}")
    source.add(f"_else{variable} = _of{variable}({source.constant(other)})")
    return {name: [node for node, _ in trace] for name, trace in traces.items()}


def _tell(straight: Straight, asked: dict[str, list[str]], types: dict[str, Type]) -> None:
    """What the tables say, all of them in one breath: a tuple for each parameter, its codes first."""
    source = straight.source
    if not asked:
        source.add("_told = ()")
        return
    variables = [straight.everywhere[name] for name in asked]
    start = source.lines.index("def _quick(_given, _today, _budget):")
    source.lines[start:start] = [
        f"_said = {_all(f'_said{variable}' for variable in variables)}",
        f"_else = {_all(f'_else{variable}' for variable in variables)}",
    ]
    places = list(map(list(types).index, asked))
    if places == list(range(len(types))):
        given = "_given"
    elif len(places) > 1:
        given = f"{source.constant(itemgetter(*places))}(_given)"
    else:
        given = f"(_given[{places[0]}],)"
    source.add(f"_told = (*map(_get, _said, {given}, _else),)")


def _told_to_others(source: StraightSource, asked: dict[str, list[str]], wanted: set[str]) -> dict[str, str]:
    """Names for what other definitions read out of the tables."""
    return {
        name: source.begin(f"_told[{group}][{place}]")
        for group, names in enumerate(asked.values())
        for place, name in enumerate(names, start=1)
        if name in wanted
    }


def _take(source: StraightSource, names: dict[str, str], types: dict[str, Type]) -> None:
    """Adds `_take`: all parameters as they were declared. What is not exactly of its type fails.

    A value of the right Python type is taken as it is, a list as a copy.
    """
    with source.block("def _take(_in):"):
        source.add(f"{_all(names[name] for name in types)} = map(_in.get, {source.constant(tuple(types))})")
        for name, type_ in types.items():
            with source.block(f"if {names[name]} is not None:"):
                _checked(source, names[name], type_)
        source.add(f"return {_all(names[name] for name in types)}")


def _all(operands: Iterable[str]) -> str:
    return f"({''.join(f'{operand}, ' for operand in operands)})"


def _parameters(
    source: StraightSource, names: dict[str, str], types: dict[str, Type], wanted: set[str]
) -> set[str]:
    """The parameters that are read as variables. Gives the names of the lists that hold no null."""
    if not wanted.isdisjoint(types):
        source.add(f"{_all(names[name] for name in types)} = _given")
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
