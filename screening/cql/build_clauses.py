"""Builds operators' names, types, queries and the declarations of a library."""

from __future__ import annotations

from lark import Token

from screening.cql.build_places import BuildPlaces, Children, Place, name_of, refuse
from screening.cql.lexer import unquote
from screening.cql.signatures import FUNCTIONS
from screening.cql.tree import (
    Aggregate,
    Definition,
    FunctionDefinition,
    Library,
    Node,
    Operation,
    ParameterDeclaration,
    Property,
    Query,
    Reference,
    SortItem,
    TupleLiteral,
)
from screening.cql.types import NAMED_TYPES, IntervalType, ListType, TupleType, Type

EXPRESSION_LIMIT = 64 * 1024
TYPE_DEPTH_LIMIT = 8
_SAME = {"on or before": "same or before", "before or on": "same or before"}
_SAME |= {"on or after": "same or after", "after or on": "same or after", "|": "union"}


class BuildClauses(BuildPlaces):
    # Operators, each with the precision it was given

    def set_operator(self, at: Place, children: Children) -> tuple[str, str | None]:
        """`before day of` is the operator `before` with the precision `day`."""
        words = [str(child) for child in children if isinstance(child, Token) and child != "of"]
        precisions = [child for child in children if child is not None and not isinstance(child, Token)]
        name = " ".join(words)
        return _SAME.get(name, name), str(precisions[0][0]) if precisions else None

    implies_operator = or_operator = and_operator = member_operator = equal_operator = set_operator
    timing_operator = order_operator = add_operator = multiply_operator = power_operator = set_operator

    def precision(self, at: Place, children: Children) -> tuple[Token]:
        return (children[0],)

    def periods(self, at: Place, children: Children) -> tuple[Token]:
        return (children[0].update(value=str(children[0])[:-1]),)

    # Types

    def named_type(self, at: Place, children: Children) -> Type:
        names = [name_of(child) for child in children]
        if names[0] == "System" and len(names) == 2:
            names = names[1:]
        name = ".".join(names)
        if name not in NAMED_TYPES:
            known = ", ".join(NAMED_TYPES)
            raise refuse(at, f"{name} is not a type of the subset.", name, f"There are: {known}.")
        return NAMED_TYPES[name]

    def list_type(self, at: Place, children: Children) -> Type:
        return self._bounded(at, ListType(children[0]))

    def _bounded(self, at: Place, type_: Type) -> Type:
        if type_.depth > TYPE_DEPTH_LIMIT:
            raise refuse(at, f"This type is nested more than {TYPE_DEPTH_LIMIT} levels deep.", "depth")
        return type_

    def type_element(self, at: Place, children: Children) -> tuple[str, Type]:
        return children[0], children[1]

    def tuple_type(self, at: Place, children: Children) -> Type:
        fields = dict(children)
        if len(fields) < len(children):
            raise refuse(at, "A tuple type names an element twice.", "tuple type")
        return self._bounded(at, TupleType(fields))

    def interval_type(self, at: Place, children: Children) -> Type:
        raise refuse(
            at,
            f"The type {IntervalType(children[0])} is outside the subset.",
            "Interval",
            "Keep the two ends in two values.",
        )

    # Queries

    def source(self, at: Place, children: Children) -> tuple[Node, str]:
        source, alias = children
        if not source.bracketed and not isinstance(source, Reference | Property):
            raise refuse(at, "The source of this query needs brackets.", "query", "Write (source) alias.")
        return source, name_of(alias)

    def where_clause(self, at: Place, children: Children) -> tuple[str, object]:
        return "where", children[0]

    def return_clause(self, at: Place, children: Children) -> tuple[str, object]:
        """`return distinct x` is a clause, `return (distinct x)` an expression that is returned."""
        expression = children[0]
        if isinstance(expression, Operation) and expression.name == "distinct" and not expression.bracketed:
            expression = expression.operands[0]
        return "return", (expression, True)

    def return_all(self, at: Place, children: Children) -> tuple[str, object]:
        return "return", (children[0], False)

    def starting(self, at: Place, children: Children) -> Node:
        return children[0]  # type: ignore[no-any-return]

    def aggregate_clause(self, at: Place, children: Children) -> tuple[str, object]:
        alias, starting, expression = children
        return "aggregate", self.node(at, Aggregate(name_of(alias), starting, expression))

    def aggregate_distinct(self, at: Place, children: Children) -> tuple[str, object]:
        alias, starting, expression = children
        return "aggregate", self.node(at, Aggregate(name_of(alias), starting, expression, distinct=True))

    def direction(self, at: Place, children: Children) -> bool:
        return str(children[0]).startswith("desc")

    def sort_item(self, at: Place, children: Children) -> SortItem:
        return self.node(at, SortItem(children[0], bool(children[1])))

    def sort_clause(self, at: Place, children: Children) -> tuple[str, object]:
        return "sort", [self.node(at, SortItem(None, children[0]))]

    def sort_by(self, at: Place, children: Children) -> tuple[str, object]:
        return "sort", children

    def query(self, at: Place, children: Children) -> Query:
        (source, alias), *clauses = children
        order = [("where", "return", "aggregate", "sort").index(name) for name, _ in clauses]
        if order != sorted(set(order)) or {1, 2} <= set(order):
            raise refuse(
                at,
                "The clauses of this query are out of order or repeated.",
                "query",
                "The order is: where, then return or aggregate, then sort.",
            )
        query = Query(source, alias)
        for name, value in clauses:
            if name == "where":
                query.where = value
            elif name == "return":
                query.returning, query.distinct = value
            elif name == "aggregate":
                query.aggregate = value
            else:
                query.sort = value
        return self.node(at, query)

    def several_sources(self, at: Place, children: Children) -> Query:
        """As the specification has it: without `return` each combination is there once."""
        sources: dict[str, Node] = {}
        for source, alias in (child for child in children if isinstance(child[0], Node)):
            if alias in sources:
                message = f"Two sources of this query are called {alias!r}."
                raise refuse(source, message, "query", "Give each a name of its own.")
            sources[alias] = source
        product = self.node(at, Operation("product", [self.node(at, TupleLiteral(sources))]))
        query = self.query(at, [(product, ""), *children[len(sources) :]])
        query.parts = tuple(sources)
        query.distinct |= query.returning is None and query.aggregate is None
        return query

    # Declarations

    def header(self, at: Place, children: Children) -> tuple[str, str | None]:
        *names, version = [child for child in children if child is not None]
        if version.type != "STRING":
            return ".".join(name_of(name) for name in (*names, version)), None
        return ".".join(name_of(name) for name in names), unquote(version)

    def parameter(self, at: Place, children: Children) -> ParameterDeclaration:
        return self.node(at, ParameterDeclaration(name_of(children[0]), type=children[1]))

    def definition(self, at: Place, children: Children) -> Definition:
        return self.node(at, Definition(name_of(children[0]), children[1]))

    def operand(self, at: Place, children: Children) -> tuple[str, Type]:
        return name_of(children[0]), children[1]

    def function(self, at: Place, children: Children) -> FunctionDefinition:
        name, *operands, expression = children
        named = [operand for operand in operands if operand is not None]
        if len(dict(named)) < len(named):
            raise refuse(at, "A function names an operand twice.", "function")
        if name_of(name) in FUNCTIONS:
            raise refuse(at, f"{name_of(name)} is already a function of the language.", "function")
        return self.node(at, FunctionDefinition(name_of(name), dict(named), expression))

    def library(self, at: Place, children: Children) -> Library:
        header = children[0] if children and isinstance(children[0], tuple) else (None, None)
        ends = [*self.starts[1:], Place(0, 0, self.length)]
        for item, end in zip(self.starts, ends, strict=False):
            if end.offset - item.offset > EXPRESSION_LIMIT:
                raise refuse(item, "This declaration is longer than 64 KiB.", "size")
        library = Library(header[0], header[1], {}, {}, {})
        taken: set[str] = set()
        for item in children[1:] if header[0] is not None else children:
            if item.name in taken:
                raise refuse(item, f"The name {item.name!r} is given twice.", "name")
            taken.add(item.name)
            if isinstance(item, ParameterDeclaration):
                library.parameters[item.name] = item.type
            elif isinstance(item, FunctionDefinition):
                library.functions[item.name] = item
            else:
                library.definitions[item.name] = item
        return library
