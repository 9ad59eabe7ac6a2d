"""Builds operators' names, types, queries and the declarations of a library."""

from __future__ import annotations

from lark import Token, v_args

from screening.cql.build_places import BuildPlaces, Children, Meta, name_of, refuse
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
)
from screening.cql.types import NAMED_TYPES, IntervalType, ListType, TupleType, Type, depth_of

EXPRESSION_LIMIT = 64 * 1024
TYPE_DEPTH_LIMIT = 8
_SAME = {"on or before": "same or before", "before or on": "same or before"}
_SAME |= {"on or after": "same or after", "after or on": "same or after", "|": "union"}


@v_args(meta=True)
class BuildClauses(BuildPlaces):
    # Operators, each with the precision it was given

    def set_operator(self, meta: Meta, children: Children) -> tuple[str, str | None]:
        """`before day of` is the operator `before` with the precision `day`."""
        words = [str(child) for child in children if isinstance(child, Token) and child != "of"]
        precisions = [child for child in children if child is not None and not isinstance(child, Token)]
        name = " ".join(words)
        return _SAME.get(name, name), precisions[0][0] if precisions else None

    implies_operator = or_operator = and_operator = member_operator = equal_operator = set_operator
    timing_operator = order_operator = add_operator = multiply_operator = power_operator = set_operator

    def precision(self, meta: Meta, children: Children) -> tuple[str]:
        return (str(children[0]),)

    def periods(self, meta: Meta, children: Children) -> str:
        return str(children[0])[:-1]

    # Types

    def named_type(self, meta: Meta, children: Children) -> Type:
        names = [name_of(child) for child in children]
        if names[0] == "System" and len(names) == 2:
            names = names[1:]
        name = ".".join(names)
        if name not in NAMED_TYPES:
            known = ", ".join(NAMED_TYPES)
            raise refuse(meta, f"{name} is not a type of the subset.", name, f"There are: {known}.")
        return NAMED_TYPES[name]

    def list_type(self, meta: Meta, children: Children) -> Type:
        return self._bounded(meta, ListType(children[0]))

    def _bounded(self, meta: Meta, type_: Type) -> Type:
        if depth_of(type_) > TYPE_DEPTH_LIMIT:
            raise refuse(meta, f"This type is nested more than {TYPE_DEPTH_LIMIT} levels deep.", "depth")
        return type_

    def type_element(self, meta: Meta, children: Children) -> tuple[str, Type]:
        return children[0], children[1]

    def tuple_type(self, meta: Meta, children: Children) -> Type:
        fields = dict(children)
        if len(fields) < len(children):
            raise refuse(meta, "A tuple type names an element twice.", "tuple type")
        return self._bounded(meta, TupleType(fields))

    def interval_type(self, meta: Meta, children: Children) -> Type:
        raise refuse(
            meta,
            f"The type {IntervalType(children[0])} is outside the subset.",
            "Interval",
            "Keep the two ends in two values.",
        )

    # Queries

    def source(self, meta: Meta, children: Children) -> tuple[Node, str]:
        source, alias = children
        if not source.bracketed and not isinstance(source, Reference | Property):
            raise refuse(meta, "The source of this query needs brackets.", "query", "Write (source) alias.")
        return source, name_of(alias)

    def where_clause(self, meta: Meta, children: Children) -> tuple[str, object]:
        return "where", children[0]

    def return_clause(self, meta: Meta, children: Children) -> tuple[str, object]:
        """`return distinct x` is a clause, `return (distinct x)` an expression that is returned."""
        expression = children[0]
        if isinstance(expression, Operation) and expression.name == "distinct" and not expression.bracketed:
            expression = expression.operands[0]
        return "return", (expression, True)

    def return_all(self, meta: Meta, children: Children) -> tuple[str, object]:
        return "return", (children[0], False)

    def starting(self, meta: Meta, children: Children) -> Node:
        return children[0]  # type: ignore[no-any-return]

    def aggregate_clause(self, meta: Meta, children: Children) -> tuple[str, object]:
        alias, starting, expression = children
        return "aggregate", self.node(meta, Aggregate(name_of(alias), starting, expression))

    def aggregate_distinct(self, meta: Meta, children: Children) -> tuple[str, object]:
        alias, starting, expression = children
        return "aggregate", self.node(meta, Aggregate(name_of(alias), starting, expression, distinct=True))

    def direction(self, meta: Meta, children: Children) -> bool:
        return str(children[0]).startswith("desc")

    def sort_item(self, meta: Meta, children: Children) -> SortItem:
        return self.node(meta, SortItem(children[0], bool(children[1])))

    def sort_clause(self, meta: Meta, children: Children) -> tuple[str, object]:
        return "sort", [self.node(meta, SortItem(None, children[0]))]

    def sort_by(self, meta: Meta, children: Children) -> tuple[str, object]:
        return "sort", children

    def query(self, meta: Meta, children: Children) -> Query:
        (source, alias), *clauses = children
        order = [("where", "return", "aggregate", "sort").index(name) for name, _ in clauses]
        if order != sorted(set(order)) or {1, 2} <= set(order):
            raise refuse(
                meta,
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
        return self.node(meta, query)

    def several_sources(self, meta: Meta, children: Children) -> Node:
        raise refuse(
            meta,
            "A query with several sources is outside the subset.",
            "query with several sources",
            "Nest a query in the `where` or `return` of another.",
        )

    # Declarations

    def header(self, meta: Meta, children: Children) -> tuple[str, str | None]:
        *names, version = [child for child in children if child is not None]
        if version.type != "STRING":
            return ".".join(name_of(name) for name in (*names, version)), None
        return ".".join(name_of(name) for name in names), unquote(version)

    def parameter(self, meta: Meta, children: Children) -> ParameterDeclaration:
        return self.node(meta, ParameterDeclaration(name_of(children[0]), type=children[1]))

    def definition(self, meta: Meta, children: Children) -> Definition:
        size = meta.end_pos - meta.start_pos
        if size > EXPRESSION_LIMIT:
            raise refuse(meta, f"This definition has {size} characters; 64 KiB are read.", "size")
        return self.node(meta, Definition(name_of(children[0]), children[1]))

    def operand(self, meta: Meta, children: Children) -> tuple[str, Type]:
        return name_of(children[0]), children[1]

    def function(self, meta: Meta, children: Children) -> FunctionDefinition:
        name, *operands, expression = children
        named = [operand for operand in operands if operand is not None]
        if len(dict(named)) < len(named):
            raise refuse(meta, "A function names an operand twice.", "function")
        if name_of(name) in FUNCTIONS:
            raise refuse(meta, f"{name_of(name)} is already a function of the language.", "function")
        return self.node(meta, FunctionDefinition(name_of(name), dict(named), expression))

    def library(self, meta: Meta, children: Children) -> Library:
        header = children[0] if children and isinstance(children[0], tuple) else (None, None)
        library = Library(header[0], header[1], {}, {}, {}, [])
        taken: set[str] = set()
        for item in children[1:] if header[0] is not None else children:
            if item.name in taken:
                raise refuse(item, f"The name {item.name!r} is given twice.", "name")
            taken.add(item.name)
            if isinstance(item, ParameterDeclaration):
                library.parameters[item.name] = item.type
                library.declarations.append(item)
            elif isinstance(item, FunctionDefinition):
                library.functions[item.name] = item
            else:
                library.definitions[item.name] = item
        return library
