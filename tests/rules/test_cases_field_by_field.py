"""A worked case is compared in every field: what matches, what differs, and both sides in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from screening.rules.definition import CaseFile
from screening.rules.vignettes import CaseResult, answers_of, run_case, run_cases
from tests.rules.content import rule, small

RULES = small(
    rule("U", "urgent", {"question": "flag", "answers": {"yes": 2}}),
    rule("X", "exclude", "much > 5", unknown="INF_X"),
    rule("M", "more_info", "share is null"),
    rule("C", "caution", "agree"),
    rule("C2(H)", "high_caution", "share > 1"),
    rule("N", "note", "kinds"),
    outputs={"half": "much div 2", "judged_on": "Today()"},
)
RIGHT: dict[str, Any] = {
    "outcome": "urgent",
    "underlying": "not_currently",
    "tier": 2,
    "urgent": ["U"],
    "codes": ["M", "X"],
    "cautions": ["C"],
    "senior_review": True,
    "notes": ["N:b", "N:a"],
    "outputs": {"half": 3, "double": 12},
}
BASELINE = {"flag": "no", "much": 6, "agree": True, "kinds": ["a", "b"]}


def run(case: dict[str, Any], **expected: Any) -> CaseResult:
    content = {
        "questionnaire": "small",
        "ruleset": "judge",
        "assessed_on": "2026-06-15",
        "baseline": BASELINE,
        "cases": [{"id": "A", "title": "A", **case, "expect": {**RIGHT, **expected}}],
    }
    file = CaseFile.model_validate(content)
    (result,) = run_cases(RULES, file)
    assert result == run_case(RULES, file, file.cases[0])
    return result


YES = {"answers": {"flag": "yes"}}


def told(result: CaseResult) -> dict[str, tuple[str, str]]:
    return {each.field: (each.expected, each.actual) for each in result.differences}


def test_a_case_that_is_as_expected_matches_in_every_field() -> None:
    result = run(YES, senior_review=run(YES).assessment.senior_review)
    assert told(result) == {}
    assert result.passed
    assert result.matches == (
        "outcome", "underlying", "tier", "urgent", "codes", "cautions", "senior_review", "recheck_on",
        "notes", "half", "double",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "expected", "words", "actual"),
    [
        ("outcome", "more_info", "more_info", "urgent"),
        ("underlying", "more_info", "more_info", "not_currently"),
        ("tier", 1, "1", "2"),
        ("tier", None, "none", "2"),
        ("urgent", [], "none", "U"),
        ("urgent", ["Z", "U"], "U, Z", "U"),
        ("codes", ["X"], "X", "M, X"),
        ("cautions", ["C2(H)"], "C2(H)", "C"),
        ("recheck_on", "2026-07-01", "2026-07-01", "none"),
        ("notes", ["N:a"], "N:a", "N:a, N:b"),
        ("outputs", {"half": 4}, "4", "3"),
        ("outputs", {"double": None}, "none", "12"),
        ("outputs", {"nothing": 1}, "1", "none"),
    ],
)
def test_a_field_that_differs_is_told_with_both_sides(
    field: str, expected: object, words: str, actual: str
) -> None:
    base = {"senior_review": run(YES).assessment.senior_review}
    result = run(YES, **{**base, field: expected})
    name = next(iter(expected)) if isinstance(expected, dict) else field
    assert told(result) == {name: (words, actual)}
    assert not result.passed
    assert name not in result.matches


@pytest.mark.parametrize(
    ("expected", "is_met"),
    [
        ({"judged_on": dt.date(2026, 6, 15)}, True),
        ({"judged_on": "2026-06-15"}, True),
        ({"judged_on": dt.date(2026, 6, 16)}, False),
        ({"half": 3}, True),
        ({"half": "3"}, False),
    ],
)
def test_a_day_is_the_same_day_however_it_is_written_and_a_text_is_no_number(
    expected: dict[str, object], is_met: bool
) -> None:
    result = run(YES, outputs=expected, senior_review=run(YES).assessment.senior_review)
    assert result.passed is is_met


def test_the_need_of_a_senior_is_compared() -> None:
    actual = run(YES).assessment.senior_review
    result = run(YES, senior_review=not actual)
    assert told(result) == {"senior_review": (str(not actual), str(actual))}


def test_notes_that_are_not_named_are_not_compared() -> None:
    result = run(YES, notes=None, senior_review=run(YES).assessment.senior_review)
    assert result.passed
    assert "notes" not in result.matches


def test_an_answer_that_does_not_fit_is_a_difference() -> None:
    result = run({"answers": {"flag": "yes", "agree": "perhaps"}})
    assert told(result)["agree"][0] == "a value that fits the question"
    assert told(result)["agree"][1].strip()


def test_a_case_replaces_answers_of_the_baseline_and_null_leaves_a_blank() -> None:
    result = run({"answers": {"flag": None, "much": None, "share": 2}})
    assert result.assessment.outcome != "urgent"
    file = CaseFile.model_validate(
        {
            "questionnaire": "small", "ruleset": "judge", "assessed_on": "2026-06-15", "baseline": BASELINE,
            "cases": [{"id": "A", "title": "A", "answers": {"much": None, "share": 1}, "expect": RIGHT}],
        }
    )  # fmt: skip
    assert answers_of(file, file.cases[0]) == {**BASELINE, "much": None, "share": 1}


def test_a_case_has_a_day_and_standing_red_flags_of_its_own() -> None:
    assert str(run(YES).assessment.outputs["judged_on"]) == "2026-06-15"
    later = run({**YES, "assessed_on": "2027-01-02"})
    assert str(later.assessment.outputs["judged_on"]) == "2027-01-02"
    standing = run({"answers": {}, "standing_red_flags": [["U", 1]]})
    assert (standing.assessment.outcome, standing.assessment.tier) == ("urgent", 1)
