"""The shipped content as a whole: what one file promises, the others keep."""

from __future__ import annotations

import re
from typing import Any

import pytest

from screening.rules.definition import CaseFile, Messages, Questionnaire, Row, RuleSet, Schedule
from tests.rules.content import CASES, ROOT, read

SEED = ROOT / "seed"
SUBSTANCES = re.compile(r"cannab|\bCBD\b|\bTHC\b|\bCBPM", re.IGNORECASE)
FORBIDDEN_IN_MESSAGES = re.compile(
    r"pain|eligib|symptom|treatment|medicine|score|clinician|doctor", re.IGNORECASE
)


def _questionnaire() -> Questionnaire:
    content = read(SEED / "questionnaires" / "pain-intake.yml")
    content["helplines"] = read(SEED / "helplines.yml")["helplines"]
    return Questionnaire.model_validate(content)


def _ruleset() -> RuleSet:
    return RuleSet.model_validate(read(SEED / "rulesets" / "pain-eligibility.yml"))


def _expected() -> set[str]:
    """Every code that some vignette or worked case expects."""
    files = [CaseFile.model_validate(read(path)) for path in sorted(CASES.glob("*.yml"))]
    own = _ruleset().worked_cases()
    assert own is not None
    expected = [case.expect for file in (*files, own) for case in file.cases]
    return {code for e in expected for code in (*e.urgent, *e.codes, *e.cautions, *(e.notes or ()))}


def test_every_code_of_the_rule_set_is_expected_by_a_vignette() -> None:
    seen = _expected()
    promised = {rule.unknown for rule in _ruleset().rules if rule.unknown}
    for rule in _ruleset().rules:
        promised.add(f"INF_CONTRADICTION:{rule.code}" if rule.effect == "contradiction" else rule.code)
    assert {
        code for code in promised if not any(s == code or s.startswith(f"{code}:") for s in seen)
    } == set()


def _urgent_answers() -> list[tuple[str, str, int]]:
    return [
        (rule.when.question, answer, tier)
        for rule in _ruleset().rules
        if isinstance(rule.when, Row)
        for answer, tier in zip(rule.when.answers, rule.when.tiers, strict=False)
    ]


@pytest.mark.parametrize(("question", "answer", "tier"), _urgent_answers())
def test_an_urgent_answer_shows_advice_of_the_same_tier(question: str, answer: str, tier: int) -> None:
    questionnaire = _questionnaire()
    advice = questionnaire.advice[questionnaire.item(question).advice[answer]]
    assert advice.tier == tier


def test_advice_with_a_tier_is_shown_only_for_urgent_answers() -> None:
    """Of the form that is judged. What only later forms ask is as urgent as its advice."""
    questionnaire = _questionnaire()
    shown = {
        (item.id, answer)
        for page in questionnaire.pages
        for item in page.items
        if not page.follow_up
        for answer, key in item.advice.items()
        if questionnaire.advice[key].tier is not None
    }
    assert shown == {(question, answer) for question, answer, _ in _urgent_answers()}


def test_the_check_of_adverse_events_is_as_urgent_as_the_brief_says() -> None:
    """Section 5.3: by question and answer, the tier of the advice that follows; none is a call."""
    form = _questionnaire()
    found = {
        (item.id, answer): form.advice[key].tier
        for page in form.pages
        for item in page.items
        for answer, key in item.advice.items()
        if page.follow_up and not item.id.startswith("ae_how_")
    }
    assert found == {
        ("ae_serious", "yes"): 1,
        ("ae_serious", "not_sure"): 2,
        ("ae_mind", "yes"): 2,
        ("ae_mind", "not_sure"): 2,
        ("ae_driving", "yes"): None,
        ("ae_driving", "not_sure"): None,
    }
    severe = [item for item in form.items() if item.id.startswith("ae_how_")]
    assert len(severe) == 12
    assert {form.advice[item.advice["severe"]].tier for item in severe} == {2}


@pytest.mark.parametrize("nation", ["england", "scotland", "wales", "northern_ireland"])
def test_advice_names_only_numbers_that_work_in_the_nation(nation: str) -> None:
    absent = {
        "england": {"breathing_space", "lifeline"},
        "scotland": {"lifeline"},
        "wales": {"breathing_space", "lifeline"},
        "northern_ireland": {"nhs_111", "relay_111", "breathing_space"},
    }[nation]
    for key, advice in _questionnaire().advice.items():
        title, paragraphs = advice.words_for(nation)
        words = " ".join((title, *paragraphs))
        assert not [name for name in absent if f"{{{name}}}" in words], key
        assert nation != "northern_ireland" or "111" not in title, key
        assert "{emergency}" in words or key == "few_days", key


@pytest.mark.parametrize("nation", ["england", "scotland", "wales", "northern_ireland"])
def test_whoever_is_told_to_call_999_reads_how_to_do_so_without_hearing(nation: str) -> None:
    for key, advice in _questionnaire().advice.items():
        _title, paragraphs = advice.words_for(nation)
        assert any("Deaf or hard of hearing" in paragraph for paragraph in paragraphs), key


def test_substances_are_named_only_in_the_health_step() -> None:
    named = {
        page.step
        for page in _questionnaire().pages
        if SUBSTANCES.search(page.model_dump_json(exclude={"id"}))
    }
    assert named == {"health"}


def test_every_message_of_the_schedule_is_written_for_each_channel_it_may_take() -> None:
    schedule = Schedule.model_validate(read(SEED / "schedules" / "follow-up.yml"))
    messages = Messages.model_validate(read(SEED / "messages" / "default.yml"))
    written = {(message.code, message.channel) for message in messages.messages}
    needed: set[tuple[Any, Any]] = {
        (sending.template or step.template, channel)
        for step in schedule.steps
        for sending in step.when_to_send
        for channel in (sending.channel, sending.fallback)
        if channel is not None
    }
    assert needed <= written
    assert len(needed) > 8


def test_messages_say_nothing_about_health() -> None:
    for message in Messages.model_validate(read(SEED / "messages" / "default.yml")).messages:
        assert not FORBIDDEN_IN_MESSAGES.search(f"{message.subject} {message.text}"), message.code


def test_a_statement_is_asked_in_its_exact_words() -> None:
    questionnaire = _questionnaire()
    for statement in questionnaire.statements:
        if statement.kind in ("tick", "yes_no", "notice"):
            assert questionnaire.item(statement.item).text == statement.text, statement.id
