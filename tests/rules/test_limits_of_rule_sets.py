"""Rule sets at the limits of what they may be: just allowed, and just refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from screening.rules.definition import CaseFile, RuleSet
from screening.rules.ruleset import Row, Rule, Table
from tests.rules.content import rule

COLUMNS = {"s": "String", "i": "Integer", "d": "Decimal", "b": "Boolean", "on": "Date"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"s": "x", "i": 1, "d": 1, "b": True, "on": "2020"}, None),
        ({"s": None, "i": None, "d": None, "b": None, "on": None}, None),
        ({"d": 0.5}, None),
        ({}, None),
        ({"s": 1}, "row 1: s is not of type String"),
        ({"s": True}, "row 1: s is not of type String"),
        ({"i": "1"}, "row 1: i is not of type Integer"),
        ({"i": True}, "row 1: i is not of type Integer"),
        ({"i": 0.5}, "row 1: i is not of type Integer"),
        ({"d": "0.5"}, "row 1: d is not of type Decimal"),
        ({"d": False}, "row 1: d is not of type Decimal"),
        ({"b": 1}, "row 1: b is not of type Boolean"),
        ({"b": "yes"}, "row 1: b is not of type Boolean"),
        ({"on": 2020}, "row 1: on is not of type Date"),
        ({"z": 1, "a": 1}, "row 1: there is no column a"),
    ],
)
def test_a_row_fits_its_columns(row: dict[str, Any], sentence: str | None) -> None:
    if sentence is None:
        Table.model_validate({"columns": COLUMNS, "rows": [row]})
        return
    with pytest.raises(ValidationError, match=sentence):
        Table.model_validate({"columns": COLUMNS, "rows": [row]})


def test_a_table_has_one_column_or_more_and_any_number_of_rows() -> None:
    assert Table.model_validate({"columns": {"s": "String"}, "rows": []}).rows == ()
    with pytest.raises(ValidationError, match="at least 1"):
        Table.model_validate({"columns": {}, "rows": []})


def test_a_row_of_answers_reads_keys_as_texts() -> None:
    tiers = Row.model_validate({"question": "q", "answers": {True: 1, 3: 2, "x": 3}})
    assert (tiers.answers, tiers.tiers) == (("true", "3", "x"), (1, 2, 3))
    assert [tiers.tier_of(answer) for answer in ("true", "3", "x", "y")] == [1, 2, 3, None]
    plain = Row.model_validate({"question": "q", "answers": [False, 0, "x"]})
    assert (plain.answers, plain.tiers) == (("false", "0", "x"), ())
    frozen = Row.model_validate({"question": "q", "answers": (False, 0)})
    assert frozen.answers == ("false", "0")
    again = Row.model_validate({"question": "q", "answers": ["x"], "tiers": [2]})
    assert again.tier_of("x") == 2
    texts = Row.model_validate({"question": "q", "answers": [True, 3], "tiers": [1, 2]})
    assert (texts.answers, texts.tiers) == (("true", "3"), (1, 2))
    with pytest.raises(ValidationError, match="answers"):
        Row.model_validate({"question": "q", "answers": {"x": 1}, "tiers": [2]})
    with pytest.raises(ValidationError, match="at least 1"):
        Row.model_validate({"question": "q", "answers": []})
    for wrong in ("x", None):
        with pytest.raises(ValidationError, match="answers"):
            Row.model_validate({"question": "q", "answers": wrong})


TIERED = {"question": "flag", "answers": {"yes": 1}}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (rule("A", "urgent", "x", tier=1), None),
        (rule("A", "urgent", TIERED), None),
        (rule("A", "urgent", "x"), "A: an urgent rule has one tier, or one for each answer"),
        (rule("A", "urgent", TIERED, tier=1), "A: an urgent rule has one tier"),
        (rule("A", "caution", TIERED), "A: only an urgent rule has a tier"),
        (rule("A", "note", "x", tier=3), "A: only an urgent rule has a tier"),
        (rule("A", "contradiction", "x", blocks=["a", "b"]), None),
        (rule("A", "contradiction", "x"), None),
        (rule("A", "contradiction", "x", blocks=["a", "b", "a"]), "a is blocked twice"),
        (rule("A", "caution", "x", blocks=["a"]), "A: only a contradiction blocks items"),
        (rule("A(H)", "high_caution", "x"), None),
    ],
)
def test_a_rule_fits_its_effect(content: dict[str, Any], sentence: str | None) -> None:
    if sentence is None:
        Rule.model_validate(content)
        return
    with pytest.raises(ValidationError, match=sentence):
        Rule.model_validate(content)


JUDGE = {"code": "r", "title": "R", "questionnaire": "q", "rules": [rule("A", "note", "x")]}
EXPECTED = {"outcome": "urgent", "underlying": "urgent", "senior_review": False}
CASE = {"id": "W1", "title": "W", "expect": EXPECTED}


def test_names_in_a_rule_set_agree_and_cases_have_a_day() -> None:
    judge = RuleSet.model_validate(JUDGE)
    assert judge.rule("A").code == "A"
    assert (judge.worked_cases(), judge.definitions, judge.text) == (None, "", None)
    with pytest.raises(KeyError, match="B"):
        judge.rule("B")
    for changes, sentence in (
        ({"rules": []}, "at least 1"),
        ({"criteria": [{"id": "C1", "title": "C"}] * 2}, "the criterion C1 is there twice"),
        ({"cases": [CASE, CASE], "assessed_on": "2026-01-01"}, "the case W1 is there twice"),
        ({"cases": [CASE]}, "worked cases need the day they are assessed on"),
        ({"rules": [rule("A", "note", "x", criterion="C2")]}, "rule A: there is no criterion C2"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            RuleSet.model_validate({**JUDGE, **changes})
    whole = RuleSet.model_validate(
        {**JUDGE, "cases": [CASE], "assessed_on": "2026-01-01", "baseline": {"x": 1}}
    ).worked_cases()
    assert whole is not None
    assert (whole.ruleset, whole.questionnaire, whole.baseline) == ("r", "q", {"x": 1})
    assert [case.id for case in whole.cases] == ["W1"]
    days = RuleSet.model_validate({**JUDGE, "assessed_on": "2026-01-01"})
    assert days.worked_cases() is None
    RuleSet.model_validate({**JUDGE, "criteria": [{"id": "C2", "title": "C"}]})


def test_a_case_file_names_each_case_once() -> None:
    content = {"questionnaire": "q", "ruleset": "r", "assessed_on": "2026-01-01"}
    file = CaseFile.model_validate({**content, "cases": [CASE, {**CASE, "id": "W2"}]})
    expected = file.cases[0].expect
    assert (expected.tier, expected.recheck_on, expected.notes, expected.outputs) == (None, None, None, {})
    assert (expected.urgent, expected.codes, expected.cautions) == ((), (), ())
    with pytest.raises(ValidationError, match="the case W1 is there twice"):
        CaseFile.model_validate({**content, "cases": [CASE, CASE]})
