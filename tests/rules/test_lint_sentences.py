"""What the check of definitions says, word for word: the sentences that an author reads beside a mistake."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.lint import MOST_FAULTS, lint
from screening.rules.remarks import errors
from tests.rules.content import SMALL, rule
from tests.rules.test_lint import form, rules


def said(*given: Any) -> list[str]:
    return [str(remark).rpartition(" [")[0] for remark in lint(*given)]


SETTLED = "A worked case in which it is true would settle it."
FLAGGED = {"question": "flag", "answers": {"yes": 1, "no": 2}}
BESIDE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (rule("R", "exclude", "agree"), {}, "error: rule R: There is no sentence for the patient."),
    (
        rule("R", "more_info", "agree", patient=" "),
        {},
        "error: rule R: There is no sentence for the patient.",
    ),
    (rule("R", "contradiction", "agree"), {}, "error: rule R: There is no sentence for the patient."),
    (
        rule("R", "urgent", "flag = 'maybe'", tier=1),
        {},
        "error: rule R: There is no sentence for the patient.",
    ),
    (
        rule("R", "caution", "agree", unknown="I", clinician_unknown="C"),
        {},
        "error: rule R: Nothing tells the patient what is missing.",
    ),
    (
        rule("R", "caution", "agree", unknown="I", patient="P"),
        {},
        "warning: rule R: Nothing tells the clinician what is missing.",
    ),
    (
        rule("R", "caution", "agree", unknown="I", patient_unknown="P"),
        {},
        "warning: rule R: Nothing tells the clinician what is missing.",
    ),
    (
        rule("R", "caution", "agree", clinician=" "),
        {},
        "error: rule R: There is no sentence for the clinician.",
    ),
    (rule("R", "caution", "agree", source=" "), {}, "error: rule R: There is no source."),
    (
        rule("R", "contradiction", "agree", blocks=["dya"], patient="P"),
        {},
        "error: rule R: There is no question dya to block.",
    ),
    (
        rule("R", "urgent", FLAGGED, patient="P"),
        {},
        "error: rule R: The answer no of flag raises a red flag and has no advice.",
    ),
    (
        rule("R", "urgent", "agree", tier=1, patient="P"),
        {},
        "error: rule R: Nobody would read advice who answers agree: yes.",
    ),
    (
        rule("R", "caution", "agree", criterion="C1"),
        {"criteria": [{"id": "C1", "title": "C"}]},
        "warning: criterion C1: There is no source.",
    ),
    (
        rule("R", "caution", "agree"),
        {"criteria": [{"id": "C1", "title": "C", "source": "x"}]},
        "warning: criterion C1: No rule belongs to this criterion.",
    ),
    (
        rule("R", "caution", "agree"),
        {"tables": {"t": {"columns": {"c": "String"}, "rows": []}}},
        "warning: table t: There is no source.",
    ),
    (
        rule("R", "caution", "agree"),
        {"questionnaire": "other"},
        "error: rule set: It judges other, not small.",
    ),
]


@pytest.mark.parametrize(("some", "more", "sentence"), BESIDE)
def test_what_is_missing_beside_a_condition_is_told_in_a_sentence(
    some: dict[str, Any], more: dict[str, Any], sentence: str
) -> None:
    assert said(form(), rules(some, **more)) == [sentence]


@pytest.mark.parametrize(
    "fine",
    [
        rule("R", "urgent", "flag = 'maybe'", tier=1, patient="P"),
        rule("R", "urgent", {"question": "flag", "answers": {"yes": 1, "maybe": 3}}, patient="P"),
        rule("R", "caution", "agree", unknown="I", patient_unknown="P", clinician_unknown="C"),
        rule("R", "caution", "agree", unknown="I", patient="P", clinician_unknown="C"),
        rule("R", "note", "agree"),
        rule("R", "high_caution", "agree") | {"code": "R(H)"},
        rule("R", "contradiction", "agree", patient="P", blocks=["day", "flag"]),
    ],
)
def test_a_rule_with_all_its_words_has_nothing_to_remark(fine: dict[str, Any]) -> None:
    assert said(form(), rules(fine)) == []


NUMBERED = [
    # the limits of a whole number, an answer with advice, whether it can be given
    ({}, "7", True),
    ({}, "-7", True),
    ({"min": 0}, "0", True),
    ({"min": 0}, "9", True),
    ({"min": 0}, "-1", False),
    ({"max": 10}, "10", True),
    ({"max": 10}, "-3", True),
    ({"max": 10}, "11", False),
    ({"min": 0, "max": 10}, "5", True),
    ({"min": 0, "max": 10}, "much", False),
    ({"min": 0, "max": 10}, "1.5", False),
]


@pytest.mark.parametrize(("limits", "answer", "can_be"), NUMBERED)
def test_advice_belongs_to_a_number_that_can_be_given(
    limits: dict[str, int], answer: str, can_be: bool
) -> None:
    blank = {"min": None, "max": None}
    remarks = said(form(much={**blank, **limits, "advice": {answer: "now"}}))
    assert remarks == ([] if can_be else [f"error: item much: Advice for {answer}, which is no answer."])


@pytest.mark.parametrize(
    ("item", "answer", "can_be"),
    [
        ("agree", "true", True),
        ("agree", "false", True),
        ("agree", "yes", False),
        ("share", "1", False),
        ("words", "x", False),
    ],
)
def test_advice_belongs_to_an_answer_that_can_be_given(item: str, answer: str, can_be: bool) -> None:
    remarks = said(form(**{item: {"advice": {answer: "now"}}}))
    assert remarks == ([] if can_be else [f"error: item {item}: Advice for {answer}, which is no answer."])


@pytest.mark.parametrize(
    "expression",
    [
        "tries T aggregate N starting 0: N + 1",
        "tries T aggregate N: Coalesce(N, 0) + 1",
        "kinds K aggregate all N starting '': N + K",
    ],
)
def test_a_fold_has_nothing_to_remark(expression: str) -> None:
    assert said(form(), rules(definitions=f'define "A": {expression}')) == []


def many(count: int) -> dict[str, Any]:
    content = form()
    checks = [{"check": f"nobody{number} = 1", "message": "No."} for number in range(count)]
    content["pages"][0]["items"][1]["validate"] = checks
    return content


def test_very_many_mistakes_are_told_up_to_a_point() -> None:
    for count, told in ((1, 1), (20, 20), (21, 20)):
        assert len(errors(lint(many(count)))) == told, count
    assert len(errors(lint(many(22), rules()))) == 20
    twice = {**SMALL, **{f"extra{number}": 1 for number in range(MOST_FAULTS + 5)}}
    assert len(lint(twice)) == MOST_FAULTS == 20


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "error: questionnaire: This is not a definition: it should be a set of named parts."),
        ("x", "error: questionnaire: This is not a definition: it should be a set of named parts."),
        ({**SMALL, "extra": 1}, "error: extra: Nothing of this name belongs here."),
        ({**SMALL, "title": ""}, "error: title: This is empty."),
        ({**SMALL, "steps": SMALL["steps"] * 2}, "error: questionnaire: The step one is there twice."),
        ({**SMALL, "pages": []}, "error: pages: There has to be at least one."),
    ],
)
def test_content_that_is_no_form_is_told_in_a_sentence(content: Any, sentence: str) -> None:
    assert said(content) == [sentence]
    assert said(form(), 3) == [
        "error: rule set: This is not a definition: it should be a set of named parts."
    ]


@pytest.mark.parametrize(
    ("limits", "when", "sentence"),
    [
        ((2, 5), "not (much between 2 and 5)", "error: rule R: No answers make it true."),
        ((2, 5), "not (much between 3 and 5)", None),
        ((2, 5), "not (much between 2 and 4)", None),
        ((-3, 0), "not (much between -3 and 0)", "error: rule R: No answers make it true."),
        ((-3, 0), "not (much between -3 and -1)", None),
        ((0, 20), "not (much between 0 and 20)", "error: rule R: No answers make it true."),
        ((0, 20), "much * much = 361", None),
        (
            (0, 21),
            "not (much between 0 and 21)",
            f"warning: rule R: None of the answers tried make it true. {SETTLED}",
        ),
    ],
)
def test_every_answer_of_a_short_scale_is_tried(
    limits: tuple[int, int], when: str, sentence: str | None
) -> None:
    low, high = limits
    scale = form(much={"min": low, "max": high}, why={"show_when": None})
    assert said(scale, rules(rule("R", "caution", when))) == ([sentence] if sentence else [])
