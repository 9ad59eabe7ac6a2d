"""What a rule can tell of an answer: all of it, only whether something was answered, or nothing.

Read from the checked trees of its program. Where that is not certain, a rule counts as reading all.
"""

from __future__ import annotations

from collections.abc import Iterator

from screening.cql import ListType, Program
from screening.cql.tree import Node, Operation, Property, Query, Reference
from screening.cql.types import Type

_WHETHER = frozenset({"is null", "is not null", "exists"})
_ONE_OR_HOW_MANY = _WHETHER | {"Count", "First", "Last"}


def _trees(program: Program) -> Iterator[Node]:
    yield from map(program.tree, program.definitions)
    for function in program.functions.values():
        yield function.expression


def read_in_full(program: Program) -> frozenset[str]:
    """The parameters of which anything is read but whether they are null or, for a list, empty."""
    return frozenset(name for tree in _trees(program) for name in _read(tree))


def _read(node: Node) -> Iterator[str]:
    if _is_parameter(node):
        yield node.name  # type: ignore[attr-defined]
    if not (isinstance(node, Operation) and node.name in _WHETHER and _is_parameter(node.operands[0])):
        for child in node.children:
            yield from _read(child)


def _is_parameter(node: Node) -> bool:
    return isinstance(node, Reference) and node.kind == "parameter"


def fields_read(program: Program, group: str) -> frozenset[str] | None:
    """The questions in the entries of a repeating group that are read; None where it may be all of them.

    They are read by name. An entry as a whole may be counted or handed on, but not compared or put together
    with anything.
    """
    type_ = program.parameters[group]
    entry = type_.element if isinstance(type_, ListType) else type_
    whole, names = (entry, ListType(entry)), set[str]()
    for node in (node for tree in _trees(program) for node in tree.walk()):
        if isinstance(node, Property):
            names.add(node.name)
        elif any(child.type in whole for child in node.children) and not _hands_on(node, entry):
            return None
    return frozenset(names)


def _hands_on(node: Node, entry: Type) -> bool:
    if isinstance(node, Query):
        whole = node.returning is not None and node.returning.type == entry
        return not node.sort and not (node.distinct and whole)
    return isinstance(node, Operation) and node.name in _ONE_OR_HOW_MANY
