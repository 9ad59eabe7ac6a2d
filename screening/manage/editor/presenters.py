"""The draft as its editor reads it: an outline with what is wrong beside each place, and differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.manage.editor import parts
from screening.manage.editor.findings import Findings
from screening.manage.editor.item_forms import TYPES, type_name
from screening.manage.editor.parts import Content
from screening.rules.remarks import Remark

KIND_NAMES = {
    "about": gettext_lazy("About the questionnaire"),
    "step": gettext_lazy("Step"),
    "page": gettext_lazy("Page"),
    "item": gettext_lazy("Question"),
    "score": gettext_lazy("Score"),
    "advice": gettext_lazy("Advice"),
    "helpline": gettext_lazy("Helpline"),
    "statement": gettext_lazy("Statement"),
}
ADD_NAMES = {
    "step": gettext_lazy("Add a step"),
    "page": gettext_lazy("Add a page"),
    "item": gettext_lazy("Add a question"),
    "score": gettext_lazy("Add a score"),
    "advice": gettext_lazy("Add advice"),
    "helpline": gettext_lazy("Add a helpline"),
    "statement": gettext_lazy("Add a statement"),
}
FIELD_NAMES = {
    "show_when": gettext_lazy("When it is asked"),
    "options": gettext_lazy("Answers"),
    "validate": gettext_lazy("What an answer must meet"),
    "advice": gettext_lazy("Advice"),
    "codes": gettext_lazy("Codes"),
    "type": gettext_lazy("Kind of answer"),
    "repeats": gettext_lazy("Several"),
    "control": gettext_lazy("How it looks"),
    "nations": gettext_lazy("Words by nation"),
}

LIST_NAMES = {
    "step": gettext_lazy("Steps"),
    "score": gettext_lazy("Scores"),
    "advice": gettext_lazy("Advice after urgent answers"),
    "statement": gettext_lazy("Statements"),
    "helpline": gettext_lazy("Helplines"),
}


@dataclass(frozen=True)
class Line:
    """One item of the outline."""

    key: str
    text: str
    type: str
    conditional: bool
    required: bool
    has_advice: bool
    first: bool
    last: bool
    remarks: list[Remark]
    inner: list[Line]
    is_group: bool


@dataclass(frozen=True)
class PageBox:
    key: str
    title: str
    conditional: bool
    stops: bool
    first: bool
    last: bool
    remarks: list[Remark]
    lines: list[Line]


@dataclass(frozen=True)
class StepBox:
    """Consecutive pages of one step."""

    key: str
    title: str
    pages: list[PageBox]
    remarks: list[Remark]


@dataclass(frozen=True)
class Listed:
    """Parts beside the pages: scores, advice, statements, helplines, steps."""

    kind: str
    heading: str
    add: str
    movable: bool
    rows: list[tuple[str, str, list[Remark]]]


@dataclass(frozen=True)
class Outline:
    steps: list[StepBox]
    lists: list[Listed]
    whole: list[Remark]
    errors: int
    warnings: int
    questions: int

    @classmethod
    def of(cls, content: Content, remarks: Sequence[Remark]) -> Outline:
        findings = Findings.of(content, remarks)
        pages = parts.parts(content, "page")
        titles = {key: str(step.get("title") or key) for key, step in parts.parts(content, "step")}
        ends = {pages[0][0], pages[-1][0]} if pages else set()
        boxes = [
            (str(page.get("step")), _page(key, page, findings, ends, place, len(pages)))
            for place, (key, page) in enumerate(pages)
        ]
        steps = [
            StepBox(key, titles.get(key, key), [box for _step, box in group], findings.at("step", key))
            for key, group in groupby(boxes, key=lambda pair: pair[0])
        ]
        errors = sum(remark.severity == "error" for remark in remarks)
        return cls(
            steps,
            [
                _listed(content, kind, findings)
                for kind in ("step", "score", "advice", "statement", "helpline")
            ],
            findings.whole,
            errors,
            len(remarks) - errors,
            len(parts.parts(content, "item")),
        )


def _page(key: str, page: Content, findings: Findings, ends: set[str], place: int, number: int) -> PageBox:
    return PageBox(
        key,
        str(page.get("title") or key),
        bool(page.get("show_when")),
        bool(page.get("stops")),
        place == 0,
        place == number - 1,
        findings.at("page", key),
        _lines(parts.items_on(page), "", findings),
    )


def _lines(items: list[Content], group: str, findings: Findings) -> list[Line]:
    return [_line(item, f"{group}{item.get('id')}", n, len(items), findings) for n, item in enumerate(items)]


def _line(item: Content, key: str, place: int, number: int, findings: Findings) -> Line:
    return Line(
        key,
        str(item.get("text") or key),
        str(TYPES[type_name(item)][0]),
        bool(item.get("show_when")),
        bool(item.get("required")),
        bool(item.get("advice")),
        place == 0,
        place == number - 1,
        findings.at("item", key),
        _lines(parts.items_on(item), f"{key}.", findings),
        item.get("type") == "group",
    )


def _listed(content: Content, kind: str, findings: Findings) -> Listed:
    rows = [
        (key, str(one.get("title") or one.get("name") or one.get("text") or key), findings.at(kind, key))
        for key, one in parts.parts(content, kind)
        if isinstance(one, dict)
    ]
    return Listed(kind, str(LIST_NAMES[kind]), str(ADD_NAMES[kind]), kind in parts.LISTS, rows)


def name_of(kind: str, part: Content, key: str) -> str:
    """What a part is called on a page about it."""
    return str(part.get("title") or part.get("name") or part.get("text") or key or KIND_NAMES[kind])


@dataclass(frozen=True)
class Difference:
    """One field of a part that two people changed: as it is now, and as it was typed."""

    field: str
    now: str
    typed: str


def differences(now: Content, typed: Content, labels: dict[str, Any]) -> list[Difference]:
    names = [*now, *(name for name in typed if name not in now)]
    return [
        Difference(
            str(labels.get(name) or FIELD_NAMES.get(name) or name), *_both(now.get(name), typed.get(name))
        )
        for name in names
        if now.get(name) != typed.get(name)
    ]


def _both(now: Any, typed: Any) -> tuple[str, str]:
    return in_words(now), in_words(typed)


def in_words(value: Any) -> str:
    """A value of the content as text; a list or a mapping one line for each."""
    if value in (None, "", [], {}):
        return _("Nothing")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return "; ".join(f"{name}: {in_words(inner)}" for name, inner in value.items())
    return "\n".join(map(in_words, value)) if isinstance(value, list) else str(value)
