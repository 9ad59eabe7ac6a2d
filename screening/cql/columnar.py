"""The same tree read for very many rows at once: a column comes out where a value does elsewhere.

Each operation is the one of `screening.cql.runtime`, called once for each combination of values that
occurs. What is looked at only if something else asks for it (branches, `where`) is computed for those rows
alone, as in the generated source, so the two readings fail on the same rows. A row on which anything
failed is named in `failed`: whoever asks judges it by itself.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from screening.cql import tree
from screening.cql.columnar_queries import Queries
from screening.cql.columns import Coded, Column, Mask, Ragged, Record, computed, constant, merged
from screening.cql.dates import Date
from screening.cql.frames import TODAY, Frame
from screening.cql.generate import LEVELS
from screening.cql.grouping import Rows
from screening.cql.inline import run_time_name
from screening.cql.reading import FUNCTIONS, Reading, cannot_fail, change_of
from screening.cql.running import BUDGET
from screening.cql.runtime import OPERATIONS
from screening.cql.signatures import WITH_BUDGET
from screening.cql.tree import Node
from screening.cql.types import BOOLEAN, DATE, INTEGER, STRING, ListType, TupleType, Type, lists_in
from screening.cql.values import accept, fits

_AS_THEY_ARE: dict[Type, type] = {STRING: str, BOOLEAN: bool, DATE: Date}
_NATIVE = ("exists", "count", "is_null", "is_not_null")


class Columnar(Queries):
    """The definitions of a program for `size` rows. Of the rows in `failed` nothing may be believed."""

    def __init__(self, reading: Reading, parameters: Mapping[str, Column], today: Column, size: int) -> None:
        self.reading = reading
        self.failed: Mask = np.zeros(size, np.bool_)
        self._columns: dict[str, Column] = {TODAY: today}
        self._frame = self._frame_of(size)
        types = reading.program.parameters
        for name, type_ in types.items():
            given = parameters.get(name)
            self._columns[name] = (
                constant(None, size) if given is None else self._accepted(given, type_, self._frame)
            )

    def _frame_of(self, size: int) -> Frame:
        """The frame of all rows. It refers back weakly.

        In a circle the columns would outlive their pack until a collector comes by, and whoever judges
        pack after pack would hold three times what one takes.
        """
        me, failed = weakref.proxy(self), self.failed

        def fail(rows: Rows) -> None:
            failed[rows] = True

        return Frame(size, whole=lambda name: me.column(name), fail=fail)

    def _accepted(self, column: Column, type_: Type, frame: Frame) -> Column:
        """What an evaluation takes of a caller's value."""
        if isinstance(column, Ragged) and isinstance(type_, ListType):
            inner = frame.of(column.owners)
            return Ragged(column.lengths, self._accepted(column.elements, type_.element, inner))
        if isinstance(column, Record) and isinstance(type_, TupleType):
            fields = {name: self._accepted(column.field(name), each, frame) for name, each in type_}
            return Record(column.known, fields)
        whole = column.boxed()
        if all(_is_accepted(value, type_) for value in whole.values):
            return whole
        return self.compute(lambda value: accept(value, type_), [whole], frame)

    def column(self, name: str) -> Column:
        """A parameter or a definition, computed when first asked for."""
        found = self._columns.get(name)
        if found is None:
            node = self.reading.program.tree(name)
            found = self.once_each(node, self._frame, lambda frame: self.value(node, frame))
            self._columns[name] = found
        return found

    def replace(self, name: str, column: Column) -> None:
        """Another value for a parameter that no definition has read so far."""
        self._columns[name] = column

    # --- one method for each kind of node -------------------------------------------------------

    def value(self, node: Node, frame: Frame) -> Column:
        known, value = self.reading.constant_of(node)
        if known:
            return constant(value, frame.size)
        method: Callable[[Node, Frame], Column] = getattr(self, f"_{type(node).__name__.lower()}")
        return method(node, frame)

    def compute(self, function: Callable[..., Any], columns: list[Column], frame: Frame) -> Coded:
        return computed(function, [column.boxed() for column in columns], frame.size, frame.fail)

    def _listliteral(self, node: tree.ListLiteral, frame: Frame) -> Column:
        return self.compute(lambda *items: [*items], [self.value(item, frame) for item in node.items], frame)

    def _tupleliteral(self, node: tree.TupleLiteral, frame: Frame) -> Column:
        fields = {name: self.value(value, frame) for name, value in node.elements.items()}
        return Record(np.ones(frame.size, np.bool_), fields)

    def _reference(self, node: tree.Reference, frame: Frame) -> Column:
        return frame.column(node.name)

    def _property(self, node: tree.Property, frame: Frame) -> Column:
        source = self.value(node.source, frame)
        if isinstance(source, Record):
            return source.field(node.name)
        name = node.name
        return self.compute(lambda value: None if value is None else value[name], [source], frame)

    def _operation(self, node: tree.Operation, frame: Frame) -> Column:
        if node.symbol == "today":
            return frame.column(TODAY)
        if node.symbol == "coalesce" and len(node.operands) > 1:
            return self._coalesce(node, frame)
        more: list[Any] = []
        parts = node.operands
        if node.symbol == "in_interval":
            interval = node.operands[1]
            if not isinstance(interval, tree.IntervalLiteral):
                raise TypeError("The checker lets intervals only stand here.")
            parts = [node.operands[0], interval.low, interval.high]
            more.append((interval.low_closed, interval.high_closed))
        if node.precision is not None:
            more.append(node.precision if node.symbol.endswith("_between") else LEVELS[node.precision])
        if node.symbol in ("and_", "or_"):
            return self._chain(node, frame)
        columns = [self.value(part, frame) for part in parts]
        if node.symbol in _NATIVE and not isinstance(columns[0], Coded):
            return _looked_at(node.symbol, columns[0])
        name = run_time_name(node.symbol, [part.type for part in parts]).removeprefix("_o_")
        function = FUNCTIONS[name]
        if node.symbol == "product":
            more.append(lists_in(parts[0].type))
        if node.symbol in WITH_BUDGET:
            whole = lambda *operands: function(*operands, *more, [BUDGET])  # noqa: E731
        elif more:
            whole = lambda *operands: function(*operands, *more)  # noqa: E731
        else:
            whole = function
        constants = map(self.reading.constant_of, parts[1:])
        if parts and parts[0].type == DATE and all(known for known, _ in constants):
            whole = self.reading.remembering(node, whole)
        return self.compute(whole, columns, frame)

    def _chain(self, node: tree.Operation, frame: Frame) -> Column:
        """Two by two, since there are nine combinations of two and very many of nine.

        Rows that are settled are left out of operands that cannot fail.
        """
        function, settling = OPERATIONS[node.symbol], node.symbol == "or_"
        first, *others = node.operands
        result = self.value(first, frame).boxed()
        for operand in others:
            settled = result.where(lambda value: value is settling)
            if cannot_fail(operand) and settled.any():
                rows, done = np.flatnonzero(~settled), np.flatnonzero(settled)
                open_frame = frame.of(rows)
                found = self.compute(
                    function, [result.take(rows), self.value(operand, open_frame)], open_frame
                )
                result = merged([(done, result.take(done)), (rows, found)], frame.size).boxed()
            else:
                result = self.compute(function, [result, self.value(operand, frame)], frame)
        return result

    def _coalesce(self, node: tree.Operation, frame: Frame) -> Column:
        """Operands after the first known one are not computed."""
        open_rows = np.arange(frame.size)
        pieces: list[tuple[Rows, Column]] = []
        for operand in node.operands:
            found = self.value(operand, frame.of(open_rows))
            last = operand is node.operands[-1]
            settled = np.ones(len(open_rows), np.bool_) if last else found.known
            pieces.append((open_rows[settled], found.take(np.flatnonzero(settled))))
            open_rows = open_rows[~settled]
            if not len(open_rows):
                break
        return merged(pieces, frame.size)

    def _call(self, node: tree.Call, frame: Frame) -> Column:
        function = self.reading.program.functions[node.name]
        names = [*function.operands]
        arguments = [self.value(argument, frame) for argument in node.arguments]
        called = frame.calling(dict(zip(names, arguments, strict=True)))
        return self.once_each(
            function.expression, called, lambda inner: self.value(function.expression, inner)
        )

    def _if(self, node: tree.If, frame: Frame) -> Column:
        return self._first_that_holds([(node.condition, node.then)], node.otherwise, frame)

    def _case(self, node: tree.Case, frame: Frame) -> Column:
        if node.comparand is None:
            return self._first_that_holds(node.items, node.otherwise, frame)
        return self._first_that_holds(node.items, node.otherwise, frame, self.value(node.comparand, frame))

    def _first_that_holds(
        self,
        items: list[tuple[Node, Node]],
        otherwise: Node,
        frame: Frame,
        comparand: Column | None = None,
    ) -> Column:
        open_rows = np.arange(frame.size)
        pieces: list[tuple[Rows, Column]] = []
        for condition, value in items:
            if not len(open_rows):
                break
            still = frame.of(open_rows)
            test = self.value(condition, still)
            if comparand is not None:
                test = self.compute(OPERATIONS["equal"], [comparand.take(open_rows), test], still)
            holds = test.boxed().true
            if holds.any():
                rows = open_rows[holds]
                pieces.append((rows, self.value(value, frame.of(rows))))
                open_rows = open_rows[~holds]
        if len(open_rows):
            pieces.append((open_rows, self.value(otherwise, frame.of(open_rows))))
        return merged(pieces, frame.size)

    def _convert(self, node: tree.Convert, frame: Frame) -> Column:
        operand = self.value(node.operand, frame)
        change = change_of(node)
        return operand if change is None else self.compute(change, [operand], frame)

    def _typetest(self, node: tree.TypeTest, frame: Frame) -> Column:
        operand, target = self.value(node.operand, frame), node.target
        return self.compute(lambda value: fits(value, target), [operand], frame)


def _is_accepted(value: Any, type_: Type) -> bool:
    """Whether an evaluation takes the value as it is."""
    if type_ == INTEGER:
        return value is None or (type(value) is int and -(2**31) <= value < 2**31)
    return value is None or type(value) is _AS_THEY_ARE.get(type_)


def _looked_at(symbol: str, column: Column) -> Coded:
    """What is asked of a list or a tuple without opening it."""
    if symbol in ("exists", "count") and isinstance(column, Ragged):
        held = column.held()
        if symbol == "count":
            return Coded(held, [*range(int(held.max(initial=0)) + 1)])
        return Coded((held > 0).astype(np.intp), [False, True])
    known = column.known if symbol == "is_not_null" else ~column.known
    return Coded(known.astype(np.intp), [False, True])
