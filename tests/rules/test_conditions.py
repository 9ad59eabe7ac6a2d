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


BY_ANSWER = [
    # a question, what its answer may be compared by
    ("one", "is is_not answered blank"),
    ("many", "includes excludes answered blank"),
    ("yes", "is answered blank"),
    ("whole", "is is_not less at_most more at_least answered blank"),
    ("part", "is is_not less at_most more at_least answered blank"),
    ("day", "before after answered blank"),
    ("class", "answered blank"),
]


@pytest.mark.parametrize(("question", "comparisons"), BY_ANSWER)
def test_an_answer_is_compared_by_what_fits_it(question: str, comparisons: str) -> None:
    assert comparisons_for(ITEMS[question]) == tuple(comparisons.split())


def test_a_blank_list_that_is_skipped_needs_no_words_for_it() -> None:
    several = Condition("and", (Row("many", "includes", ("a", "b")),), skips=True)
    assert write(several, ITEMS) == "(many contains 'a' or many contains 'b')"


def test_one_answer_is_written_as_itself_and_several_as_a_list() -> None:
    written = [
        write(Condition("and", (Row("one", "is", values),), skips=True), ITEMS)
        for values in (("a",), ("a", "b"))
    ]
    assert written == ["(Coalesce(one, '') = 'a')", "(Coalesce(one, '') in {'a', 'b'})"]


@pytest.mark.parametrize("answer", ["true", "false"])
def test_a_yes_and_a_no_are_each_written_and_read_as_themselves(answer: str) -> None:
    condition = Condition("and", (Row("yes", "is", (answer,)),))
    assert write(condition, ITEMS) == f"(yes = {answer})"
    assert read(f"yes = {answer}", ITEMS) == condition


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
    assert ("last" not in Journey(form).active(answers, DAY).closed) is asked


@pytest.mark.parametrize(
    "text",
    [
        "one = 'a' and Coalesce(many contains 'b', false)",  # one row skips blanks, the other does not
        "not (many contains 'a')",  # a blank list would meet it, which no row says
        "Coalesce(one, 'b') = 'a'",
        "unknown = 'a'",
        "one = 'a' and unknown = 'b'",
        "yes",
        "one = 'a' and yes",
        "'a' = one",
        "one ~ 'a'",
        "one & '' = 'a'",
        "Coalesce(one, '', 'b') = 'a'",
        "Coalesce(one, '') != 'a'",
        "Coalesce(one, '') in {'a', ''}",  # a blank would be met
        "Coalesce(one, '') in {'a', null}",
        "Coalesce(one, '') in {}",
        "Coalesce(one = 'a', yes, false)",
        "not (Coalesce(one, '') = 'a')",  # a blank would be met
        "not yes",
        "not (whole > 3)",
        "whole > -part",
        "day before month of @2024-03-27",
        "if many is null then true else (many contains 'a')",
        "if many is null then yes else (many contains 'a')",
        "if many is not null then null else (many contains 'a')",
        "if many is null then null else (whole > 3)",
        "if many is null then null else yes",
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


def test_answers_beside_several_answers_stay_rows_of_their_own() -> None:
    rows = (Row("one", "is", ("a", "b")), Row("one", "is", ("c",)))
    text = "Coalesce(one, '') in {'a', 'b'} or Coalesce(one, '') = 'c'"
    assert read(text, ITEMS) == Condition("or", rows, skips=True)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("whole", "many"),
        ("whole", "1.5"),
        ("whole", "2147483648"),
        ("part", "x"),
        ("part", "NaN"),
        ("part", "Infinity"),
        ("part", "1e30"),
        ("day", "soon"),
        ("yes", "maybe"),
    ],
)
def test_a_value_that_does_not_fit_its_question_is_named(question: str, value: str) -> None:
    comparison = comparisons_for(ITEMS[question])[0]
    with pytest.raises(Unwritable, match=value):
        write(Condition("and", (Row(question, comparison, (value,)),)), ITEMS)
