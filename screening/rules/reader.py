"""Reads a checked tree in English, node by node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from screening.cql import BOOLEAN, Date, Node, Program, Quantity
from screening.cql.tree import (
    Call,
    Case,
    Convert,
    If,
    IntervalLiteral,
    ListLiteral,
    Literal,
    Operation,
    Property,
    Query,
    Reference,
    TupleLiteral,
    TypeTest,
)
from screening.rules.comparing import comparison, verb_of, without_default
from screening.rules.compiled import CompiledRuleSet
from screening.rules.library import asked_name
from screening.rules.phrases import OPERATIONS, alternatives
from screening.rules.questionnaire import Item, Score
from screening.rules.ruleset import Table
from screening.rules.shapes import ListOf, Scalar, Shape, Shapes, aliased


@dataclass(frozen=True, slots=True)
class Scope:
    """What names stand for inside queries and functions: their words and shapes."""

    words: Mapping[str, str]
    shapes: Mapping[str, Shape]

    def within(self, name: str, words: str, shape: Shape) -> Scope:
        return Scope({**self.words, name: words}, {**self.shapes, name: shape})


OUTSIDE = Scope({}, {})
ASKED = asked_name("")


class Reader:
    """Reads nodes: `clause` where something is so or not so, `phrase` where something has a value."""

    def __init__(
        self,
        items: Iterable[Item],
        program: Program,
        *,
        scores: Iterable[Score] = (),
        tables: Mapping[str, Table] | None = None,
    ) -> None:
        self._items = {item.id: item for item in items}
        self._scores = {score.id: score for score in scores}
        self._tables, self._program = tables or {}, program
        self._shapes = Shapes(
            self._items.values(),
            {name: program.tree(name) for name in program.definitions},
            program.functions,
        )

    @classmethod
    def of(cls, compiled: CompiledRuleSet) -> Reader:
        asked = compiled.questionnaire
        return cls(asked.items(), compiled.program, scores=asked.scores, tables=compiled.ruleset.tables)

    def shape(self, node: Node, scope: Scope) -> Shape:
        return self._shapes.of(node, scope.shapes)

    def clause(self, node: Node, scope: Scope, *, inside: bool = False) -> str:
        """`inside` another clause, a chain of conditions is put in brackets."""
        node = bare(node)
        if isinstance(node, Operation) and node.name in ("and", "or"):
            parts = self._chain(node, scope)
            words = f"{', ' if len(parts) > 2 else ' '}{node.name} ".join(parts)
            return f"({words})" if inside and len(parts) > 1 else words
        if isinstance(node, Operation) and node.name == "not":
            return self._negated(bare(node.operands[0]), scope)
        if node.type == BOOLEAN and isinstance(node, Reference | Property):
            return self._named_condition(node, scope)
        words = self.phrase(node, scope)
        return f"({words})" if inside and _runs_on(node) else words

    def part(self, node: Node, scope: Scope) -> str:
        """A phrase inside another, in brackets where its end could be missed."""
        words = self.phrase(node, scope)
        return f"({words})" if _runs_on(bare(node)) else words

    def _chain(self, node: Operation, scope: Scope) -> list[str]:
        """The parts of a chain; comparisons of one question with several answers become one part."""
        parts: list[str] = []
        merged: dict[str, tuple[int, list[str]]] = {}
        for operand in map(bare, node.operands):
            same = self._answer_compared(operand, scope) if node.name == "or" else None
            if same is None:
                parts.append(self.clause(operand, scope, inside=True))
                continue
            subject, answer = same
            place, answers = merged.setdefault(subject, (len(parts), []))
            answers.append(answer)
            parts[place : place + 1] = [f"{subject} {alternatives(answers)}"]  # at the end a new one
        return parts

    def _answer_compared(self, node: Node, scope: Scope) -> tuple[str, str] | None:
        if not isinstance(node, Operation) or node.name != "=" or not isinstance(node.operands[1], Literal):
            return None
        shape = self.shape(node.operands[0], scope)
        subject, default = without_default(self, node.operands[0], scope)
        return (
            f"{self.part(subject, scope)}{default} {verb_of(subject, shape)}",
            self.value(node.operands[1].value, shape.item if isinstance(shape, Scalar) else None),
        )

    def _negated(self, node: Node, scope: Scope) -> str:
        if isinstance(node, Operation) and node.name == "exists":
            words = comparison(self, node, scope, negated=True)
            return words or f"there is none of {self.part(node.operands[0], scope)}"
        if isinstance(node, Reference | Property):
            return self._named_condition(node, scope, negated=True)
        if isinstance(node, Operation) and node.name == "contains":
            words = comparison(self, node, scope, negated=True)
            if words is not None:
                return words
        return f"it is not so that {self.clause(node, scope, inside=True)}"

    def _named_condition(self, node: Reference | Property, scope: Scope, *, negated: bool = False) -> str:
        if isinstance(node, Reference) and node.kind == "definition":
            if node.name.startswith(ASKED):
                asked = question(self._items[node.name.removeprefix(ASKED)])
                return f"{asked} is {'not ' if negated else ''}asked"
            return f"{self.phrase(node, scope)} {'does not hold' if negated else 'holds'}"
        return f"{self.phrase(node, scope)} is {'no' if negated else 'yes'}"

    def phrase(self, node: Node, scope: Scope) -> str:
        match bare(node):
            case Literal() as literal:
                return self.value(literal.value, None)
            case ListLiteral() as some:
                return alternatives([self.phrase(i, scope) for i in some.items], "and") or "nothing"
            case TupleLiteral() as record:
                cells = record.elements.items()
                return " ".join(f"[{n.replace('_', ' ')}: {self._cell(v, scope)}]" for n, v in cells)
            case IntervalLiteral() as span:
                return f"the time from {self.phrase(span.low, scope)} to {self.phrase(span.high, scope)}"
            case Reference() as name:
                return self._name(name, scope)
            case Property() as part:
                return self._property(part, scope)
            case Operation() as operation:
                return comparison(self, operation, scope) or self.operation(operation, scope)
            case other:
                return self._structure(other, scope)

    def _cell(self, node: Node, scope: Scope) -> str:
        named = isinstance(bare(node), Reference | Property)
        return self.phrase(node, scope) if named else self.clause(node, scope)

    def _structure(self, node: Node, scope: Scope) -> str:
        match node:
            case Call() as call:
                arguments = [self.phrase(argument, scope) for argument in call.arguments]
                verb = "holds for" if call.type == BOOLEAN else "of"
                return f"‘{call.name}’ {verb} {alternatives(arguments, 'and')}"
            case If() as choice:
                return self._branches([(choice.condition, choice.then)], choice.otherwise, choice, scope)
            case Case() as choice:
                return self._branches(choice.items, choice.otherwise, choice, scope)
            case Query() as query:
                return self._query(query, scope)
            case TypeTest() as test:
                return f"{self.phrase(test.operand, scope)} is a {test.target}"
        raise TypeError(f"There are no words for a {type(node).__name__}.")

    def _name(self, node: Reference, scope: Scope) -> str:
        if node.kind in ("alias", "operand"):
            return scope.words.get(node.name, node.name)
        if node.kind == "parameter":
            return question(self._items[node.name])
        if table := self._tables.get(node.name):
            return f"the rows of the table “{table.title or node.name}”"
        if score := self._scores.get(node.name):
            return f"the score {score.title}"
        named = bare(self._program.tree(node.name))
        value = f" ({self.value(named.value, None)})" if isinstance(named, Literal) else ""
        return f"‘{node.name}’{value}"

    def _property(self, node: Property, scope: Scope) -> str:
        shape = self.shape(node, scope)
        item = shape.item if isinstance(shape, Scalar | ListOf) else None
        whole = self.phrase(node.source, scope)
        if item is not None and item.id == node.name:
            return question(item) + ("" if whole == "it" else f" of {whole}")
        name = node.name.replace("_", " ")
        return f"its {name}" if whole == "it" else f"the {name} of {whole}"

    def operation(self, node: Operation, scope: Scope) -> str:
        logical = all(bare(operand).type == BOOLEAN for operand in node.operands) and "null" not in node.name
        read = [
            self.clause(operand, scope, inside=True) if logical else self.part(operand, scope)
            for operand in node.operands
        ]
        if node.name == "Coalesce":
            return coalesced(read, bare(node.operands[-1]))
        pattern = OPERATIONS.get(node.name)
        if pattern is None or f"{{{len(read)}}}" in pattern:
            return f"{node.name} of {alternatives(read, 'and')}"
        return pattern.format(*read, p=node.precision or "value")

    def _branches(
        self, branches: list[tuple[Node, Node]], otherwise: Node, node: If | Case, scope: Scope
    ) -> str:
        parts = [
            f"{self.clause(result, scope, inside=True)} if {self._condition(node, condition, scope)}"
            for condition, result in branches
        ]
        parts.append(f"otherwise {self.clause(otherwise, scope, inside=True)}")
        return "; ".join(parts)

    def _condition(self, node: If | Case, condition: Node, scope: Scope) -> str:
        if isinstance(node, Case) and node.comparand is not None:
            return self.clause(Operation("=", [node.comparand, condition], type=BOOLEAN), scope)
        return self.clause(condition, scope)

    def _query(self, node: Query, scope: Scope) -> str:
        words = self.part(node.source, scope)
        inner = self.inside(node, scope)
        if node.where is not None:
            words = f"{words} where {self.clause(node.where, inner)}"
        if node.returning is not None and (node.parts or not isinstance(bare(node.returning), Reference)):
            words = f"{self.clause(node.returning, inner)} for each of {words}"
        if node.aggregate is not None:
            words = f"{self.phrase(node.aggregate.expression, inner)}, over {words}"
        return words

    def inside(self, node: Query, scope: Scope) -> Scope:
        """The names inside a query: `it`, inside another query `the other`; several keep their aliases."""
        source = self.shape(node.source, scope)
        words = "the other" if "it" in scope.words.values() else "it"
        for name, shape in aliased(node, source).items():
            scope = scope.within(name, f"‘{name}’" if node.parts else words, shape)
        return scope

    def value(self, value: object, item: Item | None) -> str:
        """A literal; where it is the answer to a question, the words of that answer."""
        if value is None:
            return "not known"
        if isinstance(value, bool):
            return "yes" if value else "no"
        option = item.option(str(value)) if item is not None else None
        if option is not None:
            return f"“{option.text}”"
        if isinstance(value, Quantity):
            unit = value.unit if value.value == 1 else f"{value.unit}s"
            return f"{value.value} {unit}"
        if isinstance(value, int | Decimal | Date):
            return str(value)
        return f"“{str(value).replace('_', ' ')}”" if value != "" else "nothing"


def _runs_on(node: Node) -> bool:
    """Whether a reading ends in a list of cases or conditions, so that what follows seems to belong to it."""
    if isinstance(node, Query):
        return node.where is not None
    if isinstance(node, Operation) and node.name == "exists":
        return isinstance(bare(node.operands[0]), Query)
    return isinstance(node, If | Case) or (isinstance(node, Operation) and node.name == "Coalesce")


def bare(node: Node) -> Node:
    """Without the conversions that only the language needs."""
    while isinstance(node, Convert):
        node = node.operand
    return node


def question(item: Item) -> str:
    return f"“{item.text}”"


def coalesced(read: list[str], last: Node) -> str:
    """The first of these that is known. Of a condition: what it counts as when it cannot be told."""
    if isinstance(last, Literal) and isinstance(last.value, bool):
        words = ", or ".join(read[:-1])
        return f"{words}, or this cannot be told" if last.value else f"{words}, and this is certain"
    return ", or where that is not known ".join(read)
