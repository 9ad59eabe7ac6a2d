"""Checks operators and built-in functions, and makes conversions visible."""

from __future__ import annotations

import re

from screening.cql.dates import PRECISIONS, Date, DateTime
from screening.cql.overloads import resolve
from screening.cql.pattern_syntax import PatternError, read_substitution
from screening.cql.patterns import read_pattern
from screening.cql.quantities import Quantity
from screening.cql.scope import Scope, close_to, refuse
from screening.cql.signatures import FUNCTIONS, OVERLOADS, WITH_PATTERN, WITH_PRECISION
from screening.cql.tree import (
    Call,
    Convert,
    IntervalLiteral,
    ListLiteral,
    Literal,
    Node,
    Operation,
    TupleLiteral,
)
from screening.cql.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    INTEGER,
    QUANTITY,
    STRING,
    ListType,
    TupleType,
    Type,
    certain,
    common_type,
    conversion_cost,
    lists_in,
)

INTEGER_MAX = 2**31 - 1
_INTERVAL_OPERATORS = ("in", "during", "included in")
_ORDERED = (INTEGER, DECIMAL, STRING, DATE, DATETIME, QUANTITY)
_LITERAL_TYPES: dict[type, Type] = {type(None): ANY, bool: BOOLEAN, int: INTEGER, str: STRING, Date: DATE}
_LITERAL_TYPES |= {DateTime: DATETIME, Quantity: QUANTITY}


