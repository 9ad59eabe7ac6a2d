"""What the rules say of very many documents: each rule is looked at once for each value that it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from screening.cql import Evaluation
from screening.cql.columnar import Columnar
from screening.cql.columns import Coded, Column, Mask, computed
from screening.cql.grouping import grouped
from screening.cql.values import hand_out
from screening.rules import library
from screening.rules.assess import OUTCOME_OF, Found, is_cleared
from screening.rules.assessment import Finding
from screening.rules.compiled import CompiledRuleSet
from screening.rules.judged import OUTCOMES, Judged
from screening.rules.results import Result, result_of
from screening.rules.ruleset import Row, Rule

_NONE = -1  # of the results of a rule: the row has none of them


class Said:
    """What the rules say of the rows, entered into `judged`."""

    def __init__(
        self,
        compiled: CompiledRuleSet,
        columns: Columnar,
        judged: Judged,
        raw: Mapping[str, Column],
        cleared: Coded,
    ) -> None:
        self._compiled = compiled
        self._columns = columns
        self._judged = judged
        self._raw = raw
        pairs = [frozenset((item, answer) for item, answer in each or ()) for each in cleared.values]
        self._cleared = Coded(cleared.codes, pairs)
        self._true: dict[str, Mask] = {}

    def by_rules(self) -> None:
        """Contradictions first, since an exclusion that rests on an answer in doubt is unknown."""
        rules = self._compiled.ruleset.rules
        for rule in sorted(rules, key=lambda rule: not rule.blocks):
            self._by_rule(rule)

    def _by_rule(self, rule: Rule) -> None:
        names = [library.rule_name(rule.code), library.tier_name(rule.code)]
        present = [name for name in names if name in self._columns.reading.program.definitions]
        values = [self._columns.column(name).boxed() for name in present]
        numbers, first = grouped(values, self._judged.size)
        rows = zip(*(column.take(first).listed() for column in values), strict=True)
        results = [result_of(_one(dict(zip(present, row, strict=True))), rule) for row in rows]
        true = np.array([result.verdict == "true" for result in results], np.bool_)[numbers]
        if rule.blocks:
            self._true[rule.code] = true
        if rule.effect == "exclude" and (blocked := self._blocked(rule)).any():
            self._enter([Result(rule, "unknown")], np.where(true & blocked, 0, _NONE))
            numbers = np.where(true & blocked, _NONE, numbers)
        if rule.effect == "urgent" and any(self._cleared.values):
            numbers = np.where(self._dealt_with(results, numbers), _NONE, numbers)
        self._enter(results, numbers)

    def _dealt_with(self, results: list[Result], numbers: Any) -> Mask:
        """Where a clinician has cleared the answer that makes the flag urgent."""
        rule = results[0].rule
        items = (
            [rule.when.question] if isinstance(rule.when, Row) else self._compiled.items_read_by(rule.code)
        )
        read = [self._raw[item].boxed() for item in items if item in self._raw]

        def dealt_with(result: Result, cleared: frozenset[tuple[str, str]], *values: Any) -> bool:
            answers = dict(zip(items, values, strict=True))
            return bool(cleared) and is_cleared(self._compiled, result, answers, cleared)

        if len(items) != 1 or not read:
            return np.zeros(self._judged.size, np.bool_)
        found = computed(dealt_with, [Coded(numbers, [*results]), self._cleared, *read], self._judged.size)
        return found.true

    def _blocked(self, rule: Rule) -> Mask:
        reads = self._compiled.items_read_by(rule.code)
        blocked = np.zeros(self._judged.size, np.bool_)
        for other in self._compiled.ruleset.rules:
            if reads.intersection(other.blocks) and other.code in self._true:
                blocked |= self._true[other.code]
        return blocked

    def _enter(self, results: list[Result], numbers: Any) -> None:
        """`numbers` says which result each row has."""
        with_code: dict[str, list[int]] = defaultdict(list)
        grave: dict[int, list[int]] = defaultdict(list)
        tiers: dict[int, list[int]] = defaultdict(list)
        for place, result in enumerate(results):
            for finding in _findings(result):
                with_code[finding.code].append(place)
                if finding.tier is not None:
                    tiers[finding.tier].append(place)
                elif finding.effect in OUTCOME_OF:
                    grave[OUTCOMES.index(OUTCOME_OF[finding.effect])].append(place)

        def rows(places: list[int]) -> Mask:
            wanted = np.zeros(len(results) + 1, np.bool_)  # the last is for none
            wanted[places] = True
            mask: Mask = wanted[numbers]
            return mask

        for code, places in with_code.items():
            self._judged.found(code, rows(places))
        for outcome, places in grave.items():
            self._judged.at_least(outcome, rows(places))
        for tier, places in tiers.items():
            self._judged.urgent(tier, rows(places))


class _One:
    """One row's values as an evaluation hands them out. Rows with errors are judged by themselves."""

    errors: Mapping[str, str] = MappingProxyType({})

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return hand_out(self._values[name])


def _one(values: Mapping[str, Any]) -> Evaluation:
    return cast("Evaluation", _One(values))


def _findings(result: Result) -> tuple[Finding, ...]:
    found = Found()
    found.add_result(result)
    return found.all()
