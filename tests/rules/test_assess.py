"""How rules become an outcome: order, standing red flags, lists, errors, doubtful values."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.assess import assess
from screening.rules.assessment import SEVERITY
from screening.rules.canonical import canonical_json
from tests.rules.content import DAY, codes, judge, rule, small

URGENT = rule("red", "urgent", {"question": "flag", "answers": {"yes": 1, "maybe": 3}}, unknown="INF_RED")


def test_the_gravest_finding_decides_and_nothing_else_is_lost() -> None:
    result = judge(rf_saddle="new_or_worse", psychosis_self="yes", onset=None, driving="yes")
    assert (result.outcome, result.underlying, result.tier) == ("urgent", "not_currently", 1)
    assert codes(result) == {"rf_saddle", "EXC_PSYCHOSIS", "INF_ONSET", "CAU_DRIVING"}


def test_severity_is_written_out_and_in_the_order_of_the_brief() -> None:
    order = sorted(SEVERITY, key=lambda outcome: SEVERITY[outcome], reverse=True)
    assert order == ["urgent", "not_currently", "more_info", "flagged_review"]


def test_the_lowest_tier_wins_and_urgent_findings_are_listed_gravest_first() -> None:
    result = judge(rf_weight="new_or_worse", rf_injury="new_or_worse", rf_chest="new_or_worse")
    assert [(f.code, f.tier) for f in result.urgent] == [("rf_chest", 1), ("rf_injury", 2), ("rf_weight", 3)]
    assert result.tier == 1


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_an_urgent_expression_has_the_tier_that_is_written_beside_it(tier: int) -> None:
    compiled = small(rule("red", "urgent", "flag = 'yes' and agree", tier=tier), URGENT | {"code": "row"})
    result = assess(compiled, {"flag": "yes", "agree": True}, as_of=DAY)
    assert [(f.code, f.tier) for f in result.urgent] == sorted(
        [("red", tier), ("row", 1)], key=lambda each: each[1]
    )
    assert assess(compiled, {"flag": "maybe", "agree": True}, as_of=DAY).tier == 3
    assert assess(compiled, {"flag": "no", "agree": True}, as_of=DAY).tier is None


NOT_SURE_TIERS = [("rf_saddle", 2), ("rf_injury", 2), ("rf_weight", 3), ("rf_belly", 2)]


@pytest.mark.parametrize(("item", "tier"), NOT_SURE_TIERS)
def test_not_sure_about_a_red_flag_is_urgent(item: str, tier: int) -> None:
    result = judge(**{item: "not_sure"})
    assert (result.outcome, result.tier) == ("urgent", tier)


def test_every_rule_has_a_verdict_whatever_the_outcome() -> None:
    result = judge(rf_saddle="new_or_worse")
    assert len(result.verdicts) == len({verdict.code for verdict in result.verdicts}) > 60
    assert result.verdict("EXC_AGE").verdict == "false"


# --- standing red flags ------------------------------------------------------------------------


def test_a_standing_red_flag_is_a_finding_although_the_answer_is_no() -> None:
    result = judge(standing=[("rf_saddle", 1)])
    assert [(f.code, f.tier) for f in result.urgent] == [("rf_saddle", 1)]
    assert (result.outcome, result.underlying) == ("urgent", "flagged_review")


def test_a_standing_red_flag_is_not_listed_twice_and_keeps_its_graver_tier() -> None:
    result = judge(rf_saddle="not_sure", standing=[("rf_saddle", 1), ("rf_saddle", 2)])
    assert [(f.code, f.tier) for f in result.urgent] == [("rf_saddle", 1)]
    milder = judge(rf_saddle="new_or_worse", standing=[("rf_saddle", 2)])
    assert milder.tier == 1


def test_a_standing_red_flag_carries_the_code_of_its_rule() -> None:
    assert [f.code for f in judge(standing=[("phq_9", 2)]).urgent] == ["phq9_item9"]


def test_a_standing_red_flag_of_a_question_that_no_rule_knows_still_stands() -> None:
    result = judge(standing=[("rf_of_an_older_form", 2)])
    assert (result.outcome, [f.code for f in result.urgent]) == ("urgent", ["rf_of_an_older_form"])


def test_a_standing_red_flag_survives_its_branch_closing() -> None:
    result = judge(main_condition="low_back", rf_stroke="new_or_worse", standing=[("rf_stroke", 1)])
    assert [f.code for f in result.urgent] == ["rf_stroke"]


# --- three values ------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [{}, {"flag": "not_sure"}, {"flag": "nonsense"}])
def test_blank_not_sure_and_nonsense_are_unknown(answers: dict[str, Any]) -> None:
    result = assess(small(URGENT), answers, as_of=DAY)
    assert result.verdict("red").verdict == "unknown"
    assert "INF_RED" in result.codes
    assert result.outcome == "more_info"


def test_a_rule_that_says_nothing_about_unknown_raises_nothing() -> None:
    result = assess(small(rule("C", "caution", "agree")), {}, as_of=DAY)
    assert (result.verdict("C").verdict, result.outcome) == ("unknown", "flagged_review")


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [(["a"], "true"), (["b"], "false"), ([], "false"), (None, "unknown"), (["a", "not_sure"], "unknown")],
)
def test_a_row_on_several_choices_is_true_when_one_of_them_is_chosen(
    kinds: list[str] | None, verdict: str
) -> None:
    """With "not sure" among the choices nothing is known of the whole answer."""
    compiled = small(rule("R", "caution", {"question": "kinds", "answers": ["a"]}))
    assert assess(compiled, {"kinds": kinds}, as_of=DAY).verdict("R").verdict == verdict


def test_a_row_on_a_boolean_reads_its_answer() -> None:
    compiled = small(rule("R", "caution", {"question": "agree", "answers": [False]}))
    found = [
        assess(compiled, {"agree": agree}, as_of=DAY).verdict("R").verdict for agree in (True, False, None)
    ]
    assert found == ["false", "true", "unknown"]


def test_one_missing_code_shared_by_rules_is_listed_once() -> None:
    compiled = small(
        rule("A", "exclude", "agree", unknown="INF_X"), rule("B", "exclude", "agree", unknown="INF_X")
    )
    assert assess(compiled, {}, as_of=DAY).codes == ("INF_X",)


def test_a_row_on_a_closed_branch_is_false_and_not_unknown() -> None:
    compiled = small(rule("R", "exclude", {"question": "much", "answers": [3]}, unknown="INF_MUCH"))
    for flag, verdict in (("no", "false"), ("yes", "unknown"), (None, "unknown")):
        assert assess(compiled, {"flag": flag}, as_of=DAY).verdict("R").verdict == verdict


def test_answers_of_a_closed_branch_are_invisible_to_rules_and_scores() -> None:
    compiled = small(rule("R", "exclude", "much = 3"))
    hidden = assess(compiled, {"flag": "no", "much": 3}, as_of=DAY)
    shown = assess(compiled, {"flag": "yes", "much": 3}, as_of=DAY)
    assert (hidden.codes, hidden.scores) == ((), {"double": None})
    assert (shown.codes, shown.scores) == (("R",), {"double": 6})


def test_the_shipped_form_hides_a_face_question_from_someone_with_back_pain() -> None:
    assert judge(main_condition="low_back", rf_stroke="new_or_worse").outcome == "flagged_review"
    assert judge(main_condition="facial_nerve", rf_stroke="new_or_worse").outcome == "urgent"


# --- lists -------------------------------------------------------------------------------------


def test_a_list_makes_one_finding_for_each_element_and_each_only_once() -> None:
    compiled = small(rule("CAU", "caution", "words W return all Lower(W)"))
    result = assess(compiled, {"words": ["A", "b", "a"]}, as_of=DAY)
    assert [(f.code, f.element) for f in result.cautions] == [("CAU:a", "a"), ("CAU:b", "b")]
    assert assess(compiled, {"words": []}, as_of=DAY).verdict("CAU").verdict == "false"


def test_an_unknown_element_does_not_hide_the_known_ones() -> None:
    compiled = small(rule("E", "exclude", "tries T return all T.name", unknown="INF_NAMES"))
    result = assess(compiled, {"tries": [{"name": "a"}, {"weeks": 2}]}, as_of=DAY)
    assert set(result.codes) == {"E:a", "INF_NAMES"}
    only_unknown = assess(compiled, {"tries": [{"weeks": 2}]}, as_of=DAY)
    assert only_unknown.verdict("E").verdict == "unknown"


# --- errors ------------------------------------------------------------------------------------


# Two words where one was promised: the specification asks for a run-time error.
ONE_WORD = "singleton from words = 'a'"
TWO_WORDS = {"flag": "no", "words": ["a", "b"], "agree": False}


def test_a_rule_that_fails_is_unknown_and_visible() -> None:
    result = assess(small(rule("E", "exclude", ONE_WORD, unknown="INF_WORD")), TWO_WORDS, as_of=DAY)
    verdict = result.verdict("E")
    assert verdict.verdict == "unknown"
    assert verdict.error
    assert result.codes == ("INF_ERROR:E",)
    assert result.outcome == "more_info"


def test_an_error_is_told_to_those_alone_whose_answers_fail() -> None:
    """What a rule said of one person's answers is kept for the next; that it failed is not."""
    compiled = small(rule("E", "exclude", ONE_WORD, unknown="INF_WORD"))
    for _ in range(2):
        assert assess(compiled, TWO_WORDS, as_of=DAY).codes == ("INF_ERROR:E",)
        assert assess(compiled, {}, as_of=DAY).codes == ("INF_WORD",)


