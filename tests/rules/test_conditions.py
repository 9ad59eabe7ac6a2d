"""Conditions as rows: what the rows write reads back as the same rows, and means what they say."""

from __future__ import annotations

from itertools import product

import pytest

from screening.cql.words import KEYWORDS
from screening.rules.conditions import (
    BLANKS,
    Condition,
    Row,
    Unwritable,
    comparisons_for,
    read,
    write,
)
from screening.rules.conditions_said import said_of
from screening.rules.journey import Journey
from screening.rules.questionnaire import Item, Questionnaire
from tests.rules.content import DAY

OPTIONS = [{"code": code, "text": code} for code in "abc"]
ITEMS = {
    item.id: item
    for item in (
        Item.model_validate(content)
        for content in (
            {
                "id": "one",
                "type": "choice",
                "text": "One?",
                "options": OPTIONS,
            },
            {
                "id": "many",
                "type": "choice",
                "repeats": True,
                "text": "Many?",
                "options": OPTIONS,
            },
            {"id": "yes", "type": "boolean", "text": "Yes?"},
            {"id": "whole", "type": "integer", "text": "How many?"},
            {"id": "part", "type": "decimal", "text": "How much?"},
            {"id": "day", "type": "date", "text": "When?"},
            {"id": "class", "type": "string", "text": "Which?"},
        )
    )
}
VALUES = {"one": "a", "many": "b", "yes": "true", "whole": "-3", "part": "1.5", "day": "2024-03-27"}


def all_conditions() -> list[Condition]:
    found = []
    for item in ITEMS.values():
        for comparison, skips in product(comparisons_for(item), (False, True)):
            if comparison in BLANKS:
                found.append(Condition("and", (Row(item.id, comparison),)))
                continue
            found.append(Condition("and", (Row(item.id, comparison, (VALUES[item.id],)),), skips=skips))
            if item.options:
                found.append(Condition("and", (Row(item.id, comparison, ("a", "c")),), skips=skips))
    return found


def test_a_blank_list_that_is_skipped_needs_no_words_for_it() -> None:
    several = Condition("and", (Row("many", "includes", ("a", "b")),), skips=True)
    assert write(several, ITEMS) == "(many contains 'a' or many contains 'b')"


def test_one_answer_is_written_as_itself_and_several_as_a_list() -> None:
    written = [
        write(Condition("and", (Row("one", "is", values),), skips=True), ITEMS)
        for values in (("a",), ("a", "b"))
    ]
    assert written == ["(Coalesce(one, '') = 'a')", "(Coalesce(one, '') in {'a', 'b'})"]


@pytest.mark.parametrize("word", sorted(word for word in KEYWORDS if word.islower()))
def test_a_question_may_have_any_word_of_the_language_as_its_id(word: str) -> None:
    item = Item.model_validate({"id": word, "type": "boolean", "text": "Yes?"})
    condition = Condition("and", (Row(word, "is", ("true",)),))
    assert read(write(condition, {word: item}), {word: item}) == condition


@pytest.mark.parametrize("condition", all_conditions(), ids=str)
def test_what_rows_write_reads_back_as_the_same_rows_and_has_a_type(condition: Condition) -> None:
    text = write(condition, ITEMS)
    assert read(text, ITEMS) == condition
    assert said_of(text, list(ITEMS.values())).fault == ""


@pytest.mark.parametrize(("join", "skips"), [*product(("and", "or"), (False, True))])
def test_several_rows_read_back_together(join: str, skips: bool) -> None:
    rows = (Row("one", "is", ("a", "b")), Row("many", "includes", ("c",)), Row("day", "answered"))
    condition = Condition("or" if join == "or" else "and", rows, skips=skips)
    assert read(write(condition, ITEMS), ITEMS) == condition


