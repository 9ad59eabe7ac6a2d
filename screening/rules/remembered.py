"""What explanations of one day have in common: they are the same for the same answers.

Remembered is what was explained for answers chosen from a list, by what was chosen; of answers of which a
rule can tell no more, only that there is one, none, or an empty list. A rule that reads nothing but one
answer in somebody's own words is remembered by what it says of it. So nobody's own words, dates or numbers
are kept, and no more than `REMEMBERED` for each group of rules. Nothing depends on it but speed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import prod
from operator import itemgetter
from typing import Any

from screening.rules import library
from screening.rules.assessment import RuleVerdict
from screening.rules.compiled import CompiledRuleSet
from screening.rules.journey import Active
from screening.rules.plans import Plan, plan_of, said_by
from screening.rules.questionnaire import Item

REMEMBERED = 1_000
TOGETHER = 250  # groups with no more ways to be answered than these, taken together, are looked up together
DAYS = 4
LONGEST_SCALE = 20
GIVEN, NEVER = "\0given", "\0never"  # there is an answer; and there is one that may not be remembered
SAID = frozenset({"true", "false", "unknown"})
Codes = Sequence[object]
Listed = Callable[[Any], bool]


@dataclass(frozen=True)
class Together:
    """Rules that stand on the same answers. `places` are theirs among all rules.

    `listed` says of each part of a key whether it may be remembered. `spoken` is set where parts of it are
    what the rules say.
    """

    plans: tuple[Plan, ...]
    places: tuple[int, ...]
    listed: tuple[Listed, ...]
    spoken: bool

    def may_keep(self, key: Any) -> bool:
        parts = key if len(self.listed) > 1 else (key,)
        return NEVER not in parts and all(
            is_listed(part) for is_listed, part in zip(self.listed, parts, strict=True)
        )


class Grouping:
    """The rules of a rule set by the answers they stand on; those that stand on none one by one.

    For each group `keys` has what takes its key out of a document's codes, and `verdicts` what takes those of
    its rules out of all.
    """

    def __init__(self, compiled: CompiledRuleSet) -> None:
        self.plans = [plan_of(compiled, rule.code) for rule in compiled.ruleset.rules]
        self.place_of = {plan.rule.code: place for place, plan in enumerate(self.plans)}
        items = list(compiled.questionnaire.items())
        tables = {item.id: table for item in items if (table := _answers(item)) is not None}
        # Any entry can hold what is searched, and what would settle a rule goes by how exact a date is.
        special = frozenset([item.id for item in items if item.type in ("group", "date")])
        full = [(plan.read_in_full | special).intersection(plan.reads) for plan in self.plans]
        self._spoken = [
            number
            for number, plan in enumerate(self.plans)
            if plan.alone is not None and not full[number] <= tables.keys()
        ]
        for number in self._spoken:
            full[number] = frozenset()
        read = frozenset[str]().union(*full)
        told = {
            name for number, plan in enumerate(self.plans) for name in plan.reads if name not in full[number]
        }
        self._one = [item.id for item in items if item.id in tables and item.id in read and not item.repeats]
        self._many = [item.id for item in items if item.id in tables and item.id in read and item.repeats]
        self._read = [item.id for item in items if item.id not in tables and item.id in read]
        lists = {item.id for item in items if item.repeats or item.type == "attachment"}
        self._told = [item.id for item in items if item.id in told - lists]
        self._lists = [item.id for item in items if item.id in told & lists]
        self._listed: list[Listed] = [tables[name].__contains__ for name in self._one]
        self._listed += [_all_of(tables[name]) for name in self._many]
        blank_or_given = [*self._read, *self._told, *self._lists]
        self._listed += [frozenset({None, (), GIVEN}).__contains__] * len(blank_or_given)
        self._listed += [SAID.__contains__] * len(self._spoken)
        self._sizes = [len(tables[name]) for name in self._one]

        groups: dict[tuple[int, ...], list[int]] = {}
        self.others: list[int] = []
        for number, places in enumerate(self._places(full)):
            if places:
                groups.setdefault(places, []).append(number)
            else:
                self.others.append(number)
        joined = list(self._joined(groups))
        self.keys = [itemgetter(*places) for places, _ in joined]
        self.verdicts = [itemgetter(*numbers) for _, numbers in joined]
        self.groups = [
            Together(
                tuple(self.plans[number] for number in numbers),
                tuple(numbers),
                tuple(self._listed[place] for place in places),
                numbers[0] in self._spoken,
            )
            for places, numbers in joined
        ]
        listed = [number for group in self.groups for number in group.places] + self.others
        order = sorted(range(len(listed)), key=listed.__getitem__)
        # What was found group by group, in the order of the rules.
        self.in_order: Callable[[Sequence[Any]], Sequence[Any]] = itemgetter(*order) if order[1:] else tuple

    def _places(self, full: Sequence[frozenset[str]]) -> Iterator[tuple[int, ...]]:
        """For each rule where the codes of what it reads stand, and of what it says where that matters."""
        names = [*self._one, *self._many, *self._read]
        in_full = {name: place for place, name in enumerate(names)}
        whether = {name: place for place, name in enumerate((*self._told, *self._lists), start=len(names))}
        said = dict(zip(self._spoken, count(len(names) + len(whether)), strict=False))
        for number, plan in enumerate(self.plans):
            places = [(in_full if name in full[number] else whether)[name] for name in plan.reads]
            # Rules that stand on one answer in own words stand on it together.
            alike = [said[other] for other in self._spoken if plan.reads == self.plans[other].reads]
            yield tuple([*places, *alike] if number in said else places)

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

    def codes(self, active: Active, verdicts: Sequence[RuleVerdict]) -> Codes:
        """What a key is made of: answers that may be chosen from lists as they are, of others what there is.

        A document with a problem may hold anything, so nothing of it is remembered.
        """
        if active.problems:
            return [NEVER] * len(self._listed)
        get, value_of = active.answers.get, active.values.get
        many = [tuple(value) if type(value := get(name)) is list else value for name in self._many]
        read = [() if value == [] else value and NEVER for value in map(get, self._read)]
        told: list[object] = [
            None if get(name) is None else NEVER if value_of(name) is None else GIVEN for name in self._told
        ]
        for name in self._lists:
            answer = get(name)
            told.append(
                None if answer is None else () if answer == [] else GIVEN if value_of(name) else NEVER
            )
        said = [verdicts[number].verdict for number in self._spoken]
        return [*map(get, self._one), *many, *read, *told, *said]


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


def remember(known: dict[Any, Any], key: Any, what: Any) -> None:
    if len(known) >= REMEMBERED:
        known.clear()
    known[key] = what


def says_given(key: Any) -> bool:
    """Whether there is an answer that is no part of what is remembered."""
    return GIVEN in key if type(key) is tuple else key == GIVEN


def _blank(compiled: CompiledRuleSet, grouping: Grouping, as_of: dt.date) -> dict[str, object]:
    evaluation = compiled.program.evaluate({}, today=as_of)
    found = {}
    for plan in grouping.plans:
        value = said_by(evaluation[library.rule_name(plan.rule.code)])
        doubted = value is not False and any(evaluation[doubt] is True for doubt in plan.doubts)
        found[plan.rule.code] = None if doubted else value
    return found
