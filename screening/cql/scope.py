"""What names mean where an expression stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from screening.cql.errors import CqlError
from screening.cql.tree import Node
from screening.cql.types import Type

# Comparing two names costs the square of their lengths.
LONGEST_COMPARED, MOST_COMPARED = 64, 1000


@dataclass(frozen=True)
class Scope:
    """Local names with their kind and type, and how many queries surround the place."""

    names: dict[str, tuple[str, Type]]
    queries: int = 0

    def within(self, names: dict[str, tuple[str, Type]]) -> Scope:
        return Scope({**self.names, **names}, self.queries + 1)


def refuse(node: Node, message: str, construct: str, suggestion: str = "") -> CqlError:
    """The refusal of a node, at its place."""
    return CqlError(message, line=node.line, column=node.column, construct=construct, suggestion=suggestion)


def close_to(name: str, known: Iterable[str]) -> str:
    """The name that somebody may have meant, or nothing."""
    if len(name) > LONGEST_COMPARED:
        return ""
    short = (each for each in known if len(each) <= LONGEST_COMPARED)
    return next(iter(get_close_matches(name, islice(short, MOST_COMPARED), n=1)), "")
