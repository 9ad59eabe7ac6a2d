"""Which answers are tried when it is looked for whether a condition can ever be true: each of them, exactly.

A definition that writes down what it was given comes to one value for each combination that was tried.
"""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest

from screening.cql import Date
from screening.rules import library
from screening.rules.candidates import possible
from screening.rules.firing import LOOP, TOO_MANY, Room, all_tried, day_of, outcomes
from screening.rules.questionnaire import Item, Questionnaire

DAY = dt.date(2026, 6, 15)
BLANK = "-"


def scale(name: str, low: int, high: int) -> dict[str, Any]:
    return {"id": name, "type": "integer", "text": "How much?", "min": low, "max": high}


def choice(name: str, count: int) -> dict[str, Any]:
    options = [{"code": f"c{number}", "text": "C"} for number in range(count)]
    return {"id": name, "type": "choice", "text": "Which?", "options": options}


def boolean(name: str) -> dict[str, Any]:
    return {"id": name, "type": "boolean", "text": "Is it?"}


def tried(*items: dict[str, Any], day: dt.date = DAY) -> set[object]:
    """What was tried, a tuple for each combination, or the word that there was too much to try."""
    form = {
        "code": "form",
        "title": "Form",
        "steps": [{"id": "one", "title": "One"}],
        "pages": [{"id": "all", "step": "one", "title": "All", "items": list(items)}],
    }
    questionnaire = Questionnaire.model_validate(form)
    text = library.compiled(library.journey_fragments(questionnaire))[0]
    parts = " + ' ' + ".join(f"Coalesce(ToString({item['id']}), '{BLANK}')" for item in items)
    found = outcomes(f"{text}\ndefine Tried: {parts}\n", "Tried", questionnaire, day, Room())
    return {each if each == TOO_MANY else tuple(str(each).split(" ")) for each in found}


def all_of(*values: list[Any]) -> set[object]:
    return {tuple(map(str, each)) for each in product(*values)}


def test_a_short_scale_is_tried_whole_and_a_blank_as_well() -> None:
    assert tried(scale("a", 0, 20)) == all_of([BLANK, *range(21)])
    assert tried(scale("a", 5, 25)) == all_of([BLANK, *range(5, 26)])
    assert tried(scale("a", 2, 2)) == all_of([BLANK, 2])


def test_of_a_longer_scale_and_of_one_without_an_end_some_points_are_tried() -> None:
    assert tried(scale("a", 0, 21)) == all_of([BLANK, 0, 1, 2, 4, 6, 13, 21])
    open_above = {"id": "a", "type": "integer", "text": "How many?", "min": 3}
    assert tried(open_above) == all_of([BLANK, 3, 4, 6, 13, 50, 100])
    open_below = {"id": "a", "type": "integer", "text": "How many?", "max": 3}
    assert tried(open_below) == all_of([BLANK, 0, 1, 2, 3])


def test_numbers_with_words_are_tried_by_their_options() -> None:
    options = [
        {"code": "0", "text": "None"},
        {"code": "7", "text": "Many"},
        {"code": "9", "text": "?", "unknown": True},
    ]
    item = {"id": "a", "type": "integer", "text": "How many?", "options": options, "min": 0, "max": 9}
    assert tried(item) == all_of([BLANK, 0, 7])


def test_every_answer_is_tried_with_every_other() -> None:
    assert tried(scale("a", 0, 3), boolean("b"), choice("c", 2)) == all_of(
        [BLANK, *range(4)], [BLANK, "true", "false"], [BLANK, "c0", "c1"]
    )


def test_two_thousand_combinations_are_tried_and_not_one_more() -> None:
    whole = tried(scale("a", 1, 9), scale("b", 1, 9), scale("c", 1, 19))
    assert whole == all_of([BLANK, *range(1, 10)], [BLANK, *range(1, 10)], [BLANK, *range(1, 20)])
    assert len(whole) == 2000
    fewer = tried(boolean("a"), choice("b", 22), choice("c", 28))  # 3 * 23 * 29 are 2,001
    assert fewer == {
        TOO_MANY,
        *all_of([BLANK, "true", "false"], [BLANK, "c0", "c10", "c21"], [BLANK, "c0", "c13", "c27"]),
    }


def test_a_loop_takes_more_room_than_it_is_long() -> None:
    """It may go round often; what is written one after another runs once."""
    for text, more in (("1 + 1", 0), ("exists (({1, 2}) X where X = 2)", LOOP)):
        room = Room()
        program = room.program(f"define It: {text}", "It")
        left = room.left
        assert room.evaluation(program, {}, DAY).was_quick
        assert left - room.left == len(program.source) + more


def test_where_they_are_too_many_the_ends_and_the_middle_are_tried() -> None:
    ends = [BLANK, 0, 10, 20]
    assert tried(*(scale(name, 0, 20) for name in "abc")) == {TOO_MANY, *all_of(ends, ends, ends)}


