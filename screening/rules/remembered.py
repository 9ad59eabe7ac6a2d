"""What explanations of one day have in common: they are the same for the same answers.

Remembered is what was explained for answers chosen from a list, by what was chosen; of other answers only
that there is none, an empty list, or, where a rule can tell no more, that there is one. So nobody's own
words, dates or numbers are kept, and no more than `REMEMBERED` for each group of rules. Nothing depends on
it but speed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from operator import itemgetter
from typing import Any

from screening.rules import library
from screening.rules.compiled import CompiledRuleSet
from screening.rules.journey import Active
from screening.rules.plans import Plan, plan_of, said_by
from screening.rules.questionnaire import Item
from screening.rules.telling import read_in_full

REMEMBERED = 1_000
TOGETHER = 250  # groups with no more ways to be answered than these, taken together, are looked up together
DAYS = 4
LONGEST_SCALE = 20
GIVEN, NEVER = "\0given", "\0never"  # answered in somebody's own words: that it is; and not to be remembered
OWN_WORDS = ("text", "attachment")
Codes = Sequence[object]
Listed = Callable[[Any], bool]


@dataclass(frozen=True)
class Together:
    """Rules that stand on the same answers. `key` takes those out of a document's codes.

    `verdicts` takes theirs out of those of all rules. `listed` says of each part of a key whether it may be
    remembered.
    """

    plans: tuple[Plan, ...]
    places: tuple[int, ...]
    key: Callable[[Codes], Any]
    verdicts: Callable[[Sequence[Any]], Any]
    listed: tuple[Listed, ...]

    def may_keep(self, key: Any) -> bool:
        parts = key if len(self.listed) > 1 else (key,)
        return all(is_listed(part) for is_listed, part in zip(self.listed, parts, strict=True))


class Grouping:
    """The rules of a rule set by the answers they stand on; those that stand on none one by one."""

    def __init__(self, compiled: CompiledRuleSet) -> None:
        self.plans = [plan_of(compiled, rule.code) for rule in compiled.ruleset.rules]
        read = {name for plan in self.plans for name in plan.reads}
        items = [item for item in compiled.questionnaire.items() if item.id in read]
        tables = {item.id: table for item in items if (table := _answers(item)) is not None}
        own = [item for item in items if item.id not in tables]
        self._one = [item.id for item in items if item.id in tables and not item.repeats]
        self._many = [item.id for item in items if item.id in tables and item.repeats]
        self._read = [item.id for item in own]
        self._told = [item.id for item in own if item.type in OWN_WORDS]
        names = [*self._one, *self._many, *self._read]
        self._whether = {name: place for place, name in enumerate(self._told, start=len(names))}
        self._in_full = {name: place for place, name in enumerate(names)}
        self._listed: list[Listed] = [tables[name].__contains__ for name in self._one]
        self._listed += [_all_of(tables[name]) for name in self._many]
        self._listed += [frozenset({None, (), GIVEN}).__contains__] * (len(self._read) + len(self._told))
        self._sizes = [len(tables[name]) for name in self._one]

        groups: dict[tuple[int, ...], list[int]] = {}
        self.others: list[int] = []
        for number, plan in enumerate(self.plans):
            if plan.reads:
                groups.setdefault(self._places(plan), []).append(number)
            else:
                self.others.append(number)
        self.groups = [
            Together(
                tuple(self.plans[number] for number in numbers),
                tuple(numbers),
                itemgetter(*places),
                itemgetter(*numbers),
                tuple(self._listed[place] for place in places),
            )
            for places, numbers in self._joined(groups)
        ]
        listed = [number for group in self.groups for number in group.places] + self.others
        self._order = sorted(range(len(listed)), key=listed.__getitem__)

    def _places(self, plan: Plan) -> tuple[int, ...]:
        """Where the codes of what a rule reads stand."""
        read = read_in_full(plan.program)
        if plan.doubts:
            read |= read_in_full(plan.doubting)
        places = {**self._in_full, **{name: n for name, n in self._whether.items() if name not in read}}
        return tuple([places[name] for name in plan.reads])

    def _joined(
        self, groups: Mapping[tuple[int, ...], list[int]]
    ) -> Iterator[tuple[tuple[int, ...], list[int]]]:
        """Small groups together, so that fewer have to be looked up."""
        places, numbers = tuple[int, ...](), list[int]()
        for mine, rules in groups.items():
            both = tuple(dict.fromkeys((*places, *mine)))
            if max(both) >= len(self._sizes) or prod(self._sizes[place] for place in both) > TOGETHER:
                if numbers:
                    yield places, numbers
                both, numbers = mine, []
            places, numbers = both, [*numbers, *rules]
        yield from [(places, numbers)] if numbers else []

    def in_order(self, found: Sequence[Any]) -> tuple[Any, ...]:
        """What was found group by group, in the order of the rules."""
        return tuple([found[place] for place in self._order])

    def codes(self, active: Active) -> Codes:
        """What a key is made of: answers that may be chosen from lists as they are, of others what there is.

        A document with a problem may hold anything, so nothing of it is remembered.
        """
        if active.problems:
            return [NEVER] * len(self._listed)
        get, value_of = active.answers.get, active.values.get
        many = [tuple(value) if type(value := get(name)) is list else value for name in self._many]
        read = [() if value == [] else value and NEVER for value in map(get, self._read)]
        told = [
            () if get(name) == [] else get(name) and (GIVEN if value_of(name) else NEVER)
            for name in self._told
        ]
        return [*map(get, self._one), *many, *read, *told]


def _answers(item: Item) -> frozenset[object] | None:
    """The answers an item can take, and none. None where they are somebody's own."""
    values: Iterable[object]
    if item.options:
        values = [int(o.code) if item.type == "integer" else o.code for o in item.options]
    elif item.type == "boolean":
        values = [False, True]
    elif item.type == "integer" and item.min is not None and item.max is not None:
        values = range(int(item.min), int(item.max) + 1)
        if len(values) > LONGEST_SCALE:
            return None
    else:
        return None
    return frozenset([None, *values])


def _all_of(table: frozenset[object]) -> Listed:
    return lambda value: value is None or all(type(each) is str and each in table for each in value)


@dataclass
class Day:
    """What is known of one day: what each rule says where nothing is answered, and what was explained."""

    blank: Mapping[str, object]
    groups: list[dict[Any, Any]]
    settling: dict[str, Any] = field(default_factory=dict)


def forget(compiled: CompiledRuleSet) -> None:
    """As if nothing had been judged or explained yet; what was read from the rules alone stays."""
    compiled.once.pop("results", None)
    for day in compiled.once.get("days", {}).values():
        day.settling.clear()
        for known in day.groups:
            known.clear()


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


def remember(known: dict[Any, Any], group: Together, key: Any, what: Any) -> None:
    """Kept, unless something in the key is not from a list."""
    if not group.may_keep(key):
        return
    if len(known) >= REMEMBERED:
        known.clear()
    known[key] = what


def says_given(key: Any) -> bool:
    """Whether something was answered in somebody's own words, which are no part of what is remembered."""
    return GIVEN in key if type(key) is tuple else key == GIVEN


def _blank(compiled: CompiledRuleSet, grouping: Grouping, as_of: dt.date) -> dict[str, object]:
    evaluation = compiled.program.evaluate({}, today=as_of)
    found = {}
    for plan in grouping.plans:
        value = said_by(evaluation[library.rule_name(plan.rule.code)])
        doubted = value not in (None, False) and any(evaluation[doubt] is True for doubt in plan.doubts)
        found[plan.rule.code] = None if doubted else value
    return found
