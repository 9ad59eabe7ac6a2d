"""Turns Lark's parse tree into our nodes, without recursion: a hostile text must not exhaust the stack."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lark import Token

from screening.cql.build_clauses import BuildClauses
from screening.cql.build_places import Children, Place, name_of, nodes_in, refuse
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


class Build(BuildClauses):
    """One method for each rule of the grammar; queries and declarations are in `build_clauses`."""

    # Literals

    def null(self, at: Place, children: Children) -> Node:
        return self.node(at, Literal(None))

    def true(self, at: Place, children: Children) -> Node:
        return self.node(at, Literal(True))

    def false(self, at: Place, children: Children) -> Node:
        return self.node(at, Literal(False))

    def number(self, at: Place, children: Children) -> Node:
        return self.node(at, Literal(_number(at, children[0])))

    def string(self, at: Place, children: Children) -> Node:
        return self.node(at, Literal(unquote(children[0])))

    def date_literal(self, at: Place, children: Children) -> Node:
        text = str(children[0])[1:]
        try:
            value = DateTime.parse(text) if "T" in text else Date.parse(text)
        except ValueError as problem:
            raise refuse(at, str(problem), "date") from None
        return self.node(at, Literal(value))

    def unit(self, at: Place, children: Children) -> tuple[Token]:
        return (children[0],)

    def quantity(self, at: Place, children: Children) -> Node:
        number, (unit,) = children
        name = calendar_unit(unit) or unquote(unit)
        if unit.type == "STRING" and name not in UCUM_UNITS:
            suggestion = "Give the parameter a fixed unit and compare plain numbers."
            raise refuse(at, f"The unit {name!r} is not a unit of time.", "Quantity", suggestion)
        return self.node(at, Literal(Quantity(Decimal(_number(at, number)), str(name))))

    def list_literal(self, at: Place, children: Children) -> Node:
        return self.node(at, ListLiteral(nodes_in(children)))

    def typed_list(self, at: Place, children: Children) -> Node:
        return self.node(at, ListLiteral(nodes_in(children[1:]), element_type=children[0]))

    def element(self, at: Place, children: Children) -> tuple[str, Node]:
        return children[0], children[1]

    def tuple_literal(self, at: Place, children: Children) -> Node:
        elements = dict(children)
        if len(elements) < len(children):
            raise refuse(at, "A tuple names an element twice.", "tuple")
        return self.node(at, TupleLiteral(elements))

    def interval(self, at: Place, children: Children) -> Node:
        opening, low, high, closing = children
        return self.node(at, IntervalLiteral(low, high, opening == "[", closing == "]"))

    def interval_open(self, at: Place, children: Children) -> str:
        return str(children[0])

    interval_close = interval_open

    # Names

    def reference(self, at: Place, children: Children) -> Node:
        return self.node(at, Reference(name_of(children[0])))

    def member(self, at: Place, children: Children) -> str:
        return name_of(children[0])

    def property(self, at: Place, children: Children) -> Node:
        return self.node(at, Property(children[0], children[1]))

    def call(self, at: Place, children: Children) -> Node:
        name, arguments = name_of(children[0]), nodes_in(children[1:])
        if name in FUNCTIONS:
            return self.node(at, Operation(ALIASES.get(name, name), arguments))
        return self.node(at, Call(name, arguments))

    def index(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("Indexer", children))

    def brackets(self, at: Place, children: Children) -> Node:
        children[0].bracketed = True
        return children[0]  # type: ignore[no-any-return]

    # Operators

    def binary(self, at: Place, children: Children) -> Node:
        left, (name, precision), right = children
        if name in _CHAINED and isinstance(left, Operation) and left.name == name and not left.bracketed:
            left.operands.append(right)
            left.depth = self.bounded(at, max(left.depth, right.depth + 1))
            return left
        return self.node(at, Operation(name, [left, right], precision))

    def plus(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("plus", children))

    def minus(self, at: Place, children: Children) -> Node:
        """A minus before a number belongs to the number: -2147483648 is one, 2147483648 is not."""
        operand = children[0]
        value = operand.value if isinstance(operand, Literal) and not operand.bracketed else None
        if type(value) is int or type(value) is Decimal:
            return self.node(at, Literal(-value))
        return self.node(at, Operation("negate", children))

    def between(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("between", children))

    def duration(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("duration between", children[1:], str(children[0][0])))

    def difference(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("difference between", children[1:], str(children[0][0])))

    def negation(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("not", children))

    def exists(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("exists", children))

    def distinct(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("distinct", children))

    def flatten(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("flatten", children))

    def successor(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("successor", children))

    def predecessor(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("predecessor", children))

    def singleton(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation("singleton from", children))

    def component_from(self, at: Place, children: Children) -> Node:
        return self.node(at, Operation(f"{children[0][0]} from", children[1:]))

    def component(self, at: Place, children: Children) -> tuple[Token]:
        word = children[0]
        return (word if isinstance(word, Token) else word[0],)

    # Types

    def is_truth(self, at: Place, children: Children) -> Node:
        operand, negated, truth = children
        return self.node(at, Operation(f"is {'not ' if negated else ''}{truth}", [operand]))

    def not_word(self, at: Place, children: Children) -> bool:
        return True

    def truth_word(self, at: Place, children: Children) -> str:
        return str(children[0])

    def is_type(self, at: Place, children: Children) -> Node:
        return self.node(at, TypeTest(children[0], children[1]))

    def as_type(self, at: Place, children: Children) -> Node:
        return self.node(at, Convert(children[0], children[1]))

    def cast(self, at: Place, children: Children) -> Node:
        return self.node(at, Convert(children[0], children[1], strict=True))

    def convert(self, at: Place, children: Children) -> Node:
        name = _CONVERSIONS.get(children[1])
        if name is None:
            raise refuse(at, f"Nothing is converted to {children[1]}.", "convert")
        return self.node(at, Operation(name, children[:1]))

    def minimum(self, at: Place, children: Children) -> Node:
        return self._bound(at, "minimum", _LEAST, children[0])

    def maximum(self, at: Place, children: Children) -> Node:
        return self._bound(at, "maximum", _GREATEST, children[0])

    def _bound(self, at: Place, word: str, bounds: dict[Type, object], type_: Type) -> Node:
        if type_ not in bounds:
            raise refuse(at, f"{type_} has no {word}.", word)
        return self.node(at, Literal(bounds[type_]))

    # Conditions

    def if_then_else(self, at: Place, children: Children) -> Node:
        return self.node(at, If(*children))

    def when(self, at: Place, children: Children) -> tuple[Node, Node]:
        return children[0], children[1]

    def case_of(self, at: Place, children: Children) -> Node:
        return self.node(at, Case(children[0], children[1:-1], children[-1]))

    def case_when(self, at: Place, children: Children) -> Node:
        return self.node(at, Case(None, children[:-1], children[-1]))


def _number(at: Place, text: Any) -> int | Decimal:
    if "." not in text:
        digits = text.lstrip("0") or "0"
        if len(digits) > 10 or int(digits) > INTEGER_LIMIT:
            raise refuse(at, f"{text[:40]} is too large for an Integer.", "Integer")
        return int(digits)
    value = Decimal(text)
    if len(text.partition(".")[2]) > 8 or value > DECIMAL_LIMIT:
        message = f"{text[:40]} does not fit a Decimal: 20 digits before the point and 8 after it."
        raise refuse(at, message, "Decimal")
    return value
