"""Where two versions mean something else: for each rule a made-up person of whom they say different things.

Compared is what a rule comes to, not how it is written. People are tried, beginning with the usual one of the
worked cases: with one other answer to what the rule reads, then the people of the cases, then with all
answers together, then the cases with one other answer, also inside an entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from screening.cql import Date, Quantity
from screening.cql.runtime.calendar import add_months
from screening.rules import library
from screening.rules.assess import assess_active
from screening.rules.assessment import SEVERITY, Assessment, Verdict
from screening.rules.candidates import as_stored, possible
from screening.rules.compiled import CompiledRuleSet
from screening.rules.firing import Room, all_tried, combinations, day_of
from screening.rules.plans import with_conditions
from screening.rules.questionnaire import Item
from screening.rules.ruleset import Outcome, Row, Rule
from screening.rules.slices import literals_in, said_by_all
from screening.rules.vignettes import answers_of

MOST_FOR_ONE = 1_000  # people tried for one rule; what all of them may cost together is a `Room`
AFTER_THE_FIRST = 100  # how many more are tried for one of whom more differs
LARGEST = 1_000  # number of a rule about which answers are tried
MOST_YEARS = 120
MOST_WORDS = 40
# What making one person ready takes beside running the rule, as a `Room` counts: at all, for what is written
# of them, and for each rule that says something of them.
TO_READ, OF_A_LETTER, OF_A_RULE = 5_000, 40, 200
Person = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """What one version says of a person: of the rule (None where it has no such rule), and in all."""

    verdict: Verdict | None
    findings: tuple[tuple[str, str, int | None], ...]
    outcome: Outcome
    tier: int | None

    @classmethod
    def of(cls, code: str, assessment: Assessment) -> Said:
        verdict = next((each.verdict for each in assessment.verdicts if each.code == code), None)
        mine = [each for each in assessment.findings if each.rule == code]
        findings = tuple((each.code, each.effect, each.tier) for each in mine)
        return cls(verdict, findings, assessment.outcome, assessment.tier)

    @property
    def weight(self) -> int:
        """The graver, the more; of urgent ones the lower tier."""
        return SEVERITY[self.outcome] - (self.tier or 0)

    def says(self) -> object:
        """A rule that finds nothing is as good as none."""
        return self.findings, self.verdict if self.verdict == "unknown" else None


@dataclass(frozen=True)
class Example:
    """A made-up person: the answers in which they differ from the usual one, and what each version says."""

    answers: Person
    before: Said
    after: Said

    @property
    def telling(self) -> tuple[int, int]:
        """How far apart the two versions are about the person, and then how usual the person is."""
        return abs(self.before.weight - self.after.weight), -len(self.answers)


@dataclass(frozen=True)
class Meaning:
    """What became of one rule. Without an example nobody was found.

    Then `certain` says that every answer to what the rule reads was tried: it means what it meant; and not
    `tried` that there was no room left to try anybody.
    """

    rule: str
    example: Example | None = None
    certain: bool = False
    tried: bool = True


def meanings(before: CompiledRuleSet, after: CompiledRuleSet) -> list[Meaning]:
    """Of every rule that is new, gone or made otherwise, in the order of the later version.

    Both judge the same questionnaire.
    """
    room, old, new = Room(), _made(before), _made(after)
    return [
        _Search(before, after, code, room).meaning() if room.left > 0 else Meaning(code, tried=False)
        for code in {**new, **old}
        if old.get(code) != new.get(code)
    ]


def _made(compiled: CompiledRuleSet) -> dict[str, object]:
    """Of each rule everything that decides what it finds; two with the same mean the same."""
    return {rule.code: _made_of(compiled, rule) for rule in compiled.ruleset.rules}


def _made_of(compiled: CompiledRuleSet, rule: Rule) -> object:
    if isinstance(rule.when, Row):
        said: object = (rule.when.question, frozenset(rule.when.answers))
    else:
        said = said_by_all(compiled.library_text, (library.rule_name(rule.code),))
    return said, _weight_of(compiled, rule)


def _weight_of(compiled: CompiledRuleSet, rule: Rule) -> object:
    """What follows when it is found: of a row maybe something else for each answer."""
    said: object = None
    if isinstance(rule.when, Row):
        said = frozenset(zip_longest(rule.when.answers, rule.when.tiers))
    elif (tier := library.tier_name(rule.code)) in compiled.program.types:
        said = said_by_all(compiled.library_text, (tier,))
    return rule.effect, rule.tier, rule.unknown, rule.blocks, said


class _Search:
    """For one rule."""

    def __init__(self, before: CompiledRuleSet, after: CompiledRuleSet, code: str, room: Room) -> None:
        self._versions, self._journey, self._room = (before, after), after.journey, room
        self._code, self._name = code, library.rule_name(code)
        rules = after.ruleset if after.ruleset.baseline else before.ruleset
        self._day, self._file = day_of(rules.assessed_on), rules.worked_cases()
        self._usual: Person = rules.baseline
        self._having = [each for each in self._versions if library.rule_name(code) in each.reads]
        self._programs = [
            room.program(each.library_text, self._name) if each in self._having else None
            for each in self._versions
        ]
        direct = frozenset[str]().union(*(each.items_read_by(code) for each in self._having))
        names, _ = with_conditions(after, direct)
        self._read = [item for item in after.questionnaire.items() if item.id in names]
        written = {value for each in self._having for value in literals_in(each.library_text, (self._name,))}
        self._near = _about_numbers(written)
        self._words = sorted(value for value in written if isinstance(value, str) and value)
        weights = [_weight_of(each, each.ruleset.rule(code)) for each in self._having]
        self._weighs_otherwise = len(weights) == 2 and weights[0] != weights[1]

    def meaning(self) -> Meaning:
        found, same, left = list[Example](), True, MOST_FOR_ONE
        for person in self._people():
            if left <= 0 or self._room.left <= 0:
                same = False
                break
            if person is None:
                same = False
                continue
            left -= 1
            if example := self._tried(person):
                left = left if found else min(left, AFTER_THE_FIRST)
                found.append(example)
        if found:
            return Meaning(self._code, max(found, key=lambda each: each.telling))
        return Meaning(self._code, certain=same and all_tried(self._read), tried=left < MOST_FOR_ONE)

    def _tried(self, person: Person) -> Example | None:
        self._room.left -= TO_READ + OF_A_LETTER * len(repr(person)) + len(self._journey.text)
        active = self._journey.active(person, self._day)
        if not self._tells_apart(active.values):
            return None
        for each in self._versions:
            self._room.left -= len(each.program.source) + OF_A_RULE * len(each.ruleset.rules)
        before, after = (
            Said.of(self._code, assess_active(each, active, as_of=self._day)) for each in self._versions
        )
        if before.says() == after.says():
            return None
        usual, mine = self._journey.active(self._usual, self._day).answers, active.answers
        differing = {name: mine.get(name) for name in (*mine, *usual) if mine.get(name) != usual.get(name)}
        return Example(differing, before, after)

    def _tells_apart(self, values: Person) -> bool:
        """Whether the rule comes to something else; or to anything, where what follows is something else."""
        before, after = (
            each and self._room.evaluation(each, values, self._day)[self._name] for each in self._programs
        )
        return before != after or (self._weighs_otherwise and before not in (False, ()))

    def _people(self) -> Iterator[Person | None]:
        """None says that some were left out."""
        yield self._usual
        yield from self._with_one_other(self._usual)
        yield from self._cases()
        for values in combinations(self._read, self._day):
            if values is None or self._room.left <= 0:
                yield None
            elif self._tells_apart(values):
                yield None  # until somebody is found who can answer so, nothing is certain
                yield {**self._usual, **{name: as_stored(value) for name, value in values.items()}}
        for case in self._cases():
            yield from self._with_one_other(case)

    def _cases(self) -> Iterator[Person]:
        if self._file is not None:
            yield from (answers_of(self._file, case) for case in self._file.cases)

    def _with_one_other(self, person: Person) -> Iterator[Person]:
        for item in self._read:
            for value in self._values(item):
                yield {**person, item.id: value}
            entries = person.get(item.id)
            if item.type == "group" and isinstance(entries, list):
                for place, entry in enumerate(entries):
                    for inner in item.items:
                        for value in self._values(inner):
                            other = {**entry, inner.id: value}
                            yield {**person, item.id: [*entries[:place], other, *entries[place + 1 :]]}

    def _values(self, item: Item) -> list[Any]:
        """What the question could take, among it what lies about the numbers in the rule; a blank last."""
        found = possible(item, self._day)
        if item.type == "integer" and not item.options:
            low, high = item.min or 0, item.max
            found += [n for n in self._near if n >= low and (high is None or n <= high)]
        elif item.type == "date":
            found += [date for number in self._near for date in _so_long_ago(self._day, number)]
        elif item.type == "string" and item.repeats:
            found += [[word] for word in self._words[:MOST_WORDS]] + [self._words]
        elif item.type == "string":
            found += self._words[:MOST_WORDS]
        return [*map(as_stored, found), None]


def _about_numbers(written: Iterable[object]) -> list[int]:
    """The numbers that a rule is written with, those of its periods too, and their neighbours."""
    found: set[int] = set()
    for value in written:
        number = value.value if isinstance(value, Quantity) else value
        if isinstance(number, int | Decimal) and not isinstance(number, bool) and 0 <= number <= LARGEST:
            found |= {int(number) + by for by in (-1, 0, 1)}
    return sorted(found)


def _so_long_ago(day: dt.date, number: int) -> Iterator[Date]:
    """So many months and so many years ago, to the day and a day to either side."""
    for months in (number, 12 * number) if number <= MOST_YEARS else ():
        exact = add_months(Date.of(day), -months)
        if exact is not None:
            yield from (Date.of(exact.to_date() + dt.timedelta(days=by)) for by in (-1, 0, 1))
