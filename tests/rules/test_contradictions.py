"""Answers that cannot both be right: what they block, and what they leave alone."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.assess import assess
from tests.rules.content import DAY, PHYSIO, judge, rule, small, treatment

NSAID = treatment("nsaid", "no_relief", weeks=8, dose_ok="yes")
HELPED = {**NSAID, "outcome": "helps", "relief_pct": None}

CASES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("K1", {"onset": "2026-06-16"}, {"INF_CONTRADICTION:K1", "INF_ONSET"}),
    ("K1", {"onset": "1979-12-31"}, {"INF_CONTRADICTION:K1"}),
    (
        "K2",
        {"onset": "2026-05-01", "treatments": [{**NSAID, "started": "2024-01"}, PHYSIO]},
        {"INF_CONTRADICTION:K2", "INF_ONSET"},
    ),
    ("K3", {"tx_all": "none"}, {"INF_CONTRADICTION:K3"}),
    (
        "K3",
        {"tx_all": "none", "treatments": [NSAID]},
        {"INF_CONTRADICTION:K3", "INF_TREATMENTS"},
    ),
    (
        "K4",
        {"treatments": [{**NSAID, "relief_pct": 50}, PHYSIO]},
        {"INF_CONTRADICTION:K4", "INF_TREATMENTS"},
    ),
    (
        "K5",
        {
            "treatments": [
                {**NSAID, "started": "2025-01-01", "still_taking": "no"},
                {**NSAID, "started": "2025-01-20", "outcome": "helps", "relief_pct": None},
            ]
        },
        {"INF_CONTRADICTION:K5", "INF_TREATMENTS"},
    ),
    ("K6", {"record_files": []}, {"INF_CONTRADICTION:K6", "INF_RECORDS"}),
    (
        "K7",
        {"peg_p": 0, "q_sleep": 8, "q_mobility": 8, "q_work": 8},
        {"INF_CONTRADICTION:K7"},
    ),
    (
        "K8",
        {"treatments": [{**NSAID, "still_taking": "yes"}, PHYSIO]},
        {"INF_CONTRADICTION:K8"},
    ),
]


@pytest.mark.parametrize(("rule_code", "answers", "expected"), CASES)
def test_a_contradiction_asks_instead_of_excluding(
    rule_code: str, answers: dict[str, Any], expected: set[str]
) -> None:
    result = judge(**answers)
    assert result.verdict(rule_code).verdict == "true"
    assert set(result.codes) == expected
    assert result.outcome == "more_info"
    assert result.exclusions == ()


def test_k9_is_a_note_beside_the_red_flag() -> None:
    result = judge(phq_1=3, phq_2=3, phq_9=1, rf_suicide="none")
    assert {finding.code for finding in result.notes} == {"K9"}
    assert result.outcome == "urgent"
    assert not any(code.startswith("INF_CONTRADICTION") for code in result.codes)


def test_a_contradicted_date_gives_no_day_to_check_again() -> None:
    result = judge(onset="2026-05-01", treatments=[{**NSAID, "started": "2024-01"}, PHYSIO])
    assert result.verdict("EXC_DURATION").blocked
    assert result.recheck_on is None


@pytest.mark.parametrize(
    ("contradiction", "answers"),
    [
        ("K1", {"onset": "2026-06-16"}),
        ("K2", {"treatments": [{**NSAID, "started": "2024-01"}, PHYSIO]}),
        ("K3", {"tx_all": "none"}),
        ("K5", {"treatments": [{**NSAID, "started": "2026-05-02"}, {**HELPED, "started": "2026-05-03"}]}),
    ],
)
def test_the_day_to_check_again_falls_with_the_refusal_and_not_without_it(
    contradiction: str, answers: dict[str, Any]
) -> None:
    """Contradictory treatments say nothing about when the pain began."""
    result = judge(**{"onset": "2026-05-01", **answers})
    assert result.verdict(contradiction).verdict == "true"
    refused = "EXC_DURATION" in {finding.code for finding in result.exclusions}
    assert refused == (contradiction in {"K3", "K5"})
    assert str(result.recheck_on) == ("2026-08-02" if refused else "None")


def test_no_day_to_check_again_rests_on_an_answer_in_doubt() -> None:
    """Even where the author did not think of it."""
    compiled = small(
        rule("K", "contradiction", "agree", blocks=["day"]),
        outputs={"recheck_on": '"day" + 1 year', "other": '"day"'},
    )
    sure = assess(compiled, {"day": "2026-06-01", "agree": False}, as_of=DAY)
    assert str(sure.recheck_on) == "2027-06-01"
    doubted = assess(compiled, {"day": "2026-06-01", "agree": True}, as_of=DAY)
    assert doubted.recheck_on is None
    assert str(doubted.outputs["other"]) == "2026-06-01"


def test_a_contradiction_of_other_answers_leaves_the_day_to_check_again() -> None:
    compiled = small(
        rule("K", "contradiction", "agree", blocks=["flag"]), outputs={"recheck_on": '"day" + 1 year'}
    )
    result = assess(compiled, {"day": "2026-06-01", "agree": True}, as_of=DAY)
    assert str(result.recheck_on) == "2027-06-01"


def test_a_contradiction_does_not_touch_other_exclusions() -> None:
    result = judge(onset="2026-06-16", dob="2009-01-01", psychosis_self="yes")
    assert {finding.code for finding in result.exclusions} == {"EXC_AGE", "EXC_PSYCHOSIS"}
    assert result.outcome == "not_currently"


def test_blocking_reaches_through_definitions() -> None:
    compiled = small(
        rule("E", "exclude", '"Too short"', unknown="INF_E"),
        rule("K", "contradiction", "much = 3", blocks=["much"]),
        definitions='define "Half": much / 2 define "Too short": "Half" < 4',
    )
    answers = {"flag": "yes", "much": 3}
    result = assess(compiled, answers, as_of=DAY)
    assert (result.verdict("E").verdict, result.verdict("E").blocked) == ("unknown", True)
    assert set(result.codes) == {"INF_E", "INF_CONTRADICTION:K"}
    assert set(assess(compiled, answers | {"much": 4}, as_of=DAY).codes) == {"E"}


def test_a_false_contradiction_blocks_nothing_and_an_unknown_one_neither() -> None:
    compiled = small(
        rule("E", "exclude", "flag = 'yes'"), rule("K", "contradiction", "much = 3", blocks=["flag"])
    )
    assert assess(compiled, {"flag": "yes"}, as_of=DAY).codes == ("E",)


def test_a_contradiction_that_asks_for_more_while_it_is_unknown_blocks_nothing() -> None:
    compiled = small(
        rule("E", "exclude", "flag = 'yes'"),
        rule("K", "contradiction", "much = 3", blocks=["flag"], unknown="INF_K"),
    )
    assert assess(compiled, {"flag": "yes"}, as_of=DAY).codes == ("E", "INF_K")
    assert not assess(compiled, {"flag": "yes"}, as_of=DAY).verdict("E").blocked
