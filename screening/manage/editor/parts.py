"""The parts of a questionnaire's content, and what is done with them. Pure: content in, new content out.

A part is named by its kind and its key: ("page", "start"), ("item", "dob"), ("item", "treatments.started")
inside a group. A draft may be unfinished or odd; what is not shaped like a part is left as it is.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, Final

from screening.rules.canonical import sha256_of

Content = dict[str, Any]
LISTS: Final = {"step": "steps", "page": "pages", "score": "scores", "statement": "statements"}
MAPS: Final = {"advice": "advice", "helpline": "helplines"}
KINDS: Final = ("about", *LISTS, "item", *MAPS)
LONGEST_KEY = 40
ABOUT: Final = "form"  # the key of the only part of its kind: the title and text of the whole


class Missing(LookupError):
    """The content has no such part."""


class OtherNow(Exception):
    """The part, or something below it, is not as somebody saw it."""


def items_on(page: Content) -> list[Content]:
    return _dicts(page.get("items"))


def parts(content: Content, kind: str) -> list[tuple[str, Content]]:
    """Every part of a kind with its key, in order; of items those on pages and those inside groups."""
    if kind == "item":
        return [(key, item) for page in _dicts(content.get("pages")) for key, item in items_below(page)]
    if kind in MAPS:
        held = content.get(MAPS[kind])
        return [(str(key), value) for key, value in held.items()] if isinstance(held, dict) else []
    return [(str(part.get("id")), part) for part in _dicts(content.get(LISTS[kind]))]


def items_below(page: Content) -> Iterator[tuple[str, Content]]:
    for item in items_on(page):
        yield str(item.get("id")), item
        for inner in items_on(item):
            yield f"{item.get('id')}.{inner.get('id')}", inner


def part(content: Content, kind: str, key: str) -> Content:
    """Raises Missing."""
    if kind == "about" and key == ABOUT:
        return {name: value for name, value in content.items() if name in ("title", "text", "language")}
    if kind not in KINDS or kind == "about":
        raise Missing(key)
    for found, value in parts(content, kind):
        if found == key and isinstance(value, dict):
            return value
    raise Missing(key)


def own(kind: str, value: Content) -> Content:
    """A part without the parts below it, which are changed on pages of their own."""
    below = {"page": "items", "item": "items"}.get(kind)
    return {name: inner for name, inner in value.items() if name != below}


def seen(kind: str, value: Content) -> str:
    """What a form shows of a part, as a hash: whether somebody changed it since."""
    return sha256_of(own(kind, value))


def seen_whole(value: Any) -> str:
    """The same with everything below it, which goes when the part does."""
    return sha256_of(value)


def put(content: Content, kind: str, key: str, value: Content) -> Content:
    """The content with this part saying something else. What is below it stays."""
    changed = copy.deepcopy(content)
    if kind == "about":
        for name in ("title", "text", "language"):
            changed.pop(name, None)
        return changed | value
    held = part(changed, kind, key)
    below = held.get("items") if kind in ("page", "item") else None
    held.clear()
    held.update(value if below is None else {**value, "items": below})
    return changed


def add(
    content: Content, kind: str, key: str, value: Content, *, page: str = "", group: str = "", after: str = ""
) -> Content:
    """The content with a new part: last, or after `after`; an item in a group or on a page."""
    return insert(copy.deepcopy(content), kind, key, value, page=page, group=group, after=after)


def insert(
    changed: Content, kind: str, key: str, value: Content, *, page: str = "", group: str = "", after: str = ""
) -> Content:
    """The same without a copy: the content that was given is changed, where its lists are."""
    if kind in MAPS:
        held = changed.get(MAPS[kind]) or {}
        if not isinstance(held, dict):
            raise Missing(kind)
        return changed | {MAPS[kind]: {**held, key: value}}
    if kind == "item":
        holder = part(changed, "item", group) if group else part(changed, "page", page)
        name = "items"
    else:
        holder, name = changed, LISTS[kind]
    siblings = holder[name] = holder.get(name) or []
    if not isinstance(siblings, list):
        raise Missing(kind)
    place = next((n for n, one in enumerate(siblings, 1) if _id(one) == after), len(siblings))
    siblings.insert(place, value)
    return changed


def remove(content: Content, kind: str, key: str, *, seen: str) -> Content:
    """The content without this part, which was seen as `seen_whole` says. Raises OtherNow."""
    if seen_whole(part(content, kind, key)) != seen:
        raise OtherNow(key)
    return _without(content, kind, key)


def _without(content: Content, kind: str, key: str) -> Content:
    changed = copy.deepcopy(content)
    if kind in MAPS:
        held = changed.get(MAPS[kind])
        if not isinstance(held, dict) or key not in held:
            raise Missing(key)
        del held[key]
        return changed
    siblings, place = _siblings(changed, kind, key)
    del siblings[place]
    return changed


def move(content: Content, kind: str, key: str, by: int) -> Content:
    """The content with this part `by` places further down among its siblings, or up; at an end it stays."""
    changed = copy.deepcopy(content)
    siblings, place = _siblings(changed, kind, key)
    moved = siblings.pop(place)
    siblings.insert(min(max(place + by, 0), len(siblings)), moved)
    return changed


def move_to(content: Content, key: str, page: str) -> Content:
    """The content with this item last on a page. One inside a group stays in it."""
    if "." in key:
        raise Missing(key)
    siblings, place = _siblings(content, "item", key)
    item = copy.deepcopy(siblings[place])
    return add(_without(content, "item", key), "item", key, item, page=page)


def _siblings(content: Content, kind: str, key: str) -> tuple[list[Any], int]:
    if kind == "item":
        holder, _, inner = key.rpartition(".")
        holders = [part(content, "item", holder)] if holder else _dicts(content.get("pages"))
        lists = [each.get("items") for each in holders]
        wanted = inner
    else:
        lists, wanted = [content.get(LISTS.get(kind, ""))], key
    for siblings in lists:
        for place, one in enumerate(siblings if isinstance(siblings, list) else ()):
            if _id(one) == wanted and isinstance(siblings, list):
                return siblings, place
    raise Missing(key)


def page_of(content: Content, key: str) -> str:
    """The page on which an item stands, its own or its group's."""
    for name, page in parts(content, "page"):
        if any(found == key for found, _item in items_below(page)):
            return name
    raise Missing(key)


def other_pages(content: Content, key: str) -> list[tuple[str, str]]:
    """The pages to which an item could go, by their titles. None for one inside a group."""
    own = page_of(content, key)
    pages = parts(content, "page") if "." not in key else []
    return [(name, str(page.get("title") or name)) for name, page in pages if name != own]


def new_key(content: Content, kind: str, words: str, *, group: str = "") -> str:
    """An id made from the words of a part, which no other part of the kind has."""
    sign = "-" if kind in ("page", "step") else "_"
    plain = re.sub(r"[^a-z0-9]+", sign, words.lower().replace("'", "")).strip(sign)[:LONGEST_KEY].strip(sign)
    stem = plain if plain[:1].isalpha() else f"{kind}{sign}{plain}".strip(sign)
    taken = {key.removeprefix(f"{group}." if group else "") for key, _part in parts(content, kind)}
    if kind in ("item", "score"):
        taken |= {key for other in ("item", "score") for key, _part in parts(content, other)}
    return next(key for n in range(1, 10_000) if (key := stem if n == 1 else f"{stem}{sign}{n}") not in taken)


def _dicts(value: Any) -> list[Content]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _id(value: Any) -> str:
    return str(value.get("id")) if isinstance(value, dict) else ""
