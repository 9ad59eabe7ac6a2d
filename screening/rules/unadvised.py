"""Answers that a rule calls urgent, and that no advice follows: a made-up person who would be left alone.

A row names its answers, so `lint_rules` says of each whether it has advice. What an expression comes to is
found by trying (`firing`): the first answers that make it true while none of them leads to advice are told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from screening.rules import library
from screening.rules.advice import advice_for
from screening.rules.candidates import as_stored
from screening.rules.compiled import CompiledRuleSet
from screening.rules.firing import TOO_MANY, Room, day_of, is_true, ways
from screening.rules.remarks import Remark, error, warning
from screening.rules.ruleset import Row, Rule


def unadvised(compiled: CompiledRuleSet) -> Iterator[Remark]:
    day, room = day_of(compiled.ruleset.assessed_on), Room()
    for rule in compiled.ruleset.rules:
        if rule.effect == "urgent" and not isinstance(rule.when, Row):
            yield from _of_rule(compiled, rule, day, room)


def _of_rule(compiled: CompiledRuleSet, rule: Rule, day: dt.date, room: Room) -> Iterator[Remark]:
    place, skipped = f"rule {rule.code}", False
    name = library.rule_name(rule.code)
    for values, value in ways(compiled.library_text, name, compiled.questionnaire, day, room):
        if value is TOO_MANY:
            skipped = True
        elif is_true(value) and (said := _alone(compiled, rule, values, day, room)):
            yield error("no-advice", place, f"Nobody would read advice who answers {said}.")
            return
    if skipped:
        sentence = "Too many answers could make it true: not checked whether advice follows each of them."
        yield warning("not-checked", place, sentence)


def _alone(compiled: CompiledRuleSet, rule: Rule, values: Mapping[str, Any], day: dt.date, room: Room) -> str:
    """These answers in words, where somebody can give them, they are urgent, and none has advice."""
    given = {name: as_stored(value) for name, value in values.items() if value is not None}
    active = compiled.journey.active(given, day)
    evaluation = room.evaluation(compiled.program, active.values, day)
    if not is_true(evaluation[library.rule_name(rule.code)]):
        return ""
    if any(advice_for(page, active.answers) for page in compiled.questionnaire.pages):
        return ""
    return ", ".join(f"{name}: {_said(value)}" for name, value in active.answers.items()) or "nothing"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) or "none" if isinstance(value, list | tuple) else str(value)
