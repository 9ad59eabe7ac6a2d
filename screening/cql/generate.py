"""From a checked tree to Python source: one method for each kind of node.

Each method adds lines and gives back an operand: the name of a variable or of a constant. The source
is made of statements rather than nested expressions, so its nesting stays small.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from screening.cql import tree
from screening.cql.emit import Source
from screening.cql.generate_queries import GenerateQueries
from screening.cql.inline import PLAIN, guarded, inline, is_known, is_sure, run_time_name
from screening.cql.signatures import WITH_BUDGET
from screening.cql.tree import Node
from screening.cql.types import BOOLEAN, ListType, Type, holds_lists, lists_in
from screening.cql.values import cast, converter, fits

LEVELS = {"year": 1, "month": 2, "day": 3, "hour": 4, "minute": 5, "second": 6, "millisecond": 7}
_WORDS = ("None", "True", "False")
# What may be long and is made anew each time: in a loop it is paid for by its length.
MAKES_TEXT = frozenset(("concatenate", "join_strings", "combine", "split", "substring", "lower", "upper"))


class Generator(GenerateQueries):
    """Generates the body of one definition or function.

    `names` maps what the author calls something to what we call it. Boolean nodes are collected in
    `traced`, each with the operand that holds its verdict, unless they are computed more than once.
    """

    def __init__(
        self,
        source: Source,
        names: dict[str, str],
        extras: dict[str, list[str]],
        operands: dict[str, str] | None = None,
    ) -> None:
        self.source = source
        self.everywhere = names
        self.names = {**names, **operands} if operands else names
        self.extras = extras
        self.traced: list[tuple[Node, str]] = []
        self.repeated = 0
        self.rows: dict[str, list[Any]] = {}

    def generate(self, node: Node) -> str:
        place = len(self.traced)
        operand: str = getattr(self, f"_{type(node).__name__.lower()}")(node)
        if node.type == BOOLEAN and not self.repeated and not isinstance(node, tree.Literal | tree.Convert):
            self.traced.insert(place, (node, operand))
        return operand

    def _literal(self, node: tree.Literal) -> str:
        return self.source.constant(node.value)

    def _listliteral(self, node: tree.ListLiteral) -> str:
        items = [self.generate(item) for item in node.items]
        if all(map(self._is_written, node.items, items)):
            return self.source.constant([self.constant_value(item) for item in items])
        return self.source.assign(f"[{', '.join(items)}]", sure=True)

    def _tupleliteral(self, node: tree.TupleLiteral) -> str:
        values = {name: self.generate(value) for name, value in node.elements.items()}
        if all(map(self._is_written, node.elements.values(), values.values())):
            return self.source.constant({name: self.constant_value(value) for name, value in values.items()})
        pairs = (f"{self.source.constant(name)}: {value}" for name, value in values.items())
        return self.source.assign(f"{{{', '.join(pairs)}}}", sure=True)

    def _is_written(self, node: Node, operand: str) -> bool:
        """A constant that stands here itself: one with a name could be in another, and that in a third."""
        value = self.constant_value(operand) if isinstance(node, tree.Reference) else None
        return self._is_constant(operand) and not isinstance(value, list | dict)

    def _is_light(self, type_: Type, operand: str) -> bool:
        """Whether looking through it costs little: of lists in lists only where they are written."""
        inner = type_.element if isinstance(type_, ListType) else type_
        return self._is_constant(operand) if holds_lists(inner) else is_known(operand)

    def _is_constant(self, operand: str) -> bool:
        return operand in self.source.namespace or operand in _WORDS

    def constant_value(self, operand: str) -> object:
        return {"None": None, "True": True, "False": False}.get(operand, self.source.namespace.get(operand))

    def _reference(self, node: tree.Reference) -> str:
        operand = self.names[node.name]
        return operand if operand.isidentifier() else self.source.assign(operand)

    def _property(self, node: tree.Property) -> str:
        source = self.generate(node.source)
        if source == "None":
            return source
        filled = source in self.rows and all(row[node.name] is not None for row in self.rows[source])
        text = guarded(f"{source}[{self.source.constant(node.name)}]", [source])
        return self.source.assign(text, sure=filled)

    def _operation(self, node: tree.Operation) -> str:
        if node.symbol == "in_interval":
            return self._in_interval(node)
        if node.symbol == "coalesce" and len(node.operands) > 1:
            return self._coalesce(node)
        operands = [self.generate(operand) for operand in node.operands]
        if node.symbol == "today":
            return "_today"
        types = [operand.type for operand in node.operands]
        if node.symbol == "in_list":
            operands[1] = self._as_set(types[0], operands[1])
        elif node.symbol == "contains":
            operands[0] = self._as_set(types[1], operands[0])
        text = self.written(node, types, operands)
        if (text is None and node.symbol != "product") or node.symbol in ("in_list", "contains"):
            for child, operand in zip(node.operands, operands, strict=True):
                # A query has paid for every element that it kept.
                if not self._is_light(child.type, operand) and not isinstance(child, tree.Query):
                    self.weigh(child.type, operand)
        if text is None:
            every = ", ".join([*operands, *self._also(node, types)])
            text = f"{run_time_name(node.symbol, types)}({every})"
        made = self.named(node, text, operands)
        if self.repeated and node.symbol in MAKES_TEXT and not _is_of_an_entry(node.operands[0]):
            self.pay_for_text(node.type, made)
        return made

    def _also(self, node: tree.Operation, types: list[Type]) -> Iterator[str]:
        """What an operation is told besides its operands."""
        if node.precision is not None:
            yield self._precision(node)
        if node.symbol == "product":
            yield self.source.constant(lists_in(types[0]))
        if node.symbol in WITH_BUDGET:
            yield "_budget"

    def written(self, node: tree.Operation, types: list[Type], operands: list[str]) -> str | None:
        """The operation as an expression, or None when it has to be called."""
        return inline(node.symbol, types, operands)

    def named(self, node: tree.Operation, text: str, operands: list[str]) -> str:
        return self.source.assign(text, sure=is_sure(node.symbol, operands))

    def _precision(self, node: tree.Operation) -> str:
        if node.symbol.endswith("_between"):
            return self.source.constant(node.precision)
        return self.source.constant(LEVELS[str(node.precision)])

    def _as_set(self, type_: Type, items: str) -> str:
        """A constant list of plain values is looked up in a set."""
        values = self.source.namespace.get(items)
        if type_ in PLAIN and isinstance(values, list):
            return self.source.constant(frozenset(values))
        return items

    def _in_interval(self, node: tree.Operation) -> str:
        value, interval = node.operands
        if not isinstance(interval, tree.IntervalLiteral):
            raise TypeError("The checker lets intervals only stand here.")
        operands = [self.generate(part) for part in (value, interval.low, interval.high)]
        operands.append(self.source.constant((interval.low_closed, interval.high_closed)))
        if node.precision is not None:
            operands.append(self._precision(node))
        return self.source.assign(f"_o_in_interval({', '.join(operands)})")

    def _coalesce(self, node: tree.Operation) -> str:
        """Operands after the first known one are not computed."""
        result = self.source.new()
        self.source.add(f"{result} = {self.generate(node.operands[0])}")
        for operand in node.operands[1:]:
            with self.lazily(), self.source.block(f"if {result} is None:"):
                self.source.add(f"{result} = {self.generate(operand)}")
        return result

    def _call(self, node: tree.Call) -> str:
        arguments = [self.generate(argument) for argument in node.arguments]
        extras = [self.everywhere[name] for name in self.extras[node.name]]
        every = ", ".join(["_budget", "_today", *extras, *arguments])
        return self.source.assign(f"{self.everywhere[node.name]}({every})")

    def _if(self, node: tree.If) -> str:
        condition = self.generate(node.condition)
        result = self.source.new()
        with self.lazily():
            with self.source.block(f"if {condition}:"):
                self.source.add(f"{result} = {self.generate(node.then)}")
            with self.source.block("else:"):
                self.source.add(f"{result} = {self.generate(node.otherwise)}")
        return result

    def _case(self, node: tree.Case) -> str:
        """Not nested, since a case may have a hundred branches: a flag says whether one was taken."""
        comparand = None if node.comparand is None else self.generate(node.comparand)
        type_ = node.comparand.type if node.comparand else BOOLEAN
        result, searching = self.source.new(), self.source.begin("True")
        with self.lazily():
            for condition, value in node.items:
                with self.source.block(f"if {searching}:"):
                    test = self.generate(condition)
                    if comparand is not None:
                        test = self._equality(type_, comparand, test)
                    with self.source.block(f"if {test}:"):
                        self.source.add(f"{searching} = False")
                        self.source.add(f"{result} = {self.generate(value)}")
            with self.source.block(f"if {searching}:"):
                self.source.add(f"{result} = {self.generate(node.otherwise)}")
        return result

    def _equality(self, type_: Type, a: str, b: str) -> str:
        return self.source.assign(inline("equal", [type_, type_], [a, b]) or f"_o_equal({a}, {b})")

    def _convert(self, node: tree.Convert) -> str:
        operand = self.generate(node.operand)
        if node.implicit:
            change = converter(node.operand.type, node.target)
        else:
            change = None if node.operand.type == node.target else cast(node.target, strict=node.strict)
        if change is None or operand == "None":
            return operand
        if self._is_constant(operand) and node.implicit:
            return self.source.constant(change(self.constant_value(operand)))
        return self.source.assign(f"{self.source.constant(change)}({operand})")

    def _typetest(self, node: tree.TypeTest) -> str:
        operand = self.generate(node.operand)
        target = node.target
        return self.source.assign(f"{self.source.constant(lambda value: fits(value, target))}({operand})")


def _is_of_an_entry(node: Node) -> bool:
    """A column of an entry or of a table, which is as long as somebody wrote it."""
    return isinstance(node, tree.Property)
