"""What explanations of one day have in common: they are the same for the same answers.

Remembered is what was explained for answers chosen from a list, by what was chosen: nobody's own words,
dates or numbers, and no more than `REMEMBERED` for each group of rules. Nothing depends on it but speed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from screening.rules import library
from screening.rules.compiled import CompiledRuleSet
from screening.rules.journey import Active
from screening.rules.plans import Plan, plan_of, said_by
from screening.rules.questionnaire import Item

REMEMBERED = 1_000
DAYS = 4
LONGEST_SCALE = 20
Codes = Sequence[object]


@dataclass(frozen=True)
class Together:
    """Rules that stand on the same answers. `key` takes those out of a document's codes."""

    plans: tuple[Plan, ...]
    places: tuple[int, ...]
    key: Callable[[Codes], Any]


class Grouping:
    """The rules of a rule set by the answers they stand on; those that stand on other answers one by one."""

    def __init__(self, compiled: CompiledRuleSet) -> None:
        items = [item for item in compiled.questionnaire.items() if item.holds_an_answer]
        tables = {item.id: table for item in items if (table := _codes(item)) is not None}
        lists = {item.id for item in items if item.repeats}
        self._one = [(name, tables[name]) for name in tables if name not in lists]
        self._many = [(name, tables[name]) for name in tables if name in lists]
        places = {name: place for place, (name, _) in enumerate([*self._one, *self._many])}
        self.plans = [plan_of(compiled, rule.code) for rule in compiled.ruleset.rules]
        groups: dict[tuple[str, ...], list[int]] = {}
        self.others: list[int] = []
        for number, plan in enumerate(self.plans):
            if plan.reads and all(name in places for name in plan.reads):
                groups.setdefault(plan.reads, []).append(number)
            else:
                self.others.append(number)
        self.groups = [
            Together(
                tuple(self.plans[number] for number in numbers),
                tuple(numbers),
                itemgetter(*(places[name] for name in reads)),
            )
            for reads, numbers in groups.items()
        ]
        listed = [number for numbers in (*groups.values(), self.others) for number in numbers]
        self._order = sorted(range(len(listed)), key=listed.__getitem__)

    def in_order(self, found: Sequence[Any]) -> tuple[Any, ...]:
        """What was found group by group, in the order of the rules."""
        return tuple([found[place] for place in self._order])

    def codes(self, active: Active) -> Codes:
        """A number for each answer that is chosen from a list; None where it is not one of the list."""
        if active.problems:
            return [None] * (len(self._one) + len(self._many))
        get = active.answers.get
        try:
            codes: list[object] = [table.get(get(name)) for name, table in self._one]
        except TypeError:  # something that cannot be looked up, and so is not on the list
            codes = [None] * len(self._one)
        return [*codes, *(_code_of_list(get(name), table) for name, table in self._many)]


def _codes(item: Item) -> Mapping[object, int] | None:
    """The answers an item can take, numbered, with none first. None where they are somebody's own."""
    values: list[object]
    if item.options:
        values = [int(o.code) if item.type == "integer" else o.code for o in item.options]
    elif item.type == "boolean":
        values = [False, True]
    elif item.type == "integer" and item.min is not None and item.max is not None:
        values = [*range(int(item.min), int(item.max) + 1)]
        if len(values) > LONGEST_SCALE:
            return None
    else:
        return None
    return {value: number for number, value in enumerate([None, *values])}


def _code_of_list(value: object, table: Mapping[object, int]) -> object:
    if value is None:
        return 0
    if not isinstance(value, list | tuple) or not all(type(each) is str and each in table for each in value):
        return None
    return tuple(table[each] for each in value)


@dataclass
class Day:
    """What is known of one day: what each rule says where nothing is answered, and what was explained."""

    blank: Mapping[str, object]
    groups: list[dict[Any, Any]]
    settling: dict[str, Any] = field(default_factory=dict)


def grouping_of(compiled: CompiledRuleSet) -> Grouping:
    if "grouping" not in compiled.once:
        compiled.once["grouping"] = Grouping(compiled)
    grouping: Grouping = compiled.once["grouping"]
    return grouping


def day_of(compiled: CompiledRuleSet, as_of: dt.date) -> Day:
    days: dict[dt.date, Day] = compiled.once.setdefault("days", {})
    day = days.get(as_of)
    if day is None:
        if len(days) >= DAYS:
            days.clear()
        grouping = grouping_of(compiled)
        day = days[as_of] = Day(_blank(compiled, grouping, as_of), [{} for _ in grouping.groups])
    return day


def remember(group: dict[Any, Any], key: Any, what: Any) -> None:
    """Kept, unless something in the key is not from a list."""
    if key is None or (type(key) is tuple and None in key):
        return
    if len(group) >= REMEMBERED:
        group.clear()
    group[key] = what


def _blank(compiled: CompiledRuleSet, grouping: Grouping, as_of: dt.date) -> dict[str, object]:
    evaluation = compiled.program.evaluate({}, today=as_of)
    found = {}
    for plan in grouping.plans:
        value = said_by(evaluation[library.rule_name(plan.rule.code)])
        doubted = value not in (None, False) and any(evaluation[doubt] is True for doubt in plan.doubts)
        found[plan.rule.code] = None if doubted else value
    return found
