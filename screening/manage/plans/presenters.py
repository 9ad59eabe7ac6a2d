"""A schedule's year as a picture and as a table; a text as somebody would get it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening.cases.opening import DAY, LONDON
from screening.followup.anchors import months_after
from screening.followup.messages import Refused, fill
from screening.followup.samples import sample_values
from screening.followup.text_length import Length, length_of
from screening.followup.window import Window
from screening.manage.plans.content import listed
from screening.manage.plans.words import ANCHORS, sending_in_words, task_in_words
from screening.manage.plans.year import Sent, is_quiet
from screening.rules.letters import filled

CELL, LEFT, TOP = 20, 64, 20
SAMPLE_LETTER = {"name": "Alex Example", "born": "1 May 1980", "reference": "ABCD-EFGH"}


@dataclasses.dataclass(frozen=True)
class Cell:
    x: int
    y: int
    middle: int
    number: str
    quiet: str
    messages: int


@dataclasses.dataclass(frozen=True)
class YearPicture:
    """Twelve rows of days: which are quiet, and on which messages leave."""

    width: int
    height: int
    months: list[tuple[int, str]]
    cells: list[Cell]

    @classmethod
    def of(cls, sent: list[Sent], window: Window, start: dt.date) -> YearPicture:
        count: dict[dt.date, int] = {}
        for each in sent:
            count[each.day] = count.get(each.day, 0) + 1
        first, months, cells = start.replace(day=1), [], []
        for row in range(13):
            month = months_after(first, row)
            y = TOP + row * CELL
            months.append((y + 14, date_format(month, "M Y")))
            day = month
            while day.month == month.month:
                x = LEFT + (day.day - 1) * CELL
                quiet = is_quiet(window, day)
                cells.append(Cell(x, y, x + CELL // 2, str(day.day), quiet, count.get(day, 0)))
                day += DAY
        return cls(LEFT + 31 * CELL + 4, TOP + 13 * CELL + 4, months, cells)


@dataclasses.dataclass(frozen=True)
class StepRow:
    code: str
    title: str
    anchor: str
    messages: list[str]
    clinic: list[str]

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> StepRow:
        """Of a step in any shape: a draft may hold one that cannot be read yet."""
        code, anchor = str(step.get("code") or ""), str(step.get("anchor") or "")
        tasks = [task_in_words(each) for each in listed(step, "staff_actions")]
        return cls(
            code=code,
            title=str(step.get("title") or code),
            anchor=str(ANCHORS.get(anchor, anchor)),
            messages=[sending_in_words(each) for each in listed(step, "when_to_send")],
            clinic=[*filter(None, [str(step.get("staff_action") or "")]), *tasks],
        )


@dataclasses.dataclass(frozen=True)
class SentRow:
    day: str
    time: str
    title: str
    step: str
    channel: str
    rule: str
    waited: bool

    @classmethod
    def of(cls, each: Sent) -> SentRow:
        local = each.at.astimezone(LONDON)
        return cls(
            date_format(local, "l j F Y"),
            local.strftime("%H:%M"),
            each.title,
            each.step,
            _("Email") if each.channel == "email" else _("Text message"),
            each.rule.replace("_", " "),
            each.waited,
        )


@dataclasses.dataclass(frozen=True)
class TextRow:
    """A text as somebody would get it; `problem` where it cannot be sent."""

    list_name: str
    place: int
    name: str
    subject: str
    body: str
    length: Length | None
    problem: str

    @classmethod
    def of(cls, list_name: str, place: int, entry: Mapping[str, Any], *, clinic: str, phone: str) -> TextRow:
        text, subject = str(entry.get("text") or ""), str(entry.get("subject") or "")
        values = sample_values(clinic, phone)
        problem, length = "", None
        if list_name == "messages":
            name = f"{entry.get('code', '')}, {_channel(entry)}"
            try:
                subject, text = fill(subject, values), fill(text, values)
            except Refused:
                problem = _("This text holds something in braces that no message may hold.")
            length = length_of(text) if entry.get("channel") == "sms" else None
        elif list_name == "letters":
            name = _("%(about)s, to %(to)s") % {
                "about": str(entry.get("about", "")).replace("_", " "),
                "to": str(entry.get("to", "")),
            }
            text = filled(text, {**values, **SAMPLE_LETTER, "reasons": "…", "change": "…", "help": "…"})
        else:
            name = str(entry.get("title") or entry.get("code") or "")
            text = "\n\n".join(filter(None, (text, str(entry.get("change") or ""))))
        return cls(list_name, place, name, subject, text, length, problem)


def _channel(entry: Mapping[str, Any]) -> str:
    return _("text message") if entry.get("channel") == "sms" else _("email")
