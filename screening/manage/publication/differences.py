"""Two versions of a definition compared in words: what is new, what is gone, what reads differently.

It compares content as it is stored, so a draft that cannot be read yet can be compared too.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Fields = dict[str, str]
Things = dict[str, Fields]
LABELS: Mapping[str, Promise] = {
    "text": gettext_lazy("Words"),
    "show_when": gettext_lazy("Shown when"),
    "when": gettext_lazy("When"),
    "patient": gettext_lazy("Sentence for the patient"),
    "clinician": gettext_lazy("Sentence for the clinician"),
    "patient_unknown": gettext_lazy("Sentence for the patient when it is missing"),
    "clinician_unknown": gettext_lazy("Sentence for the clinician when it is missing"),
    "unknown": gettext_lazy("Code when it is missing"),
}
DEFINED = re.compile(r'^define\s+(?:function\s+)?("[^"]+"|\w+)', re.M)


@dataclasses.dataclass(frozen=True)
class Difference:
    """`what` names the thing; `part` is what of it reads differently, empty where all of it came or went."""

    kind: Literal["added", "removed", "changed"]
    what: str
    part: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True)
class Section:
    title: str
    differences: list[Difference]


def differences(kind: str, before: Any, after: Any) -> list[Section]:
    """Only sections in which something differs."""
    was, now = (
        _sections(kind, content if isinstance(content, Mapping) else {}) for content in (before, after)
    )
    found = [
        Section(title, [*_compared(was.get(title, {}), now.get(title, {}))])
        for title in dict.fromkeys([*was, *now])
    ]
    return [section for section in found if section.differences]


def _compared(was: Things, now: Things) -> Iterator[Difference]:
    for name in dict.fromkeys([*was, *now]):
        old, new = was.get(name), now.get(name)
        if old is None and new is not None:
            yield Difference("added", name, "", "", _whole(new))
        elif new is None and old is not None:
            yield Difference("removed", name, "", _whole(old), "")
        elif old is not None and new is not None:
            for part in dict.fromkeys([*old, *new]):
                if old.get(part, "") != new.get(part, ""):
                    yield Difference("changed", name, part, old.get(part, ""), new.get(part, ""))
    shared = [name for name in now if name in was]
    if shared != [name for name in was if name in now]:
        yield Difference("changed", _("Order"), "", "", _("The order is another one."))


def _whole(fields: Fields) -> str:
    """All that somebody approves or gives up: a new question has advice, a new rule an effect."""
    said = {part: value for part, value in fields.items() if value}
    if len(said) < 2:
        return next(iter(said.values()), "")
    return "\n".join(f"{part}: {value}" for part, value in said.items())


def _sections(kind: str, content: Mapping[str, Any]) -> dict[str, Things]:
    match kind:
        case "questionnaire":
            return _questionnaire(content)
        case "ruleset":
            return _ruleset(content)
    whole = {name: value for name, value in content.items() if not _is_list(value)}
    lists = {_label(name): _named(value) for name, value in content.items() if _is_list(value)}
    return {_("About this version"): {_("Whole"): _fields(whole)}, **lists}


def _questionnaire(content: Mapping[str, Any]) -> dict[str, Things]:
    questions: Things = {}
    branching: Things = {}
    pages: Things = {}
    for page in _listed(content.get("pages")):
        name = _name_of(page)
        pages[name] = _fields({k: v for k, v in page.items() if k not in ("items", "show_when", "id")})
        branching[_("Page %s") % name] = {_("Shown when"): str(page.get("show_when") or _("always"))}
        for item in _listed(page.get("items")):
            for path, part in _with_inner(item):
                branching[_("Question %s") % path] = {
                    _("Shown when"): str(part.get("show_when") or _("always"))
                }
                questions[path] = {
                    _("Words"): str(part.get("text", "")),
                    **_fields(
                        {k: v for k, v in part.items() if k not in ("id", "text", "items", "show_when")}
                    ),
                    _("Page"): name,
                }
    rest = {k: v for k, v in content.items() if k not in (*_APART, "pages")}
    return {
        _("Questions"): questions,
        _("Branching"): branching,
        _("Pages"): pages,
        _("Scores"): _named(content.get("scores")),
        _("Advice"): _keyed(content.get("advice")),
        _("Helplines"): _keyed(content.get("helplines")),
        _("Statements"): _named(content.get("statements")),
        _("Steps"): _named(content.get("steps")),
        _("About this version"): {_("Whole"): _fields(rest)},
    }


_APART = ("scores", "advice", "helplines", "statements", "steps")


def _ruleset(content: Mapping[str, Any]) -> dict[str, Things]:
    apart = ("rules", "definitions", "tables", "cases", "criteria", "outputs", "baseline")
    return {
        _("Rules"): _named(content.get("rules"), first=("clinician", "when", "effect")),
        _("Definitions"): {
            name: {_("Text"): text} for name, text in _defined(str(content.get("definitions") or ""))
        },
        _("Reference tables"): dict(_rows(content.get("tables"))),
        _("Outputs"): {
            str(name): {_("Text"): str(text)} for name, text in _mapping(content.get("outputs")).items()
        },
        _("Criteria"): _named(content.get("criteria")),
        _("Worked cases"): _named(content.get("cases")),
        _("Answers that worked cases begin with"): {
            str(name): {_("Answer"): _words(value)}
            for name, value in _mapping(content.get("baseline")).items()
        },
        _("About this version"): {_("Whole"): _fields({k: v for k, v in content.items() if k not in apart})},
    }


def _defined(text: str) -> Iterator[tuple[str, str]]:
    """Each definition by its name, with the comments before it."""
    starts = [match.start() for match in DEFINED.finditer(text)]
    names = [match[1].strip('"') for match in DEFINED.finditer(text)]
    if not starts:
        if text.strip():
            yield _("Text"), text.strip()
        return
    if head := text[: starts[0]].strip():
        yield _("Beginning"), head
    for name, start, end in zip(names, starts, [*starts[1:], len(text)], strict=True):
        yield name, text[start:end].strip()


def _rows(tables: Any) -> Iterator[tuple[str, Fields]]:
    """A row is what it says: one that changes is gone and another is there."""
    for name, table in _mapping(tables).items():
        known = _mapping(table)
        yield str(name), _fields({k: v for k, v in known.items() if k != "rows"})
        for row in _listed(known.get("rows")):
            said = " | ".join(_words(value) for value in row.values())
            yield f"{name}: {said}", {}


def _named(values: Any, *, first: tuple[str, ...] = ()) -> Things:
    found: Things = {}
    used: dict[str, int] = {}
    for value in _listed(values):
        ordered = {key: value[key] for key in (*first, *value) if key in value}
        found[_free(_name_of(value), found, used)] = _fields(
            {k: v for k, v in ordered.items() if k not in ("id", "code")}
        )
    return found


def _keyed(values: Any) -> Things:
    return {str(name): _fields(_mapping(value)) for name, value in _mapping(values).items()}


def _with_inner(item: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    name = _name_of(item)
    yield name, item
    for inner in _listed(item.get("items")):
        yield f"{name}, {_name_of(inner)}", inner


def _name_of(value: Mapping[str, Any]) -> str:
    """The same text for another reader or another way is another thing."""
    name = str(value.get("id") or value.get("code") or value.get("about") or value.get("title") or "?")
    more = [str(value[key]) for key in ("to", "channel") if value.get(key)]
    return f"{name} ({', '.join(more)})" if more else name


def _free(name: str, taken: Things, used: dict[str, int]) -> str:
    """Nothing hides behind another thing of its name. `used` says which number each name had last."""
    number = used.get(name, 1)
    while (found := name if number == 1 else f"{name} ({number})") in taken:
        number += 1
    used[name] = number
    return found


def _fields(value: Mapping[str, Any]) -> Fields:
    return {_label(str(key)): _words(inner) for key, inner in value.items()}


def _label(key: str) -> str:
    return str(LABELS[key]) if key in LABELS else key.replace("_", " ").capitalize()


def _words(value: Any) -> str:
    """A value as somebody would write it in one line."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, Mapping):
        if {"code", "text"} <= set(value):
            more = {k: v for k, v in value.items() if k not in ("code", "text") and v}
            return f"{value['code']}: {value['text']}" + (f" ({_words(more)})" if more else "")
        return "; ".join(f"{key}: {_words(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        between = "; " if any(isinstance(inner, Mapping) for inner in value) else ", "
        return between.join(_words(inner) for inner in value)
    return json.dumps(value, default=str)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, Mapping) for each in value)


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
