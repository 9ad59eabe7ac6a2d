"""The syntax tree: what every reading of a rule reads.

Evaluation, explanation, English, lint and proof are separate modules over these classes, so a node
says what was written and nothing about how it is computed. Every node has its place, its children in
source order and, once checked, its type. The checker inserts `Convert` nodes (with `implicit` set)
where the specification converts silently; a reading for people skips them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from screening.cql.types import ANY, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


@dataclass(eq=False, kw_only=True)
class Node:
    """`line` and `column` count from 1; `depth` is 1 for a leaf and bounded by the parser.

    `bracketed` remembers brackets, which `return (distinct x)` and the like depend on.
    """

    line: int = 1
    column: int = 1
    type: Type = ANY
    bracketed: bool = False
    depth: int = 1

    @property
    def children(self) -> tuple[Node, ...]:
        return ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first, in source order."""
        yield self
        for child in self.children:
            yield from child.walk()


def copied(value: T) -> T:
    """The same tree anew: checking one leaves the other as it was read. Values and types are shared."""
    if isinstance(value, Node | Library):
        twin = object.__new__(type(value))
        twin.__dict__.update({name: copied(part) for name, part in value.__dict__.items()})
        return twin
    if isinstance(value, list | tuple):
        return cast("T", type(value)(map(copied, value)))
    return (
        cast("T", {name: copied(part) for name, part in value.items()}) if isinstance(value, dict) else value
    )


@dataclass(eq=False)
class Literal(Node):
    """A value as written: None, bool, int, Decimal, str, Date, DateTime or Quantity."""

    value: object


@dataclass(eq=False)
class ListLiteral(Node):
    """`{a, b}`; `element_type` is set for `List<Integer>{...}`."""

    items: list[Node]
    element_type: Type | None = None

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(self.items)


@dataclass(eq=False)
class TupleLiteral(Node):
    """`Tuple{name: value}`."""

    elements: dict[str, Node]

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(self.elements.values())


@dataclass(eq=False)
class IntervalLiteral(Node):
    """`Interval[low, high)`, allowed to the right of `in` and `during` only."""

    low: Node
    high: Node
    low_closed: bool
    high_closed: bool

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.low, self.high)


@dataclass(eq=False)
class Reference(Node):
    """A name. The checker sets `kind`: parameter, definition, alias or operand."""

    name: str
    kind: str = ""


@dataclass(eq=False)
class Property(Node):
    """`source.name`; null when the source is null."""

    source: Node
    name: str

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.source,)


@dataclass(eq=False)
class Operation(Node):
    """An operator or a built-in function, under the name the author wrote.

    `and` and `or` hold a whole chain of operands, since both are associative in three-valued logic;
    every other operator holds exactly its own. `precision` is the unit in `same day as` or
    `months between`. `symbol` is set by the checker: the run-time operation of the chosen overload.
    """

    name: str
    operands: list[Node]
    precision: str | None = None
    symbol: str = ""

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(self.operands)


@dataclass(eq=False)
class Call(Node):
    """A call of a function that the library defines."""

    name: str
    arguments: list[Node]

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(self.arguments)


@dataclass(eq=False)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.condition, self.then, self.otherwise)


@dataclass(eq=False)
class Case(Node):
    """Both forms: with a comparand each `when` is compared with it, without one each is a condition."""

    comparand: Node | None
    items: list[tuple[Node, Node]]
    otherwise: Node

    @property
    def children(self) -> tuple[Node, ...]:
        first = () if self.comparand is None else (self.comparand,)
        return (*first, *(part for item in self.items for part in item), self.otherwise)


@dataclass(eq=False)
class SortItem(Node):
    """One key of a sort; without an expression the elements themselves are compared."""

    expression: Node | None
    descending: bool

    @property
    def children(self) -> tuple[Node, ...]:
        return () if self.expression is None else (self.expression,)


@dataclass(eq=False)
class Aggregate(Node):
    """`aggregate Result starting 0: Result + X`."""

    name: str
    starting: Node | None
    expression: Node
    distinct: bool = False

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.expression,) if self.starting is None else (self.starting, self.expression)


@dataclass(eq=False)
class Query(Node):
    """`source alias where ... return ... sort ...`. The source may be a single value.

    `distinct` is about `return`: the specification makes `return` distinct unless it says `all`.
    Several sources, `from A X, B Y`, are one: the operation `product` of the tuple of them gives their
    combinations, and `parts`, the aliases, name the elements of each. `alias` is then empty.
    """

    source: Node
    alias: str
    where: Node | None = None
    returning: Node | None = None
    distinct: bool = False
    aggregate: Aggregate | None = None
    sort: list[SortItem] = field(default_factory=list)
    parts: tuple[str, ...] = ()

    @property
    def aliases(self) -> tuple[str, ...]:
        return self.parts or (self.alias,)

    @property
    def children(self) -> tuple[Node, ...]:
        parts = (self.source, self.where, self.returning, self.aggregate, *self.sort)
        return tuple(part for part in parts if part is not None)


@dataclass(eq=False)
class Convert(Node):
    """A change of type. `strict` is `cast`: a value of another type is an error, not null."""

    operand: Node
    target: Type
    implicit: bool = False
    strict: bool = False

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(eq=False)
class TypeTest(Node):
    """`value is Integer`."""

    operand: Node
    target: Type

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(eq=False)
class ParameterDeclaration(Node):
    name: str


@dataclass(eq=False)
class Definition(Node):
    name: str
    expression: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.expression,)


@dataclass(eq=False)
class FunctionDefinition(Node):
    """`define function name(operand Type): expression`; `type` is the type of its result."""

    name: str
    operands: dict[str, Type]
    expression: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.expression,)


@dataclass(eq=False)
class Library:
    """A whole text, in the order in which it was written."""

    name: str | None
    version: str | None
    parameters: dict[str, Type]
    definitions: dict[str, Definition]
    functions: dict[str, FunctionDefinition]
