"""After a mistake the check goes on: what leans on it is not blamed, what stands beside it is still seen."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.definition import Questionnaire, RuleSet
from screening.rules.lint import lint, read_remarks
from tests.rules.content import SMALL, rule
from tests.rules.test_lint import FINE, form, rules
from tests.rules.test_lint_sentences import said

NEVER = "error: rule N, line 1: flag has no answer often, so this is never so."
BESIDE = rule("N", "caution", "flag = 'often'")


TYPED = [
    # definitions with a mistake, what is said of them and of a rule beside them
    ('define "A": 1 + \'x\'\ndefine "B": true\n', ["definitions, A, line 1"]),
    ('define "B": true\ndefine "A": 1 + \'x\'\n', ["definitions, A, line 2"]),
    ('define "A":\n  1 + \'x\'\n\ndefine "B": true\n', ["definitions, A, line 2"]),
    ('define "A": true\n\ndefine "B":\n  true and\n  1 + \'x\' = 2', ["definitions, B, line 5"]),
    ("define \"A\": 1 + 'x'\ndefine \"B\": 2 + 'y'\n", ["definitions, A, line 1", "definitions, B, line 2"]),
    ('define "A": 1 + \'x\'\ndefine "B": "A" is null\n', ["definitions, A, line 1"]),
]


@pytest.mark.parametrize(("definitions", "places"), TYPED)
def test_a_definition_that_does_not_fit_is_set_aside_and_the_rest_is_checked(
    definitions: str, places: list[str]
) -> None:
    found = said(form(), rules(BESIDE, definitions=definitions))
    assert [each for each in found if each == NEVER] == [NEVER]
    others = [each for each in found if each != NEVER]
    assert [each.removeprefix("error: ").partition(": ")[0] for each in others] == places


def test_what_calls_a_function_that_does_not_fit_cannot_be_checked_further() -> None:
    function = 'define function "F"(x Integer):\n  x + \'y\'\ndefine "B": "F"(1) is null\n'
    found = said(form(), rules(BESIDE, rule("R", "caution", '"F"(2) = 3'), definitions=function))
    assert [each.partition(": Column")[0] for each in found] == ["error: definitions, F, line 2"]


def test_two_definitions_on_a_line_are_told_together() -> None:
    found = said(form(), rules(BESIDE, definitions='define "A": true define "B": 1 + \'x\'\n'))
    assert [each.partition(": Column")[0] for each in found] == ["error: definitions, line 1"]


def test_so_many_mistakes_of_type_are_told_and_no_more() -> None:
    def wrong(count: int) -> list[str]:
        text = "".join(f"define \"D{number}\": {number} + 'x'\n" for number in range(count))
        return said(form(), rules(BESIDE, definitions=text))

    assert len(wrong(19)) == 20  # with the comparison that is never true
    assert len(wrong(20)) == 20
    assert NEVER in wrong(19)
    assert NEVER not in wrong(20)
    assert len(wrong(21)) == 20


@pytest.mark.parametrize(("count", "told"), [(1, 1), (20, 20), (21, 20)])
def test_so_many_mistakes_inside_an_entry_are_told_and_no_more(count: int, told: int) -> None:
    content = form()
    wrong = {"type": "text", "text": "?", "show_when": "name + 3 = 4"}
    content["pages"][2]["items"][0]["items"] += [{"id": f"more{place}", **wrong} for place in range(count)]
    found = said(content)
    assert len(found) == told
    assert found[0].startswith("error: item tries.more0, show when, line 1: Column 1: ")


def test_a_rule_set_over_a_form_that_cannot_be_used_is_told_why_with_the_place_once() -> None:
    content = form()
    wrong = {"id": "more", "type": "text", "text": "?", "show_when": "name + 3 = 4"}
    content["pages"][2]["items"][0]["items"].append(wrong)
    form_said, rules_said = said(content, rules())
    assert form_said.startswith("error: item tries.more, show when, line 1: Column 1: `+` cannot take")
    assert rules_said.startswith("error: item tries.more, show when: Line 3, column 1: `+` cannot take")


def test_a_list_of_what_cannot_be_read_is_not_said_to_be_empty_as_well() -> None:
    strange = {**rules(), "rules": [{**FINE, "effect": "none"}]}
    (told,) = said(form(), strange)
    assert told.startswith("error: rules.0.effect: This should be 'urgent'")
    nothing = "There has to be at least one."
    assert said(form(), {**strange, "rules": []}) == [f"error: rules: {nothing}"]
    assert said(form(), {**strange, "criteria": [{}], "rules": []})[-1] == f"error: rules: {nothing}"


def test_a_definition_that_was_read_before_is_checked_as_it_is() -> None:
    questionnaire = Questionnaire.model_validate(form())
    assert lint(questionnaire, RuleSet.model_validate(rules())) == []
    assert [str(each) for each in lint(questionnaire, rules(BESIDE))] == [f"{NEVER} [never-true]"]
    without = Questionnaire.model_validate(SMALL)
    assert {each.kind for each in lint(without, RuleSet.model_validate(rules()))} == {"missing-source"}


def test_whether_a_definition_can_be_read_asks_for_its_shape_and_names_and_no_more() -> None:
    def remarks(model: Any, content: Any) -> list[str]:
        return [str(each) for each in read_remarks(model, content)]

    assert remarks(Questionnaire, form(why={"show_when": "muchh > > 3"})) == []
    assert remarks(RuleSet, rules(BESIDE)) == []
    assert remarks(RuleSet, rules(BESIDE, BESIDE)) == [
        "error: definition: The rule N is there twice. [repeated]"
    ]
    assert remarks(Questionnaire, {**form(), "code": None}) == [
        "error: code: This should be a valid string. [shape]"
    ]
    assert remarks(Questionnaire, "x") == [
        "error: definition: This is not a definition: it should be a set of named parts. [shape]"
    ]


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        ({"title": None}, "error: title: This should be a valid string. [shape]"),
        ({"title": ""}, "error: title: This is empty. [missing-words]"),
        ({"rules": [FINE, {**BESIDE, "source": ""}]},
         "error: rules.1.source: This is empty. [missing-words]"),
        ({"rules": [FINE, {"code": "N", "effect": "note", "when": "agree", "source": "x"}]},
         "error: rules.1.clinician: This is missing. [missing-words]"),
        ({"rules": [FINE, {**BESIDE, "effect": "contradiction", "blocks": ["flag", "flag"]}]},
         "error: rules.1.blocks: Flag is blocked twice. [repeated]"),
        ({"rules": [BESIDE, BESIDE]}, "error: rule set: The rule N is there twice. [repeated]"),
        ({"extra": 1}, "error: extra: Nothing of this name belongs here. [shape]"),
    ],
)  # fmt: skip
def test_what_a_rule_set_lacks_is_told_with_its_place_and_its_kind(
    change: dict[str, Any], remark: str
) -> None:
    assert [str(each) for each in lint(form(), {**rules(), **change})] == [remark]


def page_of(*shown: str) -> dict[str, Any]:
    """A form whose last page is shown on a condition over very many answers."""
    scales = [
        {"id": f"s{number}", "type": "integer", "text": "How much?", "min": 0, "max": 10}
        for number in range(12)
    ]
    last = [
        {"id": f"last{place}", "type": "text", "text": "?", "show_when": each}
        for place, each in enumerate(shown)
    ]
    pages = [
        {"id": "many", "step": "one", "title": "Many", "items": scales},
        {"id": "late", "step": "two", "title": "Late", "items": last},
    ]
    return form(pages=pages, scores=[], advice={})


OVER_ALL = " + ".join(f"s{number}" for number in range(12))


def test_a_page_that_very_many_answers_decide_is_said_to_be_unchecked() -> None:
    sentence = "warning: page late: Too many answers decide whether this is asked."
    assert said(page_of(f"{OVER_ALL} = 61")) == [sentence]
    assert said(page_of(f"{OVER_ALL} = 61", f"{OVER_ALL} = 62")) == [sentence]
    assert said(page_of(f"{OVER_ALL} = 61", "s1 = 3")) == [sentence]
    assert said(page_of(f"{OVER_ALL} = 61", "s1 = 3 and s1 = 4")) == [sentence]
    assert [remark.kind for remark in lint(page_of(f"{OVER_ALL} = 61"))] == ["not-checked"]
    assert said(page_of("s1 = 3 and s1 = 4", "s1 = 3 and s1 = 4")) == [
        "error: page late: No answers lead here."
    ]
    assert said(page_of("s1 = 3 and s1 = 4", "s1 = 3")) == ["error: item last0: No answers lead here."]
    assert said(page_of("s1 = 3", "s2 = 3")) == []


def test_a_page_that_stops_and_that_very_many_answers_decide_is_no_dead_end_for_certain() -> None:
    content = page_of(f"{OVER_ALL} = 61")
    content["pages"][1]["stops"] = True
    assert said(content) == ["warning: page late: Too many answers decide whether this is asked."]


def long_form(many: int) -> dict[str, Any]:
    """A page with very many questions, on a condition of 20,000 characters that each of them has."""
    content = form()
    condition = f"flag = 'no'{' ' * 20_000}or flag = 'yes'"
    items = [{"id": f"last{number}", "type": "text", "text": "?"} for number in range(many)]
    page = {"id": "late", "step": "two", "title": "Late", "show_when": condition, "items": items}
    content["pages"].append(page)
    return content


def test_a_form_whose_conditions_are_too_long_together_is_told_so_and_the_check_goes_on() -> None:
    assert said(long_form(20)) == []
    (long,) = lint(long_form(30))
    assert (long.severity, long.kind, long.place) == ("warning", "not-checked", "questionnaire")
    assert long.sentence == "Its conditions are too long for finding out which questions are reached."
    (too_long,) = lint(long_form(60))
    assert (too_long.severity, too_long.kind, too_long.place) == ("error", "type", "questionnaire")
    assert too_long.sentence.startswith("Its conditions, scores and checks cannot be used together. The text")
    assert "bytes; at most 1048576 are read" in too_long.sentence
