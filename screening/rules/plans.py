"""What explaining a rule needs to know of it, whatever was answered: worked out once for a rule set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from screening.cql import Program
from screening.rules import library
from screening.rules.compiled import CompiledRuleSet
from screening.rules.journey import Active
from screening.rules.questionnaire import Item
from screening.rules.ruleset import Rule
from screening.rules.slices import only

REMEMBERED = 2_000
Key = tuple[object, ...]


@dataclass(frozen=True)
class Plan:
    """`items` are those the rule reads, in the order asked; `reads` has those that decide whether these are
    asked as well, and so on. `asked` maps an item to the definition that says so.

    `program` gives the rule, its `doubts` (the contradictions that can block it) and what is in `asked`.
    """

    rule: Rule
    items: tuple[str, ...]
    reads: frozenset[str]
    asked: dict[str, str]
    doubts: tuple[str, ...]
    program: Program
    blank: dict[str, None]
    by_codes: bool
    found: dict[tuple[str, Key], Any] = field(default_factory=dict)

    def key(self, active: Active, as_of: dt.date) -> Key | None:
        """Everything that an explanation of this rule rests on, or None where it is not remembered.

        Answers that are chosen from a list are remembered, nobody's own words, numbers or dates.
        """
        if not self.by_codes:
            return None
        given = [_code(active.answers.get(item_id)) for item_id in sorted(self.reads)]
        if any(code is None for code in given):
            return None
        return (as_of, *given, *(item_id in active.closed for item_id in self.items))

    def remember(self, what: str, key: Key | None, value: Any) -> None:
        if key is not None:
            if len(self.found) >= REMEMBERED:
                self.found.clear()
            self.found[what, key] = value


def _code(value: object) -> object:
    """An answer as part of a key, in which 1, true and "1" differ. None for what is no code."""
    if isinstance(value, list | tuple):
        return tuple(value) if all(type(each) is str and len(each) <= 64 for each in value) else None
    if value is None or type(value) in (bool, int) or (type(value) is str and len(value) <= 64):
        return (type(value), value)
    return None


def plan_of(compiled: CompiledRuleSet, code: str) -> Plan:
    known: dict[str, Plan] = compiled.once.setdefault("plans", {})
    if code not in known:
        known[code] = _plan(compiled, compiled.ruleset.rule(code))
    return known[code]


def _plan(compiled: CompiledRuleSet, rule: Rule) -> Plan:
    direct = compiled.items_read_by(rule.code)
    reads = direct
    while True:
        asked = _conditions(compiled, reads)
        more = reads.union(*(compiled.program.references(name) for name in asked.values()))
        if more == reads:
            break
        reads = more
    doubts: tuple[str, ...] = ()
    if rule.effect == "exclude":
        doubting = [each for each in compiled.ruleset.rules if direct & set(each.blocks)]
        doubts = tuple(library.rule_name(each.code) for each in doubting)
    items = [item for item in compiled.questionnaire.items() if item.id in reads]
    program = only(compiled.library_text, (library.rule_name(rule.code), *doubts, *asked.values()))
    return Plan(
        rule=rule,
        items=tuple(item.id for item in items if item.id in direct),
        reads=reads,
        asked=asked,
        doubts=doubts,
        program=program,
        blank=dict.fromkeys(program.parameters),
        by_codes=all(map(_is_by_codes, items)) and not doubts,
    )


def _conditions(compiled: CompiledRuleSet, items: Iterable[str]) -> dict[str, str]:
    """The definition that says whether an item is asked, for those that are not always asked."""
    names = {item_id: library.asked_name(item_id) for item_id in items}
    return {item_id: name for item_id, name in names.items() if name in compiled.program.types}


def _is_by_codes(item: Item) -> bool:
    """Chosen from a list that the questionnaire gives, so that the answer tells nothing of one's own."""
    return bool(item.options) or item.type in ("boolean", "display")