def test_an_error_in_a_definition_shows_at_every_rule_that_rests_on_it() -> None:
    compiled = small(
        rule("A", "caution", 'Coalesce("Through", false)'),
        rule("B", "exclude", "agree"),
        definitions=f"""
            define "Through": "Word"(words)
            define function "Word"(w List<String>): Coalesce("Deep", true)
            define "Deep": {ONE_WORD}
        """,
    )
    result = assess(compiled, TWO_WORDS, as_of=DAY)
    assert result.codes == ("INF_ERROR:A",)
    assert result.verdict("B").verdict == "false"


def test_a_word_for_null_does_not_turn_an_error_into_a_no() -> None:
    compiled = small(
        rule("E", "exclude", 'Coalesce("Word", false)'), definitions=f'define "Word": {ONE_WORD}'
    )
    assert assess(compiled, TWO_WORDS, as_of=DAY).verdict("E").verdict == "unknown"
    assert assess(compiled, {**TWO_WORDS, "words": ["b"]}, as_of=DAY).verdict("E").verdict == "false"


def test_an_error_never_hides_a_red_flag() -> None:
    compiled = small(URGENT, rule("E", "caution", ONE_WORD))
    result = assess(compiled, {**TWO_WORDS, "flag": "yes"}, as_of=DAY)
    assert (result.outcome, result.underlying) == ("urgent", "more_info")


