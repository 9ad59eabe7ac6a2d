"""Groups inside a form: what is asked in an entry, what is refused there, and what closes with what."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from screening.rules.definition import Questionnaire
from screening.rules.journey import FailedCheck, Journey
from screening.rules.library import DefinitionError
from tests.rules.content import DAY

LESS = "Not so many."
NAMED = "Say another name."
INSIDE = [
    {"id": "name", "type": "string", "text": "Name", "validate": [
        {"check": "name != 'x'", "message": NAMED}, {"check": "Length(name) < 5", "message": "Shorter."},
    ]},
    {"id": "many", "type": "integer", "text": "Many", "validate": [{"check": "many < 10", "message": LESS}]},
    {"id": "why", "type": "text", "text": "Why?", "show_when": "many > 3"},
    {"id": "more", "type": "text", "text": "More?", "show_when": "why = 'so'"},
]  # fmt: skip
FORM: dict[str, Any] = {
    "code": "groups",
    "title": "Groups",
    "steps": [{"id": "one", "title": "One"}],
    "pages": [
        {"id": "first", "step": "one", "title": "First", "items": [
            {"id": "count", "type": "integer", "text": "Count", "required": True,
             "validate": [{"check": "count > 0", "message": "Above nothing."},
                          {"check": "count < 100", "message": "Below a hundred."}]},
        ]},
        {"id": "second", "step": "one", "title": "Second", "show_when": "count > 5", "items": [
            {"id": "once", "type": "group", "text": "Once", "items": INSIDE},
            {"id": "often", "type": "group", "text": "Often", "repeats": True, "items": INSIDE,
             "required": True},
        ]},
        {"id": "third", "step": "one", "title": "Third", "items": [
            {"id": "extra", "type": "boolean", "text": "Extra", "show_when": "exists often"},
        ]},
    ],
}  # fmt: skip
JOURNEY = Journey(Questionnaire.model_validate(FORM))
OPEN = {"count": 6}


def test_an_entry_is_asked_what_it_opens_itself() -> None:
    for group in ("once", "often"):
        for entry, asked in [
            ({}, ["name", "many", "why", "more"]),
            ({"many": 3}, ["name", "many", "more"]),
            ({"many": 3, "why": "no"}, ["name", "many", "more"]),
            ({"many": 4, "why": "so"}, ["name", "many", "why", "more"]),
            ({"many": 4, "why": "no"}, ["name", "many", "why"]),
        ]:
            found = [item.id for item in JOURNEY.items_of_entry(group, entry, DAY)]
            assert found == asked, (group, entry)


def test_what_is_closed_in_an_entry_does_not_count() -> None:
    entry = {"name": "a", "many": 3, "why": "so", "stray": 1, "more": None}
    kept = {"name": "a", "many": 3, "stray": 1}
    assert JOURNEY.active_entry("often", entry, DAY) == kept
    active = JOURNEY.active({**OPEN, "once": entry, "often": [entry, "junk"]}, DAY)
    assert active.answers["once"] == kept
    assert active.answers["often"] == [kept, "junk"]
    assert JOURNEY.active({**OPEN, "often": (entry, "junk")}, DAY).answers["often"] == [kept, "junk"]
    assert active.values["once"] == {"name": "a", "many": 3, "why": None, "more": None}
    assert active.values["often"][0] == active.values["once"]
    assert set(active.values["often"][1].values()) == {None}


@pytest.mark.parametrize("junk", ["junk", 5])
def test_what_is_no_group_stays_as_it_is_and_is_a_problem(junk: Any) -> None:
    active = JOURNEY.active({**OPEN, "once": junk, "often": junk}, DAY)
    assert (active.answers["once"], active.answers["often"]) == (junk, junk)
    assert {problem.item for problem in active.problems} == {"once", "often"}


def test_a_group_on_a_closed_page_does_not_count_nor_do_its_problems() -> None:
    active = JOURNEY.active({"count": 5, "once": "junk", "often": [{"name": "a"}]}, DAY)
    assert active.closed == {"once", "often", "extra"}
    assert active.answers == {"count": 5}
    assert active.problems == ()
    assert active.values["often"] is None
    assert [page.id for page in JOURNEY.pages_for({"count": 5}, DAY)] == ["first"]


def test_what_hangs_on_a_closed_group_closes_with_it() -> None:
    assert "extra" not in JOURNEY.active({**OPEN, "often": [{"name": "a"}]}, DAY).closed
    assert "extra" in JOURNEY.active({**OPEN, "often": []}, DAY).closed
    assert "extra" in JOURNEY.active({"count": 5, "often": [{"name": "a"}]}, DAY).closed
    assert [item.id for item in JOURNEY.items_of("third", {**OPEN, "often": []}, DAY)] == []
    assert [item.id for item in JOURNEY.items_of("third", {**OPEN, "often": [{}]}, DAY)] == ["extra"]


def test_checks_are_told_with_their_entry_and_their_own_message() -> None:
    answers = {
        **OPEN,
        "once": {"name": "x", "many": 1},
        "often": [{"name": "a", "many": 9}, "junk", {"name": "abcde", "many": 10}],
    }
    assert JOURNEY.failed_checks(answers, DAY) == [
        FailedCheck("once.name", NAMED, 0),
        FailedCheck("often.name", "Shorter.", 2),
        FailedCheck("often.many", LESS, 2),
    ]
    assert JOURNEY.failed_checks(answers, DAY, "first") == []
    assert len(JOURNEY.failed_checks(answers, DAY, "second")) == 3
    assert JOURNEY.failed_checks({**answers, "count": 5}, DAY) == []


@pytest.mark.parametrize(
    ("count", "messages"),
    [(0, ["Above nothing."]), (1, []), (99, []), (100, ["Below a hundred."]), (None, [])],
)
def test_each_check_of_a_question_has_its_own_message(count: int | None, messages: list[str]) -> None:
    failed = JOURNEY.failed_checks({"count": count}, DAY)
    assert failed == [FailedCheck("count", message) for message in messages]


def test_one_entry_can_be_checked_alone() -> None:
    assert JOURNEY.failed_entry_checks("often", {"many": 10}, DAY) == [FailedCheck("often.many", LESS)]
    assert JOURNEY.failed_entry_checks("often", {"many": 9}, DAY, entry_number=1) == []
    assert JOURNEY.failed_entry_checks("often", "junk", DAY) == []  # type: ignore[arg-type]


def test_the_way_on_is_the_nearest_open_page() -> None:
    answers = {**OPEN, "often": [{}]}
    ahead = [JOURNEY.next_page(answers, page, DAY) for page in ("first", "second", "third")]
    assert [page.id if page else None for page in ahead] == ["second", "third", None]


def test_a_question_whose_condition_reads_its_own_answer_is_refused() -> None:
    content = copy.deepcopy(FORM)
    content["pages"][2]["items"][0]["show_when"] = "extra"
    sentence = "^item extra, show when: It depends on extra, which is asked later"
    with pytest.raises(DefinitionError, match=sentence):
        Journey(Questionnaire.model_validate(content))


def test_an_answer_that_is_closed_is_blank_to_what_hangs_on_it() -> None:
    content = copy.deepcopy(FORM)
    content["pages"][1]["items"][1]["items"][3]["show_when"] = "why is not null"
    journey = Journey(Questionnaire.model_validate(content))
    for entry, asked in [
        ({"many": 3, "why": "so"}, ["name", "many"]),
        ({"many": 4, "why": "so"}, ["name", "many", "why", "more"]),
        ({"many": 4}, ["name", "many", "why"]),
    ]:
        assert [item.id for item in journey.items_of_entry("often", entry, DAY)] == asked


def test_what_stands_in_every_entry_is_told_from_what_another_answer_opens() -> None:
    assert [JOURNEY.always_asked("often", name) for name in ("name", "many", "why", "more")] == [
        True, True, False, False,
    ]  # fmt: skip
