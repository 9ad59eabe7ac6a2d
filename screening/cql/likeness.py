"""When two expressions are sure to have the same value: they say the same about the same things."""

from __future__ import annotations

from collections.abc import Mapping

from screening.cql import tree
from screening.cql.tree import Node

# What kinds of node say besides what is below them. A kind that is not here is never taken for the same.
_SAYS: dict[type[Node], tuple[str, ...]] = {
    tree.ListLiteral: (),
    tree.Property: ("name",),
    tree.Operation: ("symbol", "precision"),
    tree.Call: ("name",),
    tree.If: (),
    tree.Convert: ("target", "implicit", "strict"),
    tree.TypeTest: ("target",),
}


Meaning = tuple[object, ...]


def meaning(node: Node, names: Mapping[str, str], bound: frozenset[str] = frozenset()) -> Meaning | None:
    """The same for nodes that give the same value; None where that is not looked into.

    `names` says what a free name stands for; `bound` holds the aliases of the queries around the node.
    """
    kind = type(node)
    if isinstance(node, tree.Literal):
        return (kind, type(node.value), repr(node.value))
    if isinstance(node, tree.Reference):
        return (kind, "bound", node.name) if node.name in bound else (kind, names[node.name])
    if isinstance(node, tree.Query):
        return _of_query(node, names, bound)
    fields = _SAYS.get(type(node))
    if fields is None:
        return None
    parts = [meaning(child, names, bound) for child in node.children]
    if None in parts:
        return None
    return (kind, *(getattr(node, field) for field in fields), *parts)


def _of_query(node: tree.Query, names: Mapping[str, str], bound: frozenset[str]) -> Meaning | None:
    if node.sort or node.aggregate is not None:
        return None
    source = meaning(node.source, names, bound)
    inner = [
        None if part is None else (meaning(part, names, bound.union(node.aliases)),)
        for part in (node.where, node.returning)
    ]
    if source is None or (None,) in inner:
        return None
    return (tree.Query, node.aliases, node.distinct, source, *inner)
