"""Made-up answer documents for measuring and comparing: the same ones for the same seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.definition import Item, Questionnaire, RuleSet

ROOT = Path(__file__).resolve().parents[1]
DAY = dt.date(2026, 6, 15)
BLANK, CHANGED, FLAGGED = 0.03, 0.15, 0.01  # left out; drawn anew; the same of a red flag
NAMES = ("naproxen", "gabapentin", "Tramadol 50mg", "amitriptyline", "physiotherapy", "apomorphine")


@cache
def definitions() -> tuple[dict[str, Any], dict[str, Any]]:
    """The default questionnaire and rule set as plain data."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    files = ("questionnaires/pain-intake.yml", "rulesets/pain-eligibility.yml")
    questionnaire, ruleset = (yaml.load((ROOT / "seed" / file).read_text("utf-8"), loader) for file in files)
    return questionnaire, ruleset


@cache
def default_rules() -> CompiledRuleSet:
    questionnaire, ruleset = definitions()
    return compile_ruleset(Questionnaire.model_validate(questionnaire), RuleSet.model_validate(ruleset))


def documents(
    compiled: CompiledRuleSet, count: int, *, seed: int = 1, blank: float = BLANK
) -> Iterator[dict[str, Any]]:
    """Someone who meets every criterion, with some answers drawn anew and some left out."""
    draw = random.Random(seed)
    items = [item for item in compiled.questionnaire.items() if item.holds_an_answer]
    vocabulary = [str(row["word"]) for row in compiled.ruleset.tables["interactions"].rows]
    vocabulary += [str(row["word"]) for row in compiled.ruleset.tables["sedating_pairs"].rows]
    words = {"meds": [*vocabulary, *NAMES], "name": NAMES}
    baseline: Mapping[str, Any] = compiled.ruleset.baseline or {}
    for _ in range(count):
        document: dict[str, Any] = {}
        for item in items:
            chance = draw.random()
            if chance < blank:
                continue
            if chance < blank + (FLAGGED if item.advice else CHANGED) or item.type == "group":
                value = _answer(draw, item, words, blank)
            else:
                value = baseline.get(item.id)
            if value is not None:
                document[item.id] = value
        yield document


def _answer(draw: random.Random, item: Item, words: Mapping[str, Any], blank: float) -> Any:
    if item.type == "group":
        inner = [each for each in item.items if each.holds_an_answer]
        entries = []
        for _ in range(draw.choice((0, 1, 1, 2, 2, 2, 3, 4))):
            drawn = {each.id: _answer(draw, each, words, blank) for each in inner if draw.random() >= blank}
            entries.append({name: value for name, value in drawn.items() if value is not None})
        return entries
    if item.repeats or item.type == "attachment":
        return [_single(draw, item, words) for _ in range(draw.choice((0, 0, 1, 1, 2, 3)))]
    return _single(draw, item, words)


def _single(draw: random.Random, item: Item, words: Mapping[str, Any]) -> Any:
    match item.type:
        case "choice":
            return draw.choice(item.options).code
        case "boolean":
            return draw.random() < 0.5
        case "integer":
            if item.options:
                return int(draw.choice(item.options).code)
            low, high = int(item.min or 0), int(item.max if item.max is not None else 100)
            return draw.randint(low, min(high, low + 60))
        case "decimal":
            return str(draw.randint(int(item.min or 0), int(item.max or 100)))
        case "date":
            day = DAY - dt.timedelta(days=draw.choice((draw.randint(0, 200), draw.randint(0, 25_000))))
            shortest = {"day": 10, "month": 7, "year": 4}[item.precision]
            return day.isoformat()[: draw.choice((10, shortest))]
        case _:
            return draw.choice(words.get(item.id, NAMES))
