"""Questionnaires at the limits of what they may be: just allowed, and just refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from screening.rules.base import key_text, repeated
from screening.rules.definition import Questionnaire
from screening.rules.questionnaire import Advice, Item, Statement
from tests.rules.content import SMALL

OPTIONS = [{"code": "a", "text": "A"}, {"code": "b", "text": "B"}]
NUMBERS = [{"code": "0", "text": "none"}, {"code": "-1", "text": "less"}]
INNER = [{"id": "x", "type": "string", "text": "X"}]

ITEMS: list[tuple[dict[str, Any], str | None]] = [
    ({"type": "choice"}, "it: a choice needs options"),
    ({"type": "choice", "options": OPTIONS}, None),
    ({"type": "string", "options": OPTIONS}, "it: only a choice or an integer has options"),
    ({"type": "integer", "options": NUMBERS}, None),
    ({"type": "integer", "options": OPTIONS}, "it: the options of an integer are whole numbers"),
    ({"type": "integer", "options": [{"code": "1.5", "text": "x"}]}, "whole numbers"),
    ({"type": "group"}, "it: a group has items, and nothing else has"),
    ({"type": "string", "items": INNER}, "it: a group has items, and nothing else has"),
    ({"type": "group", "items": INNER}, None),
    ({"type": "group", "items": [*INNER, *INNER]}, "it: the item x is there twice"),
    (
        {"type": "group", "items": [{"id": "y", "type": "group", "text": "Y", "items": INNER}, *INNER]},
        "it: a group cannot hold a group",
    ),
    ({"type": "boolean", "repeats": True}, "it: a boolean cannot repeat"),
    ({"type": "text", "repeats": True}, "it: a text cannot repeat"),
    ({"type": "choice", "options": OPTIONS, "repeats": True}, None),
    ({"type": "string", "repeats": True}, None),
    ({"type": "group", "items": INNER, "repeats": True}, None),
    ({"type": "attachment", "repeats": True}, None),
    ({"type": "choice", "options": [*OPTIONS, OPTIONS[1]]}, "it: the option b is there twice"),
    ({"type": "integer", "min": 2, "max": 1}, "it: min is above max"),
    ({"type": "integer", "min": 2, "max": 2}, None),
    ({"type": "integer", "min": 2}, None),
    ({"type": "integer", "max": -2}, None),
    ({"type": "choice", "options": OPTIONS, "advice": {"c": "now"}}, "it: advice for c, which is no option"),
    ({"type": "choice", "options": OPTIONS, "advice": {"b": "now"}}, None),
    ({"type": "boolean", "advice": {True: "now"}}, None),
    ({"type": "boolean", "advice": ["now"]}, "valid dictionary"),
    ({"type": "string", "max_length": 0}, "greater than 0"),
    ({"type": "string", "max_length": 1}, None),
    ({"type": "string", "repeats": True, "max_entries": 0}, "greater than 0"),
    ({"type": "string", "repeats": True, "max_entries": 1}, None),
    ({"type": "choice", "options": [{"code": "", "text": "A"}]}, "at least 1"),
    ({"type": "choice", "options": [{"code": "a" * 64, "text": "A"}]}, None),
    ({"type": "choice", "options": [{"code": "a" * 65, "text": "A"}]}, "at most 64"),
]


@pytest.mark.parametrize(("changes", "sentence"), ITEMS)
def test_an_item_fits_its_type(changes: dict[str, Any], sentence: str | None) -> None:
    content = {"id": "it", "text": "It?", **changes}
    if sentence is None:
        Item.model_validate(content)
        return
    with pytest.raises(ValidationError, match=sentence):
        Item.model_validate(content)


def test_an_item_is_nothing_that_it_was_not_said_to_be() -> None:
    item = Item.model_validate({"id": "it", "type": "choice", "text": "It?", "options": OPTIONS})
    assert (item.repeats, item.required, item.sensitive, item.precision) == (False, False, False, "day")
    option = item.options[0]
    assert (option.exclusive, option.unknown) == (False, False)
    left = (item.hint, item.control, item.min, item.max, item.max_length, item.max_entries, item.show_when)
    assert left == (None,) * 7
    assert (item.low_label, item.high_label, item.unit, item.none_text) == (None,) * 4
    assert (item.autocomplete, item.source, item.checks, item.advice, item.codes) == (None, None, (), {}, {})
    assert (option.hint, item.items) == (None, ())


def test_parts_are_found_by_their_names() -> None:
    form = Questionnaire.model_validate(SMALL)
    assert form.item("flag").option_codes() == ("no", "yes", "maybe", "not_sure")
    flag = form.item("flag")
    assert (flag.option("yes") or flag).text == "Yes"
    assert flag.option("often") is None
    inner = form.item("tries").inner("weeks")
    assert inner is not None
    assert (inner.id, form.item("tries").inner("days")) == ("weeks", None)
    assert (form.page("second").id, form.page_of("day").id, form.page_of("much").id) == (
        "second", "first", "second",
    )  # fmt: skip
    for find in (form.item, form.page, form.page_of):
        with pytest.raises(KeyError, match="nobody"):
            find("nobody")
    assert [item.id for item in form.items()][:3] == ["flag", "day", "much"]
    assert form.item("flag").holds_an_answer
    assert not Item(id="it", type="display", text="Read.").holds_an_answer


def test_a_form_is_in_english_and_asks_every_page_unless_it_says_otherwise() -> None:
    form = Questionnaire.model_validate(SMALL)
    assert (form.language, form.text, form.helplines, form.statements) == ("en-GB", None, {}, ())
    assert [(page.stops, page.follow_up) for page in form.pages] == [(False, False)] * 3


FORMS: list[tuple[dict[str, Any], str | None]] = [
    ({"steps": [*SMALL["steps"], SMALL["steps"][1]]}, "the step two is there twice"),
    ({"steps": [], "pages": []}, "at least 1"),
    ({"pages": []}, "at least 1"),
    ({"advice": {}}, "flag: answer yes names advice now, which is not written"),
    (
        {"statements": [{"id": "CS1", "required": True, "kind": "tick", "item": "agree", "text": "T"}] * 2},
        "the statement CS1 is there twice",
    ),
    ({"scores": SMALL["scores"] * 2}, "the item or score double is there twice"),
    ({"scores": [{"id": "page", "title": "T", "expression": "1"}]}, None),
]


@pytest.mark.parametrize(("changes", "sentence"), FORMS)
def test_the_names_of_a_form_agree(changes: dict[str, Any], sentence: str | None) -> None:
    content = {**copy.deepcopy(SMALL), **changes}
    if sentence is None:
        Questionnaire.model_validate(content)
        return
    with pytest.raises(ValidationError, match=sentence):
        Questionnaire.model_validate(content)


def test_advice_inside_a_group_must_be_written_too() -> None:
    content = copy.deepcopy(SMALL)
    content["pages"][2]["items"][0]["items"][0] |= {"advice": {"x": "never"}}
    with pytest.raises(ValidationError, match="name: answer x names advice never, which is not written"):
        Questionnaire.model_validate(content)


LINE = {"number": "1", "name": "A", "owner": "O", "checked_on": "2026-01-01"}


@pytest.mark.parametrize(
    "advice",
    [
        {"title": "Call {nobody}", "text": "Now."},
        {"title": "Call", "text": ["Now.", "To {nobody}"]},
        {"title": "Call", "text": "Now.", "nations": {"wales": {"title": "{nobody}"}}},
        {"title": "Call", "text": "Now.", "nations": {"wales": {"text": ["A", "{nobody}"]}}},
    ],
)
def test_advice_names_only_helplines_that_are_listed(advice: dict[str, Any]) -> None:
    content = {**copy.deepcopy(SMALL), "helplines": {"samaritans": LINE}}
    content["advice"]["soon"] = {**advice, "tier": 3}
    with pytest.raises(ValidationError, match="advice soon: there is no helpline nobody"):
        Questionnaire.model_validate(content)
    Questionnaire.model_validate({**content, "helplines": {"samaritans": LINE, "nobody": LINE}})
    Questionnaire.model_validate({**content, "helplines": {}})


def test_advice_is_said_as_in_the_nation_where_that_differs() -> None:
    advice = Advice.model_validate(
        {
            "title": "Go",
            "text": "Now.",
            "nations": {"wales": {"title": "Cer"}, "scotland": {"text": ["Aff.", "Ye go."]}},
        }
    )
    assert advice.words_for(None) == ("Go", ("Now.",))
    assert advice.words_for("england") == ("Go", ("Now.",))
    assert advice.words_for("wales") == ("Cer", ("Now.",))
    assert advice.words_for("scotland") == ("Go", ("Aff.", "Ye go."))
    assert advice.tier is None


@pytest.mark.parametrize(("version", "text"), [(2, "2"), ("2", "2"), ("b", "b")])
def test_a_version_of_a_statement_is_a_text(version: object, text: str) -> None:
    content = {"id": "CS1", "required": True, "kind": "tick", "item": "a", "text": "T"}
    assert Statement.model_validate({**content, "version": version}).version == text
    assert Statement.model_validate(content).version == "1"
    with pytest.raises(ValidationError, match="valid string"):
        Statement.model_validate({**content, "version": None})
    with pytest.raises(ValidationError, match="pattern"):
        Statement.model_validate({**content, "id": "cs1"})


def test_the_first_name_that_comes_again_is_told() -> None:
    assert repeated(["a", "b", "c"]) is None
    assert repeated(["a", "b", "b", "a", "b"]) == "b"
    assert [key_text(key) for key in (True, False, 1, 0, "x")] == ["true", "false", "1", "0", "x"]


@pytest.mark.parametrize("name", ["Flag", "1flag", "fl ag", "f" * 65, ""])
def test_a_question_is_named_in_small_letters(name: str) -> None:
    with pytest.raises(ValidationError):
        Item(id=name, type="string", text="It?")
    assert Item(id="f" * 64, type="string", text="It?").id == "f" * 64
