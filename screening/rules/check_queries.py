"""Queries of which engines make different lists: without `return`, are equal elements kept or made one?

The specification says made one (Author's Guide, Shaping; Developer's Guide, Multi-Source Queries) and HL7's
test `simpleSortAsc` says kept; of two open engines one does this and the other that. Ours keeps them. Where
their number matters the author should say which is meant, so that a rule set counts the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from screening.cql.tree import Aggregate, Case, Convert, If, Node, Operation, Query, TupleLiteral
from screening.cql.types import ListType
from screening.rules.check import Checked
from screening.rules.remarks import Remark, warning

# What these say about a list is the same however often an element is in it.
_INDIFFERENT_WORDS = """exists distinct in contains includes union intersect except Min Max AllTrue AnyTrue"""
_INDIFFERENT = frozenset((*_INDIFFERENT_WORDS.split(), "included in"))


def check_queries(checked: Checked) -> list[Remark]:
    library = checked.library
    trees = [part.expression for part in library.definitions.values()]
    trees += [part.expression for part in library.functions.values()]
    return [
        warning("repeats", checked.place_of(query.line), _sentence(query))
        for tree in trees
        for query in _open(tree, matters=True)
    ]


def _sentence(query: Query) -> str:
    name = query.alias
    return (
        f"Column {query.column}: Not every engine keeps equal elements here. Write `return all {name}` "
        f"to keep each of them, or `return distinct {name}` to have each once."
    )


def _open(node: Node, *, matters: bool) -> Iterator[Query]:
    """The queries that leave it open; `matters` says whether anyone can tell the two lists apart."""
    if isinstance(node, Query) and matters and _is_open(node):
        yield node
    for child, can_tell in _children(node, matters=matters):
        yield from _open(child, matters=can_tell)


def _is_open(query: Query) -> bool:
    is_list = isinstance(query.source.type, ListType)
    return is_list and query.returning is None and query.aggregate is None and not query.distinct


def _children(node: Node, *, matters: bool) -> Iterator[tuple[Node, bool]]:
    for child in node.children:
        match node:
            case Query(aggregate=None) if child is node.source:
                yield child, matters and not node.distinct
            case Query(aggregate=Aggregate(distinct=True)) if child is node.source:
                yield child, False
            case Convert() | If() | Case() | TupleLiteral() | Operation(name="product"):
                yield child, matters
            case Operation():
                yield child, node.name not in _INDIFFERENT
            case _:
                yield child, True
