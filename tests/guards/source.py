"""What the guards read: our own modules and templates, each once."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from tests.platform.production import ROOT

APPS = ("accounts", "audit", "screening", "clinic")


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Every module of the product by its path, migrations left out: nobody writes those by hand."""
    paths = [ROOT / "manage.py"]
    paths += [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return {named(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(paths)}


@functools.cache
def templates() -> dict[str, str]:
    return {
        named(path): path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates").rglob("*.html"))
    }


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def dotted(path: str) -> str:
    """`screening/intake/services/__init__.py` as the name it is imported by."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(node: ast.expr) -> str:
    """The last part of what is called: `mark_safe`, also of `safestring.mark_safe`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
