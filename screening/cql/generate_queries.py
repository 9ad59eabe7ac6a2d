"""Generates queries: a loop, a condition, a list of results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeGuard

from screening.cql import tree
from screening.cql.emit import Source
from screening.cql.inline import guarded, run_time_name
from screening.cql.references import free_names
from screening.cql.tree import Node
from screening.cql.types import INTEGER, STRING, ListType, TupleType, Type, holds_lists

SIGNS_FOR_A_STEP = 16


def all_of(condition: Node | None) -> Iterator[Node]:
    """The tests that have to hold together."""
    if isinstance(condition, tree.Operation) and condition.symbol == "and_":
        for operand in condition.operands:
            yield from all_of(operand)
    elif condition is not None:
        yield condition


def is_column(node: Node | None, alias: str) -> TypeGuard[tree.Property]:
    return (
        isinstance(node, tree.Property)
        and isinstance(node.source, tree.Reference)
        and node.source.name == alias
    )


class GenerateQueries:
    source: Source
    names: dict[str, str]
    traced: list[tuple[Node, str]]
    repeated: int
    rows: dict[str, list[Any]]

    def generate(self, node: Node) -> str:
        raise NotImplementedError

    @contextmanager
    def lazily(self) -> Iterator[None]:
        """What may not be reached still needs a verdict: `_unreached` until it is."""
        first, place, count = len(self.traced), len(self.source.lines), self.source.count
        indent = self.source.indent
        yield
        operands = [operand for _, operand in self.traced[first:] if operand.startswith(("_v", "_s"))]
        waiting = [operand for operand in operands if int(operand[2:]) > count]
        if waiting:
            chain = " = ".join(dict.fromkeys(waiting))
            self.source.lines.insert(place, f"{indent}{chain} = _unreached")

    @contextmanager
    def repeatedly(self, names: dict[str, str]) -> Iterator[None]:
        """Inside a loop there is no single verdict, so nothing is traced."""
        outer, self.names = self.names, {**self.names, **names}
        self.repeated += 1
        yield
        self.repeated -= 1
        self.names = outer

    def _query(self, node: tree.Query) -> str:
        source = self.generate(node.source)
        result = self.source.new()
        if not isinstance(node.source.type, ListType):
            return self._single(node, source, result)
        self.source.add(f"{result} = None")
        start = "None"
        if node.aggregate is not None and node.aggregate.starting is not None:
            start = self.generate(node.aggregate.starting)
        rows = self._rows(source)
        if rows:
            source = self._looked_up(node, rows) or source
        with self.source.block(f"if {source} is not None:"), self.source.charged(f"len({source})"):
            self._loop(node, source, result, start, rows)
        return result

    def _loop(self, node: tree.Query, source: str, result: str, start: str, rows: list[Any]) -> None:
        if node.aggregate is not None and node.aggregate.distinct:
            source = self.source.assign(f"_o_distinct({source})")
        self.source.add(f"{result} = {'[]' if node.aggregate is None else start}")
        item = self.source.new("_s" if rows or node.parts else "_v")
        if rows:
            self.rows[item] = rows
        with self.source.block(f"for {item} in {source}:"), self.repeatedly(self.named_in(node, item)):
            self._body(node, item, result)
        if node.distinct:
            self.weigh(node.type, result)
            self.source.add(f"{result} = {run_time_name('distinct', [node.type])}({result})")
        if node.sort:
            self._sort(node, result)

    def _rows(self, source: str) -> list[Any]:
        """The rows of a table that is known beforehand, else none."""
        values = self.source.namespace.get(source)
        rows = values if isinstance(values, list) else []
        return rows if all(isinstance(row, dict) for row in rows) else []

    def _looked_up(self, node: tree.Query, rows: list[Any]) -> str | None:
        """Where a column has to equal something, only the rows where it does are looked at."""
        for test in all_of(node.where):
            if not (isinstance(test, tree.Operation) and test.symbol == "equal"):
                continue
            for column, key in (test.operands, test.operands[::-1]):
                if not (is_column(column, node.alias) and column.type in (STRING, INTEGER)):
                    continue
                if node.alias in free_names(key):
                    continue
                index: dict[Any, list[Any]] = {}
                for row in rows:
                    if row[column.name] is not None:
                        index.setdefault(row[column.name], []).append(row)
                with self.repeatedly({}):
                    wanted = self.generate(key)
                return self.source.assign(f"{self.source.constant(index)}.get({wanted}, ())", sure=True)
        return None

    def weigh(self, type_: Type, operand: str) -> None:
        """Pay for looking through a list where that may happen often or reach into other lists."""
        inner = type_.element if isinstance(type_, ListType) else type_
        if holds_lists(inner) or (self.repeated and isinstance(type_, ListType)):
            self.source.add(f"_weigh(_budget, {operand})")

    def pay_for_text(self, type_: Type, operand: str) -> None:
        """For what a text was split into more than for the text: each part is one by itself."""
        price = (
            f"4 * len({operand})" if isinstance(type_, ListType) else f"len({operand}) // {SIGNS_FOR_A_STEP}"
        )
        self.source.add(f"if {operand}: _budget[0] -= {price}")
        self.source.add("if _budget[0] < 0: _spent()")

    def _body(self, node: tree.Query, item: str, result: str) -> None:
        if node.where is not None:
            condition = self.generate(node.where)
            with self.source.block(f"if {condition}:"):
                self._take(node, item, result)
        else:
            self._take(node, item, result)

    def _take(self, node: tree.Query, item: str, result: str) -> None:
        if node.aggregate is not None:
            with self.repeatedly({node.aggregate.name: result}):
                self.source.add(f"{result} = {self.generate(node.aggregate.expression)}")
            return
        value = item if node.returning is None else self.generate(node.returning)
        self.source.add(f"{result}.append({value})")

    def _single(self, node: tree.Query, item: str, result: str) -> str:
        """A source that is no list: one pass, and the value itself instead of a list of one."""
        self.source.add(f"{result} = None")
        start = "None"
        if node.aggregate is not None and node.aggregate.starting is not None:
            start = self.generate(node.aggregate.starting)
        with self.source.block(f"if {item} is not None:"), self.repeatedly(self.named_in(node, item)):
            keep = "True" if node.where is None else self.generate(node.where)
            with self.source.block(f"if {keep}:"):
                if node.aggregate is not None:
                    self.source.add(f"{result} = {start}")
                    with self.repeatedly({node.aggregate.name: result}):
                        self.source.add(f"{result} = {self.generate(node.aggregate.expression)}")
                else:
                    value = item if node.returning is None else self.generate(node.returning)
                    self.source.add(f"{result} = {value}")
        return result

    def _sort(self, node: tree.Query, result: str) -> None:
        """Each element with its keys; within a key, the names of the element's own parts are known."""
        keyed, item = self.source.begin("[]"), self.source.new()
        fields = self._fields(node.type, item)
        with self.source.block(f"for {item} in {result}:"), self.repeatedly(fields):
            keys = [item if key.expression is None else self.generate(key.expression) for key in node.sort]
            self.source.add(f"{keyed}.append(({item}, {', '.join(keys)}))")
        directions = self.source.constant(tuple(key.descending for key in node.sort))
        self.source.add(f"{result} = _o_sort_by_keys({keyed}, {directions})")

    def _fields(self, result: Type, item: str) -> dict[str, str]:
        element = result.element if isinstance(result, ListType) else result
        if not isinstance(element, TupleType):
            return {}
        return {name: guarded(f"{item}[{self.source.constant(name)}]", [item]) for name in element.fields}

    def named_in(self, node: tree.Query, item: str) -> dict[str, str]:
        """What the aliases stand for: each element, or with several sources a part of it."""
        return self._fields(node.source.type, item) if node.parts else {node.alias: item}
