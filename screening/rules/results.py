"""What each rule of an evaluation says: its verdict, and of a list what it is true of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from screening.cql import BOOLEAN, STRING, Evaluation, ListType
from screening.rules import library
from screening.rules.assessment import RuleVerdict, Verdict
from screening.rules.compiled import CompiledRuleSet
from screening.rules.ruleset import Rule


@dataclass(frozen=True)
class Result:
    """One rule's answer: a verdict and, for a list, the elements it is true of."""

    rule: Rule
    verdict: Verdict
    elements: tuple[str, ...] | None = None
    some_unknown: bool = False
    tier: int | None = None
    error: str | None = None
    blocked: bool = False

    @cached_property
    def as_verdict(self) -> RuleVerdict:
        rule = self.rule
        return RuleVerdict(rule.code, rule.effect, rule.criterion, self.verdict, self.error, self.blocked)

    @cached_property
    def is_silent(self) -> bool:
        """Whether nothing is found because of it."""
        in_doubt = self.verdict == "unknown" or self.some_unknown
        return (
            self.error is None and self.verdict != "true" and not (in_doubt and self.rule.unknown is not None)
        )


class Names(NamedTuple):
    """The definitions that an assessment asks for: of the rules, the further values and the scores."""

    rules: tuple[str, ...]
    outputs: tuple[str, ...]
    scores: tuple[str, ...]
    all: tuple[str, ...]


def names_of(compiled: CompiledRuleSet) -> Names:
    if "names" not in compiled.once:
        rules = tuple([library.rule_name(rule.code) for rule in compiled.ruleset.rules])
        outputs = tuple([library.output_name(name) for name in compiled.ruleset.outputs])
        scores = tuple([score.id for score in compiled.questionnaire.scores])
        compiled.once["names"] = Names(rules, outputs, scores, (*rules, *outputs, *scores))
    names: Names = compiled.once["names"]
    return names


def results_of(compiled: CompiledRuleSet, evaluation: Evaluation, values: Sequence[Any]) -> list[Result]:
    """What every rule says; `values` begin with theirs. It is the same few things again and again: kept."""
    rules = compiled.ruleset.rules
    if evaluation.errors:
        return [result_of(evaluation, rule) for rule in rules]
    if "results" not in compiled.once:
        compiled.once["results"] = [_kept(compiled, name) for name in names_of(compiled).rules]
    kept = compiled.once["results"]
    results = [known.get(value) for known, value in zip(kept, values, strict=False)]
    if not all(results):
        for place, result in enumerate(results):
            if result is None:
                results[place] = _told(evaluation, rules[place], kept[place], values[place])
    return results


def _kept(compiled: CompiledRuleSet, name: str) -> dict[Any, Result]:
    """A rule of no certain type may say 1, which Python takes for true: nothing of it is kept."""
    return {} if compiled.program.types[name] in (BOOLEAN, ListType(STRING)) else _Nothing()


class _Nothing(dict[Any, "Result"]):
    def get(self, _key: object, _default: object = None) -> None:  # type: ignore[override]
        return None


def _told(evaluation: Evaluation, rule: Rule, known: dict[Any, Result], value: object) -> Result:
    """Kept unless it goes by the answer, as a tier may, or holds somebody's own words, as a list may."""
    result = result_of(evaluation, rule)
    if (result.elements is None or value == ()) and result.tier in (None, rule.tier):
        known[value] = result
    return result


def result_of(evaluation: Evaluation, rule: Rule) -> Result:
    """An expression that failed, itself or in a definition it needs, is null and has its error beside it."""
    name = library.rule_name(rule.code)
    value = evaluation[name]
    error = evaluation.errors.get(name)
    if isinstance(value, bool):
        verdict: Verdict = "true" if value else "false"
        elements, some_unknown = None, False
    elif isinstance(value, tuple):
        elements = tuple(dict.fromkeys(str(element) for element in value if element is not None))
        some_unknown = any(element is None for element in value)
        verdict = "true" if elements else "unknown" if some_unknown else "false"
    else:
        verdict, elements, some_unknown = "unknown", None, False
        if value is not None and error is None:
            error = "The rule is neither true, false, unknown nor a list."
    tier = _tier(evaluation, rule) if rule.effect == "urgent" and verdict == "true" else None
    return Result(rule, verdict, elements, some_unknown, tier, error)


def _tier(evaluation: Evaluation, rule: Rule) -> int:
    """The tier of a positive red flag. Where none can be told it is the gravest, never none."""
    if rule.tier is not None:
        return rule.tier
    tier = evaluation[library.tier_name(rule.code)]
    return tier if isinstance(tier, int) else 1
