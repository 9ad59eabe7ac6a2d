"""What a form still misses: what must be answered, where it is asked, and is blank."""

from __future__ import annotations

from typing import Any

import pytest

from screening.intake.walk import Walk
from screening.rules.journey import Journey
from screening.rules.questionnaire import Questionnaire
from tests.rules.content import DAY, SMALL, baseline, shipped


def missing(journey: Journey, answers: dict[str, Any]) -> list[str]:
    return [item.id for item in Walk(journey, answers, frozenset(), DAY).blank_required]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ["flag", "much"]),
        ({"flag": "no"}, []),  # the rest is not asked
        ({"flag": "yes", "much": 0}, []),
        ({"flag": " ", "much": 0}, ["flag"]),
    ],
)
def test_required_questions_are_missing_only_where_they_are_asked(
    answers: dict[str, Any], expected: list[str]
) -> None:
    assert missing(Journey(Questionnaire.model_validate(SMALL)), answers) == expected


def test_an_empty_list_is_an_answer() -> None:
    journey = shipped().journey
    assert "meds" in missing(journey, baseline(meds=None))
    assert "meds" not in missing(journey, baseline(meds=[]))
