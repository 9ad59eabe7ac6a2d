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
        ({"messages": [{"code": "nudge", "text": ["Hello", "You said pain"]}]}, "messages, nudge, text 2"),
        ({"messages": [{"code": 3, "text": "Your pain"}]}, "messages, text"),
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


SUBSTANCES = """
    cannabis; cannabinoid; marijuana; hemp; weed; CBD; cbd; THC; CBPM; CBPMs; nabilone; nabiximols; dronabinol
    sativex; epidyolex; tilray; bedrocan; tincture; tinctures; vape; vapes; vaping; vaporiser; vaporizer
    terpene; terpenes; indica; sativa
"""
PROMISES = """
    eligible; ineligible; eligibility; not eligible; you qualify; you are suitable; suitable for treatment
    get approved; approved for; pre-approved; guarantee; guaranteed; discount; discounts; refer a friend
    refer-a-friend; free gift; limited time; book now; hurry; pain perception; muscle relaxation; better sleep
    less dependence; help reduce pain; very effective; gentler than; significant relief; new avenue
    best results; not a cure; life-changing; life changing; natural remedy; stop your opioids
    stop your tablets
"""
OF_HEALTH = """
    pain; health; clinical; medicine; medication; treatment; symptom; symptoms; doctor; patient; illness
    urgent; emergency
"""


def each_of(words: str) -> list[str]:
    return [word.strip() for line in words.strip().splitlines() for word in line.split(";")]


def in_a_form(text: str, *, step: str = "start") -> list[str]:
    found = banned_in("questionnaire", {"pages": [{"step": step, "title": text}]})
    return [remark.sentence for remark in found]


@pytest.mark.parametrize("word", each_of(SUBSTANCES))
def test_no_substance_is_named_outside_the_clinical_step(word: str) -> None:
    for said in (word, word.upper()):
        sentence = f"“{said}” may not be said to patients and the public."
        assert in_a_form(f"About {said}, again.") == [sentence]
        assert [each.sentence for each in banned_in("messages", {"messages": [{"text": said}]})] == [sentence]
    assert in_a_form(word, step="health") == []
    assert in_a_form(f"re{word}x") == []


@pytest.mark.parametrize("word", each_of(PROMISES))
def test_nothing_is_promised_or_claimed_anywhere(word: str) -> None:
    sentence = f"“{word}” may not be said to patients and the public."
    assert in_a_form(f"Oh, {word}!") == in_a_form(f"Oh, {word}!", step="health") == [sentence]
    for key in ("patient", "patient_unknown"):
        (remark,) = banned_in("ruleset", {"rules": [{"code": "R"}, {"code": "S", key: word}]})
        assert (remark.place, remark.sentence) == (f"rule S, {key}", sentence)
    (remark,) = banned_in("letters", {"reasons": [{"code": "AGE", "text": word}]})
    assert (remark.place, remark.sentence) == ("letters, reasons, AGE, text", sentence)


@pytest.mark.parametrize("word", each_of(OF_HEALTH))
def test_a_locked_screen_shows_no_word_of_health(word: str) -> None:
    (remark,) = banned_in("messages", {"messages": [{"text": f"Your {word}."}]})
    assert (remark.place, remark.sentence) == (
        "messages 1, text",
        f"“{word}” may not be said to patients and the public.",
    )
    assert in_a_form(word) == []


def test_what_stands_beside_the_pages_of_a_form_is_looked_at_too() -> None:
    form = {"code": "hemp", "title": "Hemp", "advice": {"now": {"text": ["Go.", "Take CBD."]}}, "pages": []}
    places = [remark.place for remark in banned_in("questionnaire", form)]
    assert places == ["title", "advice, now, text 2"]


def test_a_page_is_named_with_the_question_on_it() -> None:
    page = {"id": "first", "items": [{"id": "flag", "options": [{"code": "no", "text": "No weed"}]}]}
    (remark,) = banned_in("questionnaire", {"pages": [page]})
    assert remark.place == "pages, first, items, flag, options, no, text"


def test_of_a_schedule_nothing_is_read_by_the_public() -> None:
    assert banned_in("schedule", {"title": "Cannabis"}) == []
