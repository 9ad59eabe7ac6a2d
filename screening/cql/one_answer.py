"""Definitions that ask one parameter for certain values and nothing else: most rows of a rule table.

What they say is known beforehand for each value that they name, for null, and for every other value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from screening.cql import tree
from screening.cql.tree import Node
from screening.cql.types import BOOLEAN, INTEGER, STRING, Type
from screening.cql.values import PYTHON_TYPES

# Operations to which all values that nobody named are alike.
_ASKS = frozenset(
    {"and_", "or_", "not_", "xor", "implies", "equal", "not_equal", "in_list", "coalesce"}
    | {f"is_{negated}{what}" for negated in ("", "not_") for what in ("null", "true", "false")}
)


def asked_of(
    definitions: Mapping[str, Node],
    reads: Mapping[str, frozenset[str]],
    parameters: Mapping[str, Type],
) -> dict[str, list[str]]:
    """The definitions by the one text or whole number that they ask, in the order these are declared."""
    found: dict[str, list[str]] = {}
    for name, expression in definitions.items():
        if len(reads[name]) == 1 and expression.type == BOOLEAN and _asks(expression):
            (read,) = reads[name]
            if parameters.get(read) in (STRING, INTEGER):
                found.setdefault(read, []).append(name)
    return {name: found[name] for name in parameters if name in found}


def _asks(node: Node) -> bool:
    if isinstance(node, tree.Operation):
        return node.symbol in _ASKS and all(map(_asks, node.operands))
    if isinstance(node, tree.ListLiteral):
        return all(isinstance(item, tree.Literal) for item in node.items)
    if isinstance(node, tree.If | tree.Case):
        return all(map(_asks, node.children))
    return isinstance(node, tree.Literal) or (isinstance(node, tree.Reference) and node.kind == "parameter")


def values_named(expressions: Iterable[Node], type_: Type) -> tuple[list[Any], Any]:
    """Every value of this type that they name, with null, and one that they do not."""
    python = PYTHON_TYPES[type_]
    nodes = [node for expression in expressions for node in expression.walk()]
    literals = [node.value for node in nodes if isinstance(node, tree.Literal)]
    named: set[Any] = {value for value in literals if type(value) is python}
    other = "".join(sorted(named)) + "?" if type_ == STRING else max(named, default=0) + 1
    return [*sorted(named), None], other
