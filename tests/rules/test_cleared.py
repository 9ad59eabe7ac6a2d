"""A red flag that a clinician dealt with stays dealt with for that answer, and for no other."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.assess import assess
from screening.rules.canonical import canonical_json
from screening.rules.packed import Document
from screening.rules.ruleset import Row
from tests.rules.content import DAY, baseline, codes, rule, shipped, small
from tests.rules.test_replay import shorts, whole

# What opens the questions that only some people are asked.
OPENED = {"main_condition": "other", "conditions": ["other"], "phq_1": 3, "phq_2": 3, "gad_1": 3, "gad_2": 3}
POSITIVE = [
    (row.when.question, answer)
    for row in shipped().ruleset.rules
    if row.effect == "urgent" and isinstance(row.when, Row)
    for answer in row.when.answers
]


def value(item_id: str, answer: str) -> Any:
    return int(answer) if shipped().questionnaire.item(item_id).type == "integer" else answer


def judged(item_id: str, answer: str, **how: Any) -> Any:
    answers = baseline(**OPENED, **{item_id: value(item_id, answer)})
    return assess(shipped(), answers, as_of=DAY, **how)


def test_the_shipped_rules_have_many_positive_answers() -> None:
    assert len(POSITIVE) > 30


@pytest.mark.parametrize(("item_id", "answer"), POSITIVE)
def test_the_same_answer_is_not_urgent_again(item_id: str, answer: str) -> None:
    loud = judged(item_id, answer)
    quiet = judged(item_id, answer, cleared=[(item_id, answer)])
    assert loud.outcome == "urgent"
    assert (quiet.outcome, quiet.tier, quiet.urgent) == (loud.underlying, None, ())
    assert quiet.verdicts == loud.verdicts, "what the rules said is kept"
    assert codes(quiet) == codes(loud) - {finding.code for finding in loud.urgent}


@pytest.mark.parametrize(("item_id", "answer"), POSITIVE)
def test_any_other_answer_is_urgent_though_one_was_cleared(item_id: str, answer: str) -> None:
    others = [(item, other) for item, other in POSITIVE if (item, other) != (item_id, answer)]
    assert judged(item_id, answer, cleared=others) == judged(item_id, answer)


def test_a_flag_that_stands_is_urgent_whatever_was_cleared_before() -> None:
    again = judged(
        "rf_saddle",
        "new_or_worse",
        standing_red_flags=[("rf_saddle", 1)],
        cleared=[("rf_saddle", "new_or_worse")],
    )
    assert (again.outcome, again.tier) == ("urgent", 1)


def test_nothing_but_a_red_flag_can_be_cleared() -> None:
    answers = baseline(pregnancy="pregnant")
    cleared = [("pregnancy", "pregnant")]
    assert assess(shipped(), answers, as_of=DAY, cleared=cleared) == assess(shipped(), answers, as_of=DAY)


def test_an_expression_over_one_item_is_cleared_with_its_answer() -> None:
    compiled = small(rule("red", "urgent", "flag = 'yes'", tier=1))
    assert assess(compiled, {"flag": "yes"}, as_of=DAY).outcome == "urgent"
    assert assess(compiled, {"flag": "yes"}, as_of=DAY, cleared=[("flag", "yes")]).outcome != "urgent"
    assert assess(compiled, {"flag": "yes"}, as_of=DAY, cleared=[("flag", "no")]).outcome == "urgent"


def test_a_rule_over_several_items_is_not_silenced_by_one_of_them() -> None:
    compiled = small(rule("red", "urgent", "flag = 'yes' and much > 3", tier=1))
    answers = {"flag": "yes", "much": 4}
    assert assess(compiled, answers, as_of=DAY, cleared=[("flag", "yes")]).outcome == "urgent"


def test_an_empty_list_changes_no_byte() -> None:
    plain, empty = judged("rf_saddle", "not_sure"), judged("rf_saddle", "not_sure", cleared=[])
    assert canonical_json(plain.to_json()) == canonical_json(empty.to_json())


def test_judging_many_at_once_says_the_same() -> None:
    many = [
        Document("D", baseline(**OPENED, **{item_id: value(item_id, answer)}), DAY, cleared=cleared)
        for item_id, answer in POSITIVE
        for cleared in ((), ((item_id, answer),), ((item_id, "no"), *POSITIVE[:9]))
    ]
    assert shorts(many) == [whole(document) for document in many]


SEVERAL = small(rule("K", "urgent", {"question": "kinds", "answers": {"a": 1, "b": 2}}))
ALL_OF_THEM = small(rule("K", "urgent", "kinds contains 'a'", tier=1))
ONE_OF_THEM = small(rule("K", "urgent", {"question": "kinds", "answers": {"a": 1}}))
OF_SEVERAL = [
    # answers chosen, those that were cleared, whether it is urgent still: by a row, and by an expression
    (["a"], [], True, True),
    (["a"], ["a"], False, False),
    (["a"], ["b"], True, True),
    (["a", "b"], ["a"], True, True),
    (["a", "b"], ["a", "b"], False, False),
    (["b"], ["a"], True, False),
    (["b"], ["b"], False, False),
    ([], ["a", "b"], False, False),
]


@pytest.mark.parametrize(("chosen", "cleared", "by_row", "by_expression"), OF_SEVERAL)
@pytest.mark.parametrize("kind", [list, tuple])
def test_of_several_answers_all_have_to_be_cleared(
    kind: type[Any], chosen: list[str], cleared: list[str], by_row: bool, by_expression: bool
) -> None:
    dealt_with = [("kinds", answer) for answer in cleared]
    for rules, urgent in ((SEVERAL, by_row), (ALL_OF_THEM, by_expression)):
        result = assess(rules, {"kinds": kind(chosen)}, as_of=DAY, cleared=dealt_with)
        assert (result.outcome == "urgent") is urgent


def test_an_answer_beside_that_is_not_urgent_needs_no_clearing() -> None:
    for chosen in (["a"], ["a", "b"]):
        for cleared, outcome in (([("kinds", "a")], "flagged_review"), ([("kinds", "b")], "urgent")):
            assert assess(ONE_OF_THEM, {"kinds": chosen}, as_of=DAY, cleared=cleared).outcome == outcome
