"""Worked cases, read by a clinician, run by us."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from screening.rules.definition import CaseFile
from screening.rules.vignettes import CaseResult, run_case, run_cases
from tests.rules.content import CASES, ROOT, own_cases, read, shipped

FILES = sorted(CASES.glob("*.yml"))


def _told(result: CaseResult) -> str:
    return "; ".join(f"{d.field}: expected {d.expected}, got {d.actual}" for d in result.differences)


@pytest.mark.parametrize("case", own_cases().cases, ids=lambda case: case.id)
def test_the_rule_set_gives_what_its_own_cases_expect(case: object) -> None:
    file = own_cases()
    result = run_case(shipped(), file, next(c for c in file.cases if c == case))
    assert result.passed, _told(result)


def test_the_rule_set_carries_the_twelve_worked_cases() -> None:
    assert [case.id for case in own_cases().cases] == [f"O{number:02d}" for number in range(1, 13)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_vignette_is_exact(path: Path) -> None:
    results = run_cases(shipped(), CaseFile.model_validate(read(path)))
    assert results, "a file without cases proves nothing"
    failed = [f"{result.case.id} {_told(result)}" for result in results if not result.passed]
    assert not failed, "\n".join(failed)


def test_vignettes_are_many_and_each_says_why() -> None:
    cases = [case for path in FILES for case in CaseFile.model_validate(read(path)).cases]
    assert len(cases) >= 60
    assert [case.id for case in cases if not case.why] == []


def test_every_rule_is_true_in_some_vignette_and_false_in_another() -> None:
    """A rule that no case turns on, or that no case leaves off, is a rule nobody has looked at."""
    verdicts: dict[str, set[str]] = {rule.code: set() for rule in shipped().ruleset.rules}
    for file in [own_cases(), *(CaseFile.model_validate(read(path)) for path in FILES)]:
        for result in run_cases(shipped(), file):
            for verdict in result.assessment.verdicts:
                verdicts[verdict.code].add(verdict.verdict)
    assert {code for code, seen in verdicts.items() if "true" not in seen} == set()
    assert {code for code, seen in verdicts.items() if "false" not in seen} == set()


def test_the_reference_file_of_worked_cases_is_exact_where_there_is_one() -> None:
    path = Path(os.environ.get("WORKED_CASES", ROOT.parent / "shared/reference/worked-cases.yml"))
    if not path.exists():
        pytest.skip("no worked cases beside the repository; name a file with WORKED_CASES")
    results = run_cases(shipped(), CaseFile.model_validate(read(path)))
    assert len(results) == 12
    assert [f"{r.case.id} {_told(r)}" for r in results if not r.passed] == []


def test_a_case_that_expects_something_else_is_told_field_by_field() -> None:
    file = own_cases()
    content = file.cases[0].model_dump()
    content["expect"]["outcome"] = "urgent"
    content["expect"]["codes"] = ["EXC_AGE"]
    content["answers"] = {"no_such_question": "x"}
    wrong = CaseFile.model_validate({**file.model_dump(), "cases": [content]})
    (result,) = run_cases(shipped(), wrong)
    told = {d.field: (d.expected, d.actual) for d in result.differences}
    assert told["outcome"] == ("urgent", "flagged_review")
    assert told["codes"] == ("EXC_AGE", "none")
    assert "no_such_question" in told
    assert "underlying" in result.matches


@pytest.mark.parametrize(
    ("expected", "is_met"),
    [(6, False), (6.3, False), (7, True), (7.0, True), ("7.0", True), ("much", False), (None, False)],
)
def test_a_number_in_a_file_is_the_decimal_that_the_rules_say(expected: object, is_met: bool) -> None:
    content = own_cases().model_dump()
    content["cases"] = content["cases"][:1]
    content["cases"][0]["answers"] |= {"peg_p": 7, "peg_e": 7, "peg_g": 7}
    content["cases"][0]["expect"]["outputs"] = {"peg": expected}
    (result,) = run_cases(shipped(), CaseFile.model_validate(content))
    assert ("peg" in result.matches) is is_met
    told = {each.field: (each.expected, each.actual) for each in result.differences}
    words = "none" if expected is None else str(expected)
    assert told.get("peg") == (None if is_met else (words, "7"))
