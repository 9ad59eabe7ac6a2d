"""Answers and texts of a questionnaire as a person reads them. Shared with the chapters that follow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.dates import MONTHS
from django.utils.formats import time_format
from django.utils.translation import gettext

from screening.rules.answers import is_blank
from screening.rules.definition import Item, Questionnaire
from screening.rules.questionnaire import PLACEHOLDER
from screening.rules.translation import Foreign


def date_in_words(value: str) -> str:
    """'2024', 'January 2024' or '10 January 2024'; anything else as it is."""
    parts = value.split("-")
    try:
        numbers = [int(part) for part in parts]
    except ValueError:
        return value
    match numbers:
        case [year]:
            return str(year)
        case [year, month] if 1 <= month <= 12:
            return f"{MONTHS[month]} {year}"
        case [year, month, day] if 1 <= month <= 12:
            return f"{day} {MONTHS[month]} {year}"
    return value


def time_in_words(time: dt.time) -> str:
    """'9am', '9:30am', 'midday'."""
    if time == dt.time(12):
        return gettext("midday")
    return time_format(time, "ga" if time.minute == 0 else "g:ia").replace(".", "")


def answer_in_words(item: Item, value: Any) -> str:
    """One answer as text; several in a row, told apart. A blank is an empty string."""
    words = each_in_words(item, value)
    return ("; " if any("," in one or ":" in one for one in words) else ", ").join(words)


def each_in_words(item: Item, value: Any) -> list[str]:
    """Each of several answers by itself; one answer alone. A blank is an empty list."""
    if is_blank(value):
        return []
    if not isinstance(value, list):
        return [_single(item, value)]
    if not value:
        return [item.none_text or gettext("None")]
    if item.type == "group":
        return [entry_in_words(item, entry) for entry in value]
    return [_single(item, element) for element in value]


def entry_in_words(group: Item, entry: Mapping[str, Any]) -> str:
    """The first two answers of an entry: enough to tell one from another."""
    words = [
        answer_in_words(item, entry.get(item.id)) for item in group.items if not is_blank(entry.get(item.id))
    ]
    return ": ".join(words[:2]) or gettext("Nothing filled in yet")


def entry_title(group: Item, entry: Mapping[str, Any]) -> str:
    """What a page about an entry is called: the person's own word for it, if they gave one."""
    own = next((item for item in group.items if item.type == "string"), None)
    said = str(entry.get(own.id) or "") if own else ""
    return said or entry_in_words(group, entry)


def entry_in_full(group: Item, entry: Mapping[str, Any]) -> str:
    """An entry with each answer that it has, beside its question."""
    said = [_asked_and_said(item, entry) for item in group.items if not is_blank(entry.get(item.id))]
    return f"{entry_title(group, entry)}: {'; '.join(said)}" if said else entry_title(group, entry)


def answer_in_full(item: Item, value: Any) -> str:
    """One answer as text with nothing left out: of a list of entries every answer in each."""
    if item.type == "group" and value and isinstance(value, list):
        return "\n".join(entry_in_full(item, entry) for entry in value)
    return answer_in_words(item, value)


def apart(item: Item, before: Any, after: Any) -> tuple[str, str]:
    """Two values of one answer as texts that differ: of a list of entries what is not the same in both.

    Entries are named by two answers wherever they are listed, so two lists could read alike.
    """
    if item.type == "group" and isinstance(before, list) and isinstance(after, list):
        lines = list(_entries_apart(item, before, after))
        if lines:
            return "\n".join(was for was, _now in lines), "\n".join(now for _was, now in lines)
    return answer_in_words(item, before), answer_in_words(item, after)


def _entries_apart(
    group: Item, before: list[Mapping[str, Any]], after: list[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Line by line: an entry that changed with the questions that did, one that came or went as a whole."""
    old = [entry for entry in before if entry not in after]
    new = [entry for entry in after if entry not in before]
    for was, now in zip_longest(old, new):
        if was is None or now is None:
            there = entry_in_full(group, now if was is None else was)
            name = entry_title(group, now if was is None else was)
            gone = gettext("%(entry)s: not in the list") % {"entry": name}
            yield (gone, there) if was is None else (there, gone)
            continue
        changed = [item for item in group.items if _blank_or(was, item) != _blank_or(now, item)]
        if changed:
            yield _changed(group, was, changed), _changed(group, now, changed)


def _changed(group: Item, entry: Mapping[str, Any], items: list[Item]) -> str:
    return f"{entry_title(group, entry)}: {'; '.join(_asked_and_said(item, entry) for item in items)}"


def _blank_or(entry: Mapping[str, Any], item: Item) -> Any:
    value = entry.get(item.id)
    return None if is_blank(value) else value


def _asked_and_said(item: Item, entry: Mapping[str, Any]) -> str:
    said = answer_in_words(item, entry.get(item.id)) or gettext("Not answered")
    return f"{item.text} {said}"


def _single(item: Item, value: Any) -> str:
    if item.type == "boolean":
        return gettext("Yes") if value else gettext("No")
    if item.type == "date":
        return date_in_words(str(value))
    option = item.option(str(value))
    if option is not None:
        return option.text
    if item.control == "scale":
        return gettext("%(number)s out of %(last)s") % {"number": value, "last": item.max or 10}
    return f"{value} {item.unit}" if item.unit else str(value)


@dataclass(frozen=True)
class Piece:
    """Words of a sentence; with `tel` they are a number to press."""

    text: str
    tel: str = ""


def filled(text: str, *, clinic: str) -> str:
    """A text of the questionnaire with the clinic's name where it belongs."""
    words = text.replace("{clinic}", clinic)
    return Foreign(words, text.lang) if isinstance(text, Foreign) else words


def with_numbers(
    text: str, questionnaire: Questionnaire, *, own: Mapping[str, Mapping[str, str]], clinic: str = ""
) -> list[Piece]:
    """A text with its helplines: `{samaritans}` becomes the number, which a phone can ring.

    `own` are the crisis numbers that the clinic set itself, by the names of the helplines.
    """
    pieces: list[Piece] = []
    place = 0
    text = filled(text, clinic=clinic)
    for found in PLACEHOLDER.finditer(text):
        helpline = questionnaire.helplines.get(found.group(1))
        if helpline is None:
            continue
        number = own.get(found.group(1), {}).get("number") or helpline.number
        pieces += [Piece(text[place : found.start()]), Piece(number, tel=dialled(number))]
        place = found.end()
    pieces.append(Piece(text[place:]))
    return [piece for piece in pieces if piece.text]


def dialled(number: str) -> str:
    """What a phone rings when this number is pressed; empty for words that are no number."""
    digits = re.sub(r"[^0-9+]", "", number)
    return digits if re.fullmatch(r"[0-9+ ]+", number) else ""
