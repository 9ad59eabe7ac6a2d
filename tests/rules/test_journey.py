"""The way through a form: pages, branches, what is missing, what is refused, which advice follows."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.definition import Questionnaire
from screening.rules.journey import Journey
from screening.rules.library import DefinitionError
from tests.rules.content import DAY, SMALL, baseline, shipped

JOURNEY = Journey(Questionnaire.model_validate(SMALL))


def pages(answers: dict[str, Any]) -> list[str]:
    return [page.id for page in JOURNEY.pages_for(answers, DAY)]


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("no", ["first", "third"]),
        ("yes", ["first", "second", "third"]),
        (None, ["first", "second", "third"]),
        ("not_sure", ["first", "second", "third"]),
    ],
)
def test_a_false_branch_is_closed_and_an_unknown_one_open(flag: str | None, expected: list[str]) -> None:
    assert pages({"flag": flag}) == expected


def test_next_skips_closed_pages_and_ends() -> None:
    answers = {"flag": "no"}
    following = JOURNEY.next_page(answers, "first", DAY)
    assert following is not None
    assert following.id == "third"
    assert JOURNEY.next_page(answers, "third", DAY) is None


def test_next_works_from_a_page_that_has_closed_meanwhile() -> None:
    following = JOURNEY.next_page({"flag": "no"}, "second", DAY)
    assert following is not None
    assert following.id == "third"


def test_a_page_that_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        JOURNEY.next_page({}, "nowhere", DAY)


def test_active_answers_leave_out_closed_branches_and_keep_the_document() -> None:
    answers = {"flag": "no", "much": 7, "why": "because", "agree": True}
    assert JOURNEY.active(answers, DAY).answers == {"flag": "no", "agree": True}
    assert answers["much"] == 7


def test_a_blank_is_no_answer_and_what_is_no_text_is_a_problem() -> None:
    assert JOURNEY.active({"flag": None, "agree": True}, DAY).answers == {"agree": True}
    journey = Journey(JOURNEY.questionnaire)
    active = journey.active({"share": {"much": 1}}, DAY)
    assert (active.answers, active.values["share"]) == ({"share": {"much": 1}}, None)
    assert [problem.item for problem in active.problems] == ["share"]
    assert journey.failed_checks({"share": {"much": 1}}, DAY) == []


def test_a_branch_behind_a_closed_branch_is_judged_without_it() -> None:
    """`why` depends on `much`, which is not asked: what `much` says must not open or close anything."""
    assert "why" in JOURNEY.active({"flag": "no", "much": 9}, DAY).closed
    assert "why" in JOURNEY.active({"flag": "yes", "much": 4}, DAY).closed
    assert pages({"flag": "yes", "much": 4}) == ["first", "second", "third"]
    assert "why" not in JOURNEY.active({"flag": "yes", "much": 5}, DAY).closed
    assert "why" not in JOURNEY.active({"flag": "yes"}, DAY).closed


def test_a_check_is_not_held_against_what_is_not_asked() -> None:
    much, why = SMALL["pages"][1]["items"]
    checked = {**much, "validate": [{"check": "much is not null", "message": "Say how much."}]}
    page = {**SMALL["pages"][1], "items": [checked, why]}
    form = {**SMALL, "pages": [SMALL["pages"][0], page, SMALL["pages"][2]]}
    journey = Journey(Questionnaire.model_validate(form))
    assert [failed.message for failed in journey.failed_checks({"flag": "yes"}, DAY)] == ["Say how much."]
    assert journey.failed_checks({"flag": "no"}, DAY) == []


def test_a_condition_that_looks_ahead_is_refused() -> None:
    ahead = {**SMALL, "pages": [{**SMALL["pages"][0], "show_when": "agree"}, *SMALL["pages"][1:]]}
    with pytest.raises(DefinitionError, match="asked later"):
        Journey(Questionnaire.model_validate(ahead))


def test_questions_inside_an_entry_follow_the_entry() -> None:
    asked = [item.id for item in JOURNEY.items_of_entry("tries", {"name": "x"}, DAY)]
    assert asked == ["name"]
    assert [item.id for item in JOURNEY.items_of_entry("tries", {}, DAY)] == ["name", "weeks"]
    active = JOURNEY.active({"tries": [{"name": "x", "weeks": 3}, {"name": "y", "weeks": 3}]}, DAY)
    assert active.answers["tries"] == [{"name": "x"}, {"name": "y", "weeks": 3}]


def test_scores_are_null_while_an_answer_is_missing() -> None:
    assert JOURNEY.scores({"flag": "yes", "much": 4}, DAY) == {"double": 8}
    assert JOURNEY.scores({"flag": "yes"}, DAY) == {"double": None}


# --- advice ------------------------------------------------------------------------------------


def test_advice_follows_a_positive_answer_and_no_other() -> None:
    page = JOURNEY.questionnaire.page("first")
    assert JOURNEY.advice_for(page, {"flag": "yes"}) == [("flag", "yes", "now")]
    for answer in ("no", "not_sure", None, "junk"):
        assert JOURNEY.advice_for(page, {"flag": answer}) == []


def test_the_most_urgent_advice_comes_first() -> None:
    journey = shipped().journey
    questionnaire = journey.questionnaire
    page = questionnaire.page_of("rf_saddle")
    both = page.model_copy(
        update={"items": (questionnaire.item("rf_weight"), questionnaire.item("rf_saddle"))}
    )
    due = journey.advice_for(both, {"rf_weight": "new_or_worse", "rf_saddle": "new_or_worse"})
    assert [hit.item for hit in due] == ["rf_saddle", "rf_weight"]


def test_numbers_and_booleans_can_have_advice() -> None:
    page = shipped().questionnaire.page_of("phq_9")
    due = shipped().journey.advice_for(page, {"phq_9": 2})
    assert [(hit.item, hit.answer) for hit in due] == [("phq_9", "2")]


def test_every_urgent_answer_of_the_shipped_rules_has_advice() -> None:
    """The very next page after a red flag is advice: no tiered answer may lack it."""
    compiled = shipped()
    seen = 0
    for rule in compiled.ruleset.rules:
        if rule.effect == "urgent":
            assert not isinstance(rule.when, str), "an urgent rule is a row, so that its advice can be proved"
            item = compiled.questionnaire.item(rule.when.question)
            assert [a for a in rule.when.answers if a not in item.advice] == [], rule.code
            seen += len(rule.when.answers)
    assert seen > 30


def test_advice_tiers_are_those_of_the_rules() -> None:
    """An answer of tier 1 must not show a page that speaks of a few days."""
    compiled = shipped()
    for rule in compiled.ruleset.rules:
        if rule.effect != "urgent" or isinstance(rule.when, str):
            continue
        item = compiled.questionnaire.item(rule.when.question)
        for answer in rule.when.answers:
            advice = compiled.questionnaire.advice[item.advice[answer]]
            tier = rule.when.tier_of(answer) or rule.tier
            assert advice.tier is None or advice.tier <= (tier or 1), (rule.code, answer)


def test_advice_speaks_of_the_nation_where_it_differs() -> None:
    advice = JOURNEY.questionnaire.advice["now"]
    assert advice.words_for("wales") == ("Now", ("Cer.",))
    assert advice.words_for("england") == advice.words_for(None) == ("Now", ("Go.",))


# --- checks ------------------------------------------------------------------------------------


def test_a_date_of_birth_in_the_future_is_refused_with_its_message() -> None:
    journey = shipped().journey
    failed = journey.failed_checks(baseline(dob="2026-06-16"), DAY, "start")
    assert [failure.item for failure in failed] == ["dob"]
    assert journey.failed_checks(baseline(dob="2026-06-15"), DAY, "start") == []
    assert journey.failed_checks(baseline(dob=None), DAY, "start") == []


def test_a_complete_walk_of_the_shipped_form_asks_every_page_once() -> None:
    journey = shipped().journey
    answers = baseline()
    page = journey.pages_for(answers, DAY)[0]
    walked = [page.id]
    while following := journey.next_page(answers, page.id, DAY):
        page = following
        walked.append(page.id)
    assert walked == [page.id for page in journey.pages_for(answers, DAY)]
    assert len(set(walked)) == len(walked) > 20


def test_a_later_form_asks_its_own_pages_alone() -> None:
    later = JOURNEY.asking(("third",))
    answers = {"flag": "yes", "much": 3, "agree": True}
    assert [page.id for page in later.pages_for(answers, DAY)] == ["third"]
    assert later.active(answers, DAY).answers == {"agree": True}
    assert JOURNEY.active(answers, DAY).answers == answers, "the whole form is as it was"


def test_a_later_form_asks_a_page_of_follow_up_that_the_first_form_leaves_out() -> None:
    pages = [{**page, "follow_up": page["id"] == "third"} for page in SMALL["pages"]]
    first = Journey(Questionnaire.model_validate({**SMALL, "pages": pages}))
    assert first.active({"agree": True}, DAY).answers == {}
    assert first.active({"agree": True}, DAY).values["agree"] is None
    assert first.asking(("third",)).active({"agree": True}, DAY).answers == {"agree": True}
