"""Copy pages and questions of another questionnaire into a draft, with what they cannot be without. Pure."""

from __future__ import annotations

import copy
import re
from typing import Any

from screening.manage.editor import parts
from screening.manage.editor.parts import Content

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def copyable(content: Content, source: Content) -> list[tuple[str, Content, list[tuple[str, str, bool]]]]:
    """The pages of the source, each with its questions: id, words, whether the draft has that id already."""
    here = {key for key, _item in parts.parts(content, "item")}
    return [
        (
            key,
            page,
            [
                (str(item.get("id")), str(item.get("text") or item.get("id")), item.get("id") in here)
                for item in parts.items_on(page)
            ],
        )
        for key, page in parts.parts(source, "page")
    ]


def copied(content: Content, source: Content, keys: list[str], *, onto: str = "") -> Content:
    """The draft with these questions of the source: on the page `onto`, or each on its own page.

    A question whose id the draft has already is left alone. What the questions lead to comes along: their
    step, their advice and its helplines. Raises Missing for a page or question that is not there.
    """
    changed = copy.deepcopy(content)  # once: all that follows is put into this copy
    here = {key for key, _item in parts.parts(changed, "item")}
    theirs = dict(reversed(parts.parts(source, "item")))
    pages = {
        key: name
        for name, page in reversed(parts.parts(source, "page"))  # where two have it, the first of them
        for key, _item in parts.items_below(page)
    }
    for key in keys:
        if key in here:
            continue
        if key not in theirs:
            raise parts.Missing(key)
        item = copy.deepcopy(theirs[key])
        if not onto:
            changed = _with_page(changed, source, pages[key])
        changed = parts.insert(changed, "item", key, item, page=onto or pages[key])
        changed = _with_advice(changed, source, item)
        here |= {key, *(f"{key}.{inner.get('id')}" for inner in parts.items_on(item))}
    return changed


def _with_page(content: Content, source: Content, name: str) -> Content:
    """With an empty copy of the page, and its step, where they are not there yet."""
    if any(name == found for found, _page in parts.parts(content, "page")):
        return content
    page = parts.own("page", parts.part(source, "page", name))
    step = str(page.get("step"))
    if not any(step == found for found, _step in parts.parts(content, "step")):
        content = parts.insert(content, "step", step, copy.deepcopy(parts.part(source, "step", step)))
    return parts.insert(content, "page", name, {**copy.deepcopy(page), "items": []})


def _with_advice(content: Content, source: Content, item: Content) -> Content:
    asked = [item, *parts.items_on(item)]
    held = [one.get("advice") for one in asked]
    for key in dict.fromkeys(str(key) for found in held if isinstance(found, dict) for key in found.values()):
        content = _brought(content, source, "advice", key)
        words = str(dict(parts.parts(source, "advice")).get(key, ""))
        for name in _PLACEHOLDER.findall(words):
            content = _brought(content, source, "helpline", name)
    return content


def _brought(content: Content, source: Content, kind: str, key: str) -> Content:
    theirs: Any = dict(parts.parts(source, kind)).get(key)
    if theirs is None or key in dict(parts.parts(content, kind)):
        return content
    return parts.insert(content, kind, key, copy.deepcopy(theirs))
