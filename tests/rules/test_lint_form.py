"""What the check finds in a form: one small mistake for each kind of remark, and its sentence."""

# ruff: noqa: E501 (tables of mistakes are read in rows)

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.lint import lint
from tests.rules.test_lint import form, found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"why": {"show_when": "muchh > 3"}}, ("error", "unknown-name", "item why, show when, line 1")),
        ({"why": {"show_when": "much > > 3"}}, ("error", "syntax", "item why, show when")),
        ({"why": {"show_when": "agree"}}, ("error", "too-early", "item why, show when")),
        ({"why": {"show_when": "much > 10"}}, ("error", "never-true", "item why, show when, line 1")),
        ({"why": {"show_when": "flag = 'no' and flag = 'yes'"}}, ("error", "unreachable", "item why")),
        ({"page_second": {"show_when": "flagg = 'yes'"}}, ("error", "unknown-name", "page second, show when, line 1")),
        ({"page_second": {"show_when": "flag = 'no' and flag = 'yes'"}}, ("error", "unreachable", "page second")),
        ({"page_second": {"show_when": "Coalesce(flag = 'x', false)"}},
         ("error", "never-true", "page second, show when, line 1")),
        ({"page_second": {"show_when": "Coalesce(Length(words[0]) > 9, false)"}},
         ("error", "too-early", "item much, show when")),
        ({"page_first": {"stops": True}}, ("error", "dead-end", "page first")),
        ({"day": {"validate": [{"check": "agree", "message": "No."}]}}, ("warning", "too-early", "item day, check 1")),
        ({"day": {"validate": [{"check": "dya is null", "message": "No."}]}},
         ("error", "unknown-name", "item day, check 1, line 1")),
        ({"flag": {"advice": {"yes": "now"}}}, ("warning", "unused", "advice soon")),
        ({"agree": {"advice": {"perhaps": "now"}}}, ("error", "unknown-code", "item agree")),
        ({"much": {"advice": {"11": "now"}}}, ("error", "unknown-code", "item much")),
        ({"scores": [{"id": "double", "title": "D", "expression": "muchh * 2", "source": "x"}]},
         ("error", "unknown-name", "score double, line 1")),
        ({"scores": [{"id": "double", "title": "D", "expression": "much * 2"}]},
         ("warning", "missing-source", "score double")),
        ({"day": {"text": " "}}, ("error", "missing-words", "item day")),
    ],
)  # fmt: skip
def test_a_mistake_in_the_form(changes: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert expected in found(lint(form(**changes)))


def test_an_end_that_belongs_to_it_can_be_met() -> None:
    for condition in ("much between 10 and 20", "much in Interval[10, 20]", "much in Interval[-1, 0]"):
        assert lint(form(why={"show_when": condition})) == []


TWO_OPTIONS = [{"code": "a", "text": " "}, {"code": "b", "text": "B"}]
IN_WORDS: list[tuple[dict[str, Any], str]] = [
    ({"why": {"show_when": "agree"}}, "error: item why, show when: It depends on agree, which is asked later."),
    ({"day": {"validate": [{"check": "agree", "message": "No."}]}},
     "warning: item day, check 1: It reads agree, which is asked later, so it says nothing the first time."),
    ({"page_second": {"show_when": "flag = 'no' and flag = 'yes'"}}, "error: page second: No answers lead here."),
    ({"why": {"show_when": "flag = 'no' and flag = 'yes'"}}, "error: item why: No answers lead here."),
    ({"page_first": {"stops": True}}, "error: page first: It stops the form, and nothing leads past it."),
    ({"flag": {"advice": {"yes": "now"}}}, "warning: advice soon: No answer leads to this advice."),
    ({"agree": {"advice": {"perhaps": "now"}}}, "error: item agree: Advice for perhaps, which is no answer."),
    ({"scores": [{"id": "double", "title": "D", "expression": "much * 2"}]},
     "warning: score double: There is no source."),
    ({"scores": [{"id": "a", "title": "A", "expression": "b + 1", "source": "x"},
                 {"id": "b", "title": "B", "expression": "a + 1", "source": "x"}]},
     "error: score a, line 1: Column 1: a refers to itself: a → b → a. Take one of these references out."),
    ({"day": {"text": " "}}, "error: item day: The question has no words."),
    ({"kinds": {"options": TWO_OPTIONS}}, "error: item kinds: The option a has no words."),
    ({"kinds": {"options": [TWO_OPTIONS[1], TWO_OPTIONS[1]]}},
     "error: pages.2.items.4: Kinds: the option b is there twice."),
    ({"flag": {"options_from": "kinds"}}, "error: questionnaire: Flag: kinds is no earlier choice of several."),
    ({"kinds": {"id": "flag"}}, "error: questionnaire: The item or score flag is there twice."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "remark"), IN_WORDS, ids=[remark[:40] for _, remark in IN_WORDS])
def test_a_mistake_in_the_form_is_told_in_a_sentence(changes: dict[str, Any], remark: str) -> None:
    assert [str(found).rpartition(" [")[0] for found in lint(form(**changes))] == [remark]


def narrowed(codes: list[str], *, inside: bool = False) -> dict[str, Any]:
    """The small form with one more choice, of these answers, that offers what was chosen in `kinds`."""
    content = form()
    options = [{"code": code, "text": code} for code in codes]
    item = {"id": "worst", "type": "choice", "text": "Worst", "options": options, "options_from": "kinds"}
    group = {"id": "more", "type": "group", "text": "More", "repeats": True, "items": [item]}
    content["pages"][2]["items"].append(group if inside else item)
    return content


def test_a_choice_can_offer_all_that_it_takes_its_options_from() -> None:
    assert not [remark for remark in lint(narrowed(["a", "b", "not_sure"])) if remark.severity == "error"]
    assert [str(remark).rpartition(" [")[0] for remark in lint(narrowed(["a", "b"]))] == [
        "error: questionnaire: Worst: it cannot offer everything that kinds can hold."
    ]


def test_a_question_of_an_entry_takes_no_options_from_elsewhere() -> None:
    assert [
        str(remark).rpartition(" [")[0] for remark in lint(narrowed(["a", "b", "not_sure"], inside=True))
    ] == ["error: questionnaire: More: a question of an entry takes no options from elsewhere."]


def test_a_mistake_inside_an_entry_is_found_with_its_group() -> None:
    content = form()
    content["pages"][2]["items"][0]["items"][1]["show_when"] = "nmae != 'x'"
    assert found(lint(content)) == [("error", "unknown-name", "item tries.weeks, show when, line 1")]


def test_advice_without_a_source_is_remarked() -> None:
    content = form()
    del content["advice"]["now"]["source"]
    assert found(lint(content)) == [("warning", "missing-source", "advice now")]
