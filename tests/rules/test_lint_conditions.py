"""What the check of definitions says of a condition that cannot be meant, word for word."""

# ruff: noqa: E501 (tables of mistakes are read in rows)

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.content import rule
from tests.rules.test_lint import form, rules
from tests.rules.test_lint_sentences import said

CONDITIONS: list[tuple[Any, str]] = [
    # a condition, what is said of it
    (
        "flagg = 'yes'",
        "error: rule R, line 1: Column 1: Nothing is called 'flagg' here. Did you mean 'flag'?",
    ),
    (
        "exists (tries T where T.title = 'x')",
        "error: rule R, line 1: Column 23: A Tuple{name String, \"weeks\" Integer} has no element 'title'.",
    ),
    ("flag = 'yess'", "error: rule R, line 1: flag has no answer yess, so this is never so."),
    ("flag in {'yes', 'often'}", "error: rule R, line 1: flag has no answer often, so this is never so."),
    ("kinds contains 'c'", "error: rule R, line 1: kinds has no answer c, so this is never so."),
    ("Coalesce(flag, '') = 'often'", "error: rule R, line 1: flag has no answer often, so this is never so."),
    (
        "flag = 'not_sure'",
        "error: rule R, line 1: The answer not_sure of flag counts as unknown, so this is never so.",
    ),
    ("much > 10", "error: rule R, line 1: This is never so: one side is 10, the other much from 0 to 10."),
    ("much <= -1", "error: rule R, line 1: This is never so: one side is much from 0 to 10, the other -1."),
    (
        "much = 11",
        "error: rule R, line 1: This is never so: much from 0 to 10 and 11 have nothing in common.",
    ),
    ("much + much > 20", "error: rule R, line 1: This is never so: one side is 20, the other from 0 to 20."),
    (
        "much between 11 and 20",
        "error: rule R, line 1: This is never so: one side is 11, the other much from 0 to 10.",
    ),
    (
        "much between -9 and -1",
        "error: rule R, line 1: This is never so: one side is much from 0 to 10, the other -1.",
    ),
    (
        "much in Interval[11, 20]",
        "error: rule R, line 1: This is never so: one side is 11, the other much from 0 to 10.",
    ),
    (
        "much in Interval(10, 20]",
        "error: rule R, line 1: This is never so: one side is 10, the other much from 0 to 10.",
    ),
    (
        'exists (tries T where T."weeks" < 0)',
        "error: rule R, line 1: This is never so: one side is weeks from 0, the other 0.",
    ),
    (
        "case flag when 'often' then true else false end",
        "error: rule R, line 1: flag has no answer often, so this is never so.",
    ),
    (
        "flag = 3",
        "error: rule R, line 1: Column 1: `=` cannot take String, Integer. It takes T, T, with the same type for every T.",
    ),
    ("much + 1", "error: rule R: A rule is true, false or a list of strings; this is Integer."),
    ("flag = = 'yes'", "error: rule R: Line 1, column 8: '=' is not expected here."),
    ("flag = 'yes' and flag = 'no'", "error: rule R: No answers make it true."),
    (
        "Length(why) > 500",
        "warning: rule R: None of the answers tried make it true. A worked case in which it is true would settle it.",
    ),
    (
        "much < 3 and share > 9.5 and kinds contains 'a' and agree and why = 'y' and First(words) = 'q'",
        "warning: rule R: Too many answers could make it true: not checked. A worked case in which it is true would settle it.",
    ),
    ({"question": "flagg", "answers": ["yes"]}, "error: rule R: There is no question flagg."),
    ({"question": "flag", "answers": ["often"]}, "error: rule R: flag has no answer often."),
    ("flag ~ 'often'", "error: rule R, line 1: flag has no answer often, so this is never so."),
    ("'often' = flag", "error: rule R, line 1: flag has no answer often, so this is never so."),
    ("'a' = 'b'", "error: rule R, line 1: These two can never be the same."),
    ("exists (kinds K where K = flag)", "error: rule R, line 1: These two can never be the same."),
    (
        "much > 10.5",
        "error: rule R, line 1: This is never so: one side is 10.5, the other much from 0 to 10.",
    ),
    (
        'exists (tries T where T."weeks" <= -1)',
        "error: rule R, line 1: This is never so: one side is weeks from 0, the other -1.",
    ),
    ("agree\n and nobody = 1", "error: rule R, line 2: Column 6: Nothing is called 'nobody' here."),
    ("agree\n\n and flag = 'often'", "error: rule R, line 3: flag has no answer often, so this is never so."),
    ("much >= 11", "error: rule R, line 1: This is never so: one side is 11, the other much from 0 to 10."),
    ("much < 0", "error: rule R, line 1: This is never so: one side is much from 0 to 10, the other 0."),
    (
        "much in Interval[-5, 0)",
        "error: rule R, line 1: This is never so: one side is much from 0 to 10, the other 0.",
    ),
    (
        "much - much > 10",
        "error: rule R, line 1: This is never so: one side is 10, the other from -10 to 10.",
    ),
    (
        "much - much < -10",
        "error: rule R, line 1: This is never so: one side is from -10 to 10, the other -10.",
    ),
    ("much - much >= 10", "error: rule R: No answers make it true."),
    ("much - 5 > 5", "error: rule R, line 1: This is never so: one side is 5, the other from -5 to 5."),
    ("Count(words) < 0", "error: rule R, line 1: This is never so: one side is from 0, the other 0."),
    ("Length(why) < 0", "error: rule R, line 1: This is never so: one side is from 0, the other 0."),
    ("Count(words) = -1", "error: rule R, line 1: This is never so: from 0 and -1 have nothing in common."),
    ("{'a', 'c'} contains flag", "error: rule R, line 1: flag has no answer a, so this is never so."),
    (
        "flag in {'yes', 'not_sure'}",
        "error: rule R, line 1: The answer not_sure of flag counts as unknown, so this is never so.",
    ),
    (
        "kinds contains 'not_sure'",
        "error: rule R, line 1: The answer not_sure of kinds counts as unknown, so this is never so.",
    ),
    (
        "case much when 11 then true else false end",
        "error: rule R, line 1: This is never so: much from 0 to 10 and 11 have nothing in common.",
    ),
    (
        "(if agree then 'x' else 'y') = flag",
        "error: rule R, line 1: flag has no answer x, so this is never so.",
    ),
    ("First(kinds) = 'c'", "error: rule R, line 1: kinds has no answer c, so this is never so."),
    (
        "exists ((kinds union {'z'}) K where K = 'q')",
        "error: rule R, line 1: These two can never be the same.",
    ),
    (
        "exists ((kinds except {'a'}) K where K = 'q')",
        "error: rule R, line 1: kinds has no answer q, so this is never so.",
    ),
    ("First(Skip(kinds, 1)) = 'q'", "error: rule R, line 1: kinds has no answer q, so this is never so."),
    ("Tuple{a: flag}.a = 'q'", "error: rule R, line 1: flag has no answer q, so this is never so."),
    (
        'exists (tries T return all Tuple{x: T."weeks" + 1}) and exists ((tries T return all Tuple{x: T."weeks" + 1}) X where X.x < 1)',
        "error: rule R, line 1: This is never so: one side is from 1, the other 1.",
    ),
    (
        'Min(tries T return all T."weeks") < 0',
        "error: rule R, line 1: This is never so: one side is weeks from 0, the other 0.",
    ),
    (
        "much during Interval[11, 20]",
        "error: rule R, line 1: This is never so: one side is 11, the other much from 0 to 10.",
    ),
    ("Coalesce(flag, 'none') = 'often'", "error: rule R, line 1: These two can never be the same."),
    (
        "case flag when 'often' then true when 'yes' then true else false end",
        "error: rule R, line 1: flag has no answer often, so this is never so.",
    ),
    ("kinds[0] = 'c'", "error: rule R, line 1: kinds has no answer c, so this is never so."),
    (
        "if flag = 'often' then true else agree",
        "error: rule R, line 1: flag has no answer often, so this is never so.",
    ),
    ("(flag = 'often') is Boolean", "error: rule R, line 1: flag has no answer often, so this is never so."),
    (
        "(kinds K aggregate N starting (if flag = 'often' then 1 else 2): N) > 1",
        "error: rule R, line 1: flag has no answer often, so this is never so.",
    ),
    (
        "(kinds K aggregate N starting 0: if K = 'c' then 1 else N) >= 0",
        "error: rule R, line 1: kinds has no answer c, so this is never so.",
    ),
]


