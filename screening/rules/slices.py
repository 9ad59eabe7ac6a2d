"""A part of a library that gives the same values as the whole, for asking one definition very often."""

from __future__ import annotations

from functools import lru_cache

from screening.cql import Library, Program, parse_library
from screening.cql.references import direct_references
from screening.cql.tree import copied


@lru_cache(maxsize=512)
def only(text: str, names: tuple[str, ...]) -> Program:
    """The program of these definitions and of everything they need."""
    whole, references = _read(text)
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += references.get(name, ())
    return Program(
        Library(
            whole.name,
            whole.version,
            {name: type_ for name, type_ in whole.parameters.items() if name in wanted},
            {name: copied(part) for name, part in whole.definitions.items() if name in wanted},
            {name: copied(part) for name, part in whole.functions.items() if name in wanted},
        )
    )


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Library, dict[str, frozenset[str]]]:
    """The library, and what each name in it mentions."""
    library = parse_library(text)
    return library, direct_references(library)
