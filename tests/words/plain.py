"""Text that people read and that does not go through gettext: in templates, in tags, in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from tests.words.extraction import CALLS, constants_in, engine, expressions, nodes

SILENT = {"script", "style", "code", "svg"}
READ_ALOUD = {"alt", "aria-label", "placeholder", "title", "data-label"}
# What a tag of ours leaves behind: it may become the name of a tag, so it is a word that nobody writes.
LEFT = "x0x"
# Blocks whose content is a class, not a text.
CLASSES = re.compile(r"{% block (width|body_class) %}\w*{% endblock %}")
PROPER = re.compile(r"x0x|\bThreshold\b|[·–—→←…:;,.()/|*+&%“”\"'\s\d]|&\w+;")
BLOCKS = re.compile(
    r"{% (blocktranslate|blocktrans|comment).*?%}.*?{% end(blocktranslate|blocktrans|comment) %}|{#.*?#}",
    re.S,
)
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.S)
SENTENCE = re.compile(r"^[A-Z][a-z’']*[ ,].*[a-z]|^[A-Z][a-z]+$")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.found += [value for name, value in attrs if name in READ_ALOUD and value and _says(value)]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and _says(data):
            self.found.append(data.strip())


def _says(text: str) -> bool:
    return bool(PROPER.sub("", text))


def in_markup(source: str) -> list[str]:
    """Words between tags, and attributes that are read aloud."""
    reader = _Reader()
    reader.feed(TAGS.sub(LEFT, CLASSES.sub("", BLOCKS.sub(LEFT, source))))
    return reader.found


def in_arguments(source: str) -> list[str]:
    """`{% component "button" text="Sign in" %}`: a sentence given to a tag as it stands."""
    return [
        value
        for node in nodes(engine().from_string(source).nodelist)
        if not isinstance(node, TranslateNode | BlockTranslateNode)
        for expression in expressions(node)
        for value in constants_in(expression)
        if isinstance(value, str) and SENTENCE.match(value)
    ]


def in_python(tree: ast.Module) -> Iterator[str]:
    """Sentences that are neither comments of the code, nor translated, nor for a log or a developer."""
    spared = set(_not_shown(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in spared:
            continue
        text = node.value.strip()
        if " " in text and SENTENCE.match(text):
            yield text


def _not_shown(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)  # a docstring
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CALLS:
                yield from (id(each) for each in ast.walk(node))
        elif isinstance(node, ast.Raise) and "ValidationError" not in ast.dump(node):
            yield from (id(each) for each in ast.walk(node))
