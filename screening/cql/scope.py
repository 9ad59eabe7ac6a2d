"""What names mean where an expression stands."""

from __future__ import annotations

from dataclasses import dataclass

from screening.cql.errors import CqlError
from screening.cql.tree import Node
from screening.cql.types import Type


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
