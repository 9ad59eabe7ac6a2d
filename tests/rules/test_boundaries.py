"""Both sides of every number in the clinical brief."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.rules.content import DAY, PHYSIO, codes, judge, shipped, treatment


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# (onset, assessed on, met?, check again on): strictly more than three calendar months, month ends clamp.
DURATIONS = [
    ("2026-03-14", "2026-06-15", "met", None),
    ("2026-03-15", "2026-06-15", "not_met", "2026-06-16"),
    ("2026-03-16", "2026-06-15", "not_met", "2026-06-17"),
    ("2025-11-30", "2026-02-28", "not_met", "2026-03-01"),
    ("2025-11-30", "2026-03-01", "met", None),
    ("2027-11-30", "2028-02-29", "not_met", "2028-03-01"),
    ("2027-11-30", "2028-02-28", "not_met", "2028-03-01"),
    ("2027-11-30", "2028-03-01", "met", None),
    ("2025-11-29", "2026-02-28", "not_met", "2026-03-01"),
    ("2025-11-28", "2026-03-01", "met", None),
    ("2026-01-31", "2026-04-30", "not_met", "2026-05-01"),
    ("2026-01-31", "2026-05-01", "met", None),
    ("2026-05-31", "2026-08-31", "not_met", "2026-09-01"),
    ("2026-02", "2026-06-15", "met", None),
    ("2026-03", "2026-06-15", "unknown", None),
    ("2026-04", "2026-06-15", "not_met", "2026-07-31"),
    ("2026-02", "2026-05-28", "unknown", None),
    ("2026-02", "2026-05-29", "met", None),
    ("2026-02", "2026-05-01", "not_met", "2026-05-29"),
    (None, "2026-06-15", "unknown", None),
]


@pytest.mark.parametrize(("onset", "assessed", "expected", "recheck"), DURATIONS)
def test_pain_must_have_lasted_longer_than_three_calendar_months(
    onset: str | None, assessed: str, expected: str, recheck: str | None
) -> None:
    result = judge(onset=onset, as_of=day(assessed), dob="1980-01-01")
    found = codes(result) & {"EXC_DURATION", "INF_ONSET"}
    assert found == {"met": set(), "not_met": {"EXC_DURATION"}, "unknown": {"INF_ONSET"}}[expected]
    assert result.recheck_on == (day(recheck) if recheck else None)


AGES = [
    ("2008-06-16", {"EXC_AGE"}),
    ("2008-06-15", {"CAU_AGE_18_24"}),
    ("2001-06-16", {"CAU_AGE_18_24"}),
    ("2001-06-15", set()),
    ("1961-06-16", set()),
    ("1961-06-15", {"CAU_AGE_65_PLUS"}),
]


@pytest.mark.parametrize(("dob", "expected"), AGES)
def test_age_counts_from_the_birthday_on(dob: str, expected: set[str]) -> None:
    aged = {"EXC_AGE", "INF_AGE", "CAU_AGE_18_24", "CAU_AGE_65_PLUS"}
    assert codes(judge(dob=dob)) & aged == expected


def test_someone_born_on_29_february_is_18_on_1_march() -> None:
    born = "2008-02-29"
    assert "EXC_AGE" in codes(judge(dob=born, as_of=day("2026-02-27")))
    assert "EXC_AGE" not in codes(judge(dob=born, as_of=day("2026-03-01")))


IMPACTS = [
    ((4, 4, 0, 0), set()),
    ((4, 3, 3, 3), {"EXC_QOL"}),
    ((7, 0, 0, 0), set()),
    ((6, 3, 3, 3), {"EXC_QOL"}),
    ((0, 0, 0, 7), set()),
    ((4, None, 0, 0), {"INF_QOL"}),
    ((0, 0, 0, None), {"INF_QOL"}),
    ((7, None, None, None), set()),
    ((4, 4, None, None), set()),
    ((None, None, None, None), {"INF_QOL"}),
]


@pytest.mark.parametrize(("answers", "expected"), IMPACTS)
def test_impact_needs_two_fours_or_one_seven(answers: tuple[Any, ...], expected: set[str]) -> None:
    names = ("q_sleep", "q_mobility", "q_work", "q_social")
    result = judge(**dict(zip(names, answers, strict=True)))
    assert codes(result) & {"EXC_QOL", "INF_QOL"} == expected


def _measured() -> list[tuple[str, str, int]]:
    table = shipped().ruleset.tables["treatment_classes"]
    columns = {"min_weeks": "weeks", "min_sessions": "sessions", "min_weeks_since": "weeks_since"}
    return [
        (str(row["code"]), field, int(str(row[column])))
        for row in table.rows
        for column, field in columns.items()
        if row.get(column) is not None
    ]


# From the brief, section 1.4, and not from the table under test.
BRIEF_MINIMUMS = {
    ("paracetamol", "weeks", 2),
    ("nsaid", "weeks", 2),
    ("opioid", "weeks", 4),
    ("gabapentinoid", "weeks", 6),
    ("tca", "weeks", 6),
    ("snri", "weeks", 6),
    ("other_anticonvulsant", "weeks", 6),
    ("muscle_relaxant", "weeks", 2),
    ("topical", "weeks", 4),
    ("dmard", "weeks", 12),
    ("injection", "weeks_since", 4),
    ("nerve_block", "weeks_since", 4),
    ("physical", "sessions", 4),
    ("physical", "weeks", 6),
    ("psychological", "sessions", 6),
    ("psychological", "weeks", 6),
    ("acupuncture", "sessions", 5),
    ("acupuncture", "weeks", 5),
    ("tens", "weeks", 4),
    ("neuromodulation", "weeks", 13),
    ("neuromodulation", "weeks_since", 13),
    ("surgery", "weeks_since", 13),
}


def test_the_table_of_adequate_trials_is_that_of_the_brief() -> None:
    assert set(_measured()) == BRIEF_MINIMUMS


@pytest.mark.parametrize(("kind", "field", "least"), sorted(BRIEF_MINIMUMS))
def test_a_trial_counts_from_its_minimum_on(kind: str, field: str, least: int) -> None:
    """Beside one treatment that counts: with the minimum there are two, one below it there is one."""
    other = PHYSIO if kind != "physical" else treatment("nsaid", "no_relief", weeks=9, dose_ok="yes")
    enough = judge(treatments=[other, treatment(kind, "no_relief", dose_ok="yes", **{field: least})])
    assert "EXC_TREATMENTS" not in codes(enough)
    assert "INF_TREATMENTS" not in codes(enough)
    # The other measures of the class are given as nothing, or a blank could still be enough.
    fields = {f: 0 for k, f, _ in BRIEF_MINIMUMS if k == kind}
    short = judge(
        treatments=[other, treatment(kind, "no_relief", dose_ok="yes", **{**fields, field: least - 1})]
    )
    assert "EXC_TREATMENTS" in codes(short)
    assert short.outputs["treatment_verdicts"][1] == "TOO_SHORT"


@pytest.mark.parametrize(
    ("relief", "verdict", "code"),
    [
        (29, "COUNTS", None),
        (30, "PARTIAL", None),
        (49, "PARTIAL", None),
        (50, "CONTRADICTION", "INF_TREATMENTS"),
    ],
)
def test_relief_of_half_or_more_is_no_failure(relief: int, verdict: str, code: str | None) -> None:
    nsaid = treatment("nsaid", "not_enough", weeks=8, dose_ok="yes") | {"relief_pct": relief}
    result = judge(treatments=[nsaid, PHYSIO])
    assert result.outputs["treatment_verdicts"] == (verdict, "COUNTS")
    assert codes(result) & {"EXC_TREATMENTS", "INF_TREATMENTS"} == ({code} if code else set())
    assert ("INF_CONTRADICTION:K4" in codes(result)) == (relief >= 50)


@pytest.mark.parametrize(("total", "expected"), [(14, False), (15, True)])
def test_phq9_of_15_is_a_high_caution(total: int, expected: bool) -> None:
    answers = {f"phq_{number}": 0 for number in range(1, 10)}
    answers |= {"phq_1": 3, "phq_2": 3, "phq_3": 3, "phq_4": 3, "phq_5": total - 12}
    result = judge(**answers)
    assert result.scores["phq9"] == total
    assert ("CAU_PHQ9_15(H)" in codes(result)) is expected
    assert result.senior_review is expected


@pytest.mark.parametrize(("phq_2", "missing"), [(1, set()), (2, {"INF_MOOD"})])
def test_phq2_of_3_opens_the_long_form(phq_2: int, missing: set[str]) -> None:
    assert codes(judge(phq_1=1, phq_2=phq_2)) & {"INF_MOOD"} == missing


@pytest.mark.parametrize(("answer", "urgent"), [(0, set()), (1, {"phq9_item9"}), (3, {"phq9_item9"})])
def test_item_nine_is_urgent_from_1_on_even_without_a_total(answer: int, urgent: set[str]) -> None:
    result = judge(phq_1=2, phq_2=2, phq_9=answer)
    assert {finding.code for finding in result.urgent} == urgent
    assert result.scores["phq9"] is None
    assert result.tier == (2 if urgent else None)


@pytest.mark.parametrize(
    ("peg_p", "impacts", "contradicted"),
    [(1, (7, 7, 7), True), (2, (7, 7, 7), False), (0, (7, 7, 6), False)],
)
def test_hardly_any_pain_with_three_severe_effects_is_a_contradiction(
    peg_p: int, impacts: tuple[int, ...], contradicted: bool
) -> None:
    answers = dict(zip(("q_sleep", "q_mobility", "q_work"), impacts, strict=True))
    result = judge(peg_p=peg_p, q_social=0, **answers)
    assert ("INF_CONTRADICTION:K7" in codes(result)) is contradicted


def test_a_treatment_twelve_months_before_onset_is_fine_and_a_day_more_is_not() -> None:
    """A month of start is a range: only when its last day is too early is it certain."""
    nsaid = treatment("nsaid", "no_relief", weeks=8, dose_ok="yes")
    for started, doubted in (("2023-01", False), ("2022-12", True)):
        result = judge(onset="2024-01-10", treatments=[{**nsaid, "started": started}, PHYSIO])
        assert ("INF_CONTRADICTION:K2" in codes(result)) is doubted, started


def test_the_baseline_is_the_same_on_its_day_and_as_a_whole() -> None:
    result = judge(as_of=DAY)
    assert (result.outcome, codes(result)) == ("flagged_review", set())
