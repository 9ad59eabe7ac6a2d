"""Worked cases: run them against a rule set and say, for each, what matches and what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from screening.rules.answers import Answers
from screening.rules.assess import assess
from screening.rules.assessment import Assessment, plain
from screening.rules.compiled import CompiledRuleSet
from screening.rules.ruleset import Case, CaseFile


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a case that is not as expected, both sides in words."""

    field: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    case: Case
    assessment: Assessment
    matches: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def run_cases(compiled: CompiledRuleSet, file: CaseFile) -> tuple[CaseResult, ...]:
    return tuple(run_case(compiled, file, case) for case in file.cases)


def answers_of(file: CaseFile, case: Case) -> Answers:
    """The baseline with this case's answers in place; a null leaves the question blank."""
    return {**file.baseline, **case.answers}


def run_case(compiled: CompiledRuleSet, file: CaseFile, case: Case) -> CaseResult:
    as_of: dt.date = case.assessed_on or file.assessed_on
    result = assess(compiled, answers_of(file, case), as_of=as_of, standing_red_flags=case.standing_red_flags)
    expect = case.expect
    matches: list[str] = []
    differences: list[Difference] = []

    def compare(field: str, expected: Any, actual: Any) -> None:
        if expected == actual:
            matches.append(field)
        else:
            differences.append(Difference(field, _words(expected), _words(actual)))

    compare("outcome", expect.outcome, result.outcome)
    compare("underlying", expect.underlying, result.underlying)
    compare("tier", expect.tier, result.tier)
    compare("urgent", set(expect.urgent), _codes(result.urgent))
    compare("codes", set(expect.codes), set(result.codes))
    compare("cautions", set(expect.cautions), _codes(result.cautions))
    compare("senior_review", expect.senior_review, result.senior_review)
    compare("recheck_on", expect.recheck_on, result.recheck_on)
    if expect.notes is not None:
        compare("notes", set(expect.notes), _codes(result.notes))
    for name, value in expect.outputs.items():
        actual = {**result.scores, **result.outputs}.get(name)
        compare(name, _like(actual, value), actual if isinstance(actual, Decimal) else plain(actual))
    differences.extend(
        Difference(problem.item, "a value that fits the question", problem.sentence)
        for problem in result.problems
    )
    return CaseResult(case, result, tuple(matches), tuple(differences))


def _like(actual: Any, expected: Any) -> Any:
    """What a file expects as what the rules say: there 3 may be a decimal, and 6.3 be written as text."""
    if isinstance(actual, Decimal):
        try:
            return Decimal(str(expected))
        except InvalidOperation:
            return expected
    return plain(expected)


def _codes(findings: Iterable[Any]) -> set[str]:
    return {finding.code for finding in findings}


def _words(value: Any) -> str:
    if isinstance(value, set):
        return ", ".join(sorted(value)) or "none"
    return "none" if value is None else str(plain(value))
