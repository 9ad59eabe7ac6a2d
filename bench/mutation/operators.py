"""What can go wrong in a line: each small change that a test should notice.

A comparison off by one or turned round, `and` for `or`, a condition that always or never holds, a number one
too high, a word misspelt, an unknown that became a no, a result that got lost, a call left out. Left
alone are annotations, docstrings, decorators, the sentences of exceptions, and `strict=` of a zip, which only
asserts that we hand it lists of one length.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Path = tuple[tuple[str, int | None], ...]
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Mutant:
    """One change of one place. `scope` is the function, or for a table its name."""

    file: str
    scope: str
    line: int
    before: str
    after: str
    path: Path = field(repr=False)
    replacement: ast.AST = field(repr=False)
    lines: range = field(repr=False)
    in_function: bool = field(repr=False)
    nth: int = 0
    text: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        return f"{self.file}|{self.scope}|{self.before}|{self.after}|{self.nth}"

    def tree(self, source: str) -> ast.Module:
        """The whole module with the change in it."""
        module = ast.parse(source)
        *way, (name, place) = self.path
        node: Any = module
        for step, index in way:
            node = getattr(node, step) if index is None else getattr(node, step)[index]
        new = copy.deepcopy(self.replacement)
        old = getattr(node, name) if place is None else getattr(node, name)[place]
        for each in ast.walk(new):
            if "lineno" in each._attributes and not hasattr(each, "lineno"):
                ast.copy_location(each, old)
        if place is None:
            setattr(node, name, new)
        else:
            getattr(node, name)[place] = new
        return ast.fix_missing_locations(module)


def mutants(file: str, source: str) -> list[Mutant]:
    """Every change of a module, in the order of its lines."""
    found: list[Mutant] = []
    seen: dict[tuple[str, str, str], int] = {}
    for made in _Walk(file, source).walk():
        same = (made.scope, made.before, made.after)
        seen[same] = seen.get(same, -1) + 1
        found.append(Mutant(**{**vars(made), "nth": seen[same]}))
    return found


class _Walk:
    def __init__(self, file: str, source: str) -> None:
        self.file, self.source = file, source
        self.module = ast.parse(source)

    def walk(self) -> Iterator[Mutant]:
        yield from self._children(self.module, (), _Place("", self.module, in_function=False))

    def _children(self, node: ast.AST, path: Path, place: _Place) -> Iterator[Mutant]:
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                if not _left_alone(node, name, value):
                    yield from self._node(value, (*path, (name, None)), place)
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, ast.AST) and not _left_alone(node, name, item):
                        yield from self._node(item, (*path, (name, index)), place)

    def _node(self, node: ast.AST, path: Path, place: _Place) -> Iterator[Mutant]:
        place = place.entering(node)
        if isinstance(node, ast.arguments):  # defaults are made once, where the function is defined
            place = _Place(**{**vars(place), "in_function": False})
        for replacement in _changes(node, place):
            if "lineno" in replacement._attributes:
                ast.copy_location(replacement, node)
            before, after = _said(node), _said(replacement)
            if before != after:
                yield Mutant(
                    file=self.file,
                    scope=place.scope,
                    line=getattr(node, "lineno", place.lines.start),
                    before=_short(before),
                    after=_short(after),
                    path=path,
                    replacement=replacement,
                    lines=place.lines,
                    in_function=place.in_function,
                    text=place.text,
                )
        yield from self._children(node, path, place)


@dataclass(frozen=True)
class _Place:
    """Where the walk is: the scope, the statement and its own lines (of a block only the opening)."""

    scope: str
    statement: ast.AST
    in_function: bool
    lines: range = range(0)
    text: str = ""
    in_raise: bool = False
    kind: str = ""

    def entering(self, node: ast.AST) -> _Place:
        if not isinstance(node, ast.stmt):
            if isinstance(node, ast.Call) and _name(node.func) in {"isinstance", "issubclass"}:
                return _Place(**{**vars(self), "kind": "types"})
            if isinstance(node, ast.Compare | ast.BoolOp | ast.IfExp):
                return _Place(**{**vars(self), "kind": ""})
            return self
        scope, inside, text = self.scope, self.in_function, self.text
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            if not inside:
                scope = f"{scope}.{node.name}" if scope else node.name
                text = ast.unparse(node)
            inside = inside or isinstance(node, FUNCTIONS)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and not scope:
            scope = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
            text = ast.unparse(node)
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
        lines = range(node.lineno, max(last, node.lineno) + 1)
        return _Place(scope, node, inside, lines, text, isinstance(node, ast.Raise), "")


def _left_alone(parent: ast.AST, name: str, child: ast.AST) -> bool:
    if name in {"annotation", "returns", "decorator_list", "bases", "keywords"} and isinstance(
        parent, (*FUNCTIONS, ast.ClassDef, ast.arg, ast.AnnAssign)
    ):
        return True
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True
    if isinstance(child, ast.Import | ast.ImportFrom):
        return True
    if isinstance(parent, ast.arguments):
        return not isinstance(child, ast.Constant) or child.value is None
    if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
        return True
    if isinstance(parent, ast.Module) and isinstance(child, ast.Assign):
        return ast.unparse(child.targets[0]) == "__all__" or _is_type(child.value)
    if isinstance(parent, ast.Call) and _name(parent.func) in {"cast", "TypeVar"}:
        return True
    if isinstance(parent, ast.JoinedStr) and isinstance(child, ast.Constant):
        return True
    if isinstance(parent, ast.keyword) and parent.arg == "strict":
        return True
    # `x is None` is turned round as a whole
    return isinstance(parent, ast.Compare) and isinstance(child, ast.Constant) and child.value is None


def _is_type(node: ast.AST) -> bool:
    """A name for a type: `Verdict = Literal[...]`, `Items = list[Any] | None`."""
    if isinstance(node, ast.Subscript):
        return _name(node.value)[:1].isupper() or _name(node.value) in {
            "list",
            "dict",
            "tuple",
            "set",
            "type",
        }
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr) and (_is_type(node.left) or _is_type(node.right))
    return isinstance(node, ast.Constant) and node.value is None


def _changes(node: ast.AST, place: _Place) -> Iterator[ast.AST]:  # noqa: C901 - a table, written as branches
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            ops = [*node.ops[:index], COMPARED[type(operator)](), *node.ops[index + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.BinOp):
        if place.kind == "types":
            yield from (node.left, node.right)
        elif type(node.op) in COMPUTED:
            yield ast.BinOp(node.left, COMPUTED[type(node.op)](), node.right)
    elif isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.Not | ast.USub):
            yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value, place)
    elif isinstance(node, ast.JoinedStr):
        if not place.in_raise:
            yield ast.JoinedStr([ast.Constant("XX"), *node.values])
    elif isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load) and node.id in SWAPPED:
            yield ast.Name(SWAPPED[node.id], ast.Load())
    else:
        yield from _statements(node)


def _constants(value: object, place: _Place) -> Iterator[ast.AST]:
    if value is None:
        yield ast.Constant(False)
    elif isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and not (place.in_raise and " " in value):
        yield ast.Constant(f"XX{value}")


def _statements(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 - the same
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        for always in (True, False):
            if always and isinstance(node, ast.While):
                continue
            changed = copy.copy(node)
            changed.test = ast.Constant(always)
            yield changed
    elif isinstance(node, ast.comprehension):
        for index in range(len(node.ifs)):
            ifs = [*node.ifs[:index], *node.ifs[index + 1 :]]
            yield ast.comprehension(node.target, node.iter, ifs, node.is_async)
    elif isinstance(node, ast.Return):
        if node.value is not None and not isinstance(node.value, ast.Constant):
            yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.AugAssign):
        if type(node.op) in COMPUTED:
            yield ast.AugAssign(node.target, COMPUTED[type(node.op)](), node.value)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        if isinstance(node.value, ast.Call):
            yield ast.Pass()
    elif isinstance(node, ast.Raise) and "NotImplementedError" not in ast.unparse(node):
        yield ast.Pass()


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return f"{'while' if isinstance(node, ast.While) else 'if'} {ast.unparse(node.test)}"
    return ast.unparse(node)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:157]}..."
