"""Which names an expression reads, and the order in which definitions can be computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from screening.cql.errors import CqlError
from screening.cql.tree import Call, Definition, FunctionDefinition, Library, Node, Query, Reference


def free_names(node: Node, bound: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names in an expression that no alias or operand inside it explains."""
    if isinstance(node, Reference) and node.name not in bound:
        yield node.name
    if isinstance(node, Call):
        yield node.name
    if not isinstance(node, Query):
        for child in node.children:
            yield from free_names(child, bound)
        return
    yield from free_names(node.source, bound)
    inner = bound.union(node.aliases)
    for part in (node.where, node.returning):
        if part is not None:
            yield from free_names(part, inner)
    if node.aggregate is not None:
        if node.aggregate.starting is not None:
            yield from free_names(node.aggregate.starting, bound)
        yield from free_names(node.aggregate.expression, inner | {node.aggregate.name})
    for item in node.sort:
        yield from free_names(item, bound)


Declared = Definition | FunctionDefinition


def direct_references(library: Library) -> dict[str, frozenset[str]]:
    """For each definition and function, the names it mentions itself."""
    declared: dict[str, Declared] = {**library.definitions, **library.functions}
    return {
        name: frozenset(free_names(item.expression, frozenset(getattr(item, "operands", ()))))
        for name, item in declared.items()
    }


def in_order(library: Library, references: dict[str, frozenset[str]]) -> list[str]:
    """Definitions and functions, each after everything it mentions. A circle is refused with its path.

    Written with a stack of its own, since a chain of definitions may be thousands long.
    """
    declared: dict[str, Declared] = {**library.definitions, **library.functions}
    order: list[str] = []
    finished: set[str] = set()
    for start in declared:
        path: dict[str, Iterator[str]] = {}
        if start not in finished:
            path[start] = iter(sorted(references[start]))
        while path:
            current = next(reversed(path))
            following = next(path[current], None)
            if following is None:
                path.popitem()
                finished.add(current)
                order.append(current)
            elif following in path:
                raise _circle(declared[following], [*path][[*path].index(following) :])
            elif following in declared and following not in finished:
                path[following] = iter(sorted(references[following]))
    return order


def _circle(item: Declared, names: list[str]) -> CqlError:
    shown = names if len(names) < 6 else [*names[:3], "…", names[-1]]
    way = " → ".join([*shown, names[0]])
    return CqlError(
        f"{names[0]} refers to itself: {way}.",
        line=item.line,
        column=item.column,
        construct="circular definition",
        suggestion="Take one of these references out.",
    )


def parameters_read(
    library: Library, references: dict[str, frozenset[str]], order: list[str]
) -> dict[str, int]:
    """For each definition and function the parameters it reads, also through others.

    One bit of a number for each, in the order of declaration: a chain of thousands of definitions that read
    thousands of parameters would not fit as sets.
    """
    places = {name: 1 << place for place, name in enumerate(library.parameters)}
    read: dict[str, int] = {}
    for name in order:
        read[name] = 0
        for other in references[name]:
            read[name] |= places.get(other, 0) | read.get(other, 0)
    return read


def of_bits(bits: int, names: Iterable[str]) -> frozenset[str]:
    """The names whose bits are set."""
    every, found = tuple(names), []
    while bits:
        place = bits.bit_length() - 1
        found.append(every[place])
        bits ^= 1 << place
    return frozenset(found)
