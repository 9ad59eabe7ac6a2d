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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from screening.rules import library
from screening.rules.compiled import CompiledRuleSet
from screening.rules.hitting import SearchTooLongError, smallest_hitting
from screening.rules.journey import Active
from screening.rules.plans import plan_of
from screening.rules.ruleset import Rule

EXHAUSTIVE = 10
TRIES = 600


class Answered(NamedTuple):
    """One answer: an item, or a question in an entry of a group (`entry` counts from 0)."""

    item: str
    entry: int = -1
    question: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    answers: tuple[Answered, ...]
    proven: bool = True

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(answer.item for answer in self.answers))


class Causes:
    """Finds the cause of any rule for one set of answers, when it is asked for."""

    def __init__(self, compiled: CompiledRuleSet, active: Active, as_of: dt.date) -> None:
        self._compiled = compiled
        self._active = active
        self._as_of = as_of
        self._order = {answer: n for n, answer in enumerate(self._all())}
        self._groups = {item.id: item for item in compiled.questionnaire.items() if item.type == "group"}
        self._found: dict[str, Cause] = {}

    def of(self, rule_code: str) -> Cause:
        if rule_code not in self._found:
            plan = plan_of(self._compiled, rule_code)
            key = plan.key(self._active, self._as_of)
            cause = plan.found.get(("cause", key)) if key is not None else None
            if cause is None:
                cause = self._search(plan.rule)
                plan.remember("cause", key, cause)
            self._found[rule_code] = cause
        return self._found[rule_code]

    def answers_read(self, rule_code: str) -> tuple[Answered, ...]:
        """Everything known that the rule reads: the answers a cause is made of."""
        reads = plan_of(self._compiled, rule_code).reads
        return tuple(answer for answer in self._order if answer.item in reads)

    def document(self, answers: frozenset[Answered]) -> dict[str, Any]:
        """The stored document with these answers and no others."""
        return {
            name: value
            for name, value in self._restricted(answers, self._active.answers).items()
            if value is not None
        }

    def result(self, rule: Rule, answers: frozenset[Answered]) -> object:
        """What the rule says of these answers alone; an exclusion in doubt counts as unknown."""
        blank = plan_of(self._compiled, rule.code).blank
        return self._said(rule, {**blank, **self._restricted(answers, self._active.values)})

    def _said(self, rule: Rule, values: Mapping[str, Any]) -> object:
        plan = plan_of(self._compiled, rule.code)
        name, doubts, asked, program = library.rule_name(rule.code), plan.doubts, plan.asked, plan.program
        open_values = values
        for _ in range(len(asked) + 1):
            evaluation = program.evaluate(open_values, today=self._as_of)
            closed = [item_id for item_id, condition in asked.items() if evaluation[condition] is False]
            without = {**values, **dict.fromkeys(closed)}
            if without == open_values:
                break
            open_values = without
        value = evaluation[name]
        if isinstance(value, tuple | list):
            value = (frozenset(value) - {None}, None in value)
        if value not in (None, False) and any(evaluation[doubt] is True for doubt in doubts):
            return None
        return value

    def _all(self) -> list[Answered]:
        """Every known answer in the order asked. What is not sure tells a rule nothing."""
        found: list[Answered] = []
        for item in self._compiled.questionnaire.items():
            value = self._active.values.get(item.id)
            if value is None:
                continue
            found.append(Answered(item.id))
            entries = value if item.type == "group" and isinstance(value, list | tuple) else ()
            for place, entry in enumerate(entries):
                found += [
                    Answered(item.id, place, inner.id)
                    for inner in item.items
                    if entry.get(inner.id) is not None
                ]
        return found

    def _restricted(self, answers: frozenset[Answered], source: Mapping[str, Any]) -> dict[str, Any]:
        """These answers taken out of a document or its values; the entries of a group keep their places."""
        taken: dict[str, Any] = {}
        for item_id, place, question in answers:
            whole = source.get(item_id)
            if item_id not in self._groups or not isinstance(whole, list | tuple):
                taken[item_id] = whole
                continue
            entries = taken.setdefault(item_id, [{} for _ in whole])
            if place >= 0:
                entries[place][question] = whole[place].get(question)
        return taken

    def _search(self, rule: Rule) -> Cause:
        known = self.answers_read(rule.code)
        target = self.result(rule, frozenset(known))
        tried: dict[frozenset[Answered], bool] = {}
        left = TRIES

        def forces(answers: frozenset[Answered]) -> bool:
            nonlocal left
            if answers not in tried:
                left -= 1
                if left < 0:
                    raise SearchTooLongError
                tried[answers] = self.result(rule, answers) == target
            return tried[answers]

        try:
            cause, proven = smallest(known, forces), True
        except SearchTooLongError:
            left = len(known) + 1
            cause, proven = irreducible(known, forces), False
        whole = self._through_the_form(rule, cause, target)
        return Cause(tuple(sorted(whole, key=self._order.__getitem__)), proven and whole == cause)

    def _through_the_form(
        self, rule: Rule, cause: frozenset[Answered], target: object
    ) -> frozenset[Answered]:
        """A cause in an entry whose questions close without others takes along the rest of the entry.

        Questions outside of entries are closed the same way while the cause is searched.
        """
        if not any(answer.question for answer in cause):
            return cause
        while True:
            active = self._compiled.journey.active(self.document(cause), self._as_of)
            if self._said(rule, active.values) == target:
                return cause
            more = cause | {answer for answer in self._order if self._beside(answer, cause)}
            if more == cause:
                return frozenset(self._order)
            cause = more

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
