"""A part of a library that gives the same values as the whole, for asking one definition very often."""

from __future__ import annotations

from functools import lru_cache

from screening.cql import Library, Program, parse_library
from screening.cql.references import direct_references
from screening.cql.tree import Definition, FunctionDefinition, Literal, Node, copied

# Where a thing stands in a text, and what checking found out about it.
_NOT_SAID = {"line", "column", "depth", "bracketed", "type"}


@lru_cache(maxsize=512)
def only(text: str, names: tuple[str, ...]) -> Program:
    """The program of these definitions and of everything they need."""
    whole, declared = _needed(text, names)
    return Program(
        Library(
            whole.name,
            whole.version,
            {name: whole.parameters[name] for name in declared if name in whole.parameters},
            {name: copied(whole.definitions[name]) for name in declared if name in whole.definitions},
            {name: copied(whole.functions[name]) for name in declared if name in whole.functions},
        )
    )


def said_by_all(text: str, names: tuple[str, ...]) -> object:
    """What these definitions and everything they need say: the same however it is laid out.

    The columns of a table have no order, as a database gives them back in one of its own.
    """
    whole, declared = _needed(text, names)
    parts = (whole.parameters, whole.definitions, whole.functions)
    return tuple((name, _said(part[name])) for name in declared for part in parts if name in part)


def literals_in(text: str, names: tuple[str, ...]) -> set[object]:
    """The values written in these definitions and in everything they need."""
    whole, declared = _needed(text, names)
    written = [
        part[name] for part in (whole.definitions, whole.functions) for name in declared if name in part
    ]
    return {node.value for tree in written for node in tree.walk() if isinstance(node, Literal)}


def _said(value: object) -> object:
    if isinstance(value, Node | Definition | FunctionDefinition):
        said = [(name, _said(part)) for name, part in value.__dict__.items() if name not in _NOT_SAID]
        return type(value), tuple(said)
    if isinstance(value, list | tuple):
        return tuple(map(_said, value))
    if isinstance(value, dict):
        return tuple((name, _said(value[name])) for name in sorted(value))
    return type(value), repr(value)


def _needed(text: str, names: tuple[str, ...]) -> tuple[Library, list[str]]:
    """The whole library, and these names with all that they need, in the order of the text."""
    whole, references, places = _read(text)
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += references.get(name, ())
    return whole, sorted(wanted & places.keys(), key=places.__getitem__)


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Library, dict[str, frozenset[str]], dict[str, int]]:
    """The library, what each name in it mentions, and the order in which they are declared."""
    library = parse_library(text)
    names = (*library.parameters, *library.definitions, *library.functions)
    return library, direct_references(library), {name: place for place, name in enumerate(names)}
