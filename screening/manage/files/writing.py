"""Writes a value as YAML that people can read and compare, the same bytes for the same value.

Texts of several lines, and expressions with them, stand as blocks as they were typed. A text that a block
would change (spaces at the end of a line, other line ends, signs that cannot be seen) is quoted instead.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

# What names a part stands first, what it is made of last; the database keeps no order of its own.
FIRST = (
    *("threshold", "kind", "code", "number", "language", "id", "place", "about", "to", "channel", "title"),
    *("subject", "text", "type", "control", "effect", "tier", "when", "source"),
)
LAST = (
    "options",
    "items",
    "definition",
    "texts",
    "definitions",
    "tables",
    "rules",
    "pages",
    "steps",
    "cases",
)
_RANK = {name: rank - len(FIRST) for rank, name in enumerate(FIRST)} | {
    name: rank + 1 for rank, name in enumerate(LAST)
}
_NO_BLOCK = re.compile(
    r"[^\n\x20-\x7e\u00a1-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff"
    r"\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd]"  # whatever cannot be seen, or ends a line by itself
    r"|[ ]\n|[ ]\Z|\A[ \n]|\A\Z"
)


class _Writer(yaml.SafeDumper):
    """The writer in Python: it writes the same on every machine."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow=False, indentless=False):  # type: ignore[no-untyped-def]
        """A list stands further in than its name."""
        super().increase_indent(flow, indentless=False)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if _NO_BLOCK.search(text):
        style = '"' if not text.isprintable() or not text else None
    elif "\n" in text:
        style = "|"
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def write(value: Any) -> bytes:
    """YAML in UTF-8. What `reading.read` makes of it is equal to `value`."""
    text = yaml.dump(
        _in_order(value),
        Dumper=_Writer,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=10**9,
    )
    return str(text).encode("utf-8")


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (_RANK.get(name, 0), name))
        return {name: _in_order(value[name]) for name in names}
    if isinstance(value, list):
        return [_in_order(inner) for inner in value]
    return value
