"""Every text of the product that goes through gettext, read from the parsed source without an outside tool.

Templates are parsed by Django itself, Python by `ast`. What these find is what `makemessages` would find.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
from django.template import Engine
from django.template.base import FilterExpression, Node, Variable
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.functional import Promise

from tests.guards.source import modules
from tests.platform.production import ROOT

CALLS = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "pgettext": -1,
    "pgettext_lazy": -1,
    "npgettext": -2,
    "npgettext_lazy": -2,
}
# What Django itself may say on a page of ours.
OF_DJANGO = (
    "forms/fields.py",
    "forms/forms.py",
    "forms/formsets.py",
    "core/validators.py",
    "utils/dates.py",
    "utils/dateformat.py",
    "utils/text.py",
    "template/defaultfilters.py",
    "contrib/humanize/templatetags/humanize.py",
)


@dataclass(frozen=True, order=True)
class Message:
    text: str
    plural: str = ""
    context: str = ""


@functools.cache
def messages() -> dict[Message, str]:
    """Each message with the place where it was found first."""
    found: dict[Message, str] = {}
    for place, tree in modules().items():
        for message in in_python(tree):
            found.setdefault(message, place)
    for name, path in template_files().items():
        for message in in_template(path.read_text(encoding="utf-8")):
            found.setdefault(message, f"templates/{name}")
    folder = Path(django.__file__).parent
    for name in OF_DJANGO:
        for message in in_python(ast.parse((folder / name).read_text(encoding="utf-8"))):
            found.setdefault(message, f"django/{name}")
    return found


@functools.cache
def template_files() -> dict[str, Path]:
    folder = ROOT / "templates"
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*.html"))}


def in_python(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        count = CALLS.get(name)
        if count is None:
            continue
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if len(words) < abs(count) + (count < 0):
            continue
        context = words.pop(0) if count < 0 else ""
        yield Message(words[0], words[1] if abs(count) == 2 else "", context)


@functools.cache
def engine() -> Engine:
    from django.template import engines

    return engines["django"].engine


def in_template(source: str) -> Iterator[Message]:
    for node in nodes(engine().from_string(source).nodelist):
        if isinstance(node, BlockTranslateNode):
            text, _variables = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Message(text, plural)
        else:
            yield from (Message(text) for text in _constants(node))


def nodes(found: object) -> Iterator[Node]:
    """Every node of a parsed template, also those inside blocks, branches and our own tags."""
    seen: set[int] = set()

    def walk(value: object) -> Iterator[Node]:
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, list | tuple):
            for each in value:
                yield from walk(each)
        elif isinstance(value, Node):
            yield value
            for each in vars(value).values():
                yield from walk(each)
        elif type(value).__module__.startswith("django.template.smartif"):
            for each in vars(value).values():
                yield from walk(each)

    return walk(found)


def _constants(node: Node) -> Iterator[str]:
    """The words of `{% translate %}`, and `_("words")` wherever it may stand in a tag or a value."""
    for expression in expressions(node):
        if isinstance(node, TranslateNode) and expression is node.filter_expression:
            if isinstance(expression.var, Variable) and isinstance(expression.var.literal, str):
                yield str(expression.var.literal)
            continue
        for value in constants_in(expression):
            if isinstance(value, Promise):
                yield str(value._args[0]).replace("%%", "%")


def constants_in(expression: FilterExpression) -> Iterator[object]:
    """What is written out in an expression: words, or a promise of Django's to translate them."""
    for value in (expression.var, *(given for _filter, given in arguments_of(expression))):
        if isinstance(value, str | Promise):
            yield value


def arguments_of(expression: FilterExpression) -> Iterator[tuple[object, object]]:
    for function, arguments in expression.filters:
        for _known, argument in arguments:
            yield function, argument


def expressions(node: Node) -> list[FilterExpression]:
    return list(_expressions(list(vars(node).values())))


def _expressions(values: list[object]) -> Iterator[FilterExpression]:
    for value in values:
        if isinstance(value, FilterExpression):
            yield value
        elif isinstance(value, list | tuple):
            yield from _expressions(list(value))
        elif isinstance(value, dict):
            yield from _expressions(list(value.values()))
