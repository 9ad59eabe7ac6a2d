"""One expression of a draft by itself: what is wrong with it, or what it says."""

from __future__ import annotations

import pytest

from screening.rules.conditions_said import NUMBERS, said_of
from screening.rules.questionnaire import Score
from tests.rules.test_conditions import ITEMS

QUESTIONS = list(ITEMS.values())
SCORE = Score(id="twice", title="Twice", expression="whole * 2")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("onne = 'a'", "Line 1, column 1: Nothing is called 'onne' here. Did you mean 'one'?"),
        ("one = 'a'\nand wholly > 3", "Line 2, column 5: Nothing is called 'wholly' here."),
        ("one = ", "Line 1, column"),
        ("whole + 1", "This should come to Boolean; it is Integer."),
        ("true\n)\ndefine x: (true", "Line 2, column 1"),
        ('"this expression"', "Line 1, column 1: this expression refers to itself"),
    ],
)
def test_a_mistake_is_said_with_line_and_column_of_the_text(text: str, fault: str) -> None:
    said = said_of(text, QUESTIONS)
    assert said.fault.startswith(fault)
    assert said.english == ""


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("one = 'a'", "“One?” is answered “a”."),
        ("yes", "“Yes?” is yes."),
        ("twice > 3", "The score Twice is more than 3."),
    ],
)
def test_an_expression_is_read_out(text: str, english: str) -> None:
    said = said_of(text, QUESTIONS, [SCORE])
    assert (said.fault, said.english) == ("", english)


def test_a_line_is_counted_from_the_text_whatever_scores_stand_before_it() -> None:
    long = Score(id="long", title="Long", expression="whole\n+ 1\n+ 2")
    assert said_of("true and\nnobody", QUESTIONS, [long, SCORE]).fault.startswith("Line 2, column 1: ")


def test_a_score_is_asked_for_a_number() -> None:
    said = said_of("whole * 2", QUESTIONS, wanted=NUMBERS)
    assert (said.fault, said.english) == ("", "“How many?” times 2.")
    fault = said_of("one = 'a'", QUESTIONS, wanted=NUMBERS).fault
    assert fault == "This should come to Integer or Decimal; it is Boolean."


def test_a_score_that_is_not_finished_does_not_keep_an_expression_from_being_read() -> None:
    unfinished = Score(id="sum", title="Sum", expression="whole + nobody")
    assert said_of("one = 'a'", QUESTIONS, [unfinished]).english == "“One?” is answered “a”."
    assert said_of("one + 1 = 2", QUESTIONS, [unfinished]).fault.startswith("Line 1, column 1: ")
    assert said_of("sum > 2", QUESTIONS, [unfinished]).fault.startswith("Line 1, column 1: Nothing is called")
    assert said_of("whole", QUESTIONS, [unfinished], wanted=NUMBERS).english == "“How many?”"


def test_nothing_is_said_while_the_questions_themselves_cannot_be_read() -> None:
    said = said_of("one = 'a'", [*QUESTIONS, ITEMS["one"]], [SCORE])
    assert (said.fault, said.english) == ("", "")
