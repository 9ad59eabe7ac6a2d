"""The judgement in short, for very many documents: outcome, tier and codes, and nothing else.

It says exactly what `assess` says, by another way. Most rules read one or two questions, and there are few
answers to those: so the rules that read the same questions are a small library of their own, evaluated once
for each combination of answers and looked up from then on. What does not fit this scheme is judged by
`assess` itself. What is remembered is bounded, so memory stays flat.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from screening.rules import library
from screening.rules.answers import Answers, typed_item
from screening.rules.assess import Found, Result, assess, result_of
from screening.rules.assessment import SEVERITY, Assessment, Finding
from screening.rules.compiled import CompiledRuleSet
from screening.rules.questionnaire import Item
from screening.rules.quick_parts import (
    MISSING,
    NOTHING,
    REMEMBERED,
    Exclusion,
    Part,
    Said,
    graver,
    has_shared_codes,
    read_by_entries,
    summed,
)
from screening.rules.ruleset import Outcome, Row, Rule

OUTCOMES: Mapping[int, Outcome] = {severity: outcome for outcome, severity in SEVERITY.items()}


class Short(NamedTuple):
    """A judgement without its reasons. `codes` are those of all findings."""

    outcome: Outcome
    underlying: Outcome
    tier: int | None
    codes: frozenset[str]

    @classmethod
    def of(cls, assessment: Assessment) -> Short:
        codes = frozenset(finding.code for finding in assessment.findings)
        return cls(assessment.outcome, assessment.underlying, assessment.tier, codes)


class Quick:
    """A rule set ready to judge many documents. It keeps what it has seen, so one for each process."""

    def __init__(self, compiled: CompiledRuleSet) -> None:
        self._compiled = compiled
        self._always_slow = has_shared_codes(compiled.ruleset)
        self._rules = {library.rule_name(rule.code): rule for rule in compiled.ruleset.rules}
        self._outputs = {library.output_name(name): name for name in compiled.ruleset.outputs}
        items = {item.id: item for item in compiled.questionnaire.items() if item.holds_an_answer}
        self._judged = frozenset[str]().union(*compiled.reads.values())
        asked = (library.asked_name(item_id) for item_id in items)
        needed = self._judged.union(*(self._reads(name) for name in asked))
        self._items = {item_id: item for item_id, item in items.items() if item_id in needed}
        groups = [item for item in self._items.values() if item.type == "group"]
        self._inside = {group.id: [i for i in group.items if i.holds_an_answer] for group in groups}
        self._entry_reads = {group.id: read_by_entries(group) for group in groups}
        self._entry_closed: dict[str, dict[Any, dict[str, None]]] = {group.id: {} for group in groups}
        self._typed: dict[int, dict[Any, tuple[Any, Any, bool]]] = defaultdict(dict)
        self._conditions = self._condition_parts(list(items))
        self._parts = self._rule_parts()
        self._asking = {
            rule.when.question: rule.code
            for rule in reversed(compiled.ruleset.rules)
            if rule.effect == "urgent" and isinstance(rule.when, Row)
        }

    def judge(
        self,
        answers: Answers,
        *,
        as_of: dt.date,
        standing_red_flags: Iterable[tuple[str, int]] = (),
        cleared: Collection[tuple[str, str]] = (),
    ) -> Short:
        read = None if self._always_slow or cleared else self._read(answers, as_of)
        if read is None:
            return Short.of(
                assess(
                    self._compiled,
                    answers,
                    as_of=as_of,
                    standing_red_flags=standing_red_flags,
                    cleared=cleared,
                )
            )
        values, keys, doubtful = read
        said = [each for part in self._parts if (each := self._said(part, values, keys, as_of)) is not None]
        return self._together(said, doubtful, standing_red_flags)

    # --- what was answered ----------------------------------------------------------------------

    def _read(
        self, answers: Answers, as_of: dt.date
    ) -> tuple[dict[str, Any], dict[str, Any], list[str]] | None:
        """Values, keys to look them up by, and items in doubt; None when `assess` has to do it."""
        values: dict[str, Any] = {}
        keys: dict[str, Any] = {}
        doubtful: list[str] = []
        active: dict[str, Any] = {}
        for item_id, item in self._items.items():
            raw = answers.get(item_id)
            if raw is None:
                continue
            if item.type == "group":
                group = self._group(item, raw, as_of)
                if group is None:
                    return None
                values[item_id], active[item_id], keys[item_id], fits = group
            else:
                values[item_id], keys[item_id], fits = self._value(item, raw)
            if not fits and item_id in self._judged:
                doubtful.append(item_id)
        for part, names in self._conditions:
            key = part.key(keys, as_of)
            closed = part.known.get(key)
            if closed is None:
                evaluation = part.program.evaluate(values, today=as_of)
                closed = tuple(item for item in names if evaluation[library.asked_name(item)] is False)
                part.remember(key, closed)
            for item_id in closed:
                if values.pop(item_id, None) is not None:
                    keys[item_id] = None
                    active.pop(item_id, None)
                if item_id in doubtful:
                    doubtful.remove(item_id)
        values.update(active)
        return values, keys, doubtful

    def _value(self, item: Item, raw: Any) -> tuple[Any, Any, bool]:
        key = raw if type(raw) is str else repr(raw)
        known = self._typed[id(item)]
        place = key if type(raw) is str else (type(raw), key)
        found = known.get(place)
        if found is None:
            value, fits = typed_item(item, raw)
            found = (value, None if value is None else key, fits)
            if len(known) >= REMEMBERED:
                known.clear()
            known[place] = found
        return found

    def _group(self, group: Item, raw: Any, as_of: dt.date) -> tuple[Any, Any, Any, bool] | None:
        """All entries as the conditions see them, and without their closed questions as the rules do."""
        if not group.repeats or type(raw) is not list:
            return None
        whole, active, keys, fit = [], [], [], True
        for entry in raw:
            if type(entry) is not dict:
                return None
            values: dict[str, Any] = {}
            for inner in self._inside[group.id]:
                given = entry.get(inner.id)
                values[inner.id] = None
                if given is not None:
                    values[inner.id], _, fits = self._value(inner, given)
                    fit = fit and fits
            fit = fit and values.keys() >= entry.keys()
            closed = self._closed_inside(group.id, entry, values, as_of)
            whole.append(values)
            active.append({**values, **closed} if closed else values)
            keys.append(repr(entry))
        return whole, active, tuple(keys), fit

    def _closed_inside(
        self, group_id: str, entry: Mapping[str, Any], values: Mapping[str, Any], as_of: dt.date
    ) -> Mapping[str, None]:
        """The questions that are not asked in this entry, each with no value."""
        reads, known = self._entry_reads[group_id], self._entry_closed[group_id]
        key = (as_of, *[values[item_id] for item_id in reads])
        closed = known.get(key)
        if closed is None:
            asked = {item.id for item in self._compiled.journey.items_of_entry(group_id, entry, as_of)}
            closed = dict.fromkeys(name for name in values if name not in asked)
            if len(known) >= REMEMBERED:
                known.clear()
            known[key] = closed
        return closed

    # --- what the rules say ---------------------------------------------------------------------

    def _said(self, part: Part, values: dict[str, Any], keys: dict[str, Any], as_of: dt.date) -> Said | None:
        key = part.key(keys, as_of)
        try:
            return part.known[key]  # type: ignore[no-any-return]
        except KeyError:
            pass
        evaluation = part.program.evaluate(values, today=as_of)
        found, exclusions, blocks = Found(), [], set[str]()
        for name in part.program.definitions:
            if name in self._outputs and name in evaluation.errors:
                output = self._outputs[name]
                found.add(Finding(f"INF_ERROR:{output}", output, "more_info"))
            rule = self._rules.get(name)
            if rule is None:
                continue
            result = result_of(evaluation, rule)
            if rule.effect == "exclude" and result.verdict == "true":
                exclusions.append(self._exclusion(rule, result))
                continue
            found.add_result(result)
            if result.verdict == "true":
                blocks.update(rule.blocks)
        said = None
        if found.all() or exclusions:
            codes, severity = summed(found)
            tiers = [finding.tier for finding in found.of("urgent") if finding.tier is not None]
            tier = min(tiers, default=None)
            said = Said(codes, severity, tier, frozenset(blocks), tuple(exclusions))
        part.remember(key, said)
        return said

    def _exclusion(self, rule: Rule, result: Result) -> Exclusion:
        plain, blocked = Found(), Found()
        plain.add_result(result)
        blocked.add_result(Result(rule, "unknown", error=result.error, blocked=True))
        return Exclusion(self._compiled.items_read_by(rule.code), *summed(plain), *summed(blocked))

    def _together(self, said: list[Said], doubtful: list[str], standing: Iterable[tuple[str, int]]) -> Short:
        codes: set[str] = set()
        severity, tier = NOTHING, None
        blocked = frozenset[str]().union(*(each.blocks for each in said))
        for each in said:
            codes |= each.codes
            severity = max(severity, each.severity)
            tier = graver(tier, each.tier)
            for exclusion in each.exclusions:
                is_blocked = bool(blocked) and not blocked.isdisjoint(exclusion.reads)
                codes |= exclusion.blocked_codes if is_blocked else exclusion.codes
                severity = max(severity, exclusion.blocked_severity if is_blocked else exclusion.severity)
        for item_id in doubtful:
            codes.add(f"INF_ANSWER:{item_id}")
            severity = max(severity, MISSING)
        for item_id, standing_tier in standing:
            codes.add(self._asking.get(item_id, item_id))
            tier = graver(tier, standing_tier)
        underlying = OUTCOMES[severity]
        return Short("urgent" if tier is not None else underlying, underlying, tier, frozenset(codes))

    # --- the parts ------------------------------------------------------------------------------

    def _reads(self, name: str) -> frozenset[str]:
        """The items that a definition reads; none where there is no such definition."""
        program = self._compiled.program
        if name not in program.definitions:
            return frozenset()
        return frozenset(program.references(name))

    def _condition_parts(self, order: list[str]) -> list[tuple[Part, tuple[str, ...]]]:
        """Conditions by what they read, each after those that may close what it reads."""
        place = {item_id: number for number, item_id in enumerate(order)}
        together: dict[frozenset[str], list[str]] = defaultdict(list)
        for item_id in self._items:
            name = library.asked_name(item_id)
            if name in self._compiled.program.definitions:
                together[self._reads(name)].append(item_id)
        ordered = sorted(together.items(), key=lambda pair: max(map(place.__getitem__, pair[0]), default=-1))
        return [
            (Part(self._compiled, map(library.asked_name, names), reads), tuple(names))
            for reads, names in ordered
        ]

    def _rule_parts(self) -> list[Part]:
        """Rules by what they read; those that read entries of a group are together, since few are alike."""
        groups = {item_id for item_id, item in self._items.items() if item.type == "group"}
        together: dict[frozenset[str], list[str]] = defaultdict(list)
        for name in (*self._rules, *self._outputs):
            reads = self._reads(name)
            together[frozenset(groups) if reads & groups else reads].append(name)
        parts = []
        for names in together.values():
            tiers = [library.tier_name(self._rules[name].code) for name in names if name in self._rules]
            names = [*names, *(tier for tier in tiers if tier in self._compiled.program.definitions)]
            reads = frozenset[str]().union(*map(self._reads, names))
            parts.append(Part(self._compiled, names, reads))
        return parts
