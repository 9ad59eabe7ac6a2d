"""Generates queries: a loop, a condition, a list of results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from screening.cql import tree
from screening.cql.emit import Source
from screening.cql.inline import run_time_name
from screening.cql.tree import Node
from screening.cql.types import ListType, TupleType, Type, holds_lists


class GenerateQueries:
    source: Source
    names: dict[str, str]
    traced: list[tuple[Node, str]]
    repeated: int

    def generate(self, node: Node) -> str:
        raise NotImplementedError

    @contextmanager
    def lazily(self) -> Iterator[None]:
        """What may not be reached still needs a verdict: `_unreached` until it is."""
        first, place = len(self.traced), len(self.source.lines)
        indent = self.source.indent
        yield
        waiting = [operand for _, operand in self.traced[first:] if operand.startswith("_v")]
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
        with self.source.block(f"if {source} is not None:"), self.source.charged(f"len({source})"):
            self._loop(node, source, result, start)
        return result

    def _loop(self, node: tree.Query, source: str, result: str, start: str) -> None:
        if node.aggregate is not None and node.aggregate.distinct:
            source = self.source.assign(f"_o_distinct({source})")
        self.source.add(f"{result} = {'[]' if node.aggregate is None else start}")
        item = self.source.new()
        with self.source.block(f"for {item} in {source}:"), self.repeatedly({node.alias: item}):
            self._body(node, item, result)
        if node.distinct:
            self.weigh(node.type, result)
            self.source.add(f"{result} = {run_time_name('distinct', [node.type])}({result})")
        if node.sort:
            self._sort(node, result)

    def weigh(self, type_: Type, operand: str) -> None:
        """Pay for looking through a list where that may happen often or reach into other lists."""
        if isinstance(type_, ListType) and (self.repeated or holds_lists(type_.element)):
            self.source.add(f"_weigh(_budget, {operand})")

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
        with self.source.block(f"if {item} is not None:"), self.repeatedly({node.alias: item}):
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
        keyed, item = self.source.assign("[]"), self.source.new()
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
        return {
            name: f"None if {item} is None else {item}[{self.source.constant(name)}]"
            for name in element.fields
        }
