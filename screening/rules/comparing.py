"""Comparisons with answers, as a person would say them: a question is answered, blank, includes a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.cql import Node
from screening.cql.tree import (
    Convert,
    ListLiteral,
    Literal,
    Operation,
    Property,
    Query,
    Reference,
    TupleLiteral,
)
from screening.rules.phrases import alternatives
from screening.rules.shapes import ListOf, Scalar, Shape

if TYPE_CHECKING:
    from screening.rules.reader import Reader, Scope


def comparison(reader: Reader, node: Operation, scope: Scope, *, negated: bool = False) -> str | None:
    """The special wording of an operation, or None where the general one will do."""
    match node.name:
        case "=" | "!=" | "~" | "!~":
            return _equality(reader, node, scope)
        case "in":
            return _membership(reader, node, scope)
        case "contains":
            return _inclusion(reader, node, scope, negated=negated)
        case "is null" | "is not null":
            return _blank(reader, node, scope)
        case "exists":
            return _existence(reader, node, scope, negated=negated)
        case "<" | ">=":
            return _place_of(reader, node, scope)
        case "product":
            return _combinations(reader, node, scope)
    return None


def without_default(reader: Reader, node: Node, scope: Scope) -> tuple[Node, str]:
    """`Coalesce(question, 'x')` as the question and what a blank is taken as; '' is no answer at all."""
    while isinstance(node, Convert):
        node = node.operand
    if not (isinstance(node, Operation) and node.name == "Coalesce" and len(node.operands) == 2):
        return node, ""
    first, default = node.operands
    if not isinstance(default, Literal):
        return node, ""
    if default.value == "":
        return first, ""
    shape = reader.shape(first, scope)
    words = reader.value(default.value, shape.item if isinstance(shape, Scalar) else None)
    return first, f" (a blank counts as {words})"


def _values(reader: Reader, subject: Node, values: list[Node], scope: Scope) -> list[str]:
    shape = reader.shape(subject, scope)
    element = shape.element if isinstance(shape, ListOf) else shape
    item = element.item if isinstance(element, Scalar) else None
    return [
        reader.value(value.value, item) if isinstance(value, Literal) else reader.phrase(value, scope)
        for value in values
    ]


def _equality(reader: Reader, node: Operation, scope: Scope) -> str:
    left, right = node.operands
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right = right, left
    subject, default = without_default(reader, left, scope)
    verb = verb_of(subject, reader.shape(subject, scope), negated=node.name in ("!=", "!~"))
    (value,) = _values(reader, subject, [right], scope)
    return f"{reader.part(subject, scope)}{default} {verb} {value}"


def verb_of(subject: Node, shape: Shape, *, negated: bool = False) -> str:
    """A question with options is answered; everything else is."""
    options = isinstance(shape, Scalar) and shape.item is not None and bool(shape.item.options)
    verb = "is not" if negated else "is"
    return f"{verb} answered" if options and _is_question(subject, shape) else verb


def _is_question(node: Node, shape: Shape) -> bool:
    while isinstance(node, Convert):
        node = node.operand
    if not isinstance(shape, Scalar | ListOf) or shape.item is None:
        return False
    return isinstance(node, Reference | Property) and node.name == shape.item.id


def _membership(reader: Reader, node: Operation, scope: Scope) -> str | None:
    left, right = node.operands
    if not isinstance(right, ListLiteral):
        return None
    subject, default = without_default(reader, left, scope)
    blank = any(isinstance(item, Literal) and item.value == "" for item in right.items)
    named = [item for item in right.items if not (isinstance(item, Literal) and item.value == "")]
    values = _values(reader, subject, named, scope)
    if blank:
        values.append("left blank")
    verb = verb_of(subject, reader.shape(subject, scope))
    return f"{reader.part(subject, scope)}{default} {verb} {alternatives(values)}"


def _inclusion(reader: Reader, node: Operation, scope: Scope, *, negated: bool) -> str:
    whole, element = node.operands
    (value,) = _values(reader, whole, [element], scope)
    verb = "does not include" if negated else "includes"
    return f"{reader.part(whole, scope)} {verb} {value}"


def _blank(reader: Reader, node: Operation, scope: Scope) -> str | None:
    shape = reader.shape(node.operands[0], scope)
    if not _is_question(node.operands[0], shape):
        return None
    verb = "is blank" if node.name == "is null" else "is answered"
    return f"{reader.phrase(node.operands[0], scope)} {verb}"


def _existence(reader: Reader, node: Operation, scope: Scope, *, negated: bool) -> str | None:
    source = node.operands[0]
    while isinstance(source, Convert):
        source = source.operand
    if isinstance(source, Query) and source.where is not None and source.aggregate is None:
        inner = reader.inside(source, scope)
        many = reader.part(source.source, scope)
        quantity = "for none of" if negated else "for at least one of"
        return f"{quantity} {many}, {reader.clause(source.where, inner)}"
    if isinstance(source, Reference) and source.kind == "parameter":
        return f"{reader.phrase(source, scope)} has {'no entry' if negated else 'at least one entry'}"
    return None


def _combinations(reader: Reader, node: Operation, scope: Scope) -> str | None:
    """The several sources of a query, each with the name that stands for one of it."""
    (sources,) = node.operands
    if not isinstance(sources, TupleLiteral):
        return None
    named = [f"{reader.part(source, scope)} (‘{name}’)" for name, source in sources.elements.items()]
    return f"the combinations of {alternatives(named, 'and')}"


def _place_of(reader: Reader, node: Operation, scope: Scope) -> str | None:
    """`PositionOf(word, text) >= 0` is how the language asks whether a text contains a word."""
    place, zero = node.operands
    while isinstance(place, Convert):
        place = place.operand
    if not (isinstance(place, Operation) and place.name == "PositionOf"):
        return None
    if not (isinstance(zero, Literal) and zero.value == 0):
        return None
    word, text = (reader.phrase(operand, scope) for operand in place.operands)
    return f"{text} {'does not contain' if node.name == '<' else 'contains'} {word}"
