"""Which answers are tried for what is blank, or known in part only: of the form, and inside an entry."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from screening.cql import Date
from screening.rules.candidates import Change, changes
from screening.rules.definition import Questionnaire
from screening.rules.journey import Journey
from tests.rules.content import DAY, SMALL

INSIDE = [
    {"id": "note", "type": "display", "text": "Read this."},
    {"id": "done", "type": "boolean", "text": "Done?"},
    {"id": "well", "type": "boolean", "text": "Well?", "show_when": "done"},
]
FORM: dict[str, Any] = {
    **SMALL,
    "pages": [
        {
            "id": "first",
            "step": "one",
            "title": "First",
            "items": [
                {"id": "agree", "type": "boolean", "text": "Agree?"},
                {"id": "day", "type": "date", "text": "Since when?", "precision": "year"},
                {"id": "tries", "type": "group", "text": "Tries", "repeats": True, "items": INSIDE},
                {"id": "once", "type": "group", "text": "Once", "items": INSIDE},
            ],
        }
    ],
    "scores": [],
    "advice": {},
}
JOURNEY = Journey(Questionnaire.model_validate(FORM))


def tried(item: str, answers: dict[str, Any], **more: Any) -> list[Change]:
    active = JOURNEY.active(answers, DAY)
    return list(changes(JOURNEY, active, JOURNEY.questionnaire.item(item), DAY, **more))


def test_for_a_blank_each_answer_is_tried_and_for_what_is_answered_none() -> None:
    assert tried("agree", {}) == [Change("agree", True), Change("agree", False)]
    assert tried("agree", {"agree": False}) == []
    assert tried("once", {"once": {"done": True}}) == []


def test_a_blank_group_is_tried_without_entries() -> None:
    assert tried("tries", {}) == [Change("tries", [])]
    assert tried("tries", {"tries": []}) == []


@pytest.mark.parametrize(
    ("stored", "days"),
    [
        ("2024", [dt.date(2024, 1, 1), dt.date(2024, 12, 31)]),
        ("2024-02", [dt.date(2024, 2, 1), dt.date(2024, 2, 29)]),
        ("2023-02", [dt.date(2023, 2, 1), dt.date(2023, 2, 28)]),
        ("2024-02-03", []),
    ],
)
def test_a_date_known_in_part_is_tried_as_its_first_and_its_last_day(
    stored: str, days: list[dt.date]
) -> None:
    assert tried("day", {"day": stored}) == [Change("day", Date.of(day)) for day in days]


def test_inside_entries_what_is_asked_and_blank_is_tried_and_the_other_entries_stay() -> None:
    answers = {"tries": [{"done": False}, {"done": True}, {"done": True, "well": False}]}
    closed = {"done": False, "well": None}
    whole = {"done": True, "well": False}
    place = ("tries", 1, "well")
    assert tried("tries", answers) == [
        Change("tries", [closed, {"done": True, "well": True}, whole], place),
        Change("tries", [closed, {"done": True, "well": False}, whole], place),
    ]
    frozen = {"tries": tuple(answers["tries"])}
    assert tried("tries", frozen) == tried("tries", answers)


def test_of_an_entry_that_cannot_be_read_every_question_is_tried() -> None:
    found = tried("tries", {"tries": ["junk"]})
    assert [change.place for change in found] == [("tries", 0, "done")] * 2 + [("tries", 0, "well")] * 2
    assert found[0].value == [{"done": True, "well": None}]


def test_inside_entries_only_what_is_read_is_tried() -> None:
    found = tried("tries", {"tries": [{}]}, is_read=lambda question: question == "well")
    assert [change.value for change in found] == [
        [{"done": None, "well": True}],
        [{"done": None, "well": False}],
    ]
