"""The rarer ways through the judgement: odd results, advice inside groups, values to try, plain values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from screening.cql import Date
from screening.rules.advice import Due, advice_for
from screening.rules.assess import assess
from screening.rules.assessment import Finding
from screening.rules.candidates import Change, changes, possible
from screening.rules.canonical import canonical_json
from screening.rules.cause import Causes
from screening.rules.compiled import compile_ruleset
from screening.rules.definition import Questionnaire, RuleSet
from screening.rules.explain import sentence_for
from screening.rules.library import DefinitionError
from screening.rules.plans import Answered
from screening.rules.questionnaire import Item, Page
from screening.rules.remarks import error, warning
from tests.rules.content import DAY, SMALL, rule, small

PAGES = SMALL["pages"]


def item(kind: str, **more: Any) -> Item:
    return Item.model_validate({"id": "it", "type": kind, "text": "It?", **more})


def test_a_rule_that_is_no_condition_is_an_unknown_that_is_seen() -> None:
    result = assess(small(rule("N", "note", "much as Any")), {"flag": "yes", "much": 3}, as_of=DAY)
    said = result.verdict("N")
    assert (said.verdict, said.error) == ("unknown", "The rule is neither true, false, unknown nor a list.")
    assert result.codes == ("INF_ERROR:N",)
    assert assess(small(rule("N", "note", "much as Any")), {"flag": "yes"}, as_of=DAY).codes == ()


def test_a_rule_of_no_certain_type_is_told_apart_from_one_that_is_true() -> None:
    compiled = small(rule("N", "note", "if agree is null then much as Any else agree as Any"))
    for answers, found in (({"agree": True}, "true"), ({"much": 1}, "unknown")):
        assert assess(compiled, {"flag": "yes", **answers}, as_of=DAY).verdict("N").verdict == found


def part(page: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**page, "items": [{**page["items"][0], **changes}, *page["items"][1:]]}


@pytest.mark.parametrize(
    ("form", "rules", "where"),
    [
        ({"scores": [{"id": "double", "title": "D", "expression": "agree +"}]}, {}, "score double"),
        ({"pages": [{**PAGES[0], "show_when": "= 1"}, *PAGES[1:]]}, {}, "page first, show when"),
        ({"pages": [part(PAGES[0], show_when="= 1"), *PAGES[1:]]}, {}, "item flag, show when"),
        (
            {"pages": [part(PAGES[0], validate=[{"check": "= 1", "message": "No."}]), *PAGES[1:]]},
            {},
            "item flag, check 1",
        ),
        ({}, {"rules": [rule("R", "note", "agree +")]}, "rule R"),
        ({}, {"rules": [rule("R", "note", "nothing")]}, "rule R"),
        ({}, {"rules": [rule("R", "note", "agree")], "outputs": {"o": "1 +"}}, "output o"),
        ({}, {"rules": [rule("R", "note", "agree")], "definitions": "define X: 1 +"}, "definitions"),
    ],
)
def test_a_mistake_is_told_with_the_part_it_is_in(
    form: dict[str, Any], rules: dict[str, Any], where: str
) -> None:
    content = {"code": "j", "title": "J", "questionnaire": "small", "rules": [rule("R", "note", "agree")]}
    with pytest.raises(DefinitionError) as told:
        compile_ruleset(
            Questionnaire.model_validate({**SMALL, **form}), RuleSet.model_validate({**content, **rules})
        )
    assert told.value.where == where
    assert str(told.value) == f"{where}: {told.value.sentence}"


def test_a_verdict_of_no_rule_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="NONE"):
        assess(small(rule("N", "note", "agree")), {}, as_of=DAY).verdict("NONE")


def test_outputs_of_any_type_are_written_plainly() -> None:
    outputs = {
        "amount": "3 months",
        "part": "@2019-05",
        "number": "1.50",
        "nothing": "0.0",
        "list": "{1, 2}",
        "tuple": "Tuple{a: 1.0}",
        "yes": "true",
        "none": "null as Integer",
    }
    stored = assess(small(rule("N", "note", "agree"), outputs=outputs), {}, as_of=DAY).to_json()
    assert stored["outputs"] == {
        "amount": "3 months",
        "part": "2019-05",
        "number": "1.5",
        "nothing": "0",
        "list": [1, 2],
        "tuple": {"a": "1"},
        "yes": True,
        "none": None,
    }


def test_each_finding_has_the_words_for_its_reader() -> None:
    words = {"patient": "P {element}.", "patient_unknown": "PU.", "clinician_unknown": "CU."}
    ruleset = small(
        rule("R", "caution", "kinds", unknown="INF_R", **words), rule("PLAIN", "note", "agree")
    ).ruleset
    true, missing = Finding("R:a", "R", "caution", element="a"), Finding("INF_R", "R", "more_info")
    assert sentence_for(ruleset, true, audience="patient") == "P a."
    assert sentence_for(ruleset, true) == "About R."
    assert sentence_for(ruleset, missing, audience="patient") == "PU."
    assert sentence_for(ruleset, missing) == "CU."
    plain = Finding("PLAIN", "PLAIN", "note")
    assert sentence_for(ruleset, plain, audience="patient") == ""
    assert sentence_for(ruleset, plain) == "About PLAIN."
    assert sentence_for(ruleset, Finding("INF_ERROR:R", "R", "more_info")) == "INF_ERROR:R"
    assert sentence_for(ruleset, Finding("rf_old", "rf_old", "urgent", 2)) == "rf_old"


ADVISED = {
    "id": "inner", "type": "choice", "text": "Which?", "advice": {"b": "now", "a": "soon", "c": "later"},
    "options": [{"code": code, "text": code} for code in "abc"],
}  # fmt: skip


def test_advice_inside_a_group_is_due_for_each_entry() -> None:
    group = {"id": "often", "type": "group", "repeats": True, "text": "Often", "items": [ADVISED]}
    form = {
        **SMALL,
        "pages": [{**SMALL["pages"][0], "items": [group]}],
        "scores": [],
        "advice": {**SMALL["advice"], "later": {"title": "Later", "text": "Read."}},
    }
    questionnaire = Questionnaire.model_validate(form)
    page: Page = questionnaire.pages[0]
    entries = [{"inner": "c"}, {"inner": "a"}, "junk", {"inner": "b"}, {}]
    in_order = [Due("inner", "c", "later"), Due("inner", "a", "soon"), Due("inner", "b", "now")]
    assert advice_for(page, {"often": entries}) == advice_for(page, {"often": tuple(entries)}) == in_order
    assert advice_for(page, {"often": entries}, questionnaire) == [in_order[2], in_order[1], in_order[0]]
    assert advice_for(page, {"often": {"inner": "a"}}) == [in_order[1]]
    assert advice_for(page, {"often": "junk"}) == advice_for(page, {}) == []


def test_advice_on_several_choices_is_due_for_each_of_them() -> None:
    page = Page.model_construct(items=(Item.model_validate({**ADVISED, "repeats": True}),))
    for answers in (["b", "a"], ("b", "a")):
        assert [due.answer for due in advice_for(page, {"inner": answers})] == ["b", "a"]


CODES = [{"code": "1", "text": "1"}, {"code": "2", "text": "2"}, {"code": "3", "text": "?", "unknown": True}]


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        (item("choice", options=CODES), ["1", "2"]),
        (item("choice", options=CODES, repeats=True), [[], ["1"], ["2"]]),
        (item("boolean"), [True, False]),
        (item("integer", options=CODES), [1, 2]),
        (item("integer"), [0, 1, 2, 4, 6, 13, 50, 100]),
        (item("integer", min=3, max=10), [3, 4, 6, 10]),
        (item("integer", min=2, max=6), [2, 4, 6]),
        (item("decimal"), [0, 100]),
        (item("decimal", min=1, max=2), [1, 2]),
        (item("text"), ["x"]),
        (item("string", repeats=True), [[], ["x"]]),
        (item("attachment"), [[], ["x"]]),
        (item("group", repeats=True, items=[{"id": "a", "type": "text", "text": "A"}]), [[]]),
        (item("group", items=[{"id": "a", "type": "text", "text": "A"}]), []),
        (item("display"), []),
    ],
)
def test_values_are_tried_on_both_sides_of_usual_limits(asked: Item, values: list[Any]) -> None:
    assert possible(asked, DAY) == values


def test_dates_are_tried_back_over_a_lifetime() -> None:
    tried = possible(item("date"), DAY)
    assert [(DAY - date.to_date()).days for date in tried] == [0, 30, 120, 400, 2000, 7000, 15000, 25000]


def test_what_is_known_in_part_is_tried_at_its_ends_and_what_is_known_is_not() -> None:
    journey = small(rule("N", "note", "agree")).journey

    def tried(name: str, answers: dict[str, Any]) -> list[Change]:
        active = journey.active(answers, DAY)
        return list(changes(journey, active, journey.questionnaire.item(name), DAY))

    assert tried("day", {"day": "2019"}) == [
        Change("day", Date(2019, 1, 1)),
        Change("day", Date(2019, 12, 31)),
    ]
    assert [change.value for change in tried("day", {"day": "2020-02"})] == [
        Date(2020, 2, 1),
        Date(2020, 2, 29),
    ]
    assert tried("day", {"day": "2020-02-03"}) == []
    assert [change.value for change in tried("agree", {})] == [True, False]
    assert tried("agree", {"agree": False}) == []
    inside = tried("tries", {"tries": [{"name": "x"}, {"name": "y", "weeks": 3}, {"weeks": 3}]})
    assert inside == [
        Change(
            "tries",
            [{"name": "x", "weeks": None}, {"name": "y", "weeks": 3}, {"name": "x", "weeks": 3}],
            ("tries", 2, "name"),
        )
    ]


def test_a_cause_inside_an_entry_takes_along_what_opens_its_question() -> None:
    inner = [
        {"id": "name", "type": "string", "text": "Name"},
        {"id": "weeks", "type": "integer", "text": "Weeks", "show_when": "name is not null"},
        {"id": "other", "type": "string", "text": "Other"},
    ]
    group = {"id": "tries", "type": "group", "repeats": True, "text": "Tries", "items": inner}
    form = {**SMALL, "pages": [{**SMALL["pages"][0], "items": [group]}], "scores": [], "advice": {}}
    rules = [rule("R", "caution", 'exists (tries T where T."weeks" > 3)')]
    compiled = compile_ruleset(
        Questionnaire.model_validate(form),
        RuleSet.model_validate({"code": "j", "title": "J", "questionnaire": "small", "rules": rules}),
    )
    answers = {"tries": [{"name": "a", "weeks": 1, "other": "o"}, {"name": "b", "weeks": 9}]}
    found = Causes(compiled, compiled.journey.active(answers, DAY), DAY).of("R")
    assert found.answers == (Answered("tries", 1, "name"), Answered("tries", 1, "weeks"))
    assert not found.proven


def test_every_kind_of_value_is_written_in_one_way() -> None:
    value = {"b": dt.date(2026, 6, 15), "a": {2, 1}, "c": frozenset("ba"), "d": dt.time(9, 30)}
    assert canonical_json(value) == b'{"a":[1,2],"b":"2026-06-15","c":["a","b"],"d":"09:30:00"}'
    assert canonical_json(["\u00e9", Decimal("6.0"), 1]) == '["é","6.0",1]'.encode()
    with pytest.raises(TypeError, match="object cannot be written"):
        canonical_json(object())
    with pytest.raises(ValueError):
        canonical_json(float("nan"))


def test_a_remark_is_one_line() -> None:
    assert str(error("type", "rule R", "No.")) == "error: rule R: No. [type]"
    assert str(warning("never-fires", "rule R", "No.")) == "warning: rule R: No. [never-fires]"
