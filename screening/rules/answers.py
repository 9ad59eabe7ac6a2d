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
    """One value for each parameter, null included. The values are nobody else's."""

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


class Questions:
    """What the questions of a form, or of the entries of a group, make of a document.

    Made once and asked often, so it keeps what answers chosen from a short list become.
    """

    def __init__(self, items: Iterable[Item], *, of_group: Item | None = None) -> None:
        self._items = {item.id: item for item in items if item.holds_an_answer}
        self._group = of_group
        self._prefix = "" if of_group is None else f"{of_group.id}."
        self._blank: dict[str, Any] = dict.fromkeys(self._items)
        self._listed = {item.id: _listed(item) for item in self._items.values()}
        groups = [item for item in self._items.values() if item.type == "group"]
        self.entries = {group.id: Questions(group.items, of_group=group) for group in groups}

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> Questions:
        return cls(questionnaire.items())

    def typed(self, answers: Answers) -> Typed:
        """Every parameter with the value of this document. Problems come in the order of the questions."""
        values, found, strays = dict(self._blank), dict[str, tuple[Problem, ...]](), list[Problem]()
        for name, value in answers.items():
            listed = self._listed.get(name)
            if listed is None:
                strays.append(Problem(self._prefix + str(name), "There is no such question."))
            elif type(value) in _LISTED and value in listed:
                values[name] = listed[value]
            else:
                values[name], problems = self.typed_item(name, value)
                if problems:
                    found[name] = problems
        if not found:
            return Typed(values, tuple(strays))
        return Typed(values, (*(each for name in self._items for each in found.get(name, ())), *strays))

    def typed_item(self, item_id: str, value: object) -> tuple[Any, tuple[Problem, ...]]:
        """One parameter, and why it has none where the question could not have taken what is stored."""
        if is_blank(value):
            return None, ()
        if item_id in self.entries:
            return self.entries[item_id].typed_group(value)
        try:
            return _value(self._items[item_id], value), ()
        except _MisfitError as misfit:
            return None, (Problem(self._prefix + item_id, str(misfit)),)

    def typed_entry(self, entry: object) -> Typed:
        """The parameters inside one entry. A bad one stays, as an entry of which nothing is known: leaving it
        out could hide a treatment."""
        if not isinstance(entry, Mapping):
            problem = Problem(self._prefix.removesuffix("."), "An entry is not a set of answers.")
            return Typed(dict(self._blank), (problem,))
        return self.typed(entry)

    def typed_group(self, value: object) -> tuple[Any, tuple[Problem, ...]]:
        """All entries of the group, or the one of a group that is filled in once."""
        if self._group is None or not self._group.repeats:
            one = self.typed_entry(value)
            return one.values, one.problems
        if not isinstance(value, list | tuple):
            return None, (Problem(self._group.id, "This should be a list of entries."),)
        entries = [self.typed_entry(entry) for entry in value]
        return [entry.values for entry in entries], tuple(p for entry in entries for p in entry.problems)


def typed_item(item: Item, value: object) -> tuple[Any, bool]:
    """One parameter, and whether the stored value is one that its question could have taken."""
    found, problems = Questions([item]).typed_item(item.id, value)
    return found, not problems


# Types whose values equal no value of another type in a list of answers: True would be 1, and 1.0 too.
_LISTED = frozenset({str, int})
LONGEST_LIST = 100


def _listed(item: Item) -> Mapping[object, Any]:
    """What each answer becomes, for a question whose answers are few. Everything else is looked at anew."""
    if item.type == "choice":
        return {} if item.repeats else {o.code: None if o.unknown else o.code for o in item.options}
    values: list[object] = []
    if item.type == "integer" and item.min is not None and item.max is not None:
        values = [*range(int(item.min), int(item.max) + 1)[:LONGEST_LIST]]
    found = {}
    for value in values:
        try:
            found[value] = _value(item, value)
        except _MisfitError:
            continue
    return found


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
