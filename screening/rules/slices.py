"""A part of a library that gives the same values as the whole, for asking one definition very often."""

from __future__ import annotations

from functools import lru_cache

from screening.cql import Program, compile_library, parse_library
from screening.cql.references import direct_references
from screening.cql.tree import Library


@lru_cache(maxsize=512)
def only(text: str, names: tuple[str, ...]) -> Program:
    """The program of these definitions and of everything they need."""
    spans = _read(text)[1]
    references = _references(text)
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += references.get(name, ())
    return compile_library("\n".join(span for name, span in spans.items() if name in wanted))


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Library, dict[str, str]]:
    """The library and the stretch of text that declares each name."""
    library = parse_library(text)
    named = [*library.definitions.items(), *library.functions.items()]
    declared = sorted(
        [(node.line, node.column, node.name) for node in library.declarations]
        + [(part.line, part.column, name) for name, part in named]
    )
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    places = [starts[line - 1] + column - 1 for line, column, _ in declared]
    ends = [*places[1:], len(text)]
    names = [name for _, _, name in declared]
    return library, {name: text[start:end] for name, start, end in zip(names, places, ends, strict=True)}


@lru_cache(maxsize=8)
def _references(text: str) -> dict[str, frozenset[str]]:
    return direct_references(_read(text)[0])
