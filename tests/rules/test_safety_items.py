"""A form or a rule set that lacks a question about danger, its advice or its urgency is found out."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from screening.rules.definition import Questionnaire, RuleSet
from screening.rules.safety_items import SafetyItems, lacking_in_form, lacking_in_rules
from tests.rules.content import ROOT, read, unshared

MUST = SafetyItems.model_validate(read(ROOT / "seed/safety.yml"))
FORM = ROOT / "seed/questionnaires/pain-intake.yml"
RULES = ROOT / "seed/rulesets/pain-eligibility.yml"


def form() -> dict[str, Any]:
    return unshared(FORM)


def sentences(content: dict[str, Any]) -> list[str]:
    remarks = lacking_in_form(Questionnaire.model_validate(content), MUST)
    for remark in remarks:
        named = remark.place.removeprefix("item ")
        assert (remark.severity, remark.kind, remark.place) == ("error", "safety-item", f"item {named}")
        assert f"safety question {named} " in remark.sentence
    return [remark.sentence for remark in remarks]


def rules_with(**changes: Any) -> RuleSet:
    content = unshared(RULES)
    rule = next(rule for rule in content["rules"] if rule["code"] == "rf_saddle")
    rule |= changes
    return RuleSet.model_validate(content)


def ruled(**changes: Any) -> list[str]:
    remarks = lacking_in_rules(rules_with(**changes), MUST)
    assert {(remark.severity, remark.kind) for remark in remarks} <= {("error", "safety-item")}
    return [remark.place for remark in remarks]


def page_of(content: dict[str, Any], item_id: str) -> dict[str, Any]:
    return next(page for page in content["pages"] for item in page["items"] if item["id"] == item_id)


def test_what_ships_has_them_all() -> None:
    assert sentences(form()) == []
    assert ruled() == []


def test_every_red_flag_that_ships_for_everyone_is_mandatory() -> None:
    flags = {
        item["id"]
        for page in form()["pages"]
        for item in page["items"]
        if page["step"] == "safety" and item.get("advice")
    }
    assert flags == set(MUST.asked_of_everyone)
    assert len(flags) == 14


def test_a_missing_question_is_named() -> None:
    content = form()
    content["pages"].remove(page_of(content, "rf_saddle"))
    assert sentences(content) == ["The safety question rf_saddle is missing."]


@pytest.mark.parametrize("where", ["page", "item"])
def test_a_question_for_everyone_has_no_condition(where: str) -> None:
    content = form()
    page = page_of(content, "rf_chest")
    (page if where == "page" else page["items"][0])["show_when"] = "age >= 40"
    assert sentences(content) == [
        "The safety question rf_chest has to be asked of everyone, without a condition."
    ]


@pytest.mark.parametrize("item_id", ["rf_chest", "phq_9"])
def test_a_question_on_a_page_of_later_forms_is_not_there(item_id: str) -> None:
    """The first form leaves such a page out, so nobody who comes would be asked."""
    content = form()
    page_of(content, item_id)["follow_up"] = True
    assert sentences(content) == [
        f"The safety question {item_id} stands on a page of later forms: the first never asks it."
    ]


def test_an_answer_without_advice_is_named() -> None:
    content = form()
    del page_of(content, "rf_chest")["items"][0]["advice"]["new_or_worse"]
    assert sentences(content) == ["The answer new_or_worse of the safety question rf_chest has no advice."]


def test_advice_that_is_too_mild_is_named() -> None:
    content = form()
    page_of(content, "rf_chest")["items"][0]["advice"]["new_or_worse"] = "few_days"
    assert "has to be of tier 1" in sentences(content)[0]


def test_advice_that_has_no_tier_is_not_urgent_enough() -> None:
    content = form()
    key = page_of(content, "rf_chest")["items"][0]["advice"]["new_or_worse"]
    content["advice"]["untold"] = {**content["advice"][key], "tier": None}
    page_of(content, "rf_chest")["items"][0]["advice"]["new_or_worse"] = "untold"
    assert sentences(content) == [
        "The advice for new_or_worse of the safety question rf_chest has to be of tier 1."
    ]


def test_all_that_is_lacking_is_told_at_once() -> None:
    content = form()
    for item_id in ("rf_saddle", "rf_chest"):
        content["pages"].remove(page_of(content, item_id))
    assert sentences(content) == [
        "The safety question rf_saddle is missing.",
        "The safety question rf_chest is missing.",
    ]


def test_one_row_that_is_urgent_enough_will_do_beside_a_milder_one() -> None:
    content = unshared(RULES)
    place, row = next((n, rule) for n, rule in enumerate(content["rules"]) if rule["code"] == "rf_saddle")
    milder = {**row, "code": "MILDER", "when": {"question": "rf_saddle", "answers": {"new_or_worse": 3}}}
    for at in (place, place + 1):
        rules = [*content["rules"][:at], milder, *content["rules"][at:]]
        assert lacking_in_rules(RuleSet.model_validate({**content, "rules": rules}), MUST) == []


def test_a_list_of_safety_questions_names_at_least_one() -> None:
    assert SafetyItems.model_validate({"source": "x", "asked_of_everyone": {"flag": {"yes": 1}}}).every()
    with pytest.raises(ValidationError):
        SafetyItems.model_validate({"source": "x", "asked_of_everyone": {}})


def test_a_rule_that_is_milder_or_gone_or_no_row_is_named() -> None:
    row = {"question": "rf_saddle", "answers": {"new_or_worse": 2, "not_sure": 2}}
    assert ruled(when=row) == ["rules, rf_saddle"]
    (gone,) = lacking_in_rules(
        rules_with(when={"question": "rf_saddle", "answers": {"new_or_worse": 1}}), MUST
    )
    assert gone.place == "rules, rf_saddle"
    assert gone.sentence == (
        "The answer not_sure of the safety question rf_saddle has to be urgent, tier 2, by a row."
    )
    assert ruled(when={"question": "rf_saddle", "answers": ["new_or_worse", "not_sure"]}, tier=1) == []
    assert ruled(when="rf_saddle = 'new_or_worse'", tier=1) == ["rules, rf_saddle", "rules, rf_saddle"]
