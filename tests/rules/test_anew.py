"""Past documents judged as if they were sent today: which flags stand, and which the answers raise anew."""

from __future__ import annotations

from typing import Any

from screening.rules.anew import anew, raised_by, still_standing
from screening.rules.packed import Document, pack
from tests.rules.content import DAY, rule, small
from tests.rules.test_replay import packed


def test_a_flag_of_an_earlier_answer_stands_whatever_the_rules_say() -> None:
    raised = {"rf_weight": {"new_or_worse": 3, "not_sure": 3}}
    flags = [["rf_weight", 3]]
    now = {"rf_weight": "new_or_worse"}
    assert still_standing(flags, [], now, raised) == []
    assert still_standing(flags, [], {"rf_weight": "no"}, raised) == flags
    assert still_standing(flags, [], {}, raised) == flags
    assert still_standing([["rf_weight", 1]], [], now, raised) == [["rf_weight", 1]], "graver than its rule"
    assert still_standing(flags, [["rf_weight", "new_or_worse"]], now, raised) == flags


def test_an_answer_to_a_question_of_several_raises_its_flag_too() -> None:
    raised = {"kinds": {"a": 2, "b": 3}}
    flags = [["kinds", 2]]
    assert still_standing(flags, [], {"kinds": ["b", "a"]}, raised) == []
    assert still_standing(flags, [], {"kinds": ["b"]}, raised) == flags
    assert still_standing([["other", 1], *flags], [], {"kinds": ["a"], "other": "a"}, raised) == [
        ["other", 1]
    ]


def test_what_is_urgent_by_a_row_is_so_with_the_gravest_of_its_tiers() -> None:
    compiled = small(
        rule("A", "urgent", {"question": "flag", "answers": {"yes": 2, "maybe": 3}}),
        rule("B", "urgent", {"question": "flag", "answers": ["yes"]}, tier=1),
        rule("C", "caution", {"question": "flag", "answers": ["no"]}),
        rule("D", "urgent", "agree", tier=1),
    )
    assert raised_by(compiled.ruleset) == {"flag": {"yes": 1, "maybe": 3}}


def test_each_document_keeps_the_flags_that_its_answers_do_not_raise() -> None:
    compiled = small(rule("A", "urgent", {"question": "flag", "answers": {"yes": 2}}))
    stand: Any = (("flag", 2), ("gone", 1))
    documents = [
        Document("dealt with before", {"flag": "yes"}, DAY, stand, (("flag", "yes"),)),
        Document("same", {"flag": "yes"}, DAY, stand),
        Document("again", {"flag": "yes"}, DAY, stand),
        Document("milder now", {"flag": "no"}, DAY, stand),
        Document("dealt with", {"flag": "yes"}, DAY, stand, (("flag", "yes"),)),
        Document("nothing stands", {"flag": "yes"}, DAY),
    ]
    today = anew(packed(documents, compiled), raised_by(compiled.ruleset))
    standing = [today.standing.values[code] for code in today.standing.codes]
    whole, left = [["flag", 2], ["gone", 1]], [["gone", 1]]
    assert [[*map(list, each)] if each else [] for each in standing] == [whole, left, left, whole, whole, []]


def test_a_flag_of_a_question_that_is_not_among_the_answers_stands() -> None:
    documents = [Document("D", {"agree": False}, DAY, (("agree", 2),))]
    raised = {"agree": {"false": 2}}
    held, lacking = (anew(pack(documents, items=items, groups=[]), raised) for items in (["agree"], []))
    assert [each.standing_red_flags for each in held.documents()] == [()]
    assert [each.standing_red_flags for each in lacking.documents()] == [(("agree", 2),)]
