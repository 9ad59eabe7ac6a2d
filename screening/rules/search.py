"""The search for the smallest set of numbered answers that forces a result.

It keeps a list of sets of which every set that forces the result must contain at least one answer. It
tries the smallest set that does; where that fails, it is widened for as long as it still fails, and what then
remains outside is one more such set. What succeeds is therefore smallest for every rule to which a further
answer only adds knowledge. A rule that asks whether something is blank can be otherwise, so a `thorough`
search tries all smaller sets as well: that is for no more than `EXHAUSTIVE` known answers.

Most answers stand in entries, and most of them change nothing. So what stands in one entry is left out or
added as a whole first: where that makes no difference, no part of it does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

from screening.rules.hitting import smallest_hitting

EXHAUSTIVE = 10
Numbers = frozenset[int]


class Entry(NamedTuple):
    """The answers in one entry of a group, and the one that is the bare number of its entries."""

    number: int
    answers: Numbers


class Search:
    """`forces` says whether some of the known answers, and no others, give the result."""

    def __init__(
        self,
        known: Sequence[int],
        forces: Callable[[Numbers], bool],
        entries: Sequence[Entry] = (),
        *,
        thorough: bool = False,
    ) -> None:
        self._known = known
        self._thorough = thorough
        self._everything = frozenset(known)
        self._forces = forces
        self._opening = {min(entry.answers): entry.answers for entry in entries}
        self._number = {answer: entry.number for entry in entries for answer in entry.answers}

    def smallest(self) -> Numbers:
        """The smallest set that forces the result, the earliest asked among equals."""
        if self._forces(Numbers()):
            return Numbers()
        if self._thorough:
            return self._first_of_all()
        needed = self._needed()
        while True:
            candidate = smallest_hitting(needed, self._known)
            if self._forces(candidate):
                return candidate
            failing = self._widened(candidate)
            if failing == self._everything:  # only for a rule that contradicts itself on the same answers
                return self._everything
            needed.append(self._everything - failing)

    def irreducible(self) -> Numbers:
        """A set from which nothing can be left out, found by leaving out what can be."""
        kept = self._everything
        for answer in reversed(self._known):
            if self._forces(kept - {answer}):
                kept -= {answer}
        return kept

    def _first_of_all(self) -> Numbers:
        for size in range(1, len(self._known)):
            for some in combinations(self._known, size):
                if self._forces(frozenset(some)):
                    return frozenset(some)
        return self._everything

    def _needed(self) -> list[Numbers]:
        """Answers without which nothing forces the result, each as a set of its own."""
        idle = Numbers()
        for answers in self._opening.values():
            if self._forces(self._everything - answers):
                idle |= answers
        return [
            frozenset({answer})
            for answer in self._known
            if answer not in idle and not self._forces(self._everything - {answer})
        ]

    def _widened(self, failing: Numbers) -> Numbers:
        """With all that can be added and still does not force the result."""
        numbers: set[int] = set()  # bare numbers of entries that would force it
        for answer in self._known:
            if answer in failing or self._number.get(answer) in numbers:
                continue  # what is said in an entry tells how many there are as well
            for more in (self._opening.get(answer, Numbers()) | {answer}, Numbers({answer})):
                if not self._forces(failing | more):
                    failing |= more
                    break
            else:
                numbers.add(answer)
        return failing
