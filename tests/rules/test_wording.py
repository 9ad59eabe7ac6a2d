"""Banned words are found in a draft, with their place, and nothing that ships has one."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.wording import UNREAD, banned_in
from tests.rules.content import ROOT, unshared

SHIPPED = {
    "questionnaire": "questionnaires/pain-intake.yml",
    "ruleset": "rulesets/pain-eligibility.yml",
    "schedule": "schedules/follow-up.yml",
    "messages": "messages/default.yml",
    "letters": "letters/default.yml",
}


def shipped(kind: str) -> dict[str, Any]:
    return unshared(ROOT / "seed" / SHIPPED[kind])


@pytest.mark.parametrize("kind", SHIPPED)
def test_what_ships_has_none(kind: str) -> None:
    assert banned_in(kind, shipped(kind)) == []


def test_a_substance_outside_the_clinical_step_is_found_with_its_place() -> None:
    form = shipped("questionnaire")
    form["pages"][0]["items"][0]["hint"] = "Also if you take CBD oil."
    (found,) = banned_in("questionnaire", form)
    assert form["pages"][0]["items"][0]["id"] in found.place
    assert "CBD" in found.sentence


def test_in_the_clinical_step_a_substance_is_a_question_but_a_promise_is_not() -> None:
    form = shipped("questionnaire")
    page = next(page for page in form["pages"] if page["step"] == "health")
    page["text"] = "Do you use cannabis?"
    assert banned_in("questionnaire", form) == []
    page["text"] = "You are eligible."
    assert len(banned_in("questionnaire", form)) == 1


def test_a_rule_promises_nothing_to_a_patient_and_may_name_things_to_a_clinician() -> None:
    rules = shipped("ruleset")
    rules["rules"][0]["clinician"] = "Not eligible."
    assert banned_in("ruleset", rules) == []
    rules["rules"][0]["patient"] = "You are not eligible."
    (found,) = banned_in("ruleset", rules)
    assert found.place.startswith(f"rule {rules['rules'][0]['code']}, patient")


def test_a_message_says_nothing_of_health() -> None:
    messages = shipped("messages")
    messages["messages"][0]["text"] = "How is your pain?"
    (found,) = banned_in("messages", messages)
    assert "pain" in found.sentence


@pytest.mark.parametrize("key", sorted(UNREAD))
def test_what_nobody_reads_may_say_anything(key: str) -> None:
    assert banned_in("messages", {"messages": [{key: "pain"}]}) == []


def test_the_key_of_an_advice_is_read_by_nobody() -> None:
    form = shipped("questionnaire")
    form["pages"][0]["items"][0]["advice"] = {"yes": "cannabis"}
    assert banned_in("questionnaire", form) == []


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"messages": [{"code": "nudge", "text": "Your pain"}]}, "messages, nudge, text"),
        ({"messages": [{"id": "nudge", "text": "Your pain"}]}, "messages, nudge, text"),
        ({"messages": [{"text": "Hello"}, {"text": "Your pain"}]}, "messages 2, text"),
        ({"messages": [{"code": "nudge", "text": ["Hello", "Your pain"]}]}, "messages, nudge, text 2"),
    ],
)
def test_a_text_is_found_by_the_name_of_its_part_or_by_its_number(
    content: dict[str, Any], place: str
) -> None:
    (remark,) = banned_in("messages", content)
    assert (remark.severity, remark.kind, remark.place) == ("error", "banned-word", place)


@pytest.mark.parametrize("content", [None, [], "eligible", {"pages": 3}, {"pages": [None, {"items": 3}]}])
def test_content_of_any_shape_will_do(content: Any) -> None:
    assert banned_in("questionnaire", content) == []