EITHER = Condition("or", (Row("one", "is", ("a",)), Row("whole", "more", ("3",))))
MEANT = [
    # answer of `one`, of `many`, whether the row is asked
    (Condition("and", (Row("one", "is", ("a",)),)), {"one": "a"}, True),
    (Condition("and", (Row("one", "is", ("a",)),)), {"one": "b"}, False),
    (Condition("and", (Row("one", "is", ("a",)),)), {}, True),
    (Condition("and", (Row("one", "is", ("a",)),), skips=True), {}, False),
    (Condition("and", (Row("one", "is_not", ("a", "b")),)), {"one": "b"}, False),
    (Condition("and", (Row("one", "is_not", ("a", "b")),)), {"one": "c"}, True),
    (Condition("and", (Row("one", "is_not", ("a",)),), skips=True), {}, False),
    (Condition("and", (Row("many", "includes", ("a", "b")),)), {"many": ["b", "c"]}, True),
    (Condition("and", (Row("many", "includes", ("a",)),)), {"many": ["c"]}, False),
    (Condition("and", (Row("many", "includes", ("a",)),)), {}, True),
    (Condition("and", (Row("many", "includes", ("a",)),), skips=True), {}, False),
    (Condition("and", (Row("many", "excludes", ("a",)),)), {"many": ["a"]}, False),
    (Condition("and", (Row("many", "excludes", ("a",)),), skips=True), {}, False),
    (Condition("and", (Row("one", "blank"),)), {"one": "a"}, False),
    (
        Condition("or", (Row("one", "is", ("a",)), Row("whole", "more", ("3",)))),
        {"one": "b", "whole": 4},
        True,
    ),
    (
        Condition("or", (Row("one", "is", ("a",)), Row("whole", "more", ("3",)))),
        {"one": "b", "whole": 3},
        False,
    ),
]


@pytest.mark.parametrize(("condition", "answers", "asked"), MEANT)
def test_rows_mean_what_they_say(condition: Condition, answers: dict[str, object], asked: object) -> None:
    last = {"id": "last", "type": "text", "text": "Last?", "show_when": write(condition, ITEMS)}
    items = [item.model_dump(mode="json", by_alias=True, exclude_defaults=True) for item in ITEMS.values()]
    form = Questionnaire.model_validate(
        {
            "code": "x",
            "title": "x",
            "steps": [{"id": "s", "title": "s"}],
            "pages": [{"id": "p", "step": "s", "title": "p", "items": [*items, last]}],
        }
    )
    assert Journey(form).is_asked("last", answers, DAY) is asked


@pytest.mark.parametrize(
    "text",
    [
        "one = 'a' and Coalesce(many contains 'b', false)",  # one row skips blanks, the other does not
        "not (many contains 'a')",  # a blank list would meet it, which no row says
        "Coalesce(one, 'b') = 'a'",
        "unknown = 'a'",
        "one = 'a' or (whole > 3 and yes)",
        "whole + 1 > 3",
        "Coalesce(one = 'a', true)",
        "day = @2024-03-27T10:00",
        "whole = 3 days",
        "if one is null then null else (many contains 'a')",
        "this is not CQL",
    ],
)
def test_what_rows_cannot_say_has_no_rows(text: str) -> None:
    assert read(text, ITEMS) is None


def test_two_rows_that_exclude_are_not_one_row_with_two_answers() -> None:
    rows = (Row("one", "is_not", ("a",)), Row("one", "is_not", ("b",)))
    assert read("one != 'a' or one != 'b'", ITEMS) == Condition("or", rows)


@pytest.mark.parametrize(("question", "value"), [("whole", "many"), ("part", "x"), ("day", "soon")])
def test_a_value_that_does_not_fit_its_question_is_named(question: str, value: str) -> None:
    comparison = comparisons_for(ITEMS[question])[0]
    with pytest.raises(Unwritable, match=value):
        write(Condition("and", (Row(question, comparison, (value,)),)), ITEMS)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("onne = 'a'", "Line 1, column 1: Nothing is called 'onne' here. Did you mean 'one'?"),
        ("one = 'a'\nand wholly > 3", "Line 2, column 5: Nothing is called 'wholly' here."),
        ("one = ", "Line 1, column"),
        ("whole + 1", "This should come to Boolean; it is Integer."),
        ("true\n)\ndefine x: (true", "Line 2, column 1"),
    ],
)
def test_a_mistake_is_said_with_line_and_column_of_the_text(text: str, fault: str) -> None:
    assert said_of(text, list(ITEMS.values())).fault.startswith(fault)


def test_an_expression_is_read_out() -> None:
    assert said_of("one = 'a'", list(ITEMS.values())).english == "“One?” is answered “a”."