@pytest.mark.parametrize(("when", "sentence"), CONDITIONS)
def test_a_condition_that_cannot_be_meant_is_told_in_a_sentence(when: Any, sentence: str) -> None:
    assert said(form(), rules(rule("R", "caution", when))) == [sentence]


CAN_BE = [
    "much = 10",
    "much = 0",
    "much >= 10",
    "much <= 0",
    "much between 10 and 20",
    "much between -5 and 0",
    "much in Interval[10, 20)",
    "much in Interval[-5, 0]",
    "much in Interval(-5, 1]",
    "flag in {'', 'yes'}",
    '"day" before Today()',
    "(kinds union (words W return Upper(W))) contains 'X'",
]


@pytest.mark.parametrize("when", CAN_BE)
def test_a_condition_that_can_be_met_is_not_remarked(when: str) -> None:
    assert said(form(), rules(rule("R", "caution", when))) == []


OTHER_QUESTIONS: list[tuple[dict[str, Any], str, str]] = [
    # what is different in the form, a condition, what is said of it
    (
        {"much": {"min": None}},
        "much > 10",
        "error: rule R, line 1: This is never so: one side is 10, the other much to 10.",
    ),
    (
        {"much": {"min": 5, "max": 5}},
        "much = 4",
        "error: rule R, line 1: This is never so: much 5 and 4 have nothing in common.",
    ),
    (
        {"kinds": {"options": [{"code": "a", "text": "A"}, {"code": "b", "text": "B"}]}},
        "kinds contains 'c'",
        "error: rule R, line 1: kinds has no answer c, so this is never so.",
    ),
]


@pytest.mark.parametrize(("changes", "when", "sentence"), OTHER_QUESTIONS)
def test_a_condition_is_held_against_the_answers_of_its_own_question(
    changes: dict[str, Any], when: str, sentence: str
) -> None:
    assert sentence in said(form(**changes), rules(rule("R", "caution", when)))


def test_a_case_in_a_function_is_judged_by_all_its_calls() -> None:
    function = "define function \"Is\"(value String): case value when 'a' then true else false end\n"
    both = function + 'define "X": "Is"(flag) define "Y": exists (kinds K where "Is"(K))'
    assert [each for each in said(form(), rules(definitions=both)) if "never so" in each] == []
    one = function + 'define "X": "Is"(flag)'
    sentence = "error: definitions, Is, line 1: flag has no answer a, so this is never so."
    assert [each for each in said(form(), rules(definitions=one)) if "never so" in each] == [sentence]
