"""What a rule says of some of the answers, tried quickly: explaining asks for it again and again.

The answers are looked at once; each trial is a row of values in which those that are left out are null.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from screening.cql import Program
from screening.rules.plans import Answered, Plan, said_by
from screening.rules.search import Numbers

Values = Mapping[str, Any]


def known_answers(plan: Plan, items: Iterable[str], values: Values) -> tuple[Answered, ...]:
    """Everything known of these items, in the order asked. What is not sure tells a rule nothing."""
    found: list[Answered] = []
    for item_id in items:
        value = values.get(item_id)
        if value is None:
            continue
        found.append(Answered(item_id))
        if item_id in plan.entry_fields and isinstance(value, list):
            found += [
                Answered(item_id, place, question)
                for place, entry in enumerate(value)
                for question in plan.entry_fields[item_id]
                if entry.get(question) is not None
            ]
    return tuple(found)


class Trials:
    """Of one rule and some answers, which are numbered. What was tried once is not tried again, nor where
    the answers differ in nothing that is read."""

    def __init__(self, plan: Plan, answers: Sequence[Answered], values: Values, as_of: dt.date) -> None:
        self._plan = plan
        self._as_of = as_of
        self._parts = [self._part(answer, values) for answer in answers]
        self._for_rule = self._for_doubts = frozenset(range(len(answers)))
        if plan.entry_fields:
            self._for_rule = frozenset([n for n, each in enumerate(answers) if plan.is_read(each)])
            self._for_doubts = frozenset(
                [n for n, each in enumerate(answers) if plan.is_read_by_doubts(each)]
            )
        self._groups = [
            frozenset([n for n, each in enumerate(answers) if each.item == group])
            for group in plan.entry_fields
        ]
        self._said: dict[Numbers, tuple[object, Values]] = {}
        self._doubted: dict[Numbers, bool] = {}

    def _part(self, answer: Answered, values: Values) -> tuple[str, int, str, Any, Any]:
        """Where an answer belongs and what it is; for a group an entry without answers, to be filled in.

        It has its blanks too: what has all its parts is judged most quickly.
        """
        whole, blank = values.get(answer.item), self._plan.entry_fields.get(answer.item)
        if blank is None or not isinstance(whole, list):
            return answer.item, -1, "", whole, None
        value = whole[answer.entry].get(answer.question) if answer.entry >= 0 else None
        return *answer, value, [blank] * len(whole)

    def of(self, numbers: Numbers) -> object:
        """What the rule says of these answers alone; an exclusion in doubt counts as unknown."""
        read = self._read(numbers, self._for_rule)
        known = self._said.get(read)
        if known is None:
            known = self._said[read] = _without_closed(self._plan, self._values(read), self._as_of)
        value, _ = known
        return None if value not in (None, False) and self._is_doubted(numbers, known[1]) else value

    def _read(self, numbers: Numbers, readable: Numbers) -> Numbers:
        """These without what cannot be told; but whatever is said in an entry tells how many there are."""
        if not self._groups:
            return numbers
        read = numbers & readable
        for group in self._groups:
            if read.isdisjoint(group) and not numbers.isdisjoint(group):
                read |= {min(numbers & group)}
        return read

    def _is_doubted(self, numbers: Numbers, open_values: Values) -> bool:
        plan = self._plan
        if not plan.doubts:
            return False
        read = self._read(numbers, self._for_doubts)
        if plan.asked:  # what is closed goes by the answers that the rule reads
            closed = dict.fromkeys([item_id for item_id, value in open_values.items() if value is None])
            return _is_doubted(plan, {**self._values(read), **closed}, self._as_of)
        if read not in self._doubted:
            self._doubted[read] = _is_doubted(plan, self._values(read), self._as_of)
        return self._doubted[read]

    def _values(self, numbers: Numbers) -> Values:
        taken: dict[str, Any] = {}
        for number in numbers:
            item_id, place, question, value, blanks = self._parts[number]
            if blanks is None:
                taken[item_id] = value
                continue
            entries = taken.get(item_id)
            if entries is None:
                entries = taken[item_id] = [{**blank} for blank in blanks]
            if place >= 0:
                entries[place][question] = value
        return taken


def said(plan: Plan, values: Values, as_of: dt.date) -> object:
    """What a rule says of these values, among which the form closes what it would not ask."""
    value, open_values = _without_closed(plan, values, as_of)
    return None if value not in (None, False) and _is_doubted(plan, open_values, as_of) else value


def _without_closed(plan: Plan, values: Values, as_of: dt.date) -> tuple[object, Values]:
    open_values, told = values, told_of(plan.program, plan.wanted, values, as_of)
    for _ in plan.asked:
        closed = [
            item_id
            for item_id, is_asked in zip(plan.asked, told[1:], strict=True)
            if is_asked is False and values.get(item_id) is not None
        ]
        without = {**values, **dict.fromkeys(closed)} if closed else values
        if without == open_values:
            break
        open_values = without
        told = told_of(plan.program, plan.wanted, open_values, as_of)
    return said_by(told[0]), open_values


def _is_doubted(plan: Plan, values: Values, as_of: dt.date) -> bool:
    if not plan.doubts:
        return False
    return any(doubt is True for doubt in told_of(plan.doubting, plan.doubts, values, as_of))


def told_of(program: Program, names: tuple[str, ...], values: Values, as_of: dt.date) -> list[Any]:
    """Values of an `Active` are of the declared types, so they need not be looked at again."""
    row = tuple(map(values.get, program.parameters))
    return program.evaluate_row(row, today=as_of).values(names)
