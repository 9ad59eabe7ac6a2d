"""Turns Lark's parse tree into our nodes, without recursion: a hostile text must not exhaust the stack."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lark import Token, v_args

from screening.cql.build_clauses import BuildClauses
from screening.cql.build_places import Children, Meta, name_of, nodes_in, refuse
from screening.cql.dates import Date, DateTime
from screening.cql.lexer import unquote
from screening.cql.quantities import UCUM_UNITS, Quantity, calendar_unit
from screening.cql.signatures import ALIASES, FUNCTIONS
from screening.cql.tree import (
    Call,
    Case,
    Convert,
    If,
    IntervalLiteral,
    ListLiteral,
    Literal,
    Node,
    Operation,
    Property,
    Reference,
    TupleLiteral,
    TypeTest,
)
from screening.cql.types import BOOLEAN, DATE, DATETIME, DECIMAL, INTEGER, QUANTITY, STRING, Type

INTEGER_LIMIT = 2**31
DECIMAL_LIMIT = Decimal("99999999999999999999.99999999")
_CHAINED = ("and", "or")
_CONVERSIONS: dict[Type, str] = {
    type_: f"To{type_}" for type_ in (BOOLEAN, INTEGER, DECIMAL, STRING, DATE, DATETIME, QUANTITY)
}
_LEAST: dict[Type, object] = {
    INTEGER: -INTEGER_LIMIT,
    DECIMAL: -DECIMAL_LIMIT,
    DATE: Date(1, 1, 1),
    DATETIME: DateTime(1, 1, 1, 0, 0, 0, 0, offset=0),
}
_GREATEST: dict[Type, object] = {
    INTEGER: INTEGER_LIMIT - 1,
    DECIMAL: DECIMAL_LIMIT,
    DATE: Date(9999, 12, 31),
    DATETIME: DateTime(9999, 12, 31, 23, 59, 59, 999, offset=0),
}


@v_args(meta=True)
class Build(BuildClauses):
    """One method for each rule of the grammar; queries and declarations are in `build_clauses`."""

    # Literals

    def null(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Literal(None))

    def true(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Literal(True))

    def false(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Literal(False))

    def number(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Literal(_number(meta, children[0])))

    def string(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Literal(unquote(children[0])))

    def date_literal(self, meta: Meta, children: Children) -> Node:
        text = str(children[0])[1:]
        try:
            value = DateTime.parse(text) if "T" in text else Date.parse(text)
        except ValueError as problem:
            raise refuse(meta, str(problem), "date") from None
        return self.node(meta, Literal(value))

    def unit(self, meta: Meta, children: Children) -> Token:
        return children[0]  # type: ignore[no-any-return]

    def quantity(self, meta: Meta, children: Children) -> Node:
        number, unit = children
        name = calendar_unit(unit) or unquote(unit)
        if unit.type == "STRING" and name not in UCUM_UNITS:
            suggestion = "Give the parameter a fixed unit and compare plain numbers."
            raise refuse(meta, f"The unit {name!r} is not a unit of time.", "Quantity", suggestion)
        return self.node(meta, Literal(Quantity(Decimal(_number(meta, number)), str(name))))

    def list_literal(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, ListLiteral(nodes_in(children)))

    def typed_list(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, ListLiteral(nodes_in(children[1:]), element_type=children[0]))

    def element(self, meta: Meta, children: Children) -> tuple[str, Node]:
        return children[0], children[1]

    def tuple_literal(self, meta: Meta, children: Children) -> Node:
        elements = dict(children)
        if len(elements) < len(children):
            raise refuse(meta, "A tuple names an element twice.", "tuple")
        return self.node(meta, TupleLiteral(elements))

    def interval(self, meta: Meta, children: Children) -> Node:
        opening, low, high, closing = children
        return self.node(meta, IntervalLiteral(low, high, opening == "[", closing == "]"))

    def interval_open(self, meta: Meta, children: Children) -> str:
        return str(children[0])

    interval_close = interval_open

    # Names

    def reference(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Reference(name_of(children[0])))

    def member(self, meta: Meta, children: Children) -> str:
        return name_of(children[0])

    def property(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Property(children[0], children[1]))

    def call(self, meta: Meta, children: Children) -> Node:
        name, arguments = name_of(children[0]), nodes_in(children[1:])
        if name in FUNCTIONS:
            return self.node(meta, Operation(ALIASES.get(name, name), arguments))
        return self.node(meta, Call(name, arguments))

    def index(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("Indexer", children))

    def brackets(self, meta: Meta, children: Children) -> Node:
        children[0].bracketed = True
        return children[0]  # type: ignore[no-any-return]

    # Operators

    def binary(self, meta: Meta, children: Children) -> Node:
        left, (name, precision), right = children
        if name in _CHAINED and isinstance(left, Operation) and left.name == name and not left.bracketed:
            left.operands.append(right)
            left.depth = self.bounded(meta, max(left.depth, right.depth + 1))
            return left
        return self.node(meta, Operation(name, [left, right], precision))

    def plus(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("plus", children))

    def minus(self, meta: Meta, children: Children) -> Node:
        """A minus before a number belongs to the number: -2147483648 is one, 2147483648 is not."""
        operand = children[0]
        value = operand.value if isinstance(operand, Literal) and not operand.bracketed else None
        if type(value) is int or type(value) is Decimal:
            return self.node(meta, Literal(-value))
        return self.node(meta, Operation("negate", children))

    def between(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("between", children))

    def duration(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("duration between", children[1:], children[0]))

    def difference(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("difference between", children[1:], children[0]))

    def negation(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("not", children))

    def exists(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("exists", children))

    def distinct(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("distinct", children))

    def flatten(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("flatten", children))

    def successor(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("successor", children))

    def predecessor(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("predecessor", children))

    def singleton(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation("singleton from", children))

    def component_from(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Operation(f"{children[0]} from", children[1:]))

    def component(self, meta: Meta, children: Children) -> str:
        word = children[0]
        return str(word) if isinstance(word, Token) else str(word[0])

    # Types

    def is_truth(self, meta: Meta, children: Children) -> Node:
        operand, negated, truth = children
        return self.node(meta, Operation(f"is {'not ' if negated else ''}{truth}", [operand]))

    def not_word(self, meta: Meta, children: Children) -> bool:
        return True

    def truth_word(self, meta: Meta, children: Children) -> str:
        return str(children[0])

    def is_type(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, TypeTest(children[0], children[1]))

    def as_type(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Convert(children[0], children[1]))

    def cast(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Convert(children[0], children[1], strict=True))

    def convert(self, meta: Meta, children: Children) -> Node:
        name = _CONVERSIONS.get(children[1])
        if name is None:
            raise refuse(meta, f"Nothing is converted to {children[1]}.", "convert")
        return self.node(meta, Operation(name, children[:1]))

    def minimum(self, meta: Meta, children: Children) -> Node:
        return self._bound(meta, "minimum", _LEAST, children[0])

    def maximum(self, meta: Meta, children: Children) -> Node:
        return self._bound(meta, "maximum", _GREATEST, children[0])

    def _bound(self, meta: Meta, word: str, bounds: dict[Type, object], type_: Type) -> Node:
        if type_ not in bounds:
            raise refuse(meta, f"{type_} has no {word}.", word)
        return self.node(meta, Literal(bounds[type_]))

    # Conditions

    def if_then_else(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, If(*children))

    def when(self, meta: Meta, children: Children) -> tuple[Node, Node]:
        return children[0], children[1]

    def case_of(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Case(children[0], children[1:-1], children[-1]))

    def case_when(self, meta: Meta, children: Children) -> Node:
        return self.node(meta, Case(None, children[:-1], children[-1]))


def _number(meta: Meta, text: Any) -> int | Decimal:
    if "." not in text:
        digits = text.lstrip("0") or "0"
        if len(digits) > 10 or int(digits) > INTEGER_LIMIT:
            raise refuse(meta, f"{text[:40]} is too large for an Integer.", "Integer")
        return int(digits)
    value = Decimal(text)
    if len(text.partition(".")[2]) > 8 or value > DECIMAL_LIMIT:
        message = f"{text[:40]} does not fit a Decimal: 20 digits before the point and 8 after it."
        raise refuse(meta, message, "Decimal")
    return value
