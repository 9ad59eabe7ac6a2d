"""The sentences of rules and the messages in another language: each with its place, and what is guarded."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.canonical import sha256_of
from screening.rules.ruleset import RuleSet
from screening.rules.schedule import Messages
from screening.rules.translation import Foreign, Place, Words, is_good, places_of, translated
from tests.rules.content import rule

RULES = RuleSet.model_validate(
    {
        "code": "judge",
        "title": "Judge",
        "questionnaire": "small",
        "rules": [
            rule("U", "urgent", "agree", tier=1, patient="Go now."),
            rule("X", "exclude", "agree", unknown="I", patient="Not now.", patient_unknown="Say more."),
            rule("C", "caution", "agree"),
        ],
    }
)
MESSAGES = Messages.model_validate(
    {
        "code": "m",
        "title": "M",
        "messages": [
            {"code": "due", "channel": "sms", "text": "Your form: {link}"},
            {"code": "due", "channel": "email", "subject": "Your form", "text": "It is at {link}"},
        ],
    }
)
PLACES: list[tuple[RuleSet | Messages, list[tuple[str, str, str, bool]]]] = [
    # a definition; unit, name, text and whether a person has to approve it
    (
        RULES,
        [
            ("rule.U", "rule.U.patient", "Go now.", True),
            ("rule.X", "rule.X.patient", "Not now.", False),
            ("rule.X", "rule.X.patient_unknown", "Say more.", False),
        ],
    ),
    (
        MESSAGES,
        [
            ("message.due.sms", "message.due.sms.text", "Your form: {link}", True),
            ("message.due.email", "message.due.email.subject", "Your form", True),
            ("message.due.email", "message.due.email.text", "It is at {link}", True),
        ],
    ),
]


@pytest.mark.parametrize(("definition", "places"), PLACES, ids=["rules", "messages"])
def test_every_sentence_has_its_place(
    definition: RuleSet | Messages, places: list[tuple[str, str, str, bool]]
) -> None:
    found = places_of(definition)
    assert [(each.unit, each.name, each.source, each.guarded) for each in found] == places
    assert [each.source_sha256 for each in found] == [sha256_of(text) for _, _, text, _ in places]


def words(definition: RuleSet | Messages, *, approved: bool = True) -> dict[str, Words]:
    return {p.name: Words(f"<{p.source}>", p.source_sha256, approved) for p in places_of(definition)}


def test_all_sentences_are_said_in_the_other_language_where_they_are_good() -> None:
    rules = translated(RULES, words(RULES))
    assert [(r.patient, r.patient_unknown, r.clinician) for r in rules.rules] == [
        ("<Go now.>", None, "About U."),
        ("<Not now.>", "<Say more.>", "About X."),
        (None, None, "About C."),
    ]
    said = translated(MESSAGES, words(MESSAGES))
    assert [(m.code, m.channel, m.subject, m.text) for m in said.messages] == [
        ("due", "sms", None, "<Your form: {link}>"),
        ("due", "email", "<Your form>", "<It is at {link}>"),
    ]


def test_what_nobody_approved_stays_and_says_in_which_language_it_is() -> None:
    rules = translated(RULES, words(RULES, approved=False))
    urgent, other = rules.rules[0].patient, rules.rules[1].patient
    assert isinstance(urgent, Foreign)
    assert (urgent, urgent.lang) == ("Go now.", "en-GB")
    assert other == "<Not now.>"
    said = translated(MESSAGES, words(MESSAGES, approved=False))
    assert [(m.text, isinstance(m.text, Foreign)) for m in said.messages] == [
        ("Your form: {link}", True),
        ("It is at {link}", True),
    ]


def test_one_missing_sentence_keeps_the_rule_as_it_was() -> None:
    known = words(RULES)
    del known["rule.X.patient_unknown"]
    said = translated(RULES, known).rules
    assert [said[0].patient, said[1].patient, said[1].patient_unknown] == [
        "<Go now.>", "Not now.", "Say more.",
    ]  # fmt: skip
    assert isinstance(said[1].patient, Foreign)


GOOD: list[tuple[bool, Any, bool]] = [
    # guarded, words, whether they may be said
    (False, None, False),
    (False, Words("Mynd", sha256_of("Go")), True),
    (False, Words("Mynd", sha256_of("Gone")), False),
    (False, Words("Mynd", sha256_of("Gone"), approved=True), False),
    (True, Words("Mynd", sha256_of("Go")), False),
    (True, Words("Mynd", sha256_of("Go"), approved=True), True),
    (True, Words("Mynd", sha256_of("Gone"), approved=True), False),
    (True, None, False),
]


@pytest.mark.parametrize(("guarded", "known", "good"), GOOD)
def test_words_are_good_for_the_text_they_translate(guarded: bool, known: Words | None, good: bool) -> None:
    assert is_good(Place("unit", "name", "Go", guarded), known) is good
