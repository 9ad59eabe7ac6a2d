"""Which expressions cannot fail, so that it makes no difference whether they are computed in vain."""

from __future__ import annotations

from collections.abc import Mapping

from screening.cql import tree
from screening.cql.tree import FunctionDefinition, Node
from screening.cql.types import ANY

_NEVER_FAIL = frozenset(
    [
        "and_",
        "or_",
        "not_",
        "xor",
        "implies",
        "is_null",
        "is_not_null",
        "is_true",
        "is_not_true",
        "is_false",
        "is_not_false",
        "equal",
        "not_equal",
        "less",
        "less_or_equal",
        "greater",
        "greater_or_equal",
        "between",
        "in_list",
        "contains",
        "coalesce",
        "exists",
        "count",
        "first",
        "last",
        "today",
        "before",
        "after",
        "same_as",
        "same_or_before",
        "same_or_after",
        "low_boundary_date",
        "high_boundary_date",
        "duration_between",
        "difference_between",
        "add_integer",
        "subtract_integer",
        "multiply_integer",
        "negate_integer",
        "lower",
        "upper",
        "starts_with",
        "ends_with",
        "position_of",
        "string_length",
    ]
)


class Safety:
    """Answers for the expressions of one library. A function is as safe as its body."""

    def __init__(self, functions: Mapping[str, FunctionDefinition]) -> None:
        """Each function stands after those that it calls: a chain of them may be thousands long."""
        self._known: dict[str, bool] = {}
        for name, function in functions.items():
            self._known[name] = self.cannot_fail(function.expression)

    def cannot_fail(self, node: Node) -> bool:
        match node:
            case tree.Operation():
                safe = node.symbol in _NEVER_FAIL
            case tree.Convert():
                safe = node.implicit and node.operand.type != ANY
            case tree.Query():
                safe = node.aggregate is None and not node.sort
            case tree.Call():
                safe = self._known[node.name]
            case _:
                safe = isinstance(
                    node,
                    tree.Literal | tree.ListLiteral | tree.TupleLiteral | tree.Reference
                    | tree.Property | tree.If | tree.Case | tree.TypeTest,
                )  # fmt: skip
        return safe and all(map(self.cannot_fail, node.children))
