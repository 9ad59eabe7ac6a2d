"""Definitions that ask one text for certain values and nothing else: most rows of a rule table.

What they say is known beforehand for each value that they name, for null, and for every other text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from screening.cql import tree
from screening.cql.tree import Node
from screening.cql.types import BOOLEAN, STRING, Type

# Operations to which all texts that nobody named are alike.
_ASKS = frozenset(
    {"and_", "or_", "not_", "xor", "implies", "equal", "not_equal", "in_list", "coalesce"}
    | {f"is_{negated}{what}" for negated in ("", "not_") for what in ("null", "true", "false")}
)


def asked_of(
    definitions: Mapping[str, Node],
    reads: Mapping[str, frozenset[str]],
    parameters: Mapping[str, Type],
) -> dict[str, list[str]]:
    """The definitions by the one text parameter that they ask."""
    found: dict[str, list[str]] = {}
    for name, expression in definitions.items():
        if len(reads[name]) == 1 and expression.type == BOOLEAN and _asks(expression):
            (read,) = reads[name]
            if parameters.get(read) == STRING:
                found.setdefault(read, []).append(name)
    return found


def _asks(node: Node) -> bool:
    if isinstance(node, tree.Operation):
        return node.symbol in _ASKS and all(map(_asks, node.operands))
    if isinstance(node, tree.ListLiteral):
        return all(isinstance(item, tree.Literal) for item in node.items)
    if isinstance(node, tree.Convert):
        return node.implicit and isinstance(node.operand, tree.Literal) and node.operand.value is None
    if isinstance(node, tree.If | tree.Case):
        return all(map(_asks, node.children))
    return isinstance(node, tree.Literal) or (isinstance(node, tree.Reference) and node.kind == "parameter")


def values_named(expressions: Iterable[Node]) -> tuple[list[str | None], str]:
    """Every text that they name, with null, and one that they do not."""
    nodes = [node for expression in expressions for node in expression.walk()]
    named = {node.value for node in nodes if isinstance(node, tree.Literal) and isinstance(node.value, str)}
    return [*sorted(named), None], "".join(named) + "?"
