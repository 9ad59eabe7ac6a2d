"""What both ways of generating a library begin with: our names, what is constant, what reads what."""

from __future__ import annotations

from dataclasses import dataclass

from screening.cql.check import Checker
from screening.cql.emit import Source
from screening.cql.errors import CqlError
from screening.cql.generate import Generator
from screening.cql.tree import Convert, Library, ListLiteral, Literal, Node, Operation, TupleLiteral

MOST_READ = 500_000  # by all definitions and functions together, what their functions read included


@dataclass(frozen=True)
class Layout:
    """`names` maps what the author calls something to what we call it; `reads` leaves out constants.

    `extras` holds the parameters and definitions that a function needs besides its operands.
    """

    names: dict[str, str]
    constants: set[str]
    reads: dict[str, frozenset[str]]
    extras: dict[str, list[str]]


def lay_out(checker: Checker, source: Source) -> Layout:
    library = checker.library
    names = {name: f"_p{index}" for index, name in enumerate(library.parameters)}
    names |= {name: f"_d{index}" for index, name in enumerate(library.definitions)}
    names |= {name: f"_f{index}" for index, name in enumerate(library.functions)}
    constants = _constants(checker, source, names)
    reads = {name: read - constants for name, read in _values_read(checker).items()}
    extras = {name: sorted(reads[name]) for name in library.functions}
    for name in checker.order:
        if name in library.functions:
            _function(checker, source, names, extras, name)
    return Layout(names, constants, reads, extras)


def reads_today(library: Library) -> bool:
    declared = (*library.definitions.values(), *library.functions.values())
    return any(
        isinstance(node, Operation) and node.symbol == "today" for item in declared for node in item.walk()
    )


def _constants(checker: Checker, source: Source, names: dict[str, str]) -> set[str]:
    """Definitions that say the same whatever was answered, tables above all: known before anything runs."""
    found: set[str] = set()
    for name in checker.order:
        definition = checker.library.definitions.get(name)
        if definition is not None and _is_literal(definition.expression):
            names[name] = Generator(source, names, {}).generate(definition.expression)
            found.add(name)
    return found


def _is_literal(node: Node) -> bool:
    """Made of literals alone, with the conversions that change nothing but what is known of a type."""
    if isinstance(node, Convert):
        is_null = isinstance(node.operand, Literal) and node.operand.value is None
        return (is_null or node.implicit) and _is_literal(node.operand)
    return isinstance(node, Literal | ListLiteral | TupleLiteral) and all(map(_is_literal, node.children))


def _values_read(checker: Checker) -> dict[str, frozenset[str]]:
    """Parameters and definitions that something mentions, itself or in the functions it calls."""
    functions, values = checker.library.functions, {*checker.library.parameters, *checker.library.definitions}
    read: dict[str, frozenset[str]] = {}
    together = 0
    for name in checker.order:
        mine = checker.references[name]
        read[name] = frozenset(mine & values).union(*(read[other] for other in mine & functions.keys()))
        together += len(read[name])
        if together > MOST_READ:
            raise CqlError("Its functions read too much through one another.", construct="size")
    return read


def _function(
    checker: Checker, source: Source, names: dict[str, str], extras: dict[str, list[str]], name: str
) -> None:
    function = checker.library.functions[name]
    operands = {operand: f"_a{index}" for index, operand in enumerate(function.operands)}
    generator = Generator(source, names, extras, operands)
    generator.repeated = 1
    every = ", ".join(["_budget", "_today", *(names[other] for other in extras[name]), *operands.values()])
    with source.block(f"def {names[name]}({every}):"), source.charged("1"):
        source.add(f"return {generator.generate(function.expression)}")
