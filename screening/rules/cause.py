"""The smallest set of answers that by themselves force what a rule says.

"By themselves" is meant literally: with every other question blank, and closed branches closed as the form
would close them, the rule gives the same result. An answer is an item, or one question in one entry of a
group; a group chosen without any of its questions stands for the bare number of its entries.

How the smallest set is searched for is told in `search`. `Cause.proven` is False where the search ran out of
tries; the set then only has nothing in it that could be left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from screening.rules.compiled import CompiledRuleSet
from screening.rules.hitting import SearchTooLongError
from screening.rules.journey import Active
from screening.rules.plans import Answered, Cause, Plan, plan_of
from screening.rules.remembered import day_of
from screening.rules.ruleset import Rule
from screening.rules.search import EXHAUSTIVE, Entry, Numbers, Search
from screening.rules.trials import Trials, known_answers, said

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
        known = known_answers(plan, plan.reads, self._active.values)
        return self.forcing(plan, self._trials(plan, known).of(frozenset(range(len(known)))))

    def forcing(self, plan: Plan, target: object) -> Cause:
        """The cause of what a rule says, where that is known."""
        if target == self._blank[plan.rule.code]:
            return NOTHING
        return plan.alone or self._search(plan, target)

    def answers_read(self, rule_code: str) -> tuple[Answered, ...]:
        """Everything known that the rule reads, in the order asked: the answers a cause is made of."""
        plan = plan_of(self._compiled, rule_code)
        return known_answers(plan, plan.forced_by, self._active.values)

    def document(self, answers: Iterable[Answered]) -> dict[str, Any]:
        """The stored document with these answers and no others."""
        taken: dict[str, Any] = {}
        for item_id, place, question in answers:
            whole = self._active.answers.get(item_id)
            if self._compiled.questionnaire.item(item_id).type == "group" and isinstance(whole, list):
                entries = taken.setdefault(item_id, [{} for _ in whole])
                if place >= 0:
                    entries[place][question] = whole[place].get(question)
            else:
                taken[item_id] = whole
        return taken

    def result(self, rule: Rule, answers: Iterable[Answered]) -> object:
        """What the rule says of these answers alone; an exclusion in doubt counts as unknown."""
        chosen = tuple(answers)
        return self._trials(plan_of(self._compiled, rule.code), chosen).of(frozenset(range(len(chosen))))

    def _trials(self, plan: Plan, answers: tuple[Answered, ...]) -> Trials:
        return Trials(plan, answers, self._active.values, self._as_of)

    def _search(self, plan: Plan, target: object) -> Cause:
        known = known_answers(plan, plan.forced_by, self._active.values)
        if 2 ** len(known) <= TRIES and not any(answer.question for answer in known):
            return self._smallest_of_few(plan, known, target)
        told = tuple([answer for answer in known if plan.can_tell(answer)])
        trials, numbers = self._trials(plan, told), tuple(range(len(told)))
        tried: dict[Numbers, bool] = {frozenset(): False}
        left = TRIES

        def forces(answers: Numbers) -> bool:
            nonlocal left
            if answers not in tried:
                left -= 1
                if left < 0:
                    raise SearchTooLongError
                tried[answers] = trials.of(answers) == target
            return tried[answers]

        search = Search(numbers, forces, _entries(told), thorough=len(known) <= EXHAUSTIVE)
        try:
            found, proven = search.smallest(), True
        except SearchTooLongError:
            left = len(told)  # as many as leaving out one at a time takes
            found, proven = search.irreducible(), False
        cause = frozenset([told[number] for number in found])
        whole = self._through_the_form(plan, cause, target)
        return Cause(tuple([answer for answer in known if answer in whole]), proven and whole == cause)

    def _smallest_of_few(self, plan: Plan, known: tuple[Answered, ...], target: object) -> Cause:
        """Of so few answers, none of them in an entry, all sets are tried, the smallest first."""
        items = [(answer.item, self._active.values[answer.item]) for answer in known]
        for size in range(1, len(items)):
            for some in combinations(items, size):
                if said(plan, dict(some), self._as_of) == target:
                    chosen = dict(some)
                    return Cause(tuple([answer for answer in known if answer.item in chosen]))
        return Cause(known)

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
            if said(plan, active.values, self._as_of) == target:
                return cause
            more = cause | {answer for answer in known if self._beside(answer, cause)}
            if more == cause:
                return known
            cause = more

    def _stays_open(self, cause: frozenset[Answered]) -> bool:
        """Whether each entry, cut down to these answers, would still be asked all of them."""
        journey, as_of = self._compiled.journey, self._as_of
        if all(not each.question or journey.always_asked(each.item, each.question) for each in cause):
            return True
        entries: dict[tuple[str, int], dict[str, Any]] = {}
        for item_id, place, question in cause:
            if question:
                said = self._active.answers[item_id][place].get(question)
                entries.setdefault((item_id, place), {})[question] = said
        return all(
            journey.active_entry(group, entry, as_of) == entry for (group, _), entry in entries.items()
        )

    @staticmethod
    def _beside(answer: Answered, cause: frozenset[Answered]) -> bool:
        return answer.question != "" and any(
            (other.item, other.entry) == (answer.item, answer.entry) for other in cause
        )


def _entries(known: Sequence[Answered]) -> list[Entry]:
    """What stands in each entry of a group, with the answer that is the bare number of the entries."""
    number, entries = 0, dict[tuple[int, int], list[int]]()
    for place, answer in enumerate(known):
        if answer.question:
            entries.setdefault((number, answer.entry), []).append(place)
        else:
            number = place  # it stands before its entries
    return [Entry(number, frozenset(places)) for (number, _), places in entries.items()]
