"""Queries in straight-line code: loops that stop when they know enough, tables that are looked up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from screening.cql import tree
from screening.cql.emit_straight import StraightSource
from screening.cql.generate_queries import GenerateQueries, all_of, is_column
from screening.cql.inline import is_known, run_time_name
from screening.cql.references import free_names
from screening.cql.safety import Safety
from screening.cql.tree import Node
from screening.cql.types import BOOLEAN, INTEGER, STRING, ListType, Type, holds_lists


class StraightQueries(GenerateQueries):
    """`filled` names the lists that hold no null."""

    source: StraightSource
    safety: Safety
    filled: set[str]

    def truth(self, node: Node) -> str:
        raise NotImplementedError

    # --- tables --------------------------------------------------------------------------------

    def looked_up(self, node: tree.Operation) -> str | None:
        """`exists` and `First` of a query, without making its list; None for anything else."""
        query = node.operands[0] if len(node.operands) == 1 else None
        if not isinstance(query, tree.Query) or not isinstance(query.source.type, ListType):
            return None
        if query.sort or query.aggregate is not None:
            return None
        if node.symbol == "first":
            return self._cell(query)
        if node.symbol != "exists" or query.returning is not None:
            return None
        return self._row_exists(query) or self._exists(query)

    def _table(self, query: tree.Query) -> tuple[list[Any], str, Node, list[Node]] | None:
        """The rows of a constant table, its key column, what that has to equal, and the other tests."""
        if not isinstance(query.source, tree.Reference):
            return None
        rows = self._rows(self.names[query.source.name])
        tests = list(all_of(query.where))
        for test in tests if rows else []:
            if not (isinstance(test, tree.Operation) and test.symbol == "equal"):
                continue
            for column, key in (test.operands, test.operands[::-1]):
                if not is_column(column, query.alias) or column.type not in (STRING, INTEGER):
                    continue
                if query.alias not in free_names(key):
                    return rows, column.name, key, [other for other in tests if other is not test]
        return None

    def _row_exists(self, query: tree.Query) -> str | None:
        """Whether a table has a row with this key, and with a yes in these columns."""
        table = self._table(query)
        if table is None:
            return None
        rows, column, key, others = table
        wanted = [other for other in others if is_column(other, query.alias) and other.type == BOOLEAN]
        if len(wanted) != len(others):
            return None
        keys = {row[column] for row in rows if all(row[each.name] is True for each in wanted)} - {None}
        return self.source.assign(f"{self._key(key)} in {self.source.constant(frozenset(keys))}", sure=True)

    def _cell(self, query: tree.Query) -> str | None:
        """The cell of the first row with this key."""
        table = self._table(query)
        if table is None or not is_column(query.returning, query.alias):
            return None
        rows, column, key, others = table
        if others:
            return None
        cells: dict[Any, Any] = {}
        for row in rows:
            if row[column] is not None:
                cells.setdefault(row[column], row[query.returning.name])
        return self.source.assign(f"{self.source.constant(cells)}.get({self._key(key)})")

    def _key(self, node: Node) -> str:
        with self.repeatedly({}):
            return self.generate(node)

    # --- loops ---------------------------------------------------------------------------------

    def _exists(self, query: tree.Query) -> str:
        source = self.generate(query.source)
        found = self.source.begin("False", sure=True)

        def take(item: str) -> None:
            with ExitStack() as known:
                if not is_known(item):
                    known.enter_context(self.source.block(f"if {item} is not None:"))
                self.source.add(f"{found} = True")
                if query.where is None or self.safety.cannot_fail(query.where):
                    self.source.add("break")

        self._walk(query, source, take)
        return found

    def _query(self, node: tree.Query) -> str:
        if node.sort or node.aggregate is not None or not isinstance(node.source.type, ListType):
            return super()._query(node)
        source = self.generate(node.source)
        result = self.source.begin("None" if not is_known(source) else "[]")
        holes: list[str] = []

        def take(item: str) -> None:
            value = item if node.returning is None else self.generate(node.returning)
            holes.extend([] if is_known(value) else [value])
            self.source.add(f"{result}.append({value})")

        def after() -> None:
            if node.distinct:
                self.weigh(node.type, result)
                self.source.add(f"{result} = {run_time_name('distinct', [node.type])}({result})")

        self._walk(node, source, take, before=lambda: self.source.add(f"{result} = []"), after=after)
        if not holes:
            self.filled.add(result)
        return result

    def _walk(
        self,
        query: tree.Query,
        source: str,
        take: Callable[[str], None],
        *,
        before: Callable[[], None] | None = None,
        after: Callable[[], None] | None = None,
    ) -> None:
        """Do something with each element for which the condition is true."""
        rows = self._rows(source)
        if rows:
            with self.repeatedly({}):
                source = self._looked_up(query, rows) or source
        item = self.source.new("_s" if rows or query.parts or source in self.filled else "_v")
        if rows:
            self.rows[item] = rows
        with ExitStack() as known:
            if not is_known(source):
                known.enter_context(self.source.block(f"if {source} is not None:"))
                if before is not None:
                    before()
            self._of_outer_items(query)
            with self.source.charged(f"len({source})"):
                needed = self._needed(query)
                items = source if needed is None else f"{source} if {needed} else ()"
                names = self.named_in(query, item)
                with self.source.block(f"for {item} in {items}:"), self.repeatedly(names):
                    self._where(query, item, take)
                if after is not None:
                    after()

    def _of_outer_items(self, query: tree.Query) -> None:
        """Fields of the elements of loops around this one are read before it, once."""
        for node in query.where.walk() if self.repeated and query.where is not None else ():
            if not (isinstance(node, tree.Property) and isinstance(node.source, tree.Reference)):
                continue
            alias = node.source.name
            if node.source.kind == "alias" and alias not in query.aliases and alias in self.names:
                self.generate(node)

    def _needed(self, query: tree.Query) -> str | None:
        """A list of which something has to exist: where it is empty, no element need be looked at."""
        if query.where is None or not self.safety.cannot_fail(query.where):
            return None
        for test in all_of(query.where):
            inner = test.operands[0] if isinstance(test, tree.Operation) and test.symbol == "exists" else None
            if isinstance(inner, tree.Query) and isinstance(inner.source, tree.Reference):
                name = inner.source.name
                if name not in query.aliases and self.names[name].isidentifier():
                    return self.names[name]
        return None

    def _where(self, query: tree.Query, item: str, take: Callable[[str], None]) -> None:
        """One test inside the other; all of them at once where a later one may fail."""
        if query.where is None:
            take(item)
            return
        tests = list(all_of(query.where)) if self.safety.cannot_fail(query.where) else [query.where]
        with ExitStack() as held:
            for test in tests:
                held.enter_context(self.source.block(f"if {self.truth(test)}:"))
                if self._says_known(test, query.alias) and not is_known(item):
                    item = self.source.begin(item, sure=True)
                    self.names = {**self.names, query.alias: item}
            take(item)

    @staticmethod
    def _says_known(test: Node, alias: str) -> bool:
        return (
            isinstance(test, tree.Operation)
            and test.symbol == "is_not_null"
            and isinstance(test.operands[0], tree.Reference)
            and test.operands[0].name == alias
        )

    def weigh(self, type_: Type, operand: str) -> None:
        """The same price as elsewhere, paid out of a local variable."""
        inner = type_.element if isinstance(type_, ListType) else type_
        if self.source.in_functions or holds_lists(inner):
            super().weigh(type_, operand)
        elif isinstance(type_, ListType) and self.repeated:
            weight = f"_left -= len({operand})"
            self.source.add(weight if is_known(operand) else f"if {operand} is not None: {weight}")
            self.source.add("if _left < 0: _spent()")
