"""The smallest set of answers that by themselves force what a rule says.

"By themselves" is meant literally: with every other question blank, and closed branches closed as the form
would close them, the rule gives the same result. An answer
is an item, or one question in one entry of a group; a group chosen without any of its questions stands for
the bare number of its entries.

The search keeps a list of sets of which every cause must contain at least one answer. It tries the smallest
set that does; where that fails, it is widened for as long as it still fails, and what then remains outside
is one more such set. What succeeds is therefore smallest for every rule to which a further answer only adds
knowledge. A rule that asks whether something is blank can be otherwise, so up to `EXHAUSTIVE` answers all
smaller sets are tried as well. `Cause.proven` is False where the search ran out of tries; the set then only
has nothing in it that could be left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

from screening.rules.compiled import CompiledRuleSet
from screening.rules.hitting import SearchTooLongError, smallest_hitting
from screening.rules.journey import Active
from screening.rules.plans import Answered, Cause, Plan, plan_of, said_by
from screening.rules.remembered import day_of
from screening.rules.ruleset import Rule

EXHAUSTIVE = 10
TRIES = 600


NOTHING = Cause(())


class Causes:
    """Finds the cause of any rule for one set of answers, when it is asked for."""

    def __init__(self, compiled: CompiledRuleSet, active: Active, as_of: dt.date) -> None:
        self._compiled = compiled
        self._active = active
        self._as_of = as_of
        self._blank = day_of(compiled, as_of).blank

    def of(self, rule_code: str) -> Cause:
        plan = plan_of(self._compiled, rule_code)
        return self.forcing(plan, self.result(plan.rule, self._known(plan, plan.reads)))

    def forcing(self, plan: Plan, target: object) -> Cause:
        """The cause of what a rule says, where that is known."""
        if target == self._blank[plan.rule.code]:
            return NOTHING
        return plan.alone or self._search(plan, target)

    def answers_read(self, rule_code: str) -> tuple[Answered, ...]:
        """Everything known that the rule reads, in the order asked: the answers a cause is made of.

        What is not sure tells a rule nothing.
        """
        plan = plan_of(self._compiled, rule_code)
        return self._known(plan, plan.forced_by)

    def _known(self, plan: Plan, items: Iterable[str]) -> tuple[Answered, ...]:
        values = self._active.values
        found: list[Answered] = []
        for item_id in items:
            value = values.get(item_id)
            if value is None:
                continue
            found.append(Answered(item_id))
            if item_id in plan.entry_fields and isinstance(value, list | tuple):
                found += [
                    Answered(item_id, place, question)
                    for place, entry in enumerate(value)
                    for question in plan.entry_fields[item_id]
                    if entry.get(question) is not None
                ]
        return tuple(found)

    def document(self, answers: Iterable[Answered]) -> dict[str, Any]:
        """The stored document with these answers and no others."""
        taken: dict[str, Any] = {}
        for item_id, place, question in answers:
            whole = self._active.answers.get(item_id)
            if self._compiled.questionnaire.item(item_id).type == "group" and isinstance(whole, list | tuple):
                entries = taken.setdefault(item_id, [{} for _ in whole])
                if place >= 0:
                    entries[place][question] = whole[place].get(question)
            elif whole is not None:
                taken[item_id] = whole
        return taken

    def result(self, rule: Rule, answers: Iterable[Answered]) -> object:
        """What the rule says of these answers alone; an exclusion in doubt counts as unknown."""
        plan, values = plan_of(self._compiled, rule.code), self._active.values
        taken: dict[str, Any] = {}
        for item_id, place, question in answers:
            whole = values.get(item_id)
            blank = plan.entry_fields.get(item_id)
            if blank is None or not isinstance(whole, list | tuple):
                taken[item_id] = whole
                continue
            entries = taken.get(item_id)
            if entries is None:
                # A whole entry, its blanks too: what has all its parts is judged most quickly.
                entries = taken[item_id] = [{**blank} for _ in whole]
            if place >= 0:
                entries[place][question] = whole[place].get(question)
        return self._said(plan, taken)

    def _said(self, plan: Plan, values: Mapping[str, Any]) -> object:
        program, asked = plan.program, plan.asked
        open_values = values
        for _ in range(len(asked) + 1):
            evaluation = program.evaluate(open_values, today=self._as_of)
            closed = [item_id for item_id, condition in asked.items() if evaluation[condition] is False]
            without = {**values, **dict.fromkeys(closed)} if closed else values
            if without == open_values:
                break
            open_values = without
        value = said_by(evaluation[plan.name])
        if plan.doubts and value not in (None, False):
            doubts = plan.doubting.evaluate(open_values, today=self._as_of)
            if any(doubts[doubt] is True for doubt in plan.doubts):
                return None
        return value

    def _search(self, plan: Plan, target: object) -> Cause:
        known = self.answers_read(plan.rule.code)
        tried: dict[frozenset[Answered], bool] = {frozenset(): False}
        left = TRIES

        def forces(answers: frozenset[Answered]) -> bool:
            nonlocal left
            if answers not in tried:
                left -= 1
                if left < 0:
                    raise SearchTooLongError
                tried[answers] = self.result(plan.rule, answers) == target
            return tried[answers]

        try:
            cause, proven = smallest(known, forces), True
        except SearchTooLongError:
            left = len(known) + 1
            cause, proven = irreducible(known, forces), False
        whole = self._through_the_form(plan, cause, target)
        order = {answer: n for n, answer in enumerate(known)}
        return Cause(tuple(sorted(whole, key=order.__getitem__)), proven and whole == cause)

    def _through_the_form(
        self, plan: Plan, cause: frozenset[Answered], target: object
    ) -> frozenset[Answered]:
        """A cause in an entry whose questions close without others takes along the rest of the entry.

        Questions outside of entries are closed the same way while the cause is searched.
        """
        if self._stays_open(cause):
            return cause
        known = frozenset(self.answers_read(plan.rule.code))
        while True:
            active = self._compiled.journey.active(self.document(cause), self._as_of)
            if self._said(plan, active.values) == target:
                return cause
            more = cause | {answer for answer in known if self._beside(answer, cause)}
            if more == cause:
                return known
            cause = more

    def _stays_open(self, cause: frozenset[Answered]) -> bool:
        """Whether each entry, cut down to these answers, would still be asked all of them."""
        entries: dict[tuple[str, int], dict[str, Any]] = {}
        for item_id, place, question in cause:
            if question:
                said = self._active.answers[item_id][place].get(question)
                entries.setdefault((item_id, place), {})[question] = said
        journey, as_of = self._compiled.journey, self._as_of
        return all(
            journey.active_entry(group, entry, as_of) == entry for (group, _), entry in entries.items()
        )

    @staticmethod
    def _beside(answer: Answered, cause: frozenset[Answered]) -> bool:
        return answer.question != "" and any(
            (other.item, other.entry) == (answer.item, answer.entry) for other in cause
        )


def smallest(
    known: tuple[Answered, ...], forces: Callable[[frozenset[Answered]], bool]
) -> frozenset[Answered]:
    """The smallest set that forces the result, the earliest asked among equals."""
    everything, nothing = frozenset(known), frozenset[Answered]()
    if forces(nothing):
        return nothing
    if len(known) <= EXHAUSTIVE:
        for size in range(1, len(known)):
            for some in combinations(known, size):
                if forces(frozenset(some)):
                    return frozenset(some)
        return everything
    needed = [frozenset({answer}) for answer in known if not forces(everything - {answer})]
    while True:
        candidate = smallest_hitting(needed, known)
        if forces(candidate):
            return candidate
        failing = candidate
        for answer in known:
            if answer not in failing and not forces(failing | {answer}):
                failing |= {answer}
        if failing == everything:  # only for a rule that contradicts itself on the same answers
            return everything
        needed.append(everything - failing)


def irreducible(
    known: tuple[Answered, ...], forces: Callable[[frozenset[Answered]], bool]
) -> frozenset[Answered]:
    """A set from which nothing can be left out, found by leaving out what can be."""
    kept = frozenset(known)
    for answer in reversed(known):
        if forces(kept - {answer}):
            kept -= {answer}
    return kept
