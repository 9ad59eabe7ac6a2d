"""What a tree says of itself before any value is there: constants, what a node needs, what cannot fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from screening.cql import tree
from screening.cql.dates import Date
from screening.cql.frames import TODAY
from screening.cql.program import Program
from screening.cql.references import free_names
from screening.cql.runtime import OPERATIONS
from screening.cql.tree import Node
from screening.cql.types import TupleType
from screening.cql.values import cast, converter

_NEVER_FAIL = frozenset(
    [
        "and_",
        "or_",
        "not_",
        "is_null",
        "is_not_null",
        "is_true",
        "is_not_true",
        "is_false",
        "is_not_false",
        "exists",
        "count",
        "in_list",
        "contains",
        "equal",
        "not_equal",
        "equivalent",
        "not_equivalent",
        "less",
        "less_or_equal",
        "greater",
        "greater_or_equal",
        "between",
        "before",
        "after",
        "duration_between",
        "difference_between",
        "position_of",
        "starts_with",
        "ends_with",
    ]
)
# What the generated source writes out instead of calling it.
FUNCTIONS: dict[str, Callable[..., Any]] = OPERATIONS | {
    "is_null": lambda a: a is None,
    "is_not_null": lambda a: a is not None,
    "is_true": lambda a: a is True,
    "is_not_true": lambda a: a is not True,
    "is_false": lambda a: a is False,
    "is_not_false": lambda a: a is not False,
    "same": lambda a: a,
    "position_of": lambda part, text: None if part is None or text is None else text.find(part),
}
Need = tuple[str, bool]
REMEMBERED = 50_000


class Reading:
    """A program ready to be read by columns. It keeps what it learns of the tree, so one for each process."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._constants: dict[int, tuple[bool, Any]] = {}
        self._needs: dict[int, tuple[Need, ...]] = {}
        self._remembered: dict[int, dict[tuple[int, ...], Any]] = {}

    def constant_of(self, node: Node) -> tuple[bool, Any]:
        """Whether a node is made of literals alone, and then its value: tables, above all."""
        found = self._constants.get(id(node))
        if found is None:
            found = self._constants[id(node)] = self._constant_of(node)
        return found

    def _constant_of(self, node: Node) -> tuple[bool, Any]:
        if isinstance(node, tree.Literal):
            return True, node.value
        if not isinstance(node, tree.ListLiteral | tree.TupleLiteral | tree.Convert):
            return False, None
        parts = [self.constant_of(child) for child in node.children]
        if not all(known for known, _ in parts):
            return False, None
        values = [value for _, value in parts]
        if isinstance(node, tree.ListLiteral):
            return True, values
        if isinstance(node, tree.TupleLiteral):
            return True, dict(zip(node.elements, values, strict=True))
        change = change_of(node)
        if change is not None and not node.implicit and values[0] is not None:
            return False, None  # it may fail, and only those who reach it are to hear of it
        return True, values[0] if change is None else change(values[0])

    def remembering(self, node: Node, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function of a node whose first operand is a date and whose others are constants.

        There are so many days and no more: what it gave for one is known the next time.
        """
        known = self._remembered.setdefault(id(node), {})

        def remembered(date: Any, *others: Any) -> Any:
            if type(date) is not Date:
                return function(date, *others)
            try:
                return known[date.parts]
            except KeyError:
                if len(known) >= REMEMBERED:
                    known.clear()
                value = known[date.parts] = function(date, *others)
                return value

        return remembered

    def declares(self, name: str) -> bool:
        return name in self.program.parameters or name in self.program.types

    def needs(self, node: Node) -> tuple[Need, ...]:
        """Everything outside itself that a node's value depends on, functions opened.

        Each is a name, and whether it is meant as inside a function: there no alias of a caller is seen.
        """
        found = self._needs.get(id(node))
        if found is None:
            found = self._needs[id(node)] = tuple(dict.fromkeys(self._read_by(node, frozenset())))
        return found

    def _read_by(self, node: Node, opened: frozenset[str]) -> Iterator[Need]:
        functions = self.program.functions
        if any(isinstance(each, tree.Operation) and each.symbol == "today" for each in node.walk()):
            yield TODAY, True
        for name in free_names(node):
            if name not in functions:
                yield name, False
            elif name not in opened:
                inner = functions[name]
                for each, _ in self._read_by(inner.expression, opened | {name}):
                    if each == TODAY or (each not in inner.operands and self.declares(each)):
                        yield each, True


def cannot_fail(node: Node) -> bool:
    """Whether a node has a value whatever is in its names. What it does not say of others it denies."""
    if isinstance(node, tree.Operation):
        works = node.symbol in _NEVER_FAIL
    elif isinstance(node, tree.Property):
        works = isinstance(node.source.type, TupleType)
    elif isinstance(node, tree.Convert):
        works = change_of(node) is None
    elif isinstance(node, tree.Query):
        works = node.aggregate is None and not node.sort
    else:
        works = isinstance(node, tree.Reference | tree.Literal | tree.ListLiteral)
    return works and all(map(cannot_fail, node.children))


def change_of(node: tree.Convert) -> Callable[[Any], Any] | None:
    """What a conversion does to a value; None where it does nothing."""
    if node.implicit:
        return converter(node.operand.type, node.target)
    return None if node.operand.type == node.target else cast(node.target, strict=node.strict)
