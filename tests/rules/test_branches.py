"""Which branches are closed, and that they are worked out in no more rounds than it takes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from screening.cql import Program, compile_library
from screening.rules.branches import Branches

DAY = dt.date(2026, 3, 1)
TEXT = """
parameter a Boolean
parameter b Boolean
parameter c Boolean
parameter d Boolean
define "ask b": a
define "ask c": b
define "ask d": Coalesce(c, true)
"""
ASKED = {"b": "ask b", "c": "ask c", "d": "ask d"}


@pytest.fixture
def program() -> Program:
    return compile_library(TEXT)


@pytest.mark.parametrize(
    ("answers", "closed", "left", "rounds"),
    [
        ({}, "", {}, 1),
        ({"a": True, "b": True, "c": True, "d": True}, "", {"a": True, "b": True, "c": True, "d": True}, 1),
        # A question without an answer is closed: nothing has to be worked out again.
        ({"a": False}, "b", {"a": False}, 1),
        # What goes away is read by no condition.
        ({"a": True, "b": True, "c": False, "d": True}, "d", {"a": True, "b": True, "c": False}, 1),
        # Without b it is unknown whether c is asked, so it is; and so on.
        ({"a": False, "b": False, "c": False, "d": True}, "bd", {"a": False, "c": False}, 3),
        ({"a": False, "b": True, "c": True, "d": True}, "b", {"a": False, "c": True, "d": True}, 2),
    ],
)
def test_what_is_closed_takes_its_answers_from_all_further_conditions(
    program: Program,
    answers: dict[str, bool],
    closed: str,
    left: dict[str, bool],
    rounds: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, evaluate = [], program.evaluate

    def counting(*given: Any, **more: Any) -> Any:
        asked.append(given)
        return evaluate(*given, **more)

    monkeypatch.setattr(program, "evaluate", counting)
    found, values = Branches(program, ASKED).settled(answers, DAY)
    assert found == frozenset(closed)
    assert {name: value for name, value in values.items() if value is not None} == left
    assert len(asked) == rounds
    assert Branches(program, ASKED).closed(answers, DAY) == found


def test_what_is_never_asked_is_seen_by_no_condition(program: Program) -> None:
    answers = {"a": False, "b": True}
    found, values = Branches(program, ASKED).settled(answers, DAY, always=frozenset({"a"}))
    assert found == {"a"}
    assert (values["a"], values["b"]) == (None, True)
    assert answers == {"a": False, "b": True}, "what was given stays as it is"


def test_the_answers_of_a_branch_that_opens_again_are_back(program: Program) -> None:
    """With b gone, c is open again: its answer was left out for one round only."""
    answers = {"a": False, "b": False, "c": True, "d": True}
    found, values = Branches(program, ASKED).settled(answers, DAY)
    assert found == {"b"}
    assert values["c"] is values["d"] is True
