"""What a schedule says in words to whoever writes it."""

from __future__ import annotations

from typing import get_args

import pytest

from screening.manage.plans.presenters import StepRow
from screening.manage.plans.words import ANCHORS, DAYS, KINDS, STOPS, offset_in_words
from screening.rules import schedule


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (ANCHORS, schedule.Anchor),
        (KINDS, schedule.Kind),
        (STOPS, schedule.StopCondition),
        (DAYS, schedule.Weekday),
    ],
)
def test_every_code_of_a_schedule_has_words(words: dict[str, object], codes: object) -> None:
    assert list(words) == list(get_args(codes))


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        ("0 h", "at once"),
        ("0 d", "on the day"),
        ("24 h", "24 hours after"),
        ("1 d", "1 day after"),
        ("-7 d", "7 days before"),
        ("1 wd", "1 working day after"),
        ("soon", "soon"),
    ],
)
def test_an_offset_reads_as_one_would_say_it(offset: str, said: str) -> None:
    assert offset_in_words(offset) == said


def test_a_step_that_cannot_be_read_yet_is_listed_as_it_was_written() -> None:
    row = StepRow.of({"code": "X", "anchor": "moon", "when_to_send": [{"after": "7 d", "channel": "sms"}, 3]})
    assert (row.title, row.anchor, row.messages) == ("X", "moon", ["7 days after by text message"])
