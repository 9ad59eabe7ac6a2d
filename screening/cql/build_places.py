"""What every part of the tree builder needs: places, names and the bound on depth."""

from __future__ import annotations

from typing import Any, TypeVar

from lark import Token, Transformer_NonRecursive
from lark.tree import Meta

from screening.cql.errors import CqlError
from screening.cql.lexer import unquote
from screening.cql.tree import Node

__all__ = ["BuildPlaces", "Children", "Meta", "name_of", "nodes_in", "refuse"]

DEPTH_LIMIT = 64

Children = list[Any]  # Lark hands over tokens, nodes and types alike
AnyNode = TypeVar("AnyNode", bound=Node)


class BuildPlaces(Transformer_NonRecursive):  # type: ignore[type-arg]
    """Gives each node its place and its depth."""

    def node(self, meta: Meta, node: AnyNode) -> AnyNode:
        node.line, node.column = getattr(meta, "line", 1), getattr(meta, "column", 1)
        node.depth = self.bounded(meta, 1 + max((child.depth for child in node.children), default=0))
        return node

    def bounded(self, meta: Meta, depth: int) -> int:
        if depth > DEPTH_LIMIT:
            raise refuse(
                meta,
                f"This is nested more than {DEPTH_LIMIT} levels deep.",
                "depth",
                "Move an inner part into a definition of its own.",
            )
        return depth


def refuse(meta: Meta, message: str, construct: str, suggestion: str = "") -> CqlError:
    """The refusal of a construct, at its place."""
    return CqlError(
        message,
        line=getattr(meta, "line", 1),
        column=getattr(meta, "column", 1),
        construct=construct,
        suggestion=suggestion,
    )


def name_of(token: Token) -> str:
    """The name that a plain, quoted or keyword token stands for."""
    return unquote(token) if token.type == "QUOTED" else str(token)


def nodes_in(children: Children) -> list[Node]:
    """The nodes among the children; an empty list leaves a None behind."""
    return [child for child in children if child is not None]
