"""Which answers are tried before the check says of a rule that it is never true."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.content import rule
from tests.rules.test_lint import form, rules
from tests.rules.test_lint_sentences import SETTLED, said

NEVER = "error: rule R: No answers make it true."
NONE_TRIED = f"warning: rule R: None of the answers tried make it true. {SETTLED}"
NOT_CHECKED = f"warning: rule R: Too many answers could make it true: not checked. {SETTLED}"


def of(items: list[dict[str, Any]]) -> dict[str, Any]:
    page = {"id": "only", "step": "one", "title": "Only", "items": items}
    flag = form()["pages"][0]["items"][0]
    return form(pages=[{**page, "items": [flag, *items]}], scores=[])


def scales(*ends: int) -> dict[str, Any]:
    """A form of scales from 0, each to its end: s0, s1, s2 …"""
    return of(
        [
            {"id": f"s{place}", "type": "integer", "text": "How much?", "min": 0, "max": end}
            for place, end in enumerate(ends)
        ]
    )


def ruled(when: str, **more: Any) -> dict[str, Any]:
    return rules(rule("R", "caution", when), **more)


def of_all(*conditions: str) -> str:
    return " and ".join(conditions)


@pytest.mark.parametrize(
    ("ends", "when", "sentence"),
    [
        # 2,000 answers with the blanks: all are tried
        ((3, 3, 3, 14), "s0 = 1 and s1 = 1 and s2 = 1 and s3 = 5", None),
        ((3, 3, 3, 14), "s0 * s1 * s2 * s3 = 17", NEVER),
        # more than that: of each the blank, the first, the middle and the last
        ((20, 20, 20), "s0 = 0 and s1 = 20 and s2 = 0", None),
        ((20, 20, 20), "s0 = 10 and s1 = 10 and s2 = 20", None),
        ((20, 20, 20), "s0 = 20 and s1 is null and s2 = 10", None),
        ((20, 20, 20), "s0 = 9 and s1 = 10 and s2 = 20", NOT_CHECKED),
        ((20, 20, 20), "s0 = 1 and s1 = 10 and s2 = 20", NOT_CHECKED),
        # of more questions still, the first and the last
        ((20,) * 6, of_all(*("s0 = 0", "s1 = 20", "s2 = 0", "s3 = 20", "s4 = 20", "s5 = 0")), None),
        ((20,) * 6, of_all("s0 = 10", *(f"s{place} = 0" for place in range(1, 6))), NOT_CHECKED),
        ((20,) * 6, of_all("s0 is null", *(f"s{place} = 0" for place in range(1, 6))), NOT_CHECKED),
        ((20,) * 10, of_all(*(f"s{place} = 0" for place in range(10))), None),
        # and of very many none
        ((20,) * 11, of_all(*(f"s{place} = 0" for place in range(11))), NOT_CHECKED),
    ],
)  # fmt: skip
def test_the_more_questions_a_rule_reads_the_fewer_answers_to_each_are_tried(
    ends: tuple[int, ...], when: str, sentence: str | None
) -> None:
    assert said(scales(*ends), ruled(when)) == ([sentence] if sentence else [])


def test_one_answer_more_than_are_tried_is_too_many() -> None:
    def choice(name: str, count: int) -> dict[str, Any]:
        options = [{"code": f"o{number}", "text": "?"} for number in range(count)]
        return {"id": name, "type": "choice", "text": "Which?", "options": options}

    three = of([choice("a", 2), choice("b", 22), choice("c", 28)])  # 3 * 23 * 29 with the blanks: 2,001
    found = said(three, ruled("a = 'o0' and b = 'o3' and c = 'o4'"))
    assert [each for each in found if "mentions" not in each] == [NOT_CHECKED]


def test_a_question_that_nothing_can_be_tried_for_is_tried_blank() -> None:
    group = {
        "id": "pair",
        "type": "group",
        "text": "?",
        "items": [{"id": "one", "type": "text", "text": "?"}],
    }
    scale = {"type": "integer", "text": "?", "min": 0, "max": 20}
    content = of([group, *({"id": f"s{place}", **scale} for place in range(3))])
    assert said(content, ruled("pair is null and s0 = 0 and s1 = 0 and s2 = 0")) == []


@pytest.mark.parametrize(
    ("when", "fires"),
    [
        ('"day" = @2026-03-10', True),
        ('"day" = @2026-02-08', True),
        ('"day" = @2026-03-09', False),
        ('"day" = @2026-03', True),
        ('"day" = @2026-01', True),
        ('"day" = @2025-12', True),
        ('"day" = @2025-08', True),
        ('"day" = @2025-07', False),
        ('"day" = @2026-04', False),
        ('"day" = @2026', True),
        ('"day" = @2025', True),
        ('"day" = @2024', False),
        ('"day" = @2027', False),
        ("Today() = @2026-03-10 and flag = 'yes'", True),
    ],
)
def test_dates_to_try_are_counted_back_from_the_day_of_the_rules(when: str, fires: bool) -> None:
    found = said(form(), ruled(when, assessed_on="2026-03-10"))
    assert found == ([] if fires else [NONE_TRIED])


def test_rules_without_a_day_are_tried_on_the_same_day_whenever_they_are_checked() -> None:
    assert said(form(), ruled("Today() = @2026-06-15")) == []
    assert said(form(), ruled("Today() > @2026-06-15")) == [NEVER]


def test_a_date_that_is_asked_to_the_day_is_not_tried_in_part() -> None:
    exact = form(day={"precision": "day"})
    assert said(exact, ruled('"day" = @2026-06')) == [NONE_TRIED]
    assert said(exact, ruled('"day" = @2026-06-15')) == []


WORDED = [{"code": "0", "text": "No"}, {"code": "2", "text": "Much"}]


@pytest.mark.parametrize(
    ("changes", "when", "sentence"),
    [
        ({"min": 15, "max": 20}, "not (much between 15 and 20)", NEVER),
        ({"min": None, "max": 10}, "much = 7", NONE_TRIED),
        ({"min": 0, "max": None}, "much = 7", NONE_TRIED),
        ({"min": 0, "max": None}, "much = 6", None),
        ({"options": WORDED}, "much > 0 and much < 2", NEVER),
        ({"options": WORDED}, "much > 0 and much < 3", None),
    ],
)  # fmt: skip
def test_of_a_number_with_an_open_end_some_are_tried_and_of_one_with_words_those(
    changes: dict[str, Any], when: str, sentence: str | None
) -> None:
    scale = form(much=changes, why={"show_when": None})
    assert said(scale, ruled(when)) == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("agree and not agree", NEVER),
        ("flag = 'yes' and flag = 'no'", NEVER),
        ("agree and not agree and flag = 'yes'", NEVER),
        ("agree and not agree and why = 'x'", NONE_TRIED),
        ("Count(kinds) > 1", NONE_TRIED),
        # a list is true by what is in it
        ("kinds K where K = 'a' return all K", None),
        ("kinds K where K = 'a' and K = 'b' return all K", NONE_TRIED),
        ("{null as String}", NEVER),
        ("{null as String, 'x'}", None),
    ],
)
def test_only_where_every_answer_was_tried_it_is_certain(when: str, sentence: str | None) -> None:
    assert said(form(), ruled(when)) == ([sentence] if sentence else [])


LONG = {"why": "x" * 501}
LATER = {"answers": LONG, "assessed_on": "2026-07-01"}
EXPECTED = {"outcome": "flagged_review", "underlying": "flagged_review", "senior_review": False}


@pytest.mark.parametrize(
    ("when", "baseline", "case", "sentence"),
    [
        # beside the answers of the worked cases one other is tried, or none
        ("Length(why) > 500 and agree", LONG, None, None),
        ("Length(why) > 500 and agree is null", LONG | {"agree": True}, None, None),
        ("Length(why) > 500 and agree and share > 9", LONG, None, NONE_TRIED),
        # a case may be judged on a day of its own
        ("Length(why) > 500 and Today() = @2026-07-01", {}, LATER, None),
        ("Length(why) > 500 and Today() = @2026-07-01", {}, {"answers": LONG}, NONE_TRIED),
        ("Length(why) > 500", {}, {"answers": LONG}, None),
        ("Length(why) > 501", LONG, {}, NONE_TRIED),
    ],
)  # fmt: skip
def test_worked_cases_and_what_is_near_them_are_tried_too(
    when: str, baseline: dict[str, Any], case: dict[str, Any] | None, sentence: str | None
) -> None:
    shown = {"flag": "yes", "much": 9}
    cases = [{"id": "O1", "title": "One", "expect": EXPECTED, **(case or {})}]
    judged = ruled(when, assessed_on="2026-06-15", baseline=shown | baseline, cases=cases)
    assert said(form(), judged) == ([sentence] if sentence else [])


def test_a_rule_that_a_case_makes_true_does_not_settle_the_next() -> None:
    cases = [{"id": "O1", "title": "One", "answers": {"flag": "yes"}, "expect": EXPECTED}]
    judged = rules(
        rule("N", "note", "flag is not null"),
        rule("R", "note", "agree and not agree"),
        assessed_on="2026-06-15",
        cases=cases,
    )
    assert said(form(), judged) == [NEVER]
