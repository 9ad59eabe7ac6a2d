"""Banned words are found in a draft, with their place, and nothing that ships has one."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from screening.questionnaires.models import Kind
from screening.rules.wording import banned_in
from tests.factories.intake import shipped


def changed(kind: Kind) -> dict[str, Any]:
    return copy.deepcopy(shipped(kind))


@pytest.mark.parametrize("kind", list(Kind))
def test_what_ships_has_none(kind: Kind) -> None:
    assert banned_in(kind, shipped(kind)) == []


def test_a_substance_outside_the_clinical_step_is_found_with_its_place() -> None:
    form = changed(Kind.QUESTIONNAIRE)
    form["pages"][0]["items"][0]["hint"] = "Also if you take CBD oil."
    (found,) = banned_in("questionnaire", form)
    assert form["pages"][0]["items"][0]["id"] in found.place
    assert "CBD" in found.sentence


def test_in_the_clinical_step_a_substance_is_a_question_but_a_promise_is_not() -> None:
    form = changed(Kind.QUESTIONNAIRE)
    page = next(page for page in form["pages"] if page["step"] == "health")
    page["text"] = "Do you use cannabis?"
    assert banned_in("questionnaire", form) == []
    page["text"] = "You are eligible."
    assert len(banned_in("questionnaire", form)) == 1


def test_a_rule_promises_nothing_to_a_patient_and_may_name_things_to_a_clinician() -> None:
    rules = changed(Kind.RULESET)
    rules["rules"][0]["clinician"] = "Not eligible."
    assert banned_in("ruleset", rules) == []
    rules["rules"][0]["patient"] = "You are not eligible."
    (found,) = banned_in("ruleset", rules)
    assert rules["rules"][0]["code"] in found.place


def test_a_message_says_nothing_of_health() -> None:
    messages = changed(Kind.MESSAGES)
    messages["messages"][0]["text"] = "How is your pain?"
    (found,) = banned_in("messages", messages)
    assert "pain" in found.sentence


@pytest.mark.parametrize("content", [None, [], "eligible", {"pages": 3}, {"pages": [None, {"items": 3}]}])
def test_content_of_any_shape_will_do(content: Any) -> None:
    assert banned_in("questionnaire", content) == []
