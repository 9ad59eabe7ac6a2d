"""The copy of everything as the page shows it: the same rows as the file, with words for their keys."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.cases.opening import LONDON
from screening.followup.room.copying import Copy, Part
from screening.followup.room.records import Row

# How the keys of a row read. What is not here stands in the file only.
LABELS: dict[str, Promise] = {
    "at": _("When"),
    "question": _("Question"),
    "answer": _("Answer"),
    "first": _("You said first"),
    "now": _("You say now"),
    "reason": _("Why"),
    "name": _("Name"),
    "bytes": _("Size"),
    "removed_at": _("Taken away"),
    "link": _("File"),
    "from": _("From"),
    "to": _("To"),
    "by": _("By"),
    "stage": _("Step"),
    "decision": _("Decision"),
    "words": _("Words"),
    "questions": _("Questions"),
    "read_at": _("Read"),
    "dealt_with_at": _("Dealt with"),
    "answered_at": _("Answered"),
    "answered_by": _("Answered by"),
    "aimed_for": _("Aimed for"),
    "way": _("Way"),
    "what": _("What"),
    "place": _("Where"),
    "state": _("What became of it"),
    "text": _("Message"),
}
# Parts of which each row is one line: what it is called, and what it says.
LINES: dict[str, tuple[str, tuple[str, ...]]] = {
    "person": ("what", ("is",)),
    "standing": ("what", ("words",)),
    "answers": ("question", ("answer",)),
    "statements": ("statement", ("answer", "at")),
    "history": ("at", ("what", "by")),
    "revisions": ("at", ("words",)),
    "who_looked": ("at", ("who", "did")),
}


@dataclass(frozen=True)
class Line:
    label: str
    text: str
    link: str = ""


@dataclass(frozen=True)
class ShownPart:
    """A part with its lists: one list of lines for each row, or a single one for a part of lines."""

    name: str
    heading: str
    empty: str
    lists: list[list[Line]]

    @classmethod
    def of(cls, part: Part) -> ShownPart:
        rows = part.rows()
        if part.name in LINES:
            key, values = LINES[part.name]
            lines = [Line(shown(key, row[key]), ", ".join(shown(v, row[v]) for v in values)) for row in rows]
            return cls(part.name, part.heading, part.empty, [lines] if lines else [])
        return cls(part.name, part.heading, part.empty, [_record(row) for row in rows])


def shown_parts(copy: Copy) -> list[ShownPart]:
    return [ShownPart.of(part) for part in copy.parts]


def _record(row: Row) -> list[Line]:
    return [
        Line(str(LABELS[key]), shown(key, value), link=value if key == "link" else "")
        for key, value in row.items()
        if key in LABELS and value not in (None, "")
    ]


def shown(key: str, value: Any) -> str:
    if isinstance(value, dt.datetime):
        return date_format(value.astimezone(LONDON), "j F Y, H:i")
    if isinstance(value, dt.date):
        return date_format(value, "j F Y")
    return filesizeformat(value) if key == "bytes" else str(value)
