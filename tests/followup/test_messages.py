"""What leaves is neutral, goes to one person, and cannot be bent by what is merged in."""

from __future__ import annotations

import re

import pytest
from django.test import override_settings

from screening.followup.messages import Outgoing, Refused, compose, fill, plain_number
from screening.rules.definition import Message
from tests.followup.times import MESSAGES, SCHEDULE

VALUES = {
    "clinic": "Harbour Clinic",
    "link": "https://testserver/go/abc/",
    "optout": "https://testserver/stop/xyz/",
    "date": "3 March 2027",
    "time": "10:30",
    "phone": "020 7946 0000",
}
# Health, substances, scores and verdicts: none of these may stand in what others can read on a screen.
BANNED = re.compile(
    r"pain|cannab|cbd|thc|opioid|medicin|drug|condition|symptom|score|eligib|suitab|approv|diagnos|treat"
    r"|prescri|specialist|mood|depress|suicid|psych|outcome|decision|reject|declin",
    re.IGNORECASE,
)


NUDGE = MESSAGES.message("nudge", "email")


def write(message: Message = NUDGE, **changes: str) -> Outgoing:
    given = {"to": "sam@example.org", "sender_name": "Harbour Clinic", "message_id": "<1@testserver>"}
    values = {**VALUES, **{k: v for k, v in changes.items() if k in VALUES}}
    return compose(message, **{**given, **{k: v for k, v in changes.items() if k in given}}, values=values)


@pytest.mark.parametrize("message", MESSAGES.messages, ids=lambda m: f"{m.code}-{m.channel}")
def test_every_shipped_message_is_neutral_complete_and_for_one_person(message: Message) -> None:
    outgoing = write(message, to="sam@example.org" if message.channel == "email" else "07700 900123")
    everything = "\n".join([outgoing.subject, outgoing.body, outgoing.sender, *outgoing.headers.values()])
    assert not BANNED.search(everything)
    assert "{" not in everything
    assert VALUES["link"] in outgoing.body
    if message.channel == "email":
        assert outgoing.headers["List-Unsubscribe"] == f"<{VALUES['optout']}>"
        assert outgoing.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_scan_for_words_would_find_one() -> None:
    assert BANNED.search("Your pain clinic")


def test_every_message_the_schedule_sends_has_a_text_for_its_channel_and_the_one_in_its_place() -> None:
    texts = {(message.code, message.channel) for message in MESSAGES.messages}
    needed = {
        (sending.template or step.template, channel)
        for step in SCHEDULE.steps
        for sending in step.when_to_send
        for channel in (sending.channel, sending.fallback)
        if channel
    }
    assert needed
    assert needed - texts == set()


@pytest.mark.parametrize(
    "to",
    [
        "sam@example.org\nBcc: all@example.org",
        "sam@example.org\r\nSubject: x",
        "sam@example.org, other@example.org",
        "sam@example.org;other@example.org",
        "Sam <sam@example.org>",
        "sam",
        "",
        "sam@",
        "sam@example.org\x00",
        "sam@example.org\u2028",
    ],
)
def test_an_address_that_is_not_one_plain_address_is_refused(to: str) -> None:
    with pytest.raises(Refused):
        write(to=to)


@pytest.mark.parametrize(
    "typed",
    [
        *("07700 900123", "+44 7700 900123", "0044 7700-900123", "447700900123"),
        *("+44 (0)7700 900123", "+44 07700 900123", "0044 (0) 7700 900123", "(07700) 900 123"),
    ],
)
def test_a_british_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert plain_number(typed) == "+447700900123"


@pytest.mark.parametrize(
    "number", ["", "0770", "07700900123\n", "07700 900123, 07700 900124", "SAM", "+" * 12]
)
def test_a_number_that_is_not_one_number_is_refused(number: str) -> None:
    with pytest.raises(Refused):
        write(MESSAGES.message("nudge", "sms"), to=number)


def test_a_sender_name_cannot_add_a_header() -> None:
    with pytest.raises(Refused):
        write(sender_name="Clinic\r\nBcc: all@example.org")


def test_a_name_with_a_comma_stays_one_sender() -> None:
    with override_settings(DEFAULT_FROM_EMAIL="clinic@example.org"):
        assert write(sender_name="Clinic, Harbour").sender == '"Clinic, Harbour" <clinic@example.org>'


def test_what_is_merged_in_is_never_read_as_a_placeholder_again() -> None:
    assert fill("From {clinic}: {link}", {"clinic": "{link} {phone} %s {0}", "link": "L"}) == (
        "From {link} {phone} %s {0}: L"
    )


@pytest.mark.parametrize("text", ["{name}", "{clinic.settings}", "{clinic!r}", "{0}", "{}", "{dob}"])
def test_a_placeholder_nobody_agreed_to_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        fill(text, VALUES)


def test_a_message_without_the_value_it_needs_is_refused_rather_than_sent_with_a_gap() -> None:
    with pytest.raises(Refused):
        fill("Appointment {date}", {**VALUES, "date": ""})


@pytest.mark.parametrize(
    ("text", "why"), [("x" * 700 + " STOP", "text_too_long"), ("Hello.", "no_way_to_stop")]
)
def test_a_text_that_is_too_long_or_says_no_way_to_stop_is_refused(text: str, why: str) -> None:
    message = Message(code="nudge", channel="sms", text=text)
    with pytest.raises(Refused, match=why):
        compose(message, to="07700900123", sender_name="Harbour", message_id="<1@x>", values={})
