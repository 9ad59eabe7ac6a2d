"""What a definition may say, and the sentence with which anything else is refused."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest
from pydantic import ValidationError

from screening.cql import compile_library
from screening.rules.assess import assess
from screening.rules.compiled import compile_ruleset
from screening.rules.definition import Messages, Questionnaire, RuleSet, Schedule
from screening.rules.library import DefinitionError
from tests.rules.content import DAY, ROOT, SMALL, read, rule, shipped, small


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    content = copy.deepcopy(SMALL)
    place: Any = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return content


REFUSED_QUESTIONNAIRES = [
    (["extra"], 1, "Extra inputs"),
    (["pages", 0, "step"], "nowhere", "there is no step nowhere"),
    (["pages", 2, "id"], "first", "the page first is there twice"),
    (["pages", 1, "items", 0, "id"], "flag", "the item or score flag is there twice"),
    (["pages", 1, "items", 0, "id"], "Flag", "pattern"),
    (["scores", 0, "id"], "flag", "the item or score flag is there twice"),
    (["pages", 0, "items", 0, "options"], [], "a choice needs options"),
    (["pages", 0, "items", 0, "advice"], {"yes": "nothing"}, "advice nothing, which is not written"),
    (["pages", 0, "items", 0, "advice"], {"no_option": "now"}, "which is no option"),
    (["pages", 0, "items", 0, "advice"], {True: "now"}, "which is no option"),
    (["pages", 1, "items", 0, "min"], 11, "min is above max"),
    (["pages", 1, "items", 0, "repeats"], True, "cannot repeat"),
    (["pages", 2, "items", 0, "items"], [], "a group has items"),
    (
        ["statements"],
        [{"id": "CS1", "required": True, "kind": "tick", "item": "x", "text": "T"}],
        "no item x",
    ),
    (
        ["helplines"],
        {"a": {"number": "1", "name": "A", "owner": "O", "checked_on": "2026-01-01"}},
        None,
    ),
]


@pytest.mark.parametrize(("path", "value", "sentence"), REFUSED_QUESTIONNAIRES)
def test_a_questionnaire_with_a_mistake_is_refused_with_its_place(
    path: list[Any], value: Any, sentence: str | None
) -> None:
    content = changed(path, value)
    if sentence is None:
        Questionnaire.model_validate(content)
        return
    with pytest.raises(ValidationError, match=sentence):
        Questionnaire.model_validate(content)


def test_advice_that_names_a_helpline_nobody_listed_is_refused() -> None:
    content = changed(["advice", "now", "text"], ["Call {samaritans}."])
    line = {"number": "1", "name": "A", "owner": "O", "checked_on": "2026-01-01"}
    with pytest.raises(ValidationError, match="no helpline samaritans"):
        Questionnaire.model_validate({**content, "helplines": {"other": line}})
    Questionnaire.model_validate({**content, "helplines": {"samaritans": line}})


REFUSED_RULES: list[tuple[dict[str, Any], str]] = [
    (rule("A", "urgent", "agree"), "one tier"),
    (rule("A", "urgent", {"question": "flag", "answers": {"yes": 1}}, tier=2), "one tier"),
    (rule("A", "urgent", {"question": "flag", "answers": {"yes": 4}}), "tiers"),
    (rule("A", "exclude", "agree", tier=1), "only an urgent rule has a tier"),
    (rule("A", "exclude", "agree", blocks=["flag"]), "only a contradiction blocks"),
    (rule("A", "high_caution", "agree"), r"has \(H\)"),
    (rule("A(H)", "caution", "agree"), r"has \(H\)"),
    (rule("A", "exclude", "agree", criterion="C9"), "no criterion C9"),
    (rule("A", "forbid", "agree"), "effect"),
    (rule("A", "exclude", ""), "when"),
]


@pytest.mark.parametrize(("bad", "sentence"), REFUSED_RULES)
def test_a_rule_with_a_mistake_is_refused(bad: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        small(bad)


def test_two_rules_with_one_code_are_refused() -> None:
    with pytest.raises(ValidationError, match="the rule A is there twice"):
        small(rule("A", "exclude", "agree"), rule("A", "note", "agree"))


UNUSABLE: list[tuple[dict[str, Any], str | None]] = [
    (rule("A", "exclude", "nobody = 1"), "rule A"),
    (rule("A", "exclude", "much +"), "rule A"),
    (rule("A", "exclude", "much"), "this is Integer"),
    (rule("A", "exclude", "much = 'x'"), "rule A"),
    (rule("A", "exclude", 'agree define "Evil": true'), "rule A"),
    (rule("A", "exclude", "agree // and then"), None),
    (rule("A", "exclude", "true) or (true"), "rule A"),
    (rule("A", "exclude", {"question": "nobody", "answers": ["x"]}), "no question nobody"),
    (rule("A", "exclude", {"question": "flag", "answers": ["x"]}), "no answer x"),
    (rule("A", "exclude", {"question": "flag", "answers": ["not_sure"]}), "no rule can see it"),
    (rule("A", "exclude", {"question": "day", "answers": ["2020"]}), "write an expression"),
    (rule("A", "exclude", {"question": "agree", "answers": ["yes"]}), "true or false"),
    (rule("A", "exclude", {"question": "much", "answers": ["few"]}), "whole number"),
    (rule("A", "exclude", {"question": "much", "answers": ["--3"]}), "whole number"),
    (rule("A", "exclude", {"question": "much", "answers": ["³"]}), "whole number"),
    (rule("A", "exclude", {"question": "much", "answers": ["-3", "3"]}), None),
    (rule("A", "contradiction", "agree", blocks=["nobody"]), "no question nobody to block"),
]


@pytest.mark.parametrize(("bad", "sentence"), UNUSABLE)
def test_a_rule_that_cannot_run_is_refused_with_its_name(bad: dict[str, Any], sentence: str | None) -> None:
    if sentence is None:
        small(bad, rule("B", "exclude", "agree"))
        return
    with pytest.raises(DefinitionError, match=sentence):
        small(bad)


def test_a_mistake_in_a_long_library_names_the_rule_and_its_own_line() -> None:
    with pytest.raises(DefinitionError) as refused:
        small(rule("A", "exclude", "agree"), rule("B", "exclude", "agree\n  and nobody"))
    assert refused.value.where == "rule B"
    assert "nobody" in refused.value.sentence


def test_authors_cannot_take_a_generated_name_or_declare_a_parameter() -> None:
    for text in ('define "rule A": true', 'define "asked much": false', "parameter extra String"):
        with pytest.raises(DefinitionError, match="definitions"):
            small(rule("A", "exclude", "agree"), definitions=text)


def test_a_rule_set_for_another_questionnaire_is_refused() -> None:
    content = {"code": "r", "title": "R", "questionnaire": "other", "rules": [rule("A", "note", "agree")]}
    with pytest.raises(DefinitionError, match="judges other") as refused:
        compile_ruleset(Questionnaire.model_validate(SMALL), RuleSet.model_validate(content))
    assert refused.value.where == "questionnaire"


def test_tables_are_lists_of_tuples_with_their_declared_types() -> None:
    table = {
        "columns": {
            "word": "String",
            "least": "Integer",
            "share": "Decimal",
            "since": "Date",
            "on": "Boolean",
        },
        "rows": [
            {"word": "it's", "least": 2, "share": 1, "since": "2020-01", "on": True},
            {"word": 'say "x"', "share": 0.5},
        ],
    }
    compiled = small(
        rule("A", "note", "exists (drugs D where D.word = 'it\\'s')"),
        rule("B", "note", "Sum(drugs D return all D.share) = 1.5 and exists (drugs D where D.least is null)"),
        tables={"drugs": table},
    )
    verdicts = {v.code: v.verdict for v in assess(compiled, {}, as_of=DAY).verdicts}
    assert verdicts == {"A": "true", "B": "true"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [({"least": "2"}, "not of type Integer"), ({"on": 1}, "not of type Boolean"), ({"x": 1}, "no column x")],
)
def test_a_cell_of_the_wrong_type_is_refused(row: dict[str, Any], sentence: str) -> None:
    table = {"columns": {"least": "Integer", "on": "Boolean"}, "rows": [row]}
    with pytest.raises(ValidationError, match=sentence):
        small(rule("A", "note", "agree"), tables={"drugs": table})


def test_the_library_text_stands_alone_and_gives_the_same() -> None:
    """What is handed to another engine is the whole truth."""
    program = compile_library(shipped().library_text)
    assert set(program.definitions) == set(shipped().program.definitions)


def test_definitions_are_frozen() -> None:
    with pytest.raises(ValidationError):
        shipped().ruleset.title = "Another"  # type: ignore[misc]


@pytest.mark.parametrize(("kind", "model"), [("schedules", Schedule), ("messages", Messages)])
def test_shipped_schedules_and_messages_are_valid(kind: str, model: Any) -> None:
    paths = sorted((ROOT / "seed" / kind).glob("*.yml"))
    assert paths
    for path in paths:
        model.model_validate(read(path))


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"code": "m", "channel": "sms", "text": "Your {condition} form"}, "condition"),
        ({"code": "m", "channel": "sms", "text": "x", "subject": "y"}, "subject"),
        ({"code": "m", "channel": "email", "text": "x"}, "subject"),
    ],
)
def test_a_message_cannot_carry_anything_personal(message: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Messages.model_validate({"code": "m", "title": "M", "messages": [message]})


def test_a_definition_is_a_value_that_cannot_change_and_can_be_read_as_it_was_written_out() -> None:
    form = Questionnaire.model_validate(SMALL)
    with pytest.raises(ValidationError):
        form.title = "Other"  # type: ignore[misc]
    assert Questionnaire.model_validate(form.model_dump()) == form
    assert Questionnaire.model_validate(form.model_dump(by_alias=True)) == form


def test_what_was_worked_out_of_a_rule_set_is_no_part_of_it() -> None:
    compiled = small(rule("R", "caution", "agree"))
    worked_out = dataclasses.replace(compiled, once={"readings": {"R": "SOMETHING"}})
    assert worked_out == compiled
    assert "SOMETHING" not in repr(worked_out)
