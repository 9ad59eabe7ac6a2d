"""What reads a part of a draft: other parts of it, and what is published beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.manage.editor import parts
from screening.manage.editor.findings import Findings
from screening.manage.editor.parts import Content
from screening.manage.editor.presenters import KIND_NAMES, name_of
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.seed_files import safety_items
from screening.questionnaires.selectors import (
    NothingPublished,
    intake_versions,
    published,
    ruleset_of,
    schedule_of,
)
from screening.rules.named import Reader, readers
from screening.rules.questionnaire import PLACEHOLDER
from screening.rules.remarks import Remark

_WORD: Final = re.compile(r"[\w'-]+")
READER_NAMES: Final = {
    "rule": gettext_lazy("Published rule"),
    "definition": gettext_lazy("Definition of the published rules"),
    "output": gettext_lazy("Output of the published rules"),
    "baseline": gettext_lazy("Published rules"),
    "case": gettext_lazy("Worked case of the published rules"),
}
# How a check of the rules begins the name of the place where each stands.
PLACES: Final = {"rule": "rule", "definition": "definitions,", "output": "output"}


@dataclass(frozen=True)
class Told:
    """One line: what it is, what it is called, and its id where it has one."""

    kind: str
    words: str
    key: str


@dataclass(frozen=True)
class Going:
    """A part that would go, with the questions that would go with it: `group.question` inside a group."""

    kind: str
    key: str
    items: tuple[str, ...]

    @classmethod
    def of(cls, kind: str, key: str, part: Content) -> Going:
        if kind == "page":
            return cls(kind, key, tuple(name for name, _item in parts.items_below(part)))
        inside = [f"{key}.{inner.get('id')}" for inner in parts.items_on(part)] if kind == "item" else []
        return cls(kind, key, (key, *inside) if kind == "item" else ())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What conditions, scores and rules may call it by. What goes with a group is not named beside it."""
        if self.kind == "score":
            return (self.key,)
        going = set(self.items)
        return tuple(name for name in self.items if name.rpartition(".")[0] not in going)

    @cached_property
    def alone(self) -> frozenset[str]:
        return frozenset(name for name in self.names if "." not in name)


def told_of(version: DefinitionVersion, going: Going) -> dict[str, Any]:
    """What is said before a part is removed."""
    return {
        "questions": len(going.items) if going.kind == "page" else 0,
        "dependents": in_draft(version.content, going),
        "readers": published_beside(version, going),
    }


def in_draft(content: Content, going: Going) -> list[Told]:
    """The other parts that name it and would have to be mended. What goes with it is none."""
    gone = {(going.kind, going.key), *(("item", name) for name in going.items)}
    found = [
        Told(str(KIND_NAMES[kind]), name_of(kind, part, key), key)
        for kind in ("page", "item", "score", "advice", "statement")
        for key, part in parts.parts(content, kind)
        if isinstance(part, dict) and (kind, key) not in gone and _names(kind, key, part, going)
    ]
    return list(dict.fromkeys(found))


def published_beside(version: DefinitionVersion, going: Going) -> list[Told]:
    """What is published and reads it: rules with their worked cases, later forms, the list of safety."""
    try:
        asked, rules = intake_versions(site=version.site)
    except NothingPublished:
        return []
    if asked.code != version.code:
        return []
    must = safety_items().every()
    return [
        *(
            Told(_("Safety question"), _("no form may leave it out"), name)
            for name in going.items
            if name in must
        ),
        *(_of_rules(each) for each in readers(ruleset_of(rules), going.names)),
        *_of_schedule(version, going),
    ]


def remarks_at(version: DefinitionVersion, kind: str, key: str, remarks: Sequence[Remark]) -> list[Remark]:
    """Those about one part, also what the published rules have against a question."""
    own = Findings.of(version.content, remarks).at(kind, key)
    return [*own, *_by_rules(version, key, remarks)] if kind in ("item", "score") else own


def _by_rules(version: DefinitionVersion, key: str, remarks: Sequence[Remark]) -> list[Remark]:
    remarks = [remark for remark in remarks if remark.place.startswith("published rules, ")]
    try:
        rules = intake_versions(site=version.site)[1] if remarks else None
    except NothingPublished:
        return []
    if rules is None:
        return []
    named = [
        f"published rules, {PLACES[each.kind]} {each.name}"
        for each in readers(ruleset_of(rules), (key,))
        if each.kind in PLACES
    ]
    return [
        remark
        for remark in remarks
        if any(remark.place == place or remark.place.startswith(f"{place},") for place in named)
    ]


def _of_rules(reader: Reader) -> Told:
    """What no page of the rule editor shows is changed in the file of the rules."""
    words = reader.words
    if reader.kind == "baseline":
        words = _("the answers that worked cases begin with; change them in the file of the rules")
    elif reader.kind == "output":
        words = _("change it in the file of the rules")
    return Told(str(READER_NAMES[reader.kind]), words, reader.name)


def _of_schedule(version: DefinitionVersion, going: Going) -> Iterator[Told]:
    try:
        schedule = schedule_of(published(site=version.site, kind=Kind.SCHEDULE))
    except NothingPublished:
        return
    names = {*going.items, *([going.key] if going.kind in ("page", "step") else [])}
    for step in schedule.steps:
        if step.asks and not names.isdisjoint(step.form):
            yield Told(_("Later form of the published schedule"), step.title, step.code)


def _names(kind: str, key: str, part: Content, going: Going) -> bool:
    if going.kind == "step":
        return kind == "page" and part.get("step") == going.key
    if going.kind == "advice":
        held = part.get("advice")
        return kind == "item" and isinstance(held, dict) and going.key in held.values()
    if going.kind == "helpline":
        return kind == "advice" and going.key in PLACEHOLDER.findall(" ".join(_texts_in(part)))
    words = {word for text in _expressions(kind, part) for word in _WORD.findall(text)}
    if not going.alone.isdisjoint(words):
        return True
    # Inside a group its questions are named alone, elsewhere with the group.
    inside = (name.partition(".") for name in going.names if name not in going.alone)
    return any(
        inner in words and (group in words or key.startswith(f"{group}.")) for group, _, inner in inside
    )


def _expressions(kind: str, part: Content) -> list[str]:
    checks = part.get("validate")
    texts = [part.get("show_when"), part.get("expression"), part.get("options_from")]
    texts += (
        [check.get("check") for check in checks if isinstance(check, dict)]
        if isinstance(checks, list)
        else []
    )
    texts.append(part.get("item") if kind == "statement" else "")
    return [text for text in texts if isinstance(text, str)]


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(inner)
