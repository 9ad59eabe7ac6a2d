"""The parts that quick judging is made of: rules that read the same questions, and what they say together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from screening.cql import Program
from screening.cql.tree import Operation
from screening.rules import library
from screening.rules.assess import OUTCOME_OF, Found
from screening.rules.assessment import SEVERITY
from screening.rules.compiled import CompiledRuleSet
from screening.rules.questionnaire import Item
from screening.rules.ruleset import Row, RuleSet
from screening.rules.slices import only

REMEMBERED = 20_000
NOTHING, MISSING, URGENT = SEVERITY["flagged_review"], SEVERITY["more_info"], SEVERITY["urgent"]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What an excluding rule says, and what is left of it when an answer that it reads is in doubt."""

    reads: frozenset[str]
    codes: frozenset[str]
    severity: int
    blocked_codes: frozenset[str]
    blocked_severity: int


@dataclass(frozen=True, slots=True)
class Said:
    """What some rules say together. Most say nothing, and that is None."""

    codes: frozenset[str]
    severity: int
    tier: int | None
    blocks: frozenset[str]
    exclusions: tuple[Exclusion, ...]


class Part:
    """Definitions that read the same items: their program and what it gave so far."""

    def __init__(self, compiled: CompiledRuleSet, names: Iterable[str], reads: Iterable[str]) -> None:
        self.program: Program = only(compiled.library_text, tuple(names))
        self.reads = tuple(sorted(reads))
        self.by_day = reads_today(self.program)
        self.known: dict[Any, Any] = {}

    def key(self, keys: Mapping[str, Any], as_of: dt.date) -> Any:
        found: Any = tuple([keys.get(item_id) for item_id in self.reads])
        return (as_of, found) if self.by_day else found

    def remember(self, key: Any, said: Any) -> None:
        if len(self.known) >= REMEMBERED:
            self.known.clear()
        self.known[key] = said


def summed(found: Found) -> tuple[frozenset[str], int]:
    """The codes, and how grave the gravest is that is no red flag."""
    findings = found.all()
    outcomes = [OUTCOME_OF[f.effect] for f in findings if f.effect in OUTCOME_OF and f.effect != "urgent"]
    severity = max((SEVERITY[outcome] for outcome in outcomes), default=NOTHING)
    return frozenset(finding.code for finding in findings), severity


def read_by_entries(group: Item) -> list[str]:
    """The questions inside an entry that decide which others are asked."""
    _, program = library.compiled(library.entry_fragments(group))
    names = [library.asked_name(item.id) for item in group.items if item.show_when is not None]
    return sorted(frozenset[str]().union(*map(program.references, names)))


def graver(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def reads_today(program: Program) -> bool:
    bodies = [program.tree(name) for name in program.definitions]
    bodies += [function.expression for function in program.functions.values()]
    return any(
        isinstance(node, Operation) and node.symbol == "today" for body in bodies for node in body.walk()
    )


def has_shared_codes(ruleset: RuleSet) -> bool:
    """Whether the code of one rule could be what another raises with another effect: then order matters."""
    raised = {rule.unknown for rule in ruleset.rules if rule.unknown is not None}
    others = [rule.code for rule in ruleset.rules if rule.effect not in ("more_info", "contradiction")]
    lists = tuple(f"{rule.code}:" for rule in ruleset.rules if rule.when and not isinstance(rule.when, Row))
    return any(
        code in raised or any(code.startswith(prefix) for prefix in lists if prefix != f"{code}:")
        for code in others
    )
