"""Past documents as if they were sent today, for trying other rules on them.

A red flag stands with the tier that it was raised with, whatever the rules say later. Judged with it, other
rules would seem to change nothing about exactly those answers that matter most. So a flag that the present
answer raises by itself is left to the rules; one that came from an earlier answer stands as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from screening.cql.columns import Coded
from screening.rules.base import key_text
from screening.rules.packed import Pack
from screening.rules.ruleset import Row, RuleSet

Raised = Mapping[str, Mapping[str, int]]


def raised_by(ruleset: RuleSet) -> Raised:
    """For each question the answers that are urgent by a row, with the tier."""
    found: dict[str, dict[str, int]] = {}
    for rule in ruleset.rules:
        if rule.effect == "urgent" and isinstance(rule.when, Row):
            tiers = found.setdefault(rule.when.question, {})
            for answer in rule.when.answers:
                tier = rule.when.tier_of(answer) or rule.tier or 0
                tiers[answer] = min(tier, tiers.get(answer, tier))
    return found


def still_standing(
    standing: list[Any], cleared: list[Any], answers: Mapping[str, Any], raised: Raised
) -> list[list[Any]]:
    """The flags that the present answers do not raise by themselves."""
    done = {(item, answer) for item, answer in cleared}
    left = []
    for item, tier in standing:
        given = answers.get(item)
        own = [
            raised[item][text]
            for value in (given if isinstance(given, list) else [given])
            if item in raised and (text := key_text(value)) in raised[item] and (item, text) not in done
        ]
        if not own or min(own) > tier:
            left.append([item, tier])
    return left


def anew(pack: Pack, raised: Raised) -> Pack:
    """The same answers, without the flags that they raise by themselves."""
    values, codes = list(pack.standing.values), pack.standing.codes.copy()
    known: dict[str, int] = {}
    for row in np.flatnonzero(pack.standing.where(bool)).tolist():
        flags = pack.standing.values[codes[row]]
        answers = {item: _answer(pack, item, row) for item, _tier in flags}
        left = still_standing(flags, pack.cleared.values[pack.cleared.codes[row]] or [], answers, raised)
        if left == flags:
            continue
        code = known.get(repr(left))
        if code is None:
            code = known[repr(left)] = len(values)
            values.append(left)
        codes[row] = code
    return replace(pack, standing=Coded(codes, values))


def _answer(pack: Pack, item: str, row: int) -> Any:
    column = pack.answers.get(item)
    return None if column is None else column.values[column.codes[row]]
