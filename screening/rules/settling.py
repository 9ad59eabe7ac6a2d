"""Which questions would settle a rule that is unknown, found by trying.

A blank question is named when some answer to it would turn the rule into a yes or a no. When no single answer
can, all blank questions that the rule reads are named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from screening.rules.candidates import changes
from screening.rules.compiled import CompiledRuleSet
from screening.rules.journey import Active
from screening.rules.plans import Plan
from screening.rules.trials import told_of

# The questions, and those of them that stand in an entry: (group, place, question).
Settling = tuple[tuple[str, ...], tuple[tuple[str, int, str], ...]]


def settling(compiled: CompiledRuleSet, active: Active, plan: Plan, as_of: dt.date) -> Settling:
    items: dict[str, None] = {}
    inside: dict[tuple[str, int, str], None] = {}
    tried: dict[str, list[Any]] = {}
    known = {item_id: active.values.get(item_id) for item_id in plan.reads}
    open_reads = [item_id for item_id in plan.items if item_id not in active.closed]
    for item_id in open_reads:
        item = plan.questions[item_id]
        for change in changes(compiled.journey, active, item, as_of, partial(plan.reads_inside, item_id)):
            if change.place is None:
                if item_id in tried and not plan.tells_apart(item):
                    break  # one answer to it is as good as another
                tried.setdefault(item_id, []).append(change.value)
            if change.place in inside or (change.place is None and item_id in items):
                continue
            if _settled(plan, {**known, change.item: change.value}, as_of):
                items[item_id] = None
                if change.place is not None:
                    inside[change.place] = None
    if items:
        return tuple(items), tuple(inside)
    return _together(plan, known, tried, as_of) or _groups(plan, open_reads), ()


def _together(
    plan: Plan, known: Mapping[str, Any], tried: Mapping[str, list[Any]], as_of: dt.date
) -> tuple[str, ...]:
    """All blank questions, when no single one settles the rule but all of them at once do."""
    for place in range(max(map(len, tried.values()), default=0)):
        at_once = {item_id: values[min(place, len(values) - 1)] for item_id, values in tried.items()}
        if _settled(plan, {**known, **at_once}, as_of):
            return tuple(tried)
    return ()


def _groups(plan: Plan, reads: list[str]) -> tuple[str, ...]:
    """Nothing blank would help: what was said in the entries themselves has to be looked at again."""
    return tuple(item_id for item_id in reads if plan.questions[item_id].type == "group")


def _settled(plan: Plan, values: Mapping[str, Any], as_of: dt.date) -> bool:
    (value,) = told_of(plan.program, (plan.name,), values, as_of)
    if plan.rule.effect == "more_info":
        return value is False or value == ()
    return value is not None and not (isinstance(value, tuple) and None in value)
