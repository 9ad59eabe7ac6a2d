"""A part of a library that gives the same values as the whole, for asking one definition very often."""

from __future__ import annotations

from functools import lru_cache

from screening.cql import Library, Program, parse_library
from screening.cql.references import direct_references
from screening.cql.tree import copied


@lru_cache(maxsize=512)
def only(text: str, names: tuple[str, ...]) -> Program:
    """The program of these definitions and of everything they need."""
    whole, references, places = _read(text)
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += references.get(name, ())
    declared = sorted(wanted & places.keys(), key=places.__getitem__)
    return Program(
        Library(
            whole.name,
            whole.version,
            {name: whole.parameters[name] for name in declared if name in whole.parameters},
            {name: copied(whole.definitions[name]) for name in declared if name in whole.definitions},
            {name: copied(whole.functions[name]) for name in declared if name in whole.functions},
        )
    )


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Library, dict[str, frozenset[str]], dict[str, int]]:
    """The library, what each name in it mentions, and the order in which they are declared."""
    library = parse_library(text)
    names = (*library.parameters, *library.definitions, *library.functions)
    return library, direct_references(library), {name: place for place, name in enumerate(names)}
