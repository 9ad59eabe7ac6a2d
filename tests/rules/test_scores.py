"""Scores, their bands, and what counts as better or worse between two moments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from screening.rules.scores import band, responder, scores, worse
from tests.rules.content import DAY, baseline, shipped


def scored(**changes: Any) -> dict[str, Any]:
    return scores(shipped().journey, baseline(**changes), DAY)


def test_scores_follow_the_brief() -> None:
    assert scored() == {"peg": Decimal("6.3"), "phq2": 1, "phq9": None, "gad2": 1, "gad7": None}
    assert scored(peg_p=None)["peg"] is None
    assert scored(peg_p=7, peg_e=6, peg_g=7)["peg"] == Decimal("6.7")
    assert scored(peg_p=0, peg_e=0, peg_g=0)["peg"] == 0


@pytest.mark.parametrize(
    ("value", "name"),
    [(0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"),
     (15, "moderately severe"), (19, "moderately severe"), (20, "severe"), (27, "severe"), (None, None)],
)  # fmt: skip
def test_phq9_bands(value: int | None, name: str | None) -> None:
    phq9 = next(score for score in shipped().questionnaire.scores if score.id == "phq9")
    assert band(phq9, value) == name


def test_peg_has_no_bands() -> None:
    peg = next(score for score in shipped().questionnaire.scores if score.id == "peg")
    assert band(peg, Decimal(9)) is None


RESPONDERS = [
    ("6.0", "4.2", None, True),
    ("6.0", "4.3", None, False),
    ("3.0", "2.0", None, True),
    ("2.0", "1.1", None, False),
    ("0", "0", None, False),
    ("0", "2.0", None, False),
    ("1.0", "0", None, True),
    ("6.0", "6.0", 2, True),
    ("6.0", "6.0", 3, False),
    (None, "4.0", None, None),
    (None, None, 1, True),
]


@pytest.mark.parametrize(("before", "now", "pgic", "expected"), RESPONDERS)
def test_a_responder_improves_by_one_point_and_thirty_percent(
    before: str | None, now: str | None, pgic: int | None, expected: bool | None
) -> None:
    peg_before = None if before is None else Decimal(before)
    peg_now = None if now is None else Decimal(now)
    assert responder(peg_before=peg_before, peg_now=peg_now, pgic=pgic) is expected


BEFORE = {"peg": Decimal("5.0"), "phq9": 8, "gad7": 6}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"peg": Decimal("5.9"), "phq9": 12, "gad7": 9}, False),
        ({"peg": Decimal("6.0"), "phq9": 8, "gad7": 6}, True),
        ({"peg": Decimal("5.0"), "phq9": 13, "gad7": 6}, True),
        ({"peg": Decimal("5.0"), "phq9": 8, "gad7": 10}, True),
        ({"peg": Decimal("5.0"), "phq9": None, "gad7": 6}, None),
        ({"peg": Decimal("6.0"), "phq9": None, "gad7": None}, True),
    ],
)
def test_worse_is_told_as_soon_as_one_score_says_so(now: dict[str, Any], expected: bool | None) -> None:
    assert worse(BEFORE, now) is expected
