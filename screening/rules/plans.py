"""What explaining a rule needs to know of it, whatever was answered: worked out once for a rule set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from screening.cql import BOOLEAN, Program
from screening.rules import library
from screening.rules.compiled import CompiledRuleSet
from screening.rules.english import reading_of_rule
from screening.rules.questionnaire import Item
from screening.rules.ruleset import Rule
from screening.rules.slices import only
from screening.rules.telling import fields_read, read_in_full


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


@dataclass(frozen=True)
class Plan:
    """`items` are those the rule reads, in the order asked; `forced_by` has those as well that decide whether
    these are asked, and so on, and `reads` what its doubts read too: the contradictions that can block it.
    `asked` maps an item to the definition that says whether it is. `alone` is the cause of whatever a rule
    says that reads one answer only, and says something else without it.
    """

    compiled: CompiledRuleSet
    rule: Rule
    name: str
    items: tuple[str, ...]
    forced_by: tuple[str, ...]
    reads: tuple[str, ...]
    asked: Mapping[str, str]
    doubts: tuple[str, ...]
    alone: Cause | None
    is_boolean: bool
    blocking: tuple[str, ...]

    @cached_property
    def program(self) -> Program:
        """The rule and what is in `asked`. Made when a search needs it, as few rules do."""
        return only(self.compiled.library_text, self.wanted)

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """The definitions of `program` that are asked for: the rule first."""
        return (self.name, *self.asked.values())

    @cached_property
    def doubting(self) -> Program:
        return only(self.compiled.library_text, self.doubts)

    @cached_property
    def questions(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.compiled.questionnaire.items() if item.id in self.items}

    @cached_property
    def _read(self) -> Mapping[str, frozenset[str] | None]:
        return _questions_read(self.program, self.entry_fields)

    @cached_property
    def _read_by_doubts(self) -> Mapping[str, frozenset[str] | None]:
        return _questions_read(self.doubting, self.entry_fields)

    def can_tell(self, answer: Answered) -> bool:
        """Whether anything that is tried can tell that this is answered."""
        return self.is_read(answer) or self.is_read_by_doubts(answer)

    def is_read(self, answer: Answered) -> bool:
        """Whether the rule, or what is in `asked`, can tell that this is answered."""
        return _is_among(answer, self._read)

    def reads_inside(self, group: str, question: str) -> bool:
        return _is_among(Answered(group, 0, question), self._read)

    def is_read_by_doubts(self, answer: Answered) -> bool:
        return bool(self.doubts) and _is_among(answer, self._read_by_doubts)

    @cached_property
    def read_in_full(self) -> frozenset[str]:
        """Items of which the rule, its doubts or `asked` can tell more than whether they are known."""
        return read_in_full(self.program) | (read_in_full(self.doubting) if self.doubts else frozenset())

    def tells_apart(self, item: Item) -> bool:
        """Whether it matters to the rule what is answered, not only whether anything is."""
        return item.id in self.read_in_full or item.repeats or item.type in ("attachment", "group")

    @cached_property
    def reading(self) -> str:
        return reading_of_rule(self.compiled, self.rule.code)

    @cached_property
    def entry_fields(self) -> Mapping[str, dict[str, None]]:
        """For each group that is read, an entry in which nothing is known."""
        groups = [item for item in self.compiled.questionnaire.items() if item.type == "group"]
        return {
            group.id: dict.fromkeys(inner.id for inner in group.items if inner.holds_an_answer)
            for group in groups
            if group.id in self.reads
        }


def _questions_read(program: Program, groups: Iterable[str]) -> dict[str, frozenset[str] | None]:
    """For each parameter of a program the questions that it reads in entries; None where these are all."""
    return {name: fields_read(program, name) if name in groups else None for name in program.parameters}


def _is_among(answer: Answered, read: Mapping[str, frozenset[str] | None]) -> bool:
    if answer.item not in read:
        return False
    questions = read[answer.item]
    return questions is None or not answer.question or answer.question in questions


def plan_of(compiled: CompiledRuleSet, code: str) -> Plan:
    known: dict[str, Plan] = compiled.once.setdefault("plans", {})
    if code not in known:
        known[code] = _plan(compiled, compiled.ruleset.rule(code))
    return known[code]


def _plan(compiled: CompiledRuleSet, rule: Rule) -> Plan:
    direct = compiled.items_read_by(rule.code)
    blocking = [each for each in compiled.ruleset.rules if direct & set(each.blocks)]
    doubting = blocking if rule.effect == "exclude" else []
    forced_by, asked = with_conditions(compiled, direct)
    reads, _ = with_conditions(
        compiled, forced_by.union(*(compiled.items_read_by(each.code) for each in doubting))
    )
    items = [item for item in compiled.questionnaire.items() if item.id in reads]
    name = library.rule_name(rule.code)
    alone = len(items) == 1 and items[0].type != "group" and not asked
    return Plan(
        compiled=compiled,
        rule=rule,
        name=name,
        items=tuple(item.id for item in items if item.id in direct),
        forced_by=tuple(item.id for item in items if item.id in forced_by),
        reads=tuple(item.id for item in items),
        asked=asked,
        doubts=tuple(library.rule_name(each.code) for each in doubting),
        alone=Cause((Answered(items[0].id),)) if alone else None,
        is_boolean=compiled.program.types[name] == BOOLEAN,
        blocking=tuple(each.code for each in blocking),
    )


def with_conditions(
    compiled: CompiledRuleSet, items: frozenset[str]
) -> tuple[frozenset[str], dict[str, str]]:
    """These items with those that decide whether they are asked, and the definitions that say so."""
    while True:
        names = {item_id: library.asked_name(item_id) for item_id in items}
        asked = {item_id: name for item_id, name in names.items() if name in compiled.program.types}
        more = items.union(*(compiled.program.references(name) for name in asked.values()))
        if more == items:
            return items, asked
        items = more


def said_by(value: Any) -> object:
    """What a rule says, so that it can be compared: of a list the elements, and whether one is unknown."""
    if isinstance(value, tuple | list):
        return (frozenset(value) - {None}, None in value)
    return value
