"""Where the check of definitions says that a mistake is, and that what leans on it is not blamed for it."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.lint import lint
from tests.rules.content import rule
from tests.rules.test_lint import form, rules
from tests.rules.test_lint_sentences import said

SAME = "It takes T, T, with the same type for every T."

NEVER = "error: rule N, line 1: flag has no answer often, so this is never so."
BESIDE = rule("N", "caution", "flag = 'often'")


def inside(**changes: dict[str, Any]) -> dict[str, Any]:
    """The small form with parts of the questions inside `tries` replaced."""
    content = form()
    for item in content["pages"][2]["items"][0]["items"]:
        item.update(changes.get(item["id"], {}))
    return content


def checks(*conditions: str) -> dict[str, Any]:
    return {"validate": [{"check": condition, "message": "No."} for condition in conditions]}


ENTRIES: list[tuple[dict[str, Any], str]] = [
    # what is different in an entry, what is said of it
    (
        {"name": checks("Length(name) < 5", "nmae != 'x'")},
        "item tries.name, check 2, line 1: Column 1: Nothing is called 'nmae' here. Did you mean 'name'?",
    ),
    (
        {"name": checks("Length(name) < 5", "name = = 'x'")},
        "item tries.name, check 2: Line 1, column 8: '=' is not expected here.",
    ),
    (
        {"weeks": {"show_when": "name = = 'x'"}},
        "item tries.weeks, show when: Line 1, column 8: '=' is not expected here.",
    ),
    (
        {"weeks": {"show_when": "name\n = 3"}},
        "item tries.weeks, show when, line 1: Column 1: `=` cannot take String, Integer. " + SAME,
    ),
    (
        {"weeks": checks('"weeks" > 0', "true or\n\"weeks\" = 'x'")},
        "item tries.weeks, check 2, line 2: Column 1: `=` cannot take Integer, String. " + SAME,
    ),
    (
        {"name": checks('"weeks" < 0')},
        "item tries.name, check 1, line 1: This is never so: one side is weeks from 0, the other 0.",
    ),
]


@pytest.mark.parametrize(("changes", "sentence"), ENTRIES)
def test_a_mistake_in_an_entry_is_found_at_its_place(changes: dict[str, Any], sentence: str) -> None:
    assert f"error: {sentence}" in said(inside(**changes))


PAGES: list[tuple[dict[str, Any], list[str]]] = [
    # what is different in the form, all that is said of it
    (
        {"page_second": {"show_when": "flag = = 'yes'"}},
        ["page second, show when: Line 1, column 8: '=' is not expected here."],
    ),
    (
        {"page_second": {"show_when": "flagg = 'yes'"}, "why": {"show_when": None}},
        ["page second, show when, line 1: Column 1: Nothing is called 'flagg' here. Did you mean 'flag'?"],
    ),
    (
        {"day": checks("true", "day = ")},
        ["item day, check 2: Line 1, column 5: '=' is not expected here."],
    ),
    (
        {"flag": checks("flag = 3"), "why": {"show_when": "much = 'x'"}},
        [
            "item flag, check 1, line 1: Column 1: `=` cannot take String, Integer. " + SAME,
            "item why, show when, line 1: Column 1: `=` cannot take Integer, String. " + SAME,
        ],
    ),
]


@pytest.mark.parametrize(("changes", "sentences"), PAGES)
def test_a_mistake_in_a_page_is_found_at_its_place(changes: dict[str, Any], sentences: list[str]) -> None:
    assert said(form(**changes)) == [f"error: {sentence}" for sentence in sentences]


def test_a_score_that_cannot_be_read_is_named_once_and_what_reads_it_is_not() -> None:
    scores = [
        {"id": "double", "title": "Double", "expression": "much * * 2", "source": "x"},
        {"id": "more", "title": "More", "expression": "double + 1", "source": "x"},
    ]
    sentence = "error: score double: Line 1, column 8: '*' is not expected here."
    assert said(form(scores=scores)) == [sentence]
    judged = rules(BESIDE, rule("R", "caution", "double > 3"))
    assert said(form(scores=scores), judged) == [sentence, NEVER]


def test_a_table_that_cannot_be_written_is_named_and_what_reads_it_is_not() -> None:
    table = {"columns": {"c": "Date"}, "rows": [{"c": "soon"}], "source": "x"}
    reads = rule("R", "caution", "exists (t X where X.c = @2020)")
    reason = "'soon' is not a date such as 2024-01-31, 2024-01 or 2024."
    assert said(form(), rules(BESIDE, reads, tables={"t": table})) == [
        f"error: table t: A cell cannot be written as CQL: {reason}",
        NEVER,
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"question": "flagg", "answers": ["yes"]}, "rule R: There is no question flagg."),
        ("flag = = 'yes'", "rule R: Line 1, column 8: '=' is not expected here."),
        (
            "agree and\nflagg = 'yes'",
            "rule R, line 2: Column 1: Nothing is called 'flagg' here. Did you mean 'flag'?",
        ),
    ],
)
def test_the_rules_after_one_that_cannot_be_used_are_checked(wrong: Any, sentence: str) -> None:
    assert said(form(), rules(rule("R", "caution", wrong), BESIDE)) == [f"error: {sentence}", NEVER]


OUTPUTS: list[tuple[dict[str, str], list[str]]] = [
    ({"o": "much + 1"}, []),
    (
        {"o": "much = = 1", "p": "flag = 'often'"},
        [
            "output o: Line 1, column 8: '=' is not expected here.",
            "output p, line 1: flag has no answer often, so this is never so.",
        ],
    ),
    (
        {"o": "agree and\nmuchh", "p": "flag = 'often'"},
        [
            "output o, line 2: Column 1: Nothing is called 'muchh' here. Did you mean 'much'?",
            "output p, line 1: flag has no answer often, so this is never so.",
        ],
    ),
]


@pytest.mark.parametrize(("outputs", "sentences"), OUTPUTS)
def test_a_mistake_in_an_output_is_found_at_its_place(outputs: dict[str, str], sentences: list[str]) -> None:
    assert said(form(), rules(outputs=outputs)) == [f"error: {sentence}" for sentence in sentences]


DEFINED: list[tuple[str, list[str]]] = [
    # definitions, all that is said of them
    ("", []),
    ("  \n ", []),
    ("// Nothing is defined here.", []),
    ("/* Nothing\nis defined here. */\n", []),
    ('// Above.\ndefine "A": much > 3\n// Below.\n', []),
    (
        '\n\ndefine "A":\n\n  muchh\n',
        ["definitions, A, line 5: Column 3: Nothing is called 'muchh' here. Did you mean 'much'?"],
    ),
    (
        'define function "F"(x Integer):\n  x + 1\ndefine "A":\n much = \'a\'',
        ["definitions, A, line 4: Column 2: `=` cannot take Integer, String. " + SAME],
    ),
    (
        '\ndefine "A": true define "B": much = \'x\'',
        ["definitions, line 2: Column 30: `=` cannot take Integer, String. " + SAME],
    ),
    (
        'define "A": 1\ndefine "A": 2',
        ["definitions: Line 2, column 1: The name 'A' is given twice."],
    ),
    (
        "parameter x String",
        ["definitions: Parameters come from the questionnaire; take this one out."],
    ),
    ('define "rule A": true', ['definitions: The name "rule A" is kept for generated text.']),
]


@pytest.mark.parametrize(("definitions", "sentences"), DEFINED)
def test_a_mistake_in_the_definitions_is_found_at_its_line(definitions: str, sentences: list[str]) -> None:
    judged = rules(definitions=definitions)
    assert said(form(), judged) == [f"error: {sentence}" for sentence in sentences]


def test_what_is_too_long_together_is_said_of_no_question() -> None:
    long = " " * 20_000
    content = form(day=checks(*(f"true or{long}false" for _ in range(60))))
    (remark,) = [each for each in lint(content) if "bytes" in each.sentence]
    assert (remark.kind, remark.place) == ("type", "definitions")
    assert remark.sentence.startswith("The text has ")
    assert remark.sentence.endswith(" bytes; at most 1048576 are read.")
