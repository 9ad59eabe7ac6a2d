"""The type checker: gives every node its type and refuses what cannot mean anything.

It changes the tree in place: it resolves names, chooses overloads and puts `Convert` nodes where the
specification converts silently, so that everything after it can rely on types without looking.
"""

from __future__ import annotations

from collections.abc import Mapping

from screening.cql.check_operations import CheckOperations
from screening.cql.references import direct_references, in_order
from screening.cql.scope import Scope, close_to, refuse
from screening.cql.tree import (
    Aggregate,
    Call,
    Case,
    Convert,
    If,
    IntervalLiteral,
    Library,
    ListLiteral,
    Literal,
    Node,
    Property,
    Query,
    Reference,
    SortItem,
    TupleLiteral,
    TypeTest,
)
from screening.cql.types import (
    ANY,
    BOOLEAN,
    ListType,
    TupleType,
    Type,
    certain,
    common_type,
    conversion_cost,
)

NESTED_QUERIES = 8
LARGEST_TYPE, DEEPEST_TYPE = 1000, 64  # of what stands inside one another, each as often as it does


class Checker(CheckOperations):
    """Checks one library. `check` gives back the node to use in place of the one it was given."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.references = direct_references(library)
        self.order = in_order(library, self.references)

    def check_library(self) -> None:
        for name in self.order:
            if name in self.library.functions:
                function = self.library.functions[name]
                scope = Scope({operand: ("operand", type_) for operand, type_ in function.operands.items()})
                function.expression = self.check(function.expression, scope)
                function.type = function.expression.type
            else:
                definition = self.library.definitions[name]
                definition.expression = self.check(definition.expression, Scope({}))
                definition.type = definition.expression.type

    def check(self, node: Node, scope: Scope) -> Node:
        method = getattr(self, f"_check_{type(node).__name__.lower()}")
        checked: Node = method(node, scope)
        if checked.type.size > LARGEST_TYPE or checked.type.depth > DEEPEST_TYPE:
            raise refuse(node, "Too many lists and tuples stand inside one another here.", "type")
        return checked

    def _check_literal(self, node: Literal, scope: Scope) -> Node:
        return self.check_value(node)

    def _check_listliteral(self, node: ListLiteral, scope: Scope) -> Node:
        items = [self.check(item, scope) for item in node.items]
        element: Type = node.element_type or ANY
        for item in items if node.element_type is None else ():
            merged = common_type(element, item.type)
            if merged is None:
                raise refuse(
                    item,
                    f"A list has elements of one type; this is {item.type}, those before it are {element}.",
                    "list",
                    "Write the list `as List<Any>` if that is meant.",
                )
            element = merged
        element = certain(element)
        node.items = [self.coerce(item, element) for item in items]
        node.type = ListType(element)
        return node

    def _check_tupleliteral(self, node: TupleLiteral, scope: Scope) -> Node:
        for name, value in node.elements.items():
            checked = self.check(value, scope)
            node.elements[name] = self.coerce(checked, certain(checked.type))
        node.type = TupleType({name: value.type for name, value in node.elements.items()})
        return node

    def _check_intervalliteral(self, node: IntervalLiteral, scope: Scope) -> Node:
        raise refuse(
            node,
            "An interval stands to the right of `in` or `during` only.",
            "Interval",
            "Keep the two ends in two values.",
        )

    def _check_reference(self, node: Reference, scope: Scope) -> Node:
        local = scope.names.get(node.name)
        if local is not None:
            node.kind, node.type = local
        elif node.name in self.library.parameters:
            node.kind, node.type = "parameter", self.library.parameters[node.name]
        elif node.name in self.library.definitions:
            node.kind, node.type = "definition", self.library.definitions[node.name].type
        else:
            known = [*scope.names, *self.library.parameters, *self.library.definitions]
            raise refuse(
                node, f"Nothing is called {node.name!r} here.", "name", self._did_you_mean(node.name, known)
            )
        return node

    @staticmethod
    def _did_you_mean(name: str, known: list[str]) -> str:
        close = close_to(name, known)
        return f"Did you mean {close!r}?" if close else ""

    def _check_property(self, node: Property, scope: Scope) -> Node:
        node.source = self.check(node.source, scope)
        source = node.source.type
        if isinstance(source, TupleType):
            if node.name not in source.fields:
                hint = self._did_you_mean(node.name, [*source.fields])
                raise refuse(node, f"A {source} has no element {node.name!r}.", "property", hint)
            node.type = source.fields[node.name]
        elif source != ANY:
            hint = f"Write (...) x return x.{node.name}." if isinstance(source, ListType) else ""
            raise refuse(node, f"A {source} has no elements with names.", "property", hint)
        return node

    def _check_call(self, node: Call, scope: Scope) -> Node:
        function = self.library.functions.get(node.name)
        arguments = [self.check(argument, scope) for argument in node.arguments]
        if function is None:
            raise self.unknown_function(node, [*self.library.functions])
        if len(arguments) != len(function.operands):
            message = f"{node.name} takes {len(function.operands)} operands, not {len(arguments)}."
            raise refuse(node, message, "function")
        node.arguments = [
            self.coerce(argument, target)
            for argument, target in zip(arguments, function.operands.values(), strict=True)
        ]
        node.type = function.type
        return node

    def _check_if(self, node: If, scope: Scope) -> Node:
        node.condition = self.coerce(self.check(node.condition, scope), BOOLEAN)
        node.then, node.otherwise = self._one_type(
            node, [self.check(node.then, scope), self.check(node.otherwise, scope)]
        )
        return node

    def _check_case(self, node: Case, scope: Scope) -> Node:
        conditions = [self.check(condition, scope) for condition, _ in node.items]
        if node.comparand is None:
            conditions = [self.coerce(condition, BOOLEAN) for condition in conditions]
        else:
            first = self.check(node.comparand, scope)
            node.comparand, *conditions = self._one_type(Literal(None), [first, *conditions])
        results = [self.check(result, scope) for _, result in node.items]
        *results, node.otherwise = self._one_type(node, [*results, self.check(node.otherwise, scope)])
        node.items = list(zip(conditions, results, strict=True))
        return node

    def _one_type(self, node: Node, branches: list[Node]) -> list[Node]:
        """Convert all branches to their common type, which is the type of the whole."""
        shared: Type = ANY
        for branch in branches:
            merged = common_type(shared, branch.type)
            if merged is None:
                raise refuse(
                    branch,
                    f"This is {branch.type}, the branch before it is {shared}; both need one type.",
                    "condition",
                )
            shared = merged
        node.type = shared
        return [self.coerce(branch, shared) for branch in branches]

    def _check_query(self, node: Query, scope: Scope) -> Node:
        if scope.queries >= NESTED_QUERIES:
            raise refuse(
                node, f"Queries are nested more than {NESTED_QUERIES} deep.", "query", "Use a definition."
            )
        node.source = self.check(node.source, scope)
        source = node.source.type
        element = source.element if isinstance(source, ListType) else certain(source)
        parts = element.fields if node.parts and isinstance(element, TupleType) else {node.alias: element}
        inner = scope.within({name: ("alias", type_) for name, type_ in parts.items()})
        result = element
        if node.where is not None:
            node.where = self.coerce(self.check(node.where, inner), BOOLEAN)
        if node.returning is not None:
            returned = self.check(node.returning, inner)
            node.returning = self.coerce(returned, certain(returned.type))
            result = node.returning.type
        if node.aggregate is not None:
            node.aggregate = self._check_aggregate(node.aggregate, scope, inner)
            node.type = node.aggregate.type
        else:
            node.type = ListType(result) if isinstance(source, ListType) else result
        for item in node.sort:
            self._check_sort(item, scope, result)
        return node

    def _check_aggregate(self, node: Aggregate, scope: Scope, inner: Scope) -> Aggregate:
        start: Type = ANY
        if node.starting is not None:
            node.starting = self.check(node.starting, scope)
            start = certain(node.starting.type)
        expression = self.check(node.expression, inner.within({node.name: ("alias", start)}))
        node.type = certain(expression.type) if start == ANY else start
        if conversion_cost(expression.type, node.type) is None:
            raise refuse(
                expression,
                f"The result starts as {start} and becomes {expression.type}.",
                "aggregate",
                "Start with a value of the final type.",
            )
        node.expression = self.coerce(expression, node.type)
        return node

    def _check_sort(self, item: SortItem, scope: Scope, element: Type) -> None:
        key = element
        if item.expression is not None:
            fields = element.fields if isinstance(element, TupleType) else {}
            inner = scope.within({name: ("alias", type_) for name, type_ in fields.items()})
            item.expression = self.check(item.expression, inner)
            key = item.expression.type
        if isinstance(key, ListType | TupleType) or key == BOOLEAN:
            raise refuse(
                item, f"Values of type {key} have no order.", "sort", "Sort by one of their elements."
            )

    def _check_convert(self, node: Convert, scope: Scope) -> Node:
        node.operand = self.check(node.operand, scope)
        source = certain(node.operand.type)
        if not _may_be(source, node.target):
            raise refuse(
                node,
                f"A {source} is never a {node.target}.",
                "as",
                f"To convert it, write To{node.target}(...)." if not isinstance(source, ListType) else "",
            )
        node.type = node.target
        return node

    def _check_typetest(self, node: TypeTest, scope: Scope) -> Node:
        node.operand = self.check(node.operand, scope)
        node.type = BOOLEAN
        return node


def _may_be(source: Type, target: Type) -> bool:
    """May a value of one type be of the other? An Integer is never a Decimal, it is converted to one."""
    if ANY in (source, target) or source == target:
        return True
    if isinstance(source, ListType) and isinstance(target, ListType):
        return _may_be(source.element, target.element)
    if isinstance(source, TupleType) and isinstance(target, TupleType):
        same_names = source.fields.keys() == target.fields.keys()
        return same_names and all(_may_be(type_, target.fields[name]) for name, type_ in source)
    return False


def check_expression(node: Node, parameters: Mapping[str, Type]) -> Node:
    """One expression on its own, with the parameters it may read."""
    return Checker(Library(None, None, dict(parameters), {}, {})).check(node, Scope({}))


def check_library(library: Library) -> Checker:
    checker = Checker(library)
    checker.check_library()
    return checker
