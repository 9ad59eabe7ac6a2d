"""What values an expression can have, as far as that follows from the questions and the literals.

Not types, which the language checks: of a String this says which codes it can be, of a number between which
ends it lies, and which question it is the answer to. `None` means that nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from screening.cql.tree import (
    Call,
    Case,
    Convert,
    FunctionDefinition,
    If,
    IntervalLiteral,
    ListLiteral,
    Literal,
    Node,
    Operation,
    Property,
    Query,
    Reference,
    TupleLiteral,
)
from screening.cql.types import ListType
from screening.rules.questionnaire import Item


@dataclass(frozen=True)
class Scalar:
    """One value: the codes it can be, or the ends it lies between, and the question it answers."""

    codes: frozenset[str] | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    item: Item | None = None


@dataclass(frozen=True)
class ListOf:
    element: Shape
    item: Item | None = None


@dataclass(frozen=True)
class TupleOf:
    fields: Mapping[str, Shape]


@dataclass(frozen=True)
class SpanOf:
    """The interval to the right of `in`; `closed` says whether each end belongs to it."""

    low: Shape
    high: Shape
    closed: tuple[bool, bool]


Shape = Scalar | ListOf | TupleOf | SpanOf | None
Env = Mapping[str, Shape]
Seen = Callable[[Operation, list[Shape]], None]
NOTHING = Scalar(frozenset())  # null: it can be no code at all
_FIRST_OF_LIST = ("First", "Last", "Min", "Max", "Mode", "singleton from", "Indexer")
_SAME_LIST = ("distinct", "Skip", "Tail", "Take", "except")
_JOINED = ("union", "Coalesce", "intersect")
_SIGNED = {"+": 1, "-": -1}
# A function is read anew for each call, and may call another: nodes of all calls together, and levels of
# those that stand in one another.
MOST_IN_CALLS, DEEPEST_CALLS = 100_000, 64


def shape_of_item(item: Item) -> Shape:
    """The answers that a question can give a rule: an option marked unknown is never seen."""
    if item.type == "group":
        inner = TupleOf({i.id: shape_of_item(i) for i in item.items if i.holds_an_answer})
        return ListOf(inner, item) if item.repeats else inner
    codes = frozenset(option.code for option in item.options if not option.unknown)
    if item.type == "choice":
        shape = Scalar(codes, item=item)
    else:
        numbers = [Decimal(code) for code in codes]
        low, high = (min(numbers), max(numbers)) if numbers else (item.min, item.max)
        shape = Scalar(low=low, high=high, item=item)
    return ListOf(shape, item) if item.repeats or item.type == "attachment" else shape


class Shapes:
    """Shapes of the expressions of one checked library. `seen` is told of every operation and its shapes."""

    def __init__(
        self,
        items: Iterable[Item],
        definitions: Mapping[str, Node],
        functions: Mapping[str, FunctionDefinition],
        seen: Seen | None = None,
    ) -> None:
        self._items = {item.id: item for item in items}
        self._definitions = definitions
        self._functions = functions
        self._seen = seen
        self._known: dict[str, Shape] = {}
        self._answers: dict[str, Shape] = {}
        self._begun: set[str] = set()
        self._deep = 0
        self.room = MOST_IN_CALLS

    def of_definition(self, name: str) -> Shape:
        waiting = [name]
        while waiting:  # what it stands on before itself: a chain of definitions may be thousands long
            current = waiting[-1]
            if current not in self._begun:
                self._begun.add(current)
                waiting += _definitions_in(self._definitions[current]) - self._begun
                continue
            waiting.pop()
            if current not in self._known:
                self._known[current] = self.of(self._definitions[current], {})
        return self._known[name]

    def of(self, node: Node, env: Env) -> Shape:
        match node:
            case Literal():
                return _literal(node.value)
            case ListLiteral():
                return ListOf(_join([self.of(item, env) for item in node.items]))
            case TupleLiteral():
                return TupleOf({name: self.of(value, env) for name, value in node.elements.items()})
            case IntervalLiteral():
                ends = self.of(node.low, env), self.of(node.high, env)
                return SpanOf(*ends, (node.low_closed, node.high_closed))
            case Reference():
                return self._reference(node, env)
            case Property():
                source = self.of(node.source, env)
                return source.fields.get(node.name) if isinstance(source, TupleOf) else None
            case Convert():
                return self.of(node.operand, env)
            case Operation():
                return self._operation(node, env)
        return self._structure(node, env)

    def _structure(self, node: Node, env: Env) -> Shape:
        match node:
            case If():
                self.of(node.condition, env)
                return _join([self.of(node.then, env), self.of(node.otherwise, env)])
            case Case():
                return self._case(node, env)
            case Query():
                return self._query(node, env)
            case Call():
                return self._call(node, env)
        for child in node.children:
            self.of(child, env)
        return None

    def _reference(self, node: Reference, env: Env) -> Shape:
        if node.kind in ("alias", "operand"):
            return env.get(node.name)
        if node.kind == "parameter":
            if node.name not in self._answers:
                self._answers[node.name] = shape_of_item(self._items[node.name])
            return self._answers[node.name]
        return self.of_definition(node.name)

    def _case(self, node: Case, env: Env) -> Shape:
        subject = None if node.comparand is None else self.of(node.comparand, env)
        for condition, _ in node.items:
            shape = self.of(condition, env)
            if node.comparand is not None and self._seen is not None:
                compared = Operation("=", [node.comparand, condition], line=condition.line)
                compared.column = condition.column
                self._seen(compared, [subject, shape])
        return _join([*(self.of(result, env) for _, result in node.items), self.of(node.otherwise, env)])

    def _query(self, node: Query, env: Env) -> Shape:
        source = self.of(node.source, env)
        inner = {**env, **aliased(node, source)}
        if node.where is not None:
            self.of(node.where, inner)
        result: Shape = source
        if node.returning is not None:
            returned = self.of(node.returning, inner)
            result = ListOf(returned) if isinstance(source, ListOf) else returned
        if node.aggregate is not None:
            if node.aggregate.starting is not None:
                self.of(node.aggregate.starting, env)
            self.of(node.aggregate.expression, {**inner, node.aggregate.name: None})
            return None
        return result

    def _call(self, node: Call, env: Env) -> Shape:
        function = self._functions[node.name]
        arguments = [self.of(argument, env) for argument in node.arguments]
        deep = self._deep + function.expression.depth
        if deep > DEEPEST_CALLS:
            self.room = -1
        self.room -= sum(1 for _ in function.expression.walk()) if self.room >= 0 else 0
        if self.room < 0:
            return None
        outer, self._deep = self._deep, deep
        shape = self.of(function.expression, dict(zip(function.operands, arguments, strict=True)))
        self._deep = outer
        return shape

    def _operation(self, node: Operation, env: Env) -> Shape:
        shapes = [self.of(operand, env) for operand in node.operands]
        if self._seen is not None:
            self._seen(node, shapes)
        first = shapes[0] if shapes else None
        if node.name in _FIRST_OF_LIST:
            return first.element if isinstance(first, ListOf) else None
        if node.name in _SAME_LIST:
            return first
        if node.name in _JOINED:
            return _join(shapes)
        if node.name == "product" and isinstance(first, TupleOf):
            one = TupleOf({name: _element(shape) for name, shape in first.fields.items()})
            return ListOf(one) if isinstance(node.type, ListType) else one
        if node.name in ("Count", "Length"):
            return Scalar(low=Decimal(0))
        if node.name in _SIGNED and len(shapes) == 2:
            return _added(shapes[0], shapes[1], _SIGNED[node.name])
        return None


def aliased(query: Query, source: Shape) -> dict[str, Shape]:
    """What the aliases of a query stand for: each element, or with several sources a part of it."""
    element = _element(source)
    if not query.parts:
        return {query.alias: element}
    return {name: element.fields.get(name) if isinstance(element, TupleOf) else None for name in query.parts}


def _definitions_in(node: Node) -> set[str]:
    return {each.name for each in node.walk() if isinstance(each, Reference) and each.kind == "definition"}


def _element(shape: Shape) -> Shape:
    return shape.element if isinstance(shape, ListOf) else shape


def _literal(value: object) -> Shape:
    if isinstance(value, bool) or value is None:
        return NOTHING if value is None else None
    if isinstance(value, str):
        return Scalar(frozenset({value}))
    if isinstance(value, int | Decimal):
        return Scalar(low=Decimal(value), high=Decimal(value))
    return None


def _join(shapes: list[Shape]) -> Shape:
    """What is one of these: null and a list without elements add nothing to the others."""
    known = [shape for shape in shapes if shape not in (NOTHING, ListOf(NOTHING))]
    return reduce(_either, known or shapes or [NOTHING])


def _either(one: Shape, other: Shape) -> Shape:
    if isinstance(one, ListOf) and isinstance(other, ListOf):
        return ListOf(_join([one.element, other.element]))
    if isinstance(one, TupleOf) and isinstance(other, TupleOf):
        return TupleOf({n: _either(s, other.fields.get(n)) for n, s in one.fields.items()})
    if not isinstance(one, Scalar) or not isinstance(other, Scalar):
        return None
    codes = one.codes | other.codes if one.codes is not None and other.codes is not None else None
    low = min(one.low, other.low) if one.low is not None and other.low is not None else None
    high = max(one.high, other.high) if one.high is not None and other.high is not None else None
    return Scalar(codes, low, high, one.item or other.item)


def _added(one: Shape, other: Shape, sign: int) -> Shape:
    if not isinstance(one, Scalar) or not isinstance(other, Scalar):
        return None
    ends = (other.low, other.high) if sign > 0 else (other.high, other.low)
    low = one.low + sign * ends[0] if one.low is not None and ends[0] is not None else None
    high = one.high + sign * ends[1] if one.high is not None and ends[1] is not None else None
    return Scalar(low=low, high=high)
