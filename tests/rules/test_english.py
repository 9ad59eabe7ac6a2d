"""Rules in words: the golden sentences of the default rules, and the wording of single expressions."""

from __future__ import annotations

import copy
import re
from decimal import Decimal

import pytest

from screening.rules.assess import assess
from screening.rules.english import read_in_english, reading_of_rule, terms
from screening.rules.explain import explain_rule
from screening.rules.library import rule_name
from screening.rules.shapes import ListOf, Scalar, Shapes, TupleOf
from tests.rules.content import DAY, SMALL, baseline, read, rule, shipped, small
from tests.rules.english_golden import GOLDEN, readings


def words(expression: str, **more: str) -> str:
    return reading_of_rule(small(rule("R", "caution", expression), **more), "R")


@pytest.mark.parametrize("part", ["rules", "outputs", "terms"])
def test_the_default_rules_read_as_was_agreed(part: str) -> None:
    """A difference is a change of meaning or of wording: read it, then write the file again."""
    golden = read(GOLDEN)[part]
    now = readings()[part]
    assert list(now) == list(golden)
    for code, sentence in now.items():
        assert (code, sentence) == (code, golden[code])


def test_every_default_reading_is_a_sentence_without_the_language_in_it() -> None:
    for sentence in [*readings()["rules"].values(), *readings()["terms"].values()]:
        assert sentence[0].isupper() or sentence[0] in "“‘(["
        assert sentence.endswith((".", "?”"))
        outside_quotes = re.sub(r"“[^”]*”|‘[^’]*’", "", sentence)
        assert not re.search(r"Coalesce|[=<>]|\bnull\b|_", outside_quotes), sentence


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("flag = 'yes'", "“Is it new?” is answered “Yes”."),
        ("'yes' = flag", "“Is it new?” is answered “Yes”."),
        ("flag != 'yes'", "“Is it new?” is not answered “Yes”."),
        ("flag = 'yes' or flag = 'maybe'", "“Is it new?” is answered “Yes” or “Perhaps”."),
        ("flag in {'yes', 'no'}", "“Is it new?” is answered “Yes” or “No”."),
        ("Coalesce(flag, '') in {'yes', ''}", "“Is it new?” is answered “Yes” or left blank."),
        ("Coalesce(flag, 'no') = 'no'", "“Is it new?” (a blank counts as “No”) is answered “No”."),
        ("flag is null", "“Is it new?” is blank."),
        ("flag is not null", "“Is it new?” is answered."),
        ("agree", "“Agree?” is yes."),
        ("not agree", "“Agree?” is no."),
        ("agree is not true", "It is not certain that “Agree?” is yes."),
        ("kinds contains 'a'", "“Kinds” includes “A”."),
        ("not (kinds contains 'a')", "“Kinds” does not include “A”."),
        ("exists tries", "“Tries” has at least one entry."),
        ("not exists tries", "“Tries” has no entry."),
        ('exists (tries T where T."weeks" > 3)', "For at least one of “Tries”, “Weeks” is more than 3."),
        ('not exists (tries T where T."weeks" > 3)', "For none of “Tries”, “Weeks” is more than 3."),
        ("double between 2 and 6", "The score Double is between 2 and 6, both included."),
        ('"day" + 3 months before Today()', "“Since when?” plus 3 months is before the day of assessment."),
        (
            'months between "day" and Today() > 1',
            "The whole months from “Since when?” to the day of assessment is more than 1.",
        ),
        (
            "flag = 'no' and (agree or much < 2)",
            "“Is it new?” is answered “No” and (“Agree?” is yes or “How much?” is less than 2).",
        ),
        ("if agree then much = 1 else null", "“How much?” is 1 if “Agree?” is yes; otherwise not known."),
        ("case flag when 'no' then true else false end", "Yes if “Is it new?” is answered “No”; otherwise no."),  # noqa: E501
        ("words W where StartsWith(W, 'x')", "One finding each: “Words” where it starts with “x”."),
        ("words W where Matches(W, '^x')", "One finding each: “Words” where it has the pattern “^x”."),
        ("ReplaceMatches(why, 'a', 'b') = 'c'", "“Why?” with “b” for each “a” is “c”."),
        ("Coalesce(agree, false)", "“Agree?” is yes, and this is certain."),
        ("agree implies much = 1", "Whenever “Agree?” is yes, also “How much?” is 1."),
        ("PositionOf('x', First(words)) >= 0", "The first of “Words” contains “x”."),
        ("much is Integer", "“How much?” is a Integer."),
        ("\"day\" during Interval[@2020-01-01, Today()]", "“Since when?” lies in the time from 2020-01-01 to the day of assessment."),  # noqa: E501
    ],
)  # fmt: skip
def test_an_expression_in_words(expression: str, expected: str) -> None:
    assert words(expression) == expected


