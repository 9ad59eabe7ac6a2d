"""From the stored document to values: what fits becomes a value, what does not is listed in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from screening.cql import Date
from screening.rules.answers import Answers, Problem, Questions, Typed, cql_type, is_blank, typed_item
from screening.rules.questionnaire import Item, Questionnaire
from tests.rules.content import SMALL

FORM = Questionnaire.model_validate(SMALL)
CHOICE = {"options": [{"code": "a", "text": "A"}]}
NONE_OF_THEM = "This is none of the answers that could be chosen."
NOTE = {"id": "note", "type": "display", "text": "Read this."}
WHEN = {"id": "when", "type": "date", "text": "When?"}
LABELLED = {"options": [{"code": "0", "text": "Never"}, {"code": "1", "text": "?", "unknown": True}]}
WHOLE = "This should be a whole number."
SIZE = "This should be a number of a usual size."


def typed(form: Questionnaire, answers: Answers) -> Typed:
    return Questions.of(form).typed(answers)


def item(kind: str, **more: Any) -> Item:
    return Item.model_validate({"id": "it", "type": kind, "text": "It?", **more})


FITTING = [
    (item("boolean"), True, True),
    (item("boolean"), False, False),
    (item("integer"), 5, 5),
    (item("integer"), 5.0, 5),
    (item("integer"), Decimal(5), 5),
    (item("integer"), 2**31 - 1, 2**31 - 1),
    (item("integer"), -(2**31 - 1), -(2**31 - 1)),
    (item("integer", min=0, max=10), 0, 0),
    (item("integer", min=0, max=10), 5.0, 5),
    (item("integer", min=0, max=1000), 1000, 1000),
    (item("integer", min=0, max=10), 10, 10),
    (item("integer", **LABELLED), 0, 0),
    (item("integer", **LABELLED), 1, None),
    (item("decimal"), "1.50", Decimal("1.50")),
    (item("decimal"), 2, Decimal(2)),
    (item("decimal"), 0.1, Decimal("0.1")),
    (item("decimal"), Decimal("0.1"), Decimal("0.1")),
    (item("decimal"), "99999999999999999999", Decimal("99999999999999999999")),
    (item("decimal", min="0.5", max="1.5"), "0.5", Decimal("0.5")),
    (item("decimal", min="0.5", max="1.5"), "1.5", Decimal("1.5")),
    (item("date"), "2020-02-29", Date(2020, 2, 29)),
    (item("date", precision="month"), "2020-02", Date(2020, 2)),
    (item("date", precision="month"), "2020-02-29", Date(2020, 2, 29)),
    (item("date", precision="year"), "2020", Date(2020)),
    (item("text"), " a ", " a "),
    (item("text"), "   ", None),
    (item("string", repeats=True), ["a", "b"], ["a", "b"]),
    (item("string", repeats=True), ("a",), ["a"]),
    (item("string", repeats=True), [], []),
    (item("choice", **CHOICE), "a", "a"),
    (item("choice", options=[{"code": "a", "text": "A", "unknown": True}]), "a", None),
    (item("attachment"), ["one.pdf"], ["one.pdf"]),
]


@pytest.mark.parametrize(("asked", "stored", "value"), FITTING)
def test_an_answer_that_fits_becomes_a_value(asked: Item, stored: Any, value: Any) -> None:
    found, fits = typed_item(asked, stored)
    assert (found, fits) == (value, True)
    whole = Questions([asked]).typed({"it": stored})
    assert (whole.values, whole.problems) == ({"it": value}, ())
    assert type(found) is type(whole.values["it"]) is type(value)


MISFITS = [
    (item("boolean"), 1, "This should be true or false."),
    (item("integer"), "5", WHOLE),
    (item("integer"), True, WHOLE),
    (item("integer", min=0, max=10), True, WHOLE),
    (item("integer", **LABELLED), False, WHOLE),
    (item("integer"), 5.5, WHOLE),
    (item("integer"), Decimal("5.5"), WHOLE),
    (item("integer"), 2**31, "This number is too large."),
    (item("integer"), -(2**31), "This number is too large."),
    (item("integer", min=0, max=10), -1, "This should lie between 0 and 10."),
    (item("integer", min=0, max=10), 11, "This should lie between 0 and 10."),
    (item("integer", min=0), -1, "This should lie between 0 and None."),
    (item("integer", max=10), 11, "This should lie between None and 10."),
    (item("integer", **LABELLED), 2, NONE_OF_THEM),
    (item("decimal"), "much", "This should be a number."),
    (item("decimal"), True, "This should be a number."),
    (item("decimal"), [1], "This should be a number."),
    (item("decimal"), "Infinity", SIZE),
    (item("decimal"), "100000000000000000000", SIZE),
    (item("decimal"), "-100000000000000000000", SIZE),
    (item("decimal", min="0.5", max="1.5"), "0.4", "This should lie between 0.5 and 1.5."),
    (item("decimal", min="0.5", max="1.5"), "1.6", "This should lie between 0.5 and 1.5."),
    (item("date"), 2020, "This should be a date."),
    (item("date"), "2020-02-30", "This is not a date."),
    (item("date"), "2020-02", "This date needs at least its day."),
    (item("date", precision="month"), "2020", "This date needs at least its month."),
    (item("text"), 5, "This should be text."),
    (item("string", repeats=True), "a", "This should be a list."),
    (item("string", repeats=True), ["a", 5], "This should be text."),
    (item("attachment"), "one.pdf", "This should be a list."),
    (item("choice", **CHOICE), "b", NONE_OF_THEM),
    (item("choice", **CHOICE), 1, NONE_OF_THEM),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "stored", "sentence"), MISFITS)
def test_an_answer_that_does_not_fit_is_unknown_and_named(asked: Item, stored: Any, sentence: str) -> None:
    assert typed_item(asked, stored) == (None, False)
    assert Questions([asked]).typed({"it": stored}) == Typed({"it": None}, (Problem("it", sentence),))
    group = Item.model_validate({"id": "g", "type": "group", "text": "G", "items": [asked]})
    assert Questions([group]).entries["g"].typed_entry({"it": stored}).problems == (
        Problem("g.it", sentence),
    )


@pytest.mark.parametrize(
    ("value", "blank"), [(None, True), ("", True), ("  ", True), ("a", False), ([], False), (0, False)]
)
def test_only_nothing_and_spaces_are_blank(value: object, blank: bool) -> None:
    assert is_blank(value) is blank


def test_several_choices_with_not_sure_among_them_are_unknown_and_no_problem() -> None:
    whole = typed(FORM, {"kinds": ["a", "not_sure"]})
    assert (whole.values["kinds"], whole.problems) == (None, ())
    assert typed(FORM, {"kinds": ["a", "b"]}).values["kinds"] == ["a", "b"]


def test_every_parameter_has_a_value() -> None:
    assert set(typed(FORM, {}).values) == {
        item.id for item in FORM.items() if item.holds_an_answer
    }  # fmt: skip
    assert set(typed(FORM, {}).values.values()) == {None}


def test_a_stored_answer_to_no_question_is_a_problem() -> None:
    whole = typed(FORM, {"stray": 1, "tries": [{"stray": 1}]})
    assert whole.problems == (
        Problem("tries.stray", "There is no such question."),
        Problem("stray", "There is no such question."),
    )
    assert [problem.top_item for problem in whole.problems] == ["tries", "stray"]


def test_an_answer_to_what_asks_nothing_is_a_problem() -> None:
    shown = [*SMALL["pages"][2]["items"], NOTE]
    form = Questionnaire.model_validate(
        {**SMALL, "pages": [*SMALL["pages"][:2], {**SMALL["pages"][2], "items": shown}]}
    )
    assert "note" not in typed(form, {}).values
    assert typed(form, {"note": "read"}).problems == (Problem("note", "There is no such question."),)


def test_entries_that_were_frozen_are_entries_too() -> None:
    assert typed(FORM, {"tries": ({"weeks": 3},)}) == typed(FORM, {"tries": [{"weeks": 3}]})


def test_entries_keep_their_places_whatever_is_in_them() -> None:
    whole = typed(FORM, {"tries": [{"name": "a", "weeks": -1}, "junk", {"weeks": 3}]})
    assert whole.values["tries"] == [
        {"name": "a", "weeks": None},
        {"name": None, "weeks": None},
        {"name": None, "weeks": 3},
    ]
    assert whole.problems == (
        Problem("tries.weeks", "This should lie between 0 and None."),
        Problem("tries", "An entry is not a set of answers."),
    )
    whole = typed(FORM, {"tries": "none"})
    assert whole.values["tries"] is None
    assert whole.problems == (Problem("tries", "This should be a list of entries."),)


def test_a_group_that_is_filled_in_once_is_one_tuple() -> None:
    once = {**SMALL["pages"][2]["items"][0], "repeats": False}
    form = Questionnaire.model_validate(
        {**SMALL, "pages": [*SMALL["pages"][:2], {**SMALL["pages"][2], "items": [once]}]}
    )
    assert typed(form, {"tries": {"name": "a"}}).values["tries"] == {"name": "a", "weeks": None}
    assert typed(form, {"tries": []}).problems == (Problem("tries", "An entry is not a set of answers."),)


@pytest.mark.parametrize(
    ("asked", "declared"),
    [
        (item("boolean"), "Boolean"),
        (item("integer"), "Integer"),
        (item("decimal"), "Decimal"),
        (item("date"), "Date"),
        (item("text"), "String"),
        (item("string", repeats=True), "List<String>"),
        (item("attachment"), "List<String>"),
        (FORM.item("tries"), 'List<Tuple{"name" String, "weeks" Integer}>'),
        (item("group", items=[NOTE, WHEN]), 'Tuple{"when" Date}'),
    ],
)
def test_each_question_declares_its_type(asked: Item, declared: str) -> None:
    assert cql_type(asked) == declared
