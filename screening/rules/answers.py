"""From the stored document to values that the language can read.

A blank, an answer that says "not sure" (an option marked `unknown`) and a value that does not fit its
question all become null. The last kind is listed as a problem as well: nothing crashes, and nothing is
quietly believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from screening.cql import Date
from screening.rules.questionnaire import Item, Questionnaire

Answers = Mapping[str, Any]
LARGEST_INTEGER, LARGEST_DECIMAL = 2**31 - 1, Decimal(10) ** 20  # what CQL can hold


@dataclass(frozen=True, slots=True)
class Problem:
    """A stored value that its question could not have taken.

    `item` is an item id, or `group.inner` inside one.
    """

    item: str
    sentence: str

    @property
    def top_item(self) -> str:
        return self.item.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Typed:
    """One value for each parameter, null included."""

    values: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


class _MisfitError(Exception):
    """A value that does not fit its question; it never leaves this module."""


def is_blank(value: object) -> bool:
    """Whether the question is unanswered. An empty list is an answer: none."""
    return value is None or (isinstance(value, str) and not value.strip())


def cql_type(item: Item) -> str:
    """The declared CQL type of an item's parameter."""
    if item.type == "group":
        fields = ", ".join(f'"{inner.id}" {cql_type(inner)}' for inner in item.items if inner.holds_an_answer)
        kind = f"Tuple{{{fields}}}"
    else:
        kind = {"boolean": "Boolean", "integer": "Integer", "decimal": "Decimal", "date": "Date"}.get(
            item.type, "String"
        )
    return f"List<{kind}>" if item.repeats or item.type == "attachment" else kind


def typed(questionnaire: Questionnaire, answers: Answers) -> Typed:
    """Every parameter of the questionnaire with the value of this document."""
    items = {item.id: item for item in questionnaire.items() if item.holds_an_answer}
    values, problems = _typed_items(items.values(), answers, prefix="")
    return Typed(values, problems)


def typed_item(item: Item, value: object) -> tuple[Any, bool]:
    """One parameter, and whether the stored value is one that its question could have taken."""
    values, problems = _typed_items([item], {item.id: value}, prefix="")
    return values[item.id], not problems


def typed_entry(group: Item, entry: object) -> Typed:
    """The parameters inside one entry of a group."""
    inner = [item for item in group.items if item.holds_an_answer]
    if not isinstance(entry, Mapping):
        blank = {item.id: None for item in inner}
        return Typed(blank, (Problem(group.id, "An entry is not a set of answers."),))
    values, problems = _typed_items(inner, entry, prefix=f"{group.id}.")
    return Typed(values, problems)


def _typed_items(
    items: Iterable[Item], answers: Answers, *, prefix: str
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for item in items:
        values[item.id] = None
        value = answers.get(item.id)
        if is_blank(value):
            continue
        if item.type == "group":
            values[item.id], inner = _group(item, value)
            problems.extend(inner)
            continue
        try:
            values[item.id] = _value(item, value)
        except _MisfitError as misfit:
            problems.append(Problem(prefix + item.id, str(misfit)))
    known = set(values)
    problems.extend(
        Problem(prefix + str(name), "There is no such question.") for name in answers if name not in known
    )
    return values, tuple(problems)


def _group(group: Item, value: object) -> tuple[Any, tuple[Problem, ...]]:
    """A bad entry stays as an entry of which nothing is known: leaving it out could hide a treatment."""
    if not group.repeats:
        one = typed_entry(group, value)
        return dict(one.values), one.problems
    if not isinstance(value, list | tuple):
        return None, (Problem(group.id, "This should be a list of entries."),)
    entries = [typed_entry(group, entry) for entry in value]
    return [dict(entry.values) for entry in entries], tuple(p for entry in entries for p in entry.problems)


def _value(item: Item, value: object) -> Any:
    if not (item.repeats or item.type == "attachment"):
        return _single(item, value)
    if not isinstance(value, list | tuple):
        raise _MisfitError("This should be a list.")
    singles = [_single(item, element) for element in value]
    if item.type == "choice" and None in singles:
        return None
    return singles


def _single(item: Item, value: object) -> Any:
    match item.type:
        case "boolean":
            if not isinstance(value, bool):
                raise _MisfitError("This should be true or false.")
            return value
        case "integer":
            return _integer(item, value)
        case "decimal":
            return _in_range(item, _decimal(value))
        case "date":
            return _date(item, value)
        case "choice":
            return _choice(item, value)
        case _:
            if not isinstance(value, str):
                raise _MisfitError("This should be text.")
            return value


def _integer(item: Item, value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or value != value // 1:
        raise _MisfitError("This should be a whole number.")
    number = int(_in_range(item, Decimal(int(value))))
    if abs(number) > LARGEST_INTEGER:
        raise _MisfitError("This number is too large.")
    if item.options:
        option = item.option(str(number))
        if option is None:
            raise _MisfitError("This is none of the answers that could be chosen.")
        return None if option.unknown else number
    return number


def _decimal(value: object) -> Decimal:
    """A number, or the text of one: decimals are stored as text so that they come back unchanged."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise _MisfitError("This should be a number.")
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise _MisfitError("This should be a number.") from error
    if not number.is_finite() or abs(number) >= LARGEST_DECIMAL:
        raise _MisfitError("This should be a number of a usual size.")
    return number


def _in_range(item: Item, number: Decimal) -> Decimal:
    if (item.min is not None and number < item.min) or (item.max is not None and number > item.max):
        raise _MisfitError(f"This should lie between {item.min} and {item.max}.")
    return number


def _date(item: Item, value: object) -> Date:
    if not isinstance(value, str):
        raise _MisfitError("This should be a date.")
    try:
        date = Date.parse(value)
    except ValueError as error:
        raise _MisfitError("This is not a date.") from error
    order = ("year", "month", "day")
    if order.index(date.precision) < order.index(item.precision):
        raise _MisfitError(f"This date needs at least its {item.precision}.")
    return date


def _choice(item: Item, value: object) -> str | None:
    option = item.option(value) if isinstance(value, str) else None
    if option is None:
        raise _MisfitError("This is none of the answers that could be chosen.")
    return None if option.unknown else option.code
