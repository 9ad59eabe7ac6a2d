"""Changing what is loaded: the code of live functions, and tables wherever they were imported."""

from __future__ import annotations

import ast
import gc
import sys
from collections import defaultdict
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

from bench.mutation.operators import Mutant

# By file, qualified name and first line: a function may be live more than once.
Functions = dict[tuple[str, str, int], list[FunctionType]]


def functions_of_ours() -> Functions:
    found: Functions = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and "/screening/" in each.__code__.co_filename:
            found[_place(each.__code__)].append(each)
    return found


def _place(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _inside(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _inside(each)


def swap(code: CodeType, scope: str, functions: Functions) -> bool:
    """Give the live functions of a scope their changed code. False where that cannot be done."""
    swapped = False
    for each in _inside(code):
        if each.co_qualname != scope and not each.co_qualname.startswith(f"{scope}."):
            continue
        for function in functions.get(_place(each), ()):
            if len(function.__code__.co_freevars) != len(each.co_freevars):
                return False
            function.__code__ = each
            swapped = swapped or each.co_qualname == scope
    return swapped


def rebind(mutant: Mutant, source: str, functions: Functions) -> bool:
    """Make a table anew, with what is made of it in its module, wherever it was imported; or the defaults of
    a function. What a class holds cannot be changed afterwards.
    """
    module = sys.modules[mutant.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")]
    tree = mutant.tree(source)
    statement: ast.stmt = next(n for n in tree.body if n.lineno <= mutant.line <= (n.end_lineno or n.lineno))
    if isinstance(statement, ast.ClassDef):
        methods = (each for each in statement.body if isinstance(each, ast.FunctionDef))
        name = mutant.scope.rpartition(".")[2]
        statement = next((each for each in methods if each.name == name), statement)
    if isinstance(statement, ast.FunctionDef):
        space: dict[str, Any] = dict(vars(module))
        statement.decorator_list = []
        exec(compile(ast.Module([statement], []), mutant.file, "exec"), space)
        live = [f for place, found in functions.items() if place[1] == mutant.scope for f in found]
        for function in (f for f in live if f.__module__ == module.__name__):
            function.__defaults__ = space[statement.name].__defaults__
            function.__kwdefaults__ = space[statement.name].__kwdefaults__
        return bool(live)
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return False
    # What was added to a table afterwards is added to a new one: the old one still holds what was there.
    remade = _targets(statement)
    first = next(each for each in tree.body if _targets(each) & remade)
    changed: set[str] = set()
    for each in tree.body[tree.body.index(first) :]:
        targets = _targets(each)
        names = {n.id for n in ast.walk(each) if isinstance(n, ast.Name)}
        if targets and (targets & remade or names & changed):
            before = {name: vars(module).get(name) for name in targets}
            exec(compile(ast.Module([each], []), mutant.file, "exec"), vars(module))
            changed |= targets
            for name in targets:
                _rename(name, before[name], vars(module)[name])
    return True


def _targets(statement: ast.stmt) -> set[str]:
    """The names that an assignment gives something to, or to a part of which it does."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return set()
    aimed = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return {n.id for target in aimed for n in ast.walk(target) if isinstance(n, ast.Name)}


def _rename(name: str, old: object, new: object) -> None:
    for module in list(sys.modules.values()):
        if module.__name__.startswith(("screening.", "tests.", "bench.")) and vars(module).get(name) is old:
            setattr(module, name, new)