def test_a_named_number_is_said_where_it_is_used() -> None:
    assert words('much > "Most"', definitions='define "Most": 7') == "“How much?” is more than ‘Most’ (7)."


def test_terms_follow_one_another_down_to_the_questions() -> None:
    compiled = small(
        rule("R", "caution", '"Late"'),
        definitions='define "Late": "Long" and agree define "Long": "Is long"(much) '
        'define function "Is long"(count Integer): count > "Limit" define "Limit": 4',
    )
    assert terms(compiled, rule_name("R")) == (
        ("Late", "‘Long’ holds and “Agree?” is yes."),
        ("Long", "‘Is long’ holds for “How much?”"),
        ("Is long", "The count is more than ‘Limit’ (4)."),
    )


def test_a_condition_of_the_form_is_a_term_too() -> None:
    compiled = small(rule("R", "caution", {"question": "much", "answers": [3]}))
    assert reading_of_rule(compiled, "R") == "“How much?” is asked and “How much?” is 3."
    assert terms(compiled, rule_name("R")) == (
        ("“How much?” is asked", "“Is it new?” is answered “Yes”, or this cannot be told."),
    )


def test_a_function_is_said_with_what_it_is_given() -> None:
    definitions = """
        define function "Twice"(number Integer): number * 2
        define function "Above"(number Integer, most Integer): number > most
    """
    assert words('"Twice"(much) > 3', definitions=definitions) == "‘Twice’ of “How much?” is more than 3."
    assert words('"Above"(much, 3)', definitions=definitions) == "‘Above’ holds for “How much?” and 3."


def test_a_question_with_several_answers_inside_a_group_is_called_by_its_words() -> None:
    form = copy.deepcopy(SMALL)
    marks = {"id": "marks", "type": "string", "repeats": True, "text": "Marks"}
    form["pages"][2]["items"][0]["items"].append(marks)
    compiled = small(rule("R", "caution", "exists (tries T where T.marks contains 'a')"), form=form)
    assert reading_of_rule(compiled, "R") == "For at least one of “Tries”, “Marks” includes “a”."


def test_a_query_inside_a_query_speaks_of_the_other() -> None:
    text = words("exists (tries A where exists (tries B where A.name = B.name))")
    assert text == "For at least one of “Tries”, for at least one of “Tries”, “Name” is “Name” of the other."


def test_every_explanation_of_the_default_rules_has_a_reading_and_a_cause() -> None:
    answers = baseline(rf_saddle="new_or_worse")
    found = explain_rule(shipped(), answers, assess(shipped(), answers, as_of=DAY), DAY, "rf_saddle")
    assert found.cause.items == ("rf_saddle",)
    assert found.reading.startswith("“Have you noticed numbness")
    assert found.terms == ()


def test_shapes_follow_questions_through_definitions_queries_and_calls() -> None:
    compiled = small(
        rule("R", "caution", "true"),
        definitions="""
            define "All": ({flag}) union Coalesce(kinds, List<String>{})
            define "Rows": tries T return all Tuple{called: T.name, twice: T."weeks" + 1}
            define "Some": if agree then 'x' else First("All")
            define "Cased": case when agree then 1 else much end
            define function "Same"(value String): value
            define "Called": "Same"('q')
        """,
    )
    program = compiled.program
    shapes = Shapes(
        compiled.questionnaire.items(), {n: program.tree(n) for n in program.definitions}, program.functions
    )

    def codes(name: str) -> object:
        shape = shapes.of_definition(name)
        shape = shape.element if isinstance(shape, ListOf) else shape
        return sorted(shape.codes or ()) if isinstance(shape, Scalar) else shape

    assert codes("All") == ["a", "b", "maybe", "no", "yes"]
    assert codes("Some") == ["a", "b", "maybe", "no", "x", "yes"]
    assert codes("Called") == ["q"]
    rows = shapes.of_definition("Rows")
    assert isinstance(rows, ListOf)
    assert isinstance(rows.element, TupleOf)
    assert isinstance(rows.element.fields["twice"], Scalar)
    assert rows.element.fields["twice"].low == 1
    cased = shapes.of_definition("Cased")
    assert isinstance(cased, Scalar)
    assert (cased.low, cased.high) == (Decimal(0), Decimal(10))


def test_one_definition_can_be_read_alone() -> None:
    compiled = small(rule("R", "caution", '"Late"'), definitions='define "Late": much >= 5')
    assert read_in_english(compiled, "Late") == "“How much?” is at least 5."
