"""From a checked tree to straight-line code: the quick way through a whole library.

The same source as `generate` makes, but every value is computed once, functions are written out where
they are called, and nothing looks after failures. Where anything fails, the whole is evaluated again
definition by definition, and that result counts (see `compile`); so what may fail is computed here in
the same cases as there, or in more.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from screening.cql import tree
from screening.cql.emit_straight import StraightSource
from screening.cql.generate import Generator
from screening.cql.inline import PLAIN, inline, is_known, is_sure
from screening.cql.inline_straight import is_true, never_null, short
from screening.cql.likeness import meaning
from screening.cql.safety import Safety
from screening.cql.straight_queries import StraightQueries
from screening.cql.tree import FunctionDefinition, Node
from screening.cql.types import BOOLEAN, Type

# Nodes written out for one call, and for all calls of a library; what is larger stays a call.
CALL_SIZE, LIBRARY_SIZE = 150, 4_000
# Functions written out inside one another; the tree itself is at most 64 deep.
MOST_CALLS = 4
# Indentation is bounded, so a case with very many branches is not nested.
DEEPEST = 40
_MOST_IN_ONE_LINE = 16  # `a if a is not None else b if ...`: Python reads each inside the one before
_LARGE = (tree.Query, tree.If, tree.Case)
_NULL_WITH_OPERAND = frozenset(
    ["not_", "equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal", "position_of"]
)


class Straight(StraightQueries, Generator):
    """Generates the definitions of one library, one after the other, into one function."""

    source: StraightSource

    def __init__(
        self,
        source: StraightSource,
        names: dict[str, str],
        extras: dict[str, list[str]],
        functions: dict[str, FunctionDefinition],
    ) -> None:
        super().__init__(source, names, extras)
        self.functions = functions
        self.safety = Safety(functions)
        self.filled: set[str] = set()
        self._room = LIBRARY_SIZE
        self._calls = 0
        self._traces: dict[tuple[object, str], list[tuple[Node, str]]] = {}

    # --- once is enough ------------------------------------------------------------------------

    def generate(self, node: Node) -> str:
        if isinstance(node, _LARGE) or (isinstance(node, tree.Operation) and node.symbol == "exists"):
            operand = self._once(node)
        else:
            operand = self._new(node)
        return operand

    def _new(self, node: Node) -> str:
        place = len(self.traced)
        operand = super().generate(node)
        if len(self.traced) > place and self.traced[place][0] is node:
            operand = self._here(node, operand)
            self.traced[place] = (node, operand)
        return operand

    def _here(self, node: Node, operand: str) -> str:
        """What was computed outside the block we are in has a verdict here only if we get here."""
        if isinstance(node, tree.Reference) or not operand.startswith(("_v", "_s")):
            return operand
        if not self.source.entered or not self.source.computed_before(operand):
            return operand
        return self.source.begin(operand, sure=operand.startswith("_s"))

    def _once(self, node: Node) -> str:
        """A whole sub-tree that stood somewhere before: its value and the verdicts of its nodes."""
        says = meaning(node, self.names)
        key = None if says is None else (bool(self.repeated), says)
        operand = None if key is None else self.source.known(key)
        if operand is None:
            place = len(self.traced)
            operand = self._new(node)
            if key is not None:
                self.source.remember(key, operand)
                self._traces[key, operand] = [(node, operand), *self.traced[place:]]
            return operand
        (first, _), *verdicts = self._traces[key, operand]
        counterpart = dict(zip(map(id, first.walk()), node.walk(), strict=True))
        for traced, verdict in verdicts:
            mine = counterpart[id(traced)]
            self.traced.append((mine, self._here(mine, verdict)))
        return operand

    # --- expressions ---------------------------------------------------------------------------

    def written(self, node: tree.Operation, types: list[Type], operands: list[str]) -> str | None:
        text = self._of_one_root(node.symbol, operands)
        if text is None and node.precision is None:
            text = short(node.symbol, types, operands, self.source.namespace, self.filled)
        return text or inline(node.symbol, types, operands)

    def _of_one_root(self, symbol: str, operands: list[str]) -> str | None:
        """`x = 1 or x = 2` is null exactly when `x` is."""
        if symbol not in ("and_", "or_") or any(map(is_known, operands)):
            return None
        roots = {self.source.roots.get(operand) for operand in operands}
        if len(roots) != 1 or None in roots:
            return None
        return f"None if {roots.pop()} is None else {f' {symbol[:-1]} '.join(operands)}"

    def _operation(self, node: tree.Operation) -> str:
        return self.looked_up(node) or super()._operation(node)

    def named(self, node: tree.Operation, text: str, operands: list[str]) -> str:
        types = [operand.type for operand in node.operands]
        sure = is_sure(node.symbol, operands) or never_null(node.symbol, types, operands)
        operand = self.source.assign(text, sure=sure)
        unknown = [each for each in operands if not is_known(each)]
        if node.symbol in _NULL_WITH_OPERAND and node.operands[0].type in PLAIN and len(unknown) == 1:
            self.source.roots[operand] = self.source.roots.get(unknown[0], unknown[0])
        return operand

    def _coalesce(self, node: tree.Operation) -> str:
        few = len(node.operands) <= _MOST_IN_ONE_LINE
        if not (few and all(map(self._is_short, node.operands[1:]))):
            return super()._coalesce(node)
        operands = [self.generate(node.operands[0])]
        with self.lazily():
            operands += map(self.generate, node.operands[1:])
        *first, last = operands
        text = "".join(f"{operand} if {operand} is not None else " for operand in first) + last
        return self.source.assign(text, sure=is_known(last))

    def _is_short(self, node: Node) -> bool:
        """Whether the node is a name already, so that nothing is computed in vain."""
        if isinstance(node, tree.Convert):
            return node.implicit and isinstance(node.operand, tree.Literal)
        if isinstance(node, tree.Reference):
            return self.names[node.name].isidentifier()
        return isinstance(node, tree.Literal)

    def _call(self, node: tree.Call) -> str:
        operand = self._written_out(node, self.generate)
        if operand is None:
            return super()._call(node)
        return operand if self.repeated else self.source.begin(operand, sure=is_known(operand))

    def _written_out(self, node: tree.Call, reading: Callable[[Node], str]) -> str | None:
        """The function in place of its call, if it is small enough."""
        function = self.functions[node.name]
        size = self._size(function.expression, CALL_SIZE)
        if size > min(CALL_SIZE, self._room) or self._calls == MOST_CALLS:
            return None
        self._room -= size
        self._calls += 1
        operands = dict(zip(function.operands, map(self.generate, node.arguments), strict=True))
        outer, self.names = self.names, {**self.everywhere, **operands}
        self.repeated += 1
        operand = reading(function.expression)
        self.repeated -= 1
        self._calls -= 1
        self.names = outer
        return operand

    def _size(self, node: Node, limit: int) -> int:
        """The number of nodes with all calls written out, or more than the limit."""
        size = 0
        for each in node.walk():
            size += 1
            if isinstance(each, tree.Call) and size <= limit:
                size += self._size(self.functions[each.name].expression, limit - size)
            if size > limit:
                break
        return size

    # --- choices -------------------------------------------------------------------------------

    def truth(self, node: Node) -> str:
        """An expression that is truthy exactly when the node is true: shorter, where nothing is traced."""
        if self.repeated and isinstance(node, tree.Call):
            return self._written_out(node, self.truth) or self.generate(node)
        if self.repeated and isinstance(node, tree.Operation):
            if node.symbol in ("and_", "or_"):
                return f"({f' {node.symbol[:-1]} '.join(map(self.truth, node.operands))})"
            if found := self._text_in_text(node):
                return found
            types = [operand.type for operand in node.operands]
            if is_true(node.symbol, types, ["_v"] * len(types)) is not None:
                return f"({is_true(node.symbol, types, [self.generate(each) for each in node.operands])})"
        return self.generate(node)

    def _text_in_text(self, node: tree.Operation) -> str | None:
        """`PositionOf(word, text) >= 0` and `< 0` ask whether one text holds the other."""
        word = {"greater_or_equal": "in", "less": "not in"}.get(node.symbol)
        place = node.operands[0]
        if word is None or not isinstance(place, tree.Operation) or place.symbol != "position_of":
            return None
        bound = node.operands[1]
        if not isinstance(bound, tree.Literal) or bound.value != 0:
            return None
        operands = list(map(self.generate, place.operands))
        known = "".join(f"{operand} is not None and " for operand in operands if not is_known(operand))
        return f"({known}{operands[0]} {word} {operands[1]})"

    def _if(self, node: tree.If) -> str:
        if not (self._is_short(node.then) and self._is_short(node.otherwise)):
            return super()._if(node)
        condition = self.truth(node.condition)
        with self.lazily():
            then, otherwise = self.generate(node.then), self.generate(node.otherwise)
        return self.source.assign(
            f"{then} if {condition} else {otherwise}", sure=is_known(then) and is_known(otherwise)
        )

    def _case(self, node: tree.Case) -> str:
        """Each branch inside the `else` of the one before, where what came before is known."""
        if self.source.depth + len(node.items) > DEEPEST:
            return super()._case(node)
        comparand = None if node.comparand is None else self.generate(node.comparand)
        type_ = node.comparand.type if node.comparand else BOOLEAN
        result = self.source.new()
        with self.lazily(), ExitStack() as branches:
            for condition, value in node.items:
                if comparand is None:
                    test = self.truth(condition)
                else:
                    test = self._equality(type_, comparand, self.generate(condition))
                with self.source.block(f"if {test}:"):
                    self.source.add(f"{result} = {self.generate(value)}")
                branches.enter_context(self.source.block("else:"))
            self.source.add(f"{result} = {self.generate(node.otherwise)}")
        return result
