"""A part of a library that gives the same values as the whole, for asking one definition very often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256

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
    said = _read(text).said
    return tuple(said[name] for name in names)


def literals_in(text: str, names: tuple[str, ...]) -> set[object]:
    """The values written in these definitions and in everything they need."""
    _, declared = _needed(text, names)
    written = _read(text).written
    return set().union(*(written[name] for name in declared))


def size_of(text: str, names: tuple[str, ...]) -> int:
    """Of how many parts these definitions and everything they need are made."""
    sizes = _read(text).sizes
    return sum(sizes[name] for name in _needed(text, names)[1])


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
    read = _read(text)
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += read.references.get(name, ())
    return read.library, sorted(wanted & read.places.keys(), key=read.places.__getitem__)


@dataclass(frozen=True)
class _Read:
    """A library, what each name in it mentions, and the order in which they are declared."""

    library: Library
    references: Mapping[str, frozenset[str]]
    places: Mapping[str, int]

    @cached_property
    def said(self) -> Mapping[str, str]:
        """Of each name a mark of what it says and of all that it needs: worked out once for all rules."""
        found: dict[str, str] = {}
        for first in self.places:
            waiting = [first]
            while waiting:
                name = waiting[-1]
                needed = sorted(self.references.get(name, frozenset()) & self.places.keys())
                if missing := [each for each in needed if each not in found]:
                    waiting += missing
                    continue
                waiting.pop()
                said = (name, [_said(part[name]) for part in self._parts if name in part])
                found[name] = sha256(repr((said, [found[each] for each in needed])).encode()).hexdigest()
        return found

    @cached_property
    def written(self) -> Mapping[str, frozenset[object]]:
        """The values written in each definition itself."""
        trees = {**self.library.definitions, **self.library.functions}
        found = {
            name: frozenset(node.value for node in tree.walk() if isinstance(node, Literal))
            for name, tree in trees.items()
        }
        return {name: found.get(name, frozenset()) for name in self.places}

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        trees = {**self.library.definitions, **self.library.functions}
        return {name: sum(1 for _ in trees[name].walk()) if name in trees else 1 for name in self.places}

    @property
    def _parts(self) -> tuple[Mapping[str, object], ...]:
        return self.library.parameters, self.library.definitions, self.library.functions


@lru_cache(maxsize=8)
def _read(text: str) -> _Read:
    library = parse_library(text)
    names = (*library.parameters, *library.definitions, *library.functions)
    return _Read(library, direct_references(library), {name: place for place, name in enumerate(names)})