def test_an_output_that_fails_is_visible() -> None:
    compiled = small(URGENT, outputs={"word": "singleton from words"})
    result = assess(compiled, TWO_WORDS, as_of=DAY)
    assert result.codes == ("INF_ERROR:word",)
    assert result.outputs["word"] is None


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("much", "five"), ("much", 99), ("much", -1), ("much", 2.5), ("much", True), ("much", 10**30),
        ("kinds", "a"), ("kinds", ["z"]), ("flag", 3), ("flag", ["yes"]), ("day", "31/12/2020"),
        ("day", "2020-02-30"), ("day", 2020), ("words", "one"), ("words", [1]), ("tries", "none"),
        ("tries", {"name": "a"}), ("agree", "true"), ("share", "much"), ("share", float("inf")),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_listed_and_asked_again(item: str, value: Any) -> None:
    compiled = small(rule("N", "note", f'"{item}" is not null'))
    result = assess(compiled, {"flag": "yes", item: value}, as_of=DAY)
    assert [problem.item for problem in result.problems] == [item]
    assert f"INF_ANSWER:{item}" in result.codes
    assert result.outcome == "more_info"
    assert result.verdict("N").verdict == "false"


def test_a_doubtful_value_that_no_rule_reads_is_listed_only() -> None:
    result = assess(small(URGENT), {"flag": "no", "share": "much", "stray": 1}, as_of=DAY)
    assert {problem.item for problem in result.problems} == {"share", "stray"}
    assert result.outcome == "flagged_review"


def test_an_entry_that_is_no_entry_is_kept_as_unknown() -> None:
    compiled = small(rule("N", "note", "Count(tries T return all T.name is null) = 2"))
    result = assess(compiled, {"tries": ["junk", {"name": "a"}]}, as_of=DAY)
    assert result.verdict("N").verdict == "true"
    assert "INF_ANSWER:tries" in result.codes


# --- the value ---------------------------------------------------------------------------------


def test_the_same_answers_give_the_same_bytes() -> None:
    first, second = judge(driving="yes"), judge(driving="yes")
    assert canonical_json(first.to_json()) == canonical_json(second.to_json())
    assert canonical_json(first.to_json()) != canonical_json(judge().to_json())


def test_the_stored_form_is_plain_json() -> None:
    stored = judge(onset="2026-03-15").to_json()
    assert stored["recheck_on"] == stored["outputs"]["recheck_on"] == "2026-06-16"
    assert stored["scores"]["peg"] == "6.3"
    assert stored["exclusions"][0]["code"] == "EXC_DURATION"


def test_assessing_changes_neither_answers_nor_result() -> None:
    answers: dict[str, Any] = {"flag": "yes", "tries": [{"name": "x", "weeks": 2}]}
    before = canonical_json(answers)
    result = assess(small(URGENT), answers, as_of=DAY)
    assert canonical_json(answers) == before
    with pytest.raises(AttributeError):
        result.outcome = "flagged_review"  # type: ignore[misc]
