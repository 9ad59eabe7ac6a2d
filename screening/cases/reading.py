"""Answers as people read them: the question's words and the answer's words, by item."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from screening.rules.definition import Item, Questionnaire

PARTIAL_DATE = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")


@dataclasses.dataclass(frozen=True)
class Reading:
    """One question with what was answered. `blank` when nothing was."""

    item: str
    question: str
    answer: str
    blank: bool = False


def read_value(item: Item, value: Any) -> str:
    """The words of a stored value; an unknown code is shown as it is, never hidden."""
    if value is None or value == "":
        return _("Not answered")
    if item.repeats and value == []:
        return str(item.none_text or _("None"))
    if isinstance(value, list):
        return ", ".join(read_value(item, part) for part in value if not isinstance(part, dict))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    option = item.option(str(value)) if item.options else None
    if option is not None:
        return option.text
    if item.type == "date":
        return read_date(str(value))
    if item.control == "scale":
        return _("%(value)s out of %(most)s") % {"value": value, "most": item.max or 10}
    if item.unit:
        return f"{value} {item.unit}"
    return str(value)


def read_date(text: str) -> str:
    """'2024-01' as 'January 2024'; a text that is no date stays itself."""
    match = PARTIAL_DATE.match(text)
    if not match:
        return text
    year, month, day = match.groups()
    if month is None:
        return year
    words = f"{MONTHS[int(month)]} {year}" if 1 <= int(month) <= 12 else text
    return f"{int(day)} {words}" if day else words


def read(item: Item, answers: Mapping[str, Any]) -> Reading:
    value = answers.get(item.id)
    return Reading(item.id, item.text, read_value(item, value), blank=value is None or value == "")


def readings(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Iterator[Reading]:
    """Every question that takes one answer, in the order asked. Repeating groups are read apart."""
    for item in questionnaire.items():
        if item.type not in ("display", "group"):
            yield read(item, answers)


def age_on(date_of_birth: str | None, today: date) -> int | None:
    """Whole years, or None when the date is missing or not whole."""
    if not date_of_birth:
        return None
    try:
        born = date.fromisoformat(date_of_birth)
    except ValueError:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