class CheckOperations:
    """The part of the checker that chooses what runs."""

    def check(self, node: Node, scope: Scope) -> Node:
        raise NotImplementedError

    def check_value(self, node: Literal) -> Node:
        node.type = _LITERAL_TYPES.get(type(node.value), DECIMAL)
        if node.type == INTEGER and isinstance(node.value, int) and node.value > INTEGER_MAX:
            raise refuse(node, f"{node.value} is too large for an Integer.", "Integer")
        return node

    def coerce(self, node: Node, target: Type) -> Node:
        """The node as a value of `target`; a literal takes the type itself, anything else is converted."""
        if node.type == target:
            return node
        if conversion_cost(node.type, target) is None:
            raise refuse(node, f"{target} is needed here, but this is {node.type}.", "type")
        if isinstance(node, Literal) and node.value is None:
            node.type = target
            return node
        if isinstance(node, ListLiteral) and isinstance(target, ListType):
            node.items = [self.coerce(item, target.element) for item in node.items]
            node.type = target
            return node
        if isinstance(node, TupleLiteral) and isinstance(target, TupleType):
            node.elements = {
                name: self.coerce(item, target.fields[name]) for name, item in node.elements.items()
            }
            node.type = target
            return node
        change = Convert(node, target, implicit=True, line=node.line, column=node.column, type=target)
        change.depth = node.depth
        return change

    def _check_operation(self, node: Operation, scope: Scope) -> Node:
        last = node.operands[-1] if len(node.operands) == 2 else None
        if isinstance(last, IntervalLiteral) and node.name in _INTERVAL_OPERATORS:
            return self._check_interval(node, last, scope)
        if node.name == "during":
            raise refuse(
                node, "`during` needs an interval on its right.", "during", "Write: during Interval[a, b]."
            )
        node.operands = [self.check(operand, scope) for operand in node.operands]
        if node.name in ("and", "or"):
            node.operands = [self.coerce(operand, BOOLEAN) for operand in node.operands]
            node.type, node.symbol = BOOLEAN, f"{node.name}_"
            return node
        if node.name == "Coalesce":
            return self._check_coalesce(node)
        if node.name == "product":
            return self._check_product(node)
        return self._check_overloads(node)

    def _check_overloads(self, node: Operation) -> Node:
        types = [operand.type for operand in node.operands]
        if node.name in ("^", "Power") and types == [INTEGER, INTEGER] and _is_negative(node.operands[1]):
            types = [DECIMAL, DECIMAL]
        overloads = OVERLOADS.get(node.name)
        if overloads is None:  # `week from` is grammatical and means nothing
            raise refuse(node, f"`{node.name}` is not an operator.", node.name)
        found = resolve(overloads, types)
        if found is None:
            given = ", ".join(map(str, types)) or "nothing"
            takes = " or ".join(sorted({_shape(overload.operands) for overload in overloads}))
            same = ", with the same type for every T" if re.search(r"\bT\b", takes) else ""
            raise refuse(node, f"`{node.name}` cannot take {given}.", node.name, f"It takes {takes}{same}.")
        overload, wanted, result = found
        node.operands = [
            self.coerce(operand, type_) for operand, type_ in zip(node.operands, wanted, strict=True)
        ]
        node.symbol, node.type = overload.symbol, result
        self._check_precision(node, wanted[0] if wanted else ANY)
        if node.symbol in WITH_PATTERN:
            _check_pattern(node.operands[1:])
        return node

    def _check_precision(self, node: Operation, dates: Type) -> None:
        if node.precision is None:
            return
        if node.name not in WITH_PRECISION and node.symbol != "in_interval":
            raise refuse(node, f"`{node.name}` takes no precision.", "precision")
        is_duration = node.name in ("duration between", "difference between")
        if node.precision == "week":
            if not is_duration:
                raise refuse(node, "A week is not a part of a date.", "precision", "Use `weeks between`.")
        elif dates == DATE and PRECISIONS.index(node.precision) > PRECISIONS.index("day"):
            message = f"A Date has no {node.precision}."
            raise refuse(node, message, "precision", "Use days, or a DateTime.")

    def _check_coalesce(self, node: Operation) -> Node:
        if not node.operands:
            raise refuse(node, "Coalesce needs at least one operand.", "Coalesce")
        only = node.operands[0].type
        node.symbol = "coalesce"
        if len(node.operands) == 1 and isinstance(only, ListType):
            node.type = only.element
            return node
        shared: Type = ANY
        for operand in node.operands:
            merged = common_type(shared, operand.type)
            if merged is None:
                message = (
                    f"This is {operand.type}, the operand before it is {shared}; Coalesce needs one type."
                )
                raise refuse(operand, message, "Coalesce")
            shared = merged
        node.type = shared
        node.operands = [self.coerce(operand, shared) for operand in node.operands]
        return node

    def _check_product(self, node: Operation) -> Node:
        """One element of each list with each single value; a tuple of single values is itself."""
        sources = node.operands[0].type
        fields = sources.fields if isinstance(sources, TupleType) else {}
        one = TupleType(
            {name: type_.element if isinstance(type_, ListType) else type_ for name, type_ in fields.items()}
        )
        node.symbol, node.type = "product", ListType(one) if lists_in(sources) else one
        return node

    def _check_interval(self, node: Operation, interval: IntervalLiteral, scope: Scope) -> Node:
        parts = [self.check(part, scope) for part in (node.operands[0], interval.low, interval.high)]
        shared: Type = ANY
        for part in parts:
            merged = common_type(shared, certain(part.type))
            if merged is None or (merged != ANY and merged not in _ORDERED):
                raise refuse(part, f"{part.type} does not fit an interval of {shared}.", "Interval")
            shared = merged
        value, interval.low, interval.high = [self.coerce(part, shared) for part in parts]
        node.operands = [value, interval]
        node.symbol, node.type = "in_interval", BOOLEAN
        if node.precision is not None and shared not in (DATE, DATETIME):
            raise refuse(node, f"{shared} has no {node.precision}.", "precision")
        self._check_precision(node, shared)
        return node

    def unknown_function(self, node: Call, known: list[str]) -> Exception:
        close = close_to(node.name, [*sorted(FUNCTIONS), *known])
        suggestion = f"Did you mean {close}?" if close else ""
        return refuse(node, f"There is no function {node.name} in the subset.", node.name, suggestion)


def _is_negative(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, int) and node.value < 0


def _check_pattern(operands: list[Node]) -> None:
    """What is written out is read now; a pattern that is computed, when it is used."""
    written = [node.value if isinstance(node, Literal) else None for node in operands]
    try:
        if isinstance(written[0], str):
            pattern = read_pattern(written[0])
            if isinstance(written[-1], str) and len(written) > 1:
                read_substitution(written[-1], pattern.groups)
    except PatternError as problem:
        raise refuse(operands[problem.operand], str(problem), "regular expression") from None


def _shape(operands: tuple[Type, ...]) -> str:
    return ", ".join(map(str, operands)) or "nothing"
