"""Queries by columns: the elements of all lists are rows of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from screening.cql import tree
from screening.cql.columns import Coded, Column, Ragged, Record, computed, constant, merged, ragged
from screening.cql.grouping import grouped
from screening.cql.inline import run_time_name
from screening.cql.runtime import OPERATIONS
from screening.cql.tree import Node
from screening.cql.types import ListType, TupleType, Type

if TYPE_CHECKING:
    from screening.cql.frames import Frame
    from screening.cql.reading import Reading

# So many elements at a time: what is computed for them stays within some tens of megabytes.
AT_ONCE = 500_000


class Queries:
    reading: Reading

    def value(self, node: Node, frame: Frame) -> Column:
        raise NotImplementedError

    def compute(self, function: Callable[..., Any], columns: list[Column], frame: Frame) -> Coded:
        raise NotImplementedError

    def once_each(self, node: Node, frame: Frame, ask: Callable[[Frame], Column]) -> Column:
        """Computed once for each combination of what the node depends on, where that is fewer."""
        columns = [
            frame.unbound(name) if inside else frame.column(name)
            for name, inside in self.reading.needs(node)
            if inside or name in frame.bound or self.reading.declares(name)  # others are fields in a sort
        ]
        kinds = [column for column in columns if isinstance(column, Coded)]
        if len(kinds) < len(columns) or frame.size < 2:
            return ask(frame)
        numbers, first = grouped(kinds, frame.size)
        if len(first) > frame.size // 2:
            return ask(frame)
        return ask(frame.one_of_each(numbers, first)).take(numbers)

    def _query(self, node: tree.Query, frame: Frame) -> Column:
        return self.once_each(node, frame, lambda inner: self._queried(node, inner))

    def _queried(self, node: tree.Query, frame: Frame) -> Column:
        source = self.value(node.source, frame)
        if not isinstance(node.source.type, ListType):
            return self._single(node, source, frame)
        lists = ragged(source)
        if node.aggregate is not None:
            return self._aggregated(node, node.aggregate, lists, frame)
        if lists.counts.sum() > AT_ONCE and frame.size > 1:
            return self._in_halves(node, frame)
        owners = lists.owners
        element = lists.elements
        inner = frame.of(owners, _named_in(node, element))
        if node.where is not None:
            kept = np.flatnonzero(self.value(node.where, inner).boxed().true)
            owners, element = owners[kept], element.take(kept)
            inner = frame.of(owners, _named_in(node, element))
        if node.returning is not None:
            element = self.value(node.returning, inner)
        counts = np.bincount(owners, minlength=frame.size)
        result: Column = Ragged(np.where(lists.known, counts, -1), element)
        if node.distinct:
            name = run_time_name("distinct", [node.type]).removeprefix("_o_")
            result = self.compute(OPERATIONS[name], [result], frame)
        return self._sorted(node, ragged(result), frame) if node.sort else result

    def _in_halves(self, node: tree.Query, frame: Frame) -> Column:
        middle = frame.size // 2
        halves = [np.arange(middle), np.arange(middle, frame.size)]
        return merged([(rows, self._queried(node, frame.of(rows))) for rows in halves], frame.size)

    def _single(self, node: tree.Query, source: Column, frame: Frame) -> Column:
        """A source that is no list: the value itself comes out, or null."""
        rows = np.flatnonzero(source.known)
        value = source.take(rows)
        inner = frame.of(rows, _named_in(node, value))
        if node.where is not None:
            kept = np.flatnonzero(self.value(node.where, inner).boxed().true)
            rows, value = rows[kept], value.take(kept)
            inner = frame.of(rows, _named_in(node, value))
        if node.aggregate is not None:
            start = self._start(node.aggregate, frame).take(rows)
            value = self.value(
                node.aggregate.expression,
                frame.of(rows, {**_named_in(node, value), node.aggregate.name: start}),
            )
        elif node.returning is not None:
            value = self.value(node.returning, inner)
        without = np.setdiff1d(np.arange(frame.size), rows)
        return merged([(rows, value), (without, constant(None, len(without)))], frame.size)

    def _start(self, aggregate: tree.Aggregate, frame: Frame) -> Column:
        if aggregate.starting is None:
            return constant(None, frame.size)
        return self.value(aggregate.starting, frame)

    def _aggregated(self, node: tree.Query, aggregate: tree.Aggregate, lists: Ragged, frame: Frame) -> Column:
        """All first elements, then all second ones: each step builds on what came before it."""
        if aggregate.distinct:
            lists = ragged(self.compute(OPERATIONS["distinct"], [lists], frame))
        counts = lists.counts
        starts = np.cumsum(counts) - counts
        result = merged(
            [
                (
                    np.flatnonzero(lists.known),
                    self._start(aggregate, frame).take(np.flatnonzero(lists.known)),
                ),
                (np.flatnonzero(~lists.known), constant(None, int((~lists.known).sum()))),
            ],
            frame.size,
        )
        for place in range(int(counts.max(initial=0))):
            rows = np.flatnonzero(counts > place)
            element = lists.elements.take(starts[rows] + place)
            names = {**_named_in(node, element), aggregate.name: result.take(rows)}
            inner = frame.of(rows, names)
            if node.where is not None:
                kept = np.flatnonzero(self.value(node.where, inner).boxed().true)
                rows, names = rows[kept], {name: column.take(kept) for name, column in names.items()}
                inner = frame.of(rows, names)
            others = np.setdiff1d(np.arange(frame.size), rows)
            step = self.value(aggregate.expression, inner)
            result = merged([(rows, step), (others, result.take(others))], frame.size)
        return result

    def _sorted(self, node: tree.Query, lists: Ragged, frame: Frame) -> Column:
        owners = lists.owners
        inner = frame.of(owners, _fields(node.type, lists.elements))
        keys = [
            lists.elements if key.expression is None else self.value(key.expression, inner)
            for key in node.sort
        ]
        keyed = Ragged(lists.lengths, self.compute(lambda *parts: parts, [lists.elements, *keys], inner))
        directions = tuple(key.descending for key in node.sort)
        sort = OPERATIONS["sort_by_keys"]
        return self.compute(
            lambda items: None if items is None else sort([*items], directions), [keyed], frame
        )


def _named_in(node: tree.Query, elements: Column) -> dict[str, Column]:
    """What the aliases stand for: each element, or with several sources a part of it."""
    return _fields(node.source.type, elements) if node.parts else {node.alias: elements}


def _fields(type_: Type, elements: Column) -> dict[str, Column]:
    """Within a key the names of the element's own parts are known."""
    element = type_.element if isinstance(type_, ListType) else type_
    if not isinstance(element, TupleType):
        return {}
    if isinstance(elements, Record):
        return {name: elements.field(name) for name in element.fields}
    whole = elements.boxed()
    return {
        name: computed(lambda value, name=name: value and value[name], [whole], len(whole.codes))
        for name in element.fields
    }
