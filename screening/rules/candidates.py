"""Answers that could have been given to a blank question, for finding out which question matters."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from screening.cql import Date
from screening.rules.journey import Active, Journey
from screening.rules.questionnaire import Item

_DAYS_BACK = (0, 30, 120, 400, 2000, 7000, 15000, 25000)
_NUMBERS = (0, 1, 2, 4, 6, 13, 50, 100)


@dataclass(frozen=True, slots=True)
class Change:
    """One value tried for an item. `place` is set when it sits in an entry of a group."""

    item: str
    value: Any
    place: tuple[str, int, str] | None = None


def changes(
    journey: Journey,
    active: Active,
    item: Item,
    as_of: dt.date,
    is_read: Callable[[str], bool] = lambda _question: True,
) -> Iterator[Change]:
    """Values for this item if it is blank, or for the blank questions inside its entries that are read."""
    current = active.values.get(item.id)
    if item.type == "group" and isinstance(current, list):
        yield from _inside(journey, active, item, current, as_of, is_read)
    elif current is None:
        for value in possible(item, as_of):
            yield Change(item.id, value)
    elif isinstance(current, Date) and current.precision != "day":
        for date in _exact(current):
            yield Change(item.id, date)


def _inside(
    journey: Journey,
    active: Active,
    group: Item,
    entries: list[Any],
    as_of: dt.date,
    is_read: Callable[[str], bool],
) -> Iterator[Change]:
    stored = active.answers[group.id]
    for place, (entry, answers) in enumerate(zip(entries, stored, strict=True)):
        asked = journey.items_of_entry(group.id, answers, as_of)
        for inner in asked:
            if not inner.holds_an_answer or entry.get(inner.id) is not None or not is_read(inner.id):
                continue
            for value in possible(inner, as_of):
                changed = [*entries[:place], {**entry, inner.id: value}, *entries[place + 1 :]]
                yield Change(group.id, changed, (group.id, place, inner.id))


def _exact(partial: Date) -> tuple[Date, Date]:
    """The first and the last day that a date known in part can be."""
    year, month = partial.year, partial.month
    if month is None:
        return Date(year, 1, 1), Date(year, 12, 31)
    return Date(year, month, 1), Date(year, month, calendar.monthrange(year, month)[1])


def possible(item: Item, as_of: dt.date) -> list[Any]:
    """A spread of values the question could take: every option, or points on both sides of usual limits."""
    match item.type:
        case "choice":
            codes = [option.code for option in item.options if not option.unknown]
            return [[], *([code] for code in codes)] if item.repeats else list(codes)
        case "boolean":
            return [True, False]
        case "integer":
            if item.options:
                return [int(option.code) for option in item.options if not option.unknown]
            low, high = map(int, _ends(item))
            return sorted({low, high, *(number for number in _NUMBERS if number in range(low, high))})
        case "decimal":
            return sorted(set(_ends(item)))
        case "date":
            return [Date.of(as_of - dt.timedelta(days=days)) for days in _DAYS_BACK]
        case "group":
            return [[]] if item.repeats else []
        case "display":
            return []
        case _:
            return [[], ["x"]] if item.repeats or item.type == "attachment" else ["x"]


def as_stored(value: Any) -> Any:
    """A value that was tried as an answer that could be stored."""
    return str(value) if isinstance(value, Date) else value


def _ends(item: Item) -> tuple[Decimal, Decimal]:
    """The least and the greatest number; where the question names none, some that it could take."""
    low, high = item.min, item.max
    if low is None:
        low = Decimal(0) if high is None else min(Decimal(0), high)
    return low, max(Decimal(100), low) if high is None else high
