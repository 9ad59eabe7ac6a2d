"""What an expression can come to, found by trying the answers its questions can take.

Every option is tried, and of numbers and dates some values. Where the answers to try are too many, that is
said; where nothing was left untried, "never" is certain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from screening.cql import Date, Evaluation, Program
from screening.rules import library
from screening.rules.candidates import possible
from screening.rules.compiled import CompiledRuleSet
from screening.rules.questionnaire import Item, Questionnaire
from screening.rules.remarks import Remark, error, warning
from screening.rules.ruleset import Rule
from screening.rules.slices import only, size_of

MOST_TRIED = 2000
# What trying may cost for all that one check asks, some seconds: characters of generated source that are run.
# Making it takes longer, of a table for each of its cells, as a loop may, and as what the quick way cannot do
# in so many steps does.
MOST_WORK, TO_MAKE, PART, LOOP, SLOW, STEPS = 500_000_000, 100, 4_000, 10_000, 100_000_000, 2_000
LONGEST_SCALE = 20
TOO_MANY = "too many"
_SETTLE = "A worked case in which it is true would settle it."
_SOME_DAY = dt.date(2026, 6, 15)  # any day serves: dates to try are counted back from it


def day_of(day: dt.date | None) -> dt.date:
    return day or _SOME_DAY


class Room:
    """What is left of the work that one check of a definition may take."""

    def __init__(self) -> None:
        self.left = MOST_WORK

    def program(self, text: str, name: str) -> Program:
        program = only(text, (name,))
        self.left -= TO_MAKE * len(program.source) + PART * size_of(text, (name,))
        return program

    def evaluation(self, program: Program, values: Mapping[str, Any], day: dt.date) -> Evaluation:
        found = program.evaluate(values, today=day, budget=STEPS)
        self.left -= len(program.source) + (LOOP if "for " in program.source else 0)
        self.left -= 0 if found.was_quick else SLOW
        return found


def outcomes(text: str, name: str, questionnaire: Questionnaire, day: dt.date, room: Room) -> set[object]:
    """The values that a definition comes to over the answers to the items it reads."""
    return {value for _, value in ways(text, name, questionnaire, day, room)}


def ways(
    text: str, name: str, questionnaire: Questionnaire, day: dt.date, room: Room
) -> Iterator[tuple[Mapping[str, Any], object]]:
    """Answers to the items that a definition reads with what it comes to; TOO_MANY for some left out."""
    if room.left < 0:
        yield {}, TOO_MANY
        return
    program = room.program(text, name)
    read = program.references(name)
    for values in combinations([item for item in questionnaire.items() if item.id in read], day):
        if values is None or room.left < 0:
            yield {}, TOO_MANY
            continue
        yield values, room.evaluation(program, values, day)[name]


def combinations(items: list[Item], day: dt.date) -> Iterator[Mapping[str, Any] | None]:
    """All answers with all others; where these are too many, ever fewer of each, and None to say so."""
    choices = {item.id: [None, *_answers(item, day)] for item in items}
    if _count(choices) <= MOST_TRIED:
        fewer = choices
    else:
        yield None
        fewer = {name: _ends(values) for name, values in choices.items()}
        if _count(fewer) > MOST_TRIED:
            fewer = {name: [values[1 % len(values)], values[-1]] for name, values in choices.items()}
        if _count(fewer) > MOST_TRIED:
            return
    for combination in product(*fewer.values()):
        yield dict(zip(fewer, combination, strict=True))


def _count(choices: Mapping[str, list[Any]]) -> int:
    return prod(map(len, choices.values()))


def _ends(values: list[Any]) -> list[Any]:
    return [values[0], values[1 % len(values)], values[len(values) // 2], values[-1]]


def _answers(item: Item, day: dt.date) -> list[Any]:
    """Short scales whole, and dates in part as well: the last months and years."""
    if _is_short_scale(item):
        return list(range(int(item.min or 0), int(item.max or 0) + 1))
    found = possible(item, day)
    if item.type == "date" and item.precision != "day":
        months = [divmod(day.year * 12 + day.month - 1 - back, 12) for back in range(8)]
        found = [
            *found,
            *(Date(year, month + 1) for year, month in months),
            Date(day.year),
            Date(day.year - 1),
        ]
    return found


def _is_short_scale(item: Item) -> bool:
    if item.type != "integer" or item.options or item.min is None or item.max is None:
        return False
    return item.max - item.min <= LONGEST_SCALE


def never_firing(compiled: CompiledRuleSet) -> list[Remark]:
    """Rules that came true neither in a worked case nor for any answers tried."""
    day = day_of(compiled.ruleset.assessed_on)
    fired = _fired_in_cases(compiled, day)
    remarks: list[Remark] = []
    room = Room()
    for rule in compiled.ruleset.rules:
        if rule.code in fired:
            continue
        name = library.rule_name(rule.code)
        found = outcomes(compiled.library_text, name, compiled.questionnaire, day, room)
        if any(is_true(value) for value in found) or _fires_near(compiled, rule, day, room):
            continue
        remarks.append(_remark(compiled, rule, found))
    return remarks


def _remark(compiled: CompiledRuleSet, rule: Rule, found: set[object]) -> Remark:
    place = f"rule {rule.code}"
    if TOO_MANY in found:
        return warning("not-checked", place, f"Too many answers could make it true: not checked. {_SETTLE}")
    read = compiled.items_read_by(rule.code)
    if all_tried(item for item in compiled.questionnaire.items() if item.id in read):
        return error("never-fires", place, "No answers make it true.")
    return warning("never-fires", place, f"None of the answers tried make it true. {_SETTLE}")


def all_tried(items: Iterable[Item]) -> bool:
    """Whether every answer to these can be tried: a date or a text has too many."""
    return all(
        item.type == "boolean" or _is_short_scale(item) or (bool(item.options) and not item.repeats)
        for item in items
    )


def is_true(value: object) -> bool:
    return value is True or (isinstance(value, tuple) and any(element is not None for element in value))


def _fired_in_cases(compiled: CompiledRuleSet, day: dt.date) -> set[str]:
    file = compiled.ruleset.worked_cases()
    fired: set[str] = set()
    for case in file.cases if file is not None else ():
        answers = {**compiled.ruleset.baseline, **case.answers}
        fired |= _fired(compiled, answers, case.assessed_on or day)
    return fired


def _fired(compiled: CompiledRuleSet, answers: Mapping[str, Any], day: dt.date) -> set[str]:
    active = compiled.journey.active(answers, day)
    evaluation = compiled.program.evaluate(active.values, today=day)
    return {r.code for r in compiled.ruleset.rules if is_true(evaluation[library.rule_name(r.code)])}


def _fires_near(compiled: CompiledRuleSet, rule: Rule, day: dt.date, room: Room) -> bool:
    """One answer away from the baseline of the worked cases."""
    if room.left < 0:
        return False
    values = dict(compiled.journey.active(compiled.ruleset.baseline, day).values)
    name = library.rule_name(rule.code)
    program, read = only(compiled.library_text, (name,)), compiled.items_read_by(rule.code)
    for item in (item for item in compiled.questionnaire.items() if item.id in read):
        for value in [None, *possible(item, day)]:
            if room.left < 0:
                return False
            if is_true(room.evaluation(program, {**values, item.id: value}, day)[name]):
                return True
    return False
