"""What the check finds in a form: one small mistake for each kind of remark, and its sentence."""

# ruff: noqa: E501 (tables of mistakes are read in rows)

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.lint import lint
from tests.rules.content import SMALL
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
        ({"advice": {**SMALL["advice"], "now": {**SMALL["advice"]["now"], "title": "Call {now"}}},
         ("error", "stray-brace", "advice now")),
        ({"advice": {**SMALL["advice"], "now": {**SMALL["advice"]["now"], "nations": {"wales": {"text": ["Call }"]}}}}},
         ("error", "stray-brace", "advice now")),
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
    ({"kinds": {"options_from": "flag"}}, "error: questionnaire: Kinds: flag is no earlier choice of several."),
    ({"kinds": {"options_from": "words"}},
     "error: questionnaire: Kinds: words is no earlier choice of several."),
    ({"kinds": {"id": "flag"}}, "error: questionnaire: The item or score flag is there twice."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "remark"), IN_WORDS, ids=[remark[:40] for _, remark in IN_WORDS])
def test_a_mistake_in_the_form_is_told_in_a_sentence(changes: dict[str, Any], remark: str) -> None:
    assert [str(found).rpartition(" [")[0] for found in lint(form(**changes))] == [remark]


def stopping(page: dict[str, Any], *items: dict[str, Any]) -> dict[str, Any]:
    """The small form with a page in it that stops."""
    shown = [
        {"id": f"note{place}", "type": "display", "text": "Stop.", **each} for place, each in enumerate(items)
    ]
    content = form()
    content["pages"].insert(
        1, {"id": "stop", "step": "one", "title": "Stop", "stops": True, "items": shown, **page}
    )
    return content


CLOSED = {"show_when": "flag = 'no' and flag = 'yes'"}
DEAD_END = "error: page stop: It stops the form, and nothing leads past it."
WAY: list[tuple[dict[str, Any], list[str]]] = [
    # a form, what is said of the way through it
    (form(why={"show_when": "why is null"}), ["error: item why, show when: It depends on why, which is asked later."]),
    (form(why={"show_when": "agree and not agree"}),
     ["error: item why, show when: It depends on agree, which is asked later."]),
    (form(why={"show_when": "much >= 5 and double > 12"}), []),
    # a check may read what stands on its own page, and its own answer
    (form(flag={"validate": [{"check": "\"day\" is null", "message": "No."}]}), []),
    (form(flag={"validate": [{"check": "flag = 'no'", "message": "No."}]}), []),
    (form(why={"validate": [{"check": "flag = 'yes'", "message": "No."}]}), []),
    (form(flag={"validate": [{"check": "flag = 'no'", "message": "No."}, {"check": "agree", "message": "No."}]}),
     ["warning: item flag, check 2: It reads agree, which is asked later, so it says nothing the first time."]),
    # what is said of one thing keeps nothing else from being seen
    (form(day={"text": " "}, why=CLOSED),
     ["error: item day: The question has no words.", "error: item why: No answers lead here."]),
    (form(day={"validate": [{"check": "agree", "message": "No."}]}, why=CLOSED),
     ["error: item why: No answers lead here.",
      "warning: item day, check 1: It reads agree, which is asked later, so it says nothing the first time."]),
    (form(kinds=CLOSED, words=CLOSED),
     ["error: item words: No answers lead here.", "error: item kinds: No answers lead here."]),
    # where not all can be tried it is not certain
    (form(agree={"show_when": "Length(why) > 500"}),
     ["warning: item agree: None of the answers tried lead here; not all could be."]),
    # a page that stops is left behind when all that stands on it is closed
    (stopping({"show_when": "flag = 'no'"}, {}, {}), []),
    (stopping({}, {"show_when": "flag = 'no'"}, {"show_when": "flag = 'maybe'"}), []),
    (stopping({}, {}), [DEAD_END]),
    (stopping({}, {"show_when": "flag = 'no'"}, {}), [DEAD_END]),
    (stopping({"show_when": "flag is null or flag is not null"}, {}), [DEAD_END]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "remarks"), WAY)
def test_the_way_through_a_form_leads_to_every_question_and_past_every_stop(
    content: dict[str, Any], remarks: list[str]
) -> None:
    assert [str(found).rpartition(" [")[0] for found in lint(content)] == remarks


def narrowed(codes: list[str], *, inside: bool = False) -> dict[str, Any]:
    """The small form with one more choice, of these answers, that offers what was chosen in `kinds`."""
    content = form()
    options = [{"code": code, "text": code} for code in codes]
    item = {"id": "worst", "type": "choice", "text": "Worst", "options": options, "options_from": "kinds"}
    name = {"id": "named", "type": "string", "text": "Name"}
    group = {"id": "more", "type": "group", "text": "More", "repeats": True, "items": [name, item]}
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
    (remark,) = lint(content)
    assert str(remark) == "warning: advice now: There is no source. [missing-source]"


def test_each_kind_of_remark_has_its_name() -> None:
    unsure = form(agree={"show_when": "Length(why) > 500"})
    assert found(lint(unsure)) == [("warning", "unreachable", "item agree")]
    wordless = form(kinds={"options": TWO_OPTIONS})
    assert found(lint(wordless)) == [("error", "missing-words", "item kinds")]
