"""Where each remark of a check belongs: the part of the questionnaire that has to be mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from screening.manage.editor import parts
from screening.manage.editor.parts import Content
from screening.questionnaires.kept_types import retyped_sentence
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.rules.remarks import Remark, error

_NAMED = re.compile(r"^(?:the )?(page|item|score|advice|statement|step)s? ([\w.\-]+)")
_FIRST = re.compile(r"^([\w.]+): ")
_LISTS = {name: kind for kind, name in parts.LISTS.items()}
_MAPS = {name: kind for kind, name in parts.MAPS.items()}
Place = tuple[str, str]


@dataclass
class Findings:
    """Remarks by the part they concern; what concerns none of them is about the whole."""

    by_part: dict[Place, list[Remark]] = field(default_factory=dict)
    whole: list[Remark] = field(default_factory=list)

    @classmethod
    def of(cls, content: Content, remarks: Iterable[Remark]) -> Findings:
        found = cls()
        known = _known(content)
        for remark in remarks:
            place = _place(content, remark)
            if place in known and place is not None:
                found.by_part.setdefault(place, []).append(_said_there(remark, place))
            else:
                found.whole.append(remark)
        return found

    def at(self, kind: str, key: str) -> list[Remark]:
        return self.by_part.get((kind, key), [])


def with_pages(version: DefinitionVersion, remarks: Iterable[Remark]) -> Iterator[tuple[Remark, str]]:
    """Each remark with the page on which it is mended; nothing where there is none."""
    if version.status == VersionStatus.DRAFT and version.kind in (Kind.RULESET, Kind.SCHEDULE):
        yield from ((remark, _page_beside(version, remark.place)) for remark in remarks)
        return
    editable = version.kind == Kind.QUESTIONNAIRE and version.status == VersionStatus.DRAFT
    known = _known(version.content) if editable else set()
    for remark in remarks:
        place = _place(version.content, remark) if editable else None
        if place is None or place not in known:
            yield remark, ""
            continue
        said = _said_there(remark, place)
        where = ", ".join(filter(None, (" ".join(place), said.place)))
        named = [version.kind, version.code, version.number, *place]
        yield replace(said, place=where), reverse("editor-part", args=named)


def _page_beside(version: DefinitionVersion, place: str) -> str:
    """The page of a rule, a table, the definitions or a step, by how a check names their place."""
    name, _space, rest = place.partition(" ")
    key, found = rest.partition(",")[0], version.content
    named: list[str | int] = [version.kind, version.code, version.number]
    if version.kind == Kind.SCHEDULE:
        code = place.partition(": ")[0]
        return reverse("schedule-step", args=[*named, code]) if _has(found, "steps", "code", code) else ""
    if name.rstrip(",") == "definitions":
        return reverse("rule-definitions", args=named)
    if name == "rule" and _has(found, "rules", "code", key):
        return reverse("rule", args=[*named, key])
    tables = found.get("tables")
    return reverse("rule-table", args=[*named, key]) if name == "table" and tables and key in tables else ""


def _has(content: Content, name: str, key: str, wanted: str) -> bool:
    held = content.get(name)
    return isinstance(held, list) and any(isinstance(one, dict) and one.get(key) == wanted for one in held)


def _known(content: Content) -> set[Place]:
    return {(kind, key) for kind in parts.KINDS for key in _keys(content, kind)}


def retyped_remarks(changed: Iterable[tuple[str, str]]) -> Iterator[Remark]:
    """A question that was published as another kind of answer, as an error at its place."""
    for key, was in changed:
        yield error("retyped", f"item {key}", retyped_sentence(key, was))


def _keys(content: Content, kind: str) -> list[str]:
    return [parts.ABOUT] if kind == "about" else [key for key, _part in parts.parts(content, kind)]


def _place(content: Content, remark: Remark) -> Place | None:
    """The place as a check names it: "item dob, check 1", or as the shape does: "pages.3.items.0.text"."""
    if named := _NAMED.match(remark.place):
        return named[1], named[2]
    if found := _by_shape(content, remark.place.split(".")):
        return found
    sentence = remark.sentence[:1].lower() + remark.sentence[1:]
    if named := _NAMED.match(sentence):
        return named[1], named[2].rstrip(".")
    first = _FIRST.match(sentence)
    return ("item", first[1]) if first else None


def _said_there(remark: Remark, place: Place) -> Remark:
    """Beside the part that it is about, a remark names no more than where in it."""
    named, steps = _NAMED.match(remark.place), remark.place.split(".")
    within = remark.place[named.end() :].strip(" ,:") if named else steps[-1] if len(steps) > 1 else ""
    sentence, named_first = remark.sentence, f"{place[1]}: "
    if sentence.casefold().startswith(named_first.casefold()):
        sentence = sentence[len(named_first) :]
        sentence = sentence[:1].upper() + sentence[1:]
    return replace(remark, place="" if within.isdecimal() else within, sentence=sentence)


def _by_shape(content: Content, steps: list[str]) -> Place | None:
    if len(steps) < 2:
        return None
    if kind := _MAPS.get(steps[0]):
        return kind, steps[1]
    part: Any = _nth(content, steps[0], steps[1])
    kind = _LISTS.get(steps[0])
    if kind is None or part is None:
        return None
    place, key = (kind, str(part.get("id"))), ""
    for name, number in zip(steps[2::2], steps[3::2], strict=False):
        inner = _nth(part, name, number) if name == "items" else None
        if inner is None:
            break
        part, key = inner, f"{key}.{inner.get('id')}".strip(".")
        place = ("item", key)
    return place


def _nth(holder: Mapping[str, Any], name: str, number: str) -> Content | None:
    held = holder.get(name)
    if not isinstance(held, list) or not number.isdecimal() or int(number) >= len(held):
        return None
    found = held[int(number)]
    return found if isinstance(found, dict) else None
