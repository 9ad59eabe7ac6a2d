"""What every part of the tree builder needs: places, names and the bound on depth."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from lark import Token, Transformer_NonRecursive, Tree

from screening.cql.errors import CqlError
from screening.cql.lexer import unquote
from screening.cql.tree import Node

DEPTH_LIMIT = 64
_MEANINGFUL = frozenset(("NAME", "QUOTED", "STRING", "NUMBER", "DATE_LITERAL", "KEYWORD_NAME"))
# Rules of which every word means something; a word they pass on is wrapped, or it would be dropped later.
_CLOSING = ("interval_open", "interval_close", "not_word", "truth_word", "direction")
_ALL_WORDS = frozenset((*_CLOSING, "component", "member", "precision", "periods", "unit"))
_DECLARATIONS = frozenset(("parameter", "definition", "function"))

Children = list[Any]  # Lark hands over tokens, nodes and types alike
AnyNode = TypeVar("AnyNode", bound=Node)


class Place(NamedTuple):
    """Where a construct begins."""

    line: int = 1
    column: int = 1
    offset: int = 0


class BuildPlaces(Transformer_NonRecursive):  # type: ignore[type-arg]
    """Calls the builder's methods with a place and the children that mean something.

    Lark can work out places itself, but does it for every level of precedence an operand passes
    through; asking the first child costs half as much.
    """

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length
        self.starts: list[Place] = []

    def _call_userfunc(self, tree: Tree[Any], new_children: Children | None = None) -> Any:
        children = tree.children if new_children is None else new_children
        place, name = _start(children), str(tree.data)
        if name in _DECLARATIONS:
            self.starts.append(place)
        if name not in _ALL_WORDS and not name.endswith("_operator"):
            children = [
                child for child in children if not isinstance(child, Token) or child.type in _MEANINGFUL
            ]
        return getattr(self, name)(place, children)

    def node(self, at: Place, node: AnyNode) -> AnyNode:
        """Give a node its place and its depth."""
        node.line, node.column = at.line, at.column
        node.depth = self.bounded(at, 1 + max((child.depth for child in node.children), default=0))
        return node

    def bounded(self, at: Place, depth: int) -> int:
        if depth > DEPTH_LIMIT:
            raise refuse(
                at,
                f"This is nested more than {DEPTH_LIMIT} levels deep.",
                "depth",
                "Move an inner part into a definition of its own.",
            )
        return depth


def _start(children: Children) -> Place:
    first = children[0] if children else None
    while isinstance(first, tuple) and first:
        first = first[0]
    if isinstance(first, Token):
        return Place(first.line or 1, first.column or 1, first.start_pos or 0)
    return Place(first.line, first.column) if isinstance(first, Node) else Place()


def refuse(at: Place | Node, message: str, construct: str, suggestion: str = "") -> CqlError:
    """The refusal of a construct, at its place."""
    return CqlError(message, line=at.line, column=at.column, construct=construct, suggestion=suggestion)


def name_of(token: Token) -> str:
    """The name that a plain, quoted or keyword token stands for."""
    return unquote(token) if token.type == "QUOTED" else str(token)


def nodes_in(children: Children) -> list[Node]:
    """The nodes among the children; an empty list leaves a None behind."""
    return [child for child in children if child is not None]