def test_where_these_are_too_many_the_first_and_the_last_are_tried() -> None:
    assert tried(*(scale(name, 0, 20) for name in "abcdef")) == {TOO_MANY, *all_of(*[[0, 20]] * 6)}


def test_where_there_is_no_end_of_it_nothing_is_tried() -> None:
    assert tried(*(boolean(name) for name in "abcdefghij")) == {TOO_MANY, *all_of(*[["true", "false"]] * 10)}
    assert tried(*(boolean(name) for name in "abcdefghijk")) == {TOO_MANY}


FULL = [
    "2026-06-15", "2026-05-16", "2026-02-15", "2025-05-11",
    "2020-12-23", "2007-04-16", "1985-05-21", "1958-01-03",
]  # fmt: skip
MONTHS = ["2026-06", "2026-05", "2026-04", "2026-03", "2026-02", "2026-01", "2025-12", "2025-11"]


def test_dates_are_tried_further_and_further_back_and_in_part_where_a_part_is_enough() -> None:
    date = {"id": "a", "type": "date", "text": "When?"}
    assert tried(date) == all_of([BLANK, *FULL])
    in_part = all_of([BLANK, *FULL, *MONTHS, "2026", "2025"])
    assert tried(date | {"precision": "month"}) == in_part
    assert tried(date | {"precision": "year"}) == in_part
    assert ("2026-01",) in tried(date | {"precision": "month"}, day=dt.date(2026, 1, 2))
    assert ("2025-12",) in tried(date | {"precision": "month"}, day=dt.date(2026, 1, 2))
    assert ("2025-06",) in tried(date | {"precision": "month"}, day=dt.date(2026, 1, 2))


def test_dates_are_counted_back_from_the_day_that_is_given_or_from_some_day() -> None:
    assert day_of(dt.date(2024, 2, 29)) == dt.date(2024, 2, 29)
    assert day_of(None) == DAY


POSSIBLE: list[tuple[dict[str, Any], list[Any]]] = [
    # what a question is like, the answers that are tried for it
    ({"type": "boolean"}, [True, False]),
    ({"type": "decimal"}, [0, 100]),
    ({"type": "decimal", "min": 2, "max": 9}, [2, 9]),
    ({"type": "decimal", "min": 0, "max": 0}, [0]),
    ({"type": "decimal", "max": 0}, [0]),
    ({"type": "decimal", "max": -5}, [-5]),
    ({"type": "decimal", "min": 200}, [200]),
    ({"type": "string"}, ["x"]),
    ({"type": "text"}, ["x"]),
    ({"type": "string", "repeats": True}, [[], ["x"]]),
    ({"type": "attachment"}, [[], ["x"]]),
    ({"type": "display"}, []),
    ({"type": "group", "items": [scale("a", 0, 1)]}, []),
    ({"type": "group", "items": [scale("a", 0, 1)], "repeats": True}, [[]]),
    (choice("it", 2) | {"repeats": True}, [[], ["c0"], ["c1"]]),
    ({"type": "integer"}, [0, 1, 2, 4, 6, 13, 50, 100]),
    ({"type": "integer", "min": -3, "max": 5}, [-3, 0, 1, 2, 4, 5]),
    ({"type": "integer", "max": 200}, [0, 1, 2, 4, 6, 13, 50, 100, 200]),
    ({"type": "integer", "max": -5}, [-5]),
    ({"type": "integer", "min": 200}, [200]),
    ({"type": "date"}, [Date.parse(day) for day in FULL]),
]


@pytest.mark.parametrize(("item", "values"), POSSIBLE)
def test_answers_to_one_question(item: dict[str, Any], values: list[Any]) -> None:
    assert possible(Item.model_validate({"id": "it", "text": "It?", **item}), DAY) == values


ALL: list[tuple[dict[str, Any], bool]] = [
    # what a question is like, whether no answer was left untried
    (boolean("a"), True),
    (scale("a", 0, 20), True),
    (scale("a", 0, 21), False),
    (choice("a", 3), True),
    (choice("a", 3) | {"repeats": True}, False),
    ({"id": "a", "type": "integer", "text": "A", "options": [{"code": "1", "text": "One"}]}, True),
    ({"id": "a", "type": "integer", "text": "A", "min": 0}, False),
    ({"id": "a", "type": "integer", "text": "A", "max": 3}, False),
    ({"id": "a", "type": "decimal", "text": "A", "min": 0, "max": 3}, False),
    ({"id": "a", "type": "date", "text": "A"}, False),
    ({"id": "a", "type": "string", "text": "A"}, False),
]


@pytest.mark.parametrize(("item", "whole"), ALL)
def test_never_is_certain_only_where_nothing_was_left_untried(item: dict[str, Any], whole: bool) -> None:
    assert all_tried([Item.model_validate(item)]) is whole
    assert all_tried([Item.model_validate(boolean("b")), Item.model_validate(item)]) is whole
    assert all_tried([])
