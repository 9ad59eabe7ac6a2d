"""Renders a component of nhsuk-frontend from a Django template or form."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader, TemplateNotFound

# The components are written for missing parameters at any depth, and for escaping by default.
environment = Environment(
    loader=PackageLoader("nhsuk_frontend_jinja", "templates"),
    undefined=ChainableUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)

# Folder and macro differ for these three.
IRREGULAR = {
    "table": ("tables", "table"),
    "image": ("images", "image"),
    "do-dont-list": ("do-dont-list", "list"),
}


def render_component(name: str, parameters: dict[str, Any]) -> SafeString:
    """One component by its name in the NHS manual, such as "summary-list"."""
    return mark_safe(_macro(name)(_prepared(parameters)).strip())  # noqa: S308 - the macros escape


def nested(options: dict[str, Any]) -> dict[str, Any]:
    """`heading="Sent" heading__level=3` in a template tag is `{"heading": {"text": "Sent", "level": 3}}`."""
    tree: dict[str, Any] = {}
    for key, value in options.items():
        *path, last = key.split("__")
        branch = tree
        for step in path:
            if not isinstance(branch.get(step, {}), dict):
                branch[step] = {"text": branch[step]}
            branch = branch.setdefault(step, {})
        branch[last] = value
    return tree


@cache
def _macro(name: str) -> Callable[[dict[str, Any]], str]:
    folder, macro = IRREGULAR.get(name, (name, _camel(name)))
    try:
        template = environment.get_template(f"nhsuk/components/{folder}/macro.jinja")
    except TemplateNotFound as error:
        raise LookupError(f"There is no NHS component called {name!r}") from error
    found: Callable[[dict[str, Any]], str] = getattr(template.module, macro)
    return found


def _prepared(value: Any, key: str = "") -> Any:
    """Plain values in the manual's own spelling; lazy translations become text, unmarked HTML is escaped."""
    if isinstance(value, dict):
        literal = key in {"attributes", "values"}
        return {
            (name if literal else _camel(str(name))): _prepared(item, str(name))
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_prepared(item) for item in value]
    if isinstance(value, Promise):
        value = str(value)
    if key == "html" or key.endswith(("_html", "Html")):
        return conditional_escape(value) if value is not None else None
    return value


def _camel(name: str) -> str:
    return re.sub(r"[-_]([a-z])", lambda match: match[1].upper(), name)
