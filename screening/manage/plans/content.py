"""The parts of a draft that can be edited here, found in content of any shape. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Content = Mapping[str, Any]


def listed(content: Content, name: str) -> list[dict[str, Any]]:
    """The entries of a list, those that are none left out."""
    found = content.get(name)
    return [dict(each) for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def step_of(content: Content, code: str | None) -> dict[str, Any] | None:
    return next((step for step in listed(content, "steps") if code and step.get("code") == code), None)


def window_of(content: Content) -> dict[str, Any]:
    """When messages may leave, and how many."""
    return {name: content[name] for name in ("quiet", "caps") if name in content}


def with_entry(content: Content, name: str, place: int, entry: Mapping[str, Any] | None) -> dict[str, Any]:
    """The content with an entry replaced, or taken out, or put last where `place` is past the end."""
    entries = listed(content, name)
    before, after = entries[:place], entries[place + 1 :]
    return {**content, name: [*before, *([dict(entry)] if entry is not None else []), *after]}


def place_of_step(content: Content, code: str | None) -> int:
    """Past the end where there is none of this code."""
    steps = listed(content, "steps")
    return next((n for n, step in enumerate(steps) if code and step.get("code") == code), len(steps))


def texts_of(kind: str, content: Content) -> list[tuple[str, int, dict[str, Any]]]:
    """Every text that can be edited: the list it stands in, its place there, the entry."""
    names = ("messages",) if kind == "messages" else ("letters", "reasons", "help")
    return [(name, place, entry) for name in names for place, entry in enumerate(listed(content, name))]
