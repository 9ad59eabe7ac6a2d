"""GOV.UK Notify: what it is given, and what its answers mean, sensible or not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import Role
from screening.cases.models import Patient
from screening.followup import deadline, notify
from screening.followup.delivery import Mailer
from screening.followup.messages import Outgoing
from screening.followup.models import Bounce, OptOut, Reminder, ReminderState
from screening.followup.services import REMINDERS, plan, send_again
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import NOON
from tests.factories.review import Clinician
from tests.followup.notify_server import Answer, Notify, running
from tests.followup.rounds import now, send
from tests.followup.times import DAY, MINUTE

SERVICE, SECRET = "6f7f5e1c-0d4b-4f2c-9a60-0a54f8f0a001", "b34c77dc-7a0e-4a41-8f0c-5d1d3f1b2002"
TOKEN = "callback-token-callback-token-callback"
NUMBER = "07700 900 123"


@pytest.fixture
def provider(settings: Settings) -> Iterator[Notify]:
    server = Notify()
    with running(server) as address:
        settings.NOTIFY_URL, settings.NOTIFY_API_KEY = address, f"live-{SERVICE}-{SECRET}"
        settings.NOTIFY_EMAIL_TEMPLATE, settings.NOTIFY_SMS_TEMPLATE = "email-template", "sms-template"
        settings.NOTIFY_CALLBACK_TOKEN = TOKEN
        yield server


def message(channel: str = "email") -> Outgoing:
    return Outgoing(
        channel=channel,
        to="sam@example.org" if channel == "email" else "+447700900123",
        sender="Harbour <clinic@example.org>",
        subject="Your form is saved",
        body="Go on.",
        message_id="<0b7e@testserver>",
        headers={"List-Unsubscribe": "<https://testserver/stop/x/>"},
    )


def handed(channel: str = "email") -> Any:
    with Mailer() as mailer:
        return mailer.send(message(channel))


def test_an_email_is_one_post_with_our_text_and_one_recipient(provider: Notify) -> None:
    assert handed().result == "sent"
    assert provider.paths == ["/v2/notifications/email"]
    assert provider.taken == [
        {
            "email_address": "sam@example.org",
            "template_id": "email-template",
            "personalisation": {"subject": "Your form is saved", "body": "Go on."},
            "reference": "0b7e",
            "one_click_unsubscribe_url": "https://testserver/stop/x/",
        }
    ]


def test_a_text_goes_to_the_number_alone(provider: Notify) -> None:
    assert handed("sms").result == "sent"
    assert provider.paths == ["/v2/notifications/sms"]
    assert provider.taken[0]["phone_number"] == "+447700900123"
    assert provider.taken[0]["personalisation"] == {"body": "Go on."}


def test_the_token_is_signed_with_the_secret_and_names_the_service(provider: Notify) -> None:
    handed()
    head, claims, mark = provider.tokens[0].split(".")
    read = lambda part: base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))  # noqa: E731
    assert json.loads(read(head)) == {"typ": "JWT", "alg": "HS256"}
    assert json.loads(read(claims))["iss"] == SERVICE
    assert abs(json.loads(read(claims))["iat"] - time.time()) < 60
    assert read(mark) == hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()


def refusal(error: str, text: str) -> bytes:
    return json.dumps({"status_code": 400, "errors": [{"error": error, "message": text}]}).encode()


BAD, BROKEN, OURS = "BadRequestError", "ValidationError", "our_server_refused"
ANSWERS: list[tuple[Answer, str, str]] = [
    ((201, b"<html>Welcome to the hotel's network</html>"), "ambiguous", "strange_answer"),
    ((201, b'{"id": 7}'), "ambiguous", "strange_answer"),
    ((200, b""), "ambiguous", "strange_answer"),
    ((302, b""), "retry", "strange_answer"),
    ((400, refusal(BROKEN, "email_address Not a valid email address")), "failed", "address_refused"),
    ((400, refusal(BROKEN, "phone_number Not enough digits")), "failed", "number_refused"),
    ((400, refusal(BROKEN, "personalisation is too long")), "failed", "message_refused"),
    ((400, refusal(BAD, "Can't send to this recipient using a team-only key")), "retry", OURS),
    ((400, refusal(BAD, "Template not found")), "retry", OURS),
    ((400, b"\xff\xfe{{{"), "retry", OURS),
    ((400, b'{"errors": "no"}'), "retry", OURS),
    ((400, b"[" * 5000), "retry", OURS),
    ((403, b'{"errors": [{"error": "AuthError", "message": "Bad"}]}'), "retry", OURS),
    ((404, b""), "retry", OURS),
    ((413, b""), "failed", "message_refused"),
    ((418, b"teapot"), "retry", "strange_answer"),
    ((429, b'{"errors": [{"error": "RateLimitError", "message": "slow down"}]}'), "retry", "not_now"),
    ((500, b"oops"), "retry", "not_now"),
    ((503, b""), "retry", "not_now"),
    ("hang up", "ambiguous", "no_answer_after_text"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "result", "reason"), ANSWERS, ids=range(len(ANSWERS)))
def test_an_answer_means_one_thing(provider: Notify, answer: Answer, result: str, reason: str) -> None:
    provider.answers = [answer]
    verdict = handed()
    assert (verdict.result, verdict.reason) == (result, reason)
    assert "sam@example.org" not in verdict.reply


def test_every_status_with_nonsense_gets_a_verdict_and_none_counts_as_sent() -> None:
    for status in range(100, 1000):
        assert notify.classify(status, b"nonsense").result != "sent"


@pytest.mark.parametrize("key", ["", "live", f"live-{SERVICE}", f"{SERVICE}-{SECRET}\n-x", "ü" * 80])
def test_a_malformed_key_sends_nothing_and_is_tried_again(
    provider: Notify, settings: Settings, key: str
) -> None:
    settings.NOTIFY_API_KEY = key or " "
    assert notify.send(message()).result == "retry"
    assert provider.paths == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://", "nonsense", "https://127.0.0.1:1"])
def test_nobody_at_the_address_is_tried_again(provider: Notify, settings: Settings, address: str) -> None:
    settings.NOTIFY_URL = address
    assert handed().result == "retry"


def test_a_silent_provider_ends_with_the_time_of_an_attempt(
    provider: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "ATTEMPT_SECONDS", 0.3)
    provider.answers, began = ["silent"], time.monotonic()
    assert handed().result == "ambiguous"
    assert time.monotonic() - began < 3
    assert deadline.ATTEMPT_SECONDS <= 15


# --- What comes back -------------------------------------------------------------------------------


def report(path: str, told: Any, *, token: str = TOKEN) -> int:
    body = told if isinstance(told, str) else json.dumps(told)
    headers = {"Authorization": f"Bearer {token}"}
    return Client().post(reverse(path), body, content_type="application/json", headers=headers).status_code


@pytest.mark.django_db
def test_two_messages_that_came_back_end_the_use_of_the_address_and_staff_get_a_task(
    provider: Notify,
) -> None:
    case = reachable_case()
    at = NOON + 2 * DAY
    first = planned(case, at=at, step="FU03")
    assert send(at) == {"sent": 1}
    told = {"notification_type": "email", "status": "permanent-failure", "reference": str(first.pk)}
    assert report("notify-delivered", told) == 204
    assert report("notify-delivered", told) == 204  # repeated: counts once
    assert Bounce.objects.count() == 1
    assert not case.tasks.exists()
    plan(as_of=NOON + 14 * DAY, by=REMINDERS)
    second = Reminder.objects.get(case=case, state=ReminderState.SCHEDULED)
    assert send(NOON + 14 * DAY) == {"sent": 1}
    assert report("notify-delivered", {**told, "reference": str(second.pk)}) == 204
    (task,) = case.tasks.all()
    assert task.made_by is None
    assert "address" in task.text
    assert "example.org" not in task.text


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["technical-failure", "temporary-failure"])
def test_a_message_that_was_not_delivered_through_no_fault_of_its_address_is_given_to_staff(
    provider: Notify, status: str
) -> None:
    case = reachable_case()
    reminder = planned(case, at=NOON + 2 * DAY, step="FU03")
    assert send(reminder.due_at) == {"sent": 1}
    told = {"notification_type": "email", "status": status, "reference": str(reminder.pk)}
    for _ in range(2):
        assert report("notify-delivered", told) == 204
    assert (now(reminder).state, now(reminder).closed_reason) == (ReminderState.FAILED, "came_back")
    (task,) = case.tasks.all()
    assert "could not deliver it" in task.text
    assert not Bounce.objects.exists()
    send_again(
        reminder=reminder,
        reason="It works now.",
        **Clinician.at(case.site, Role.LEAD_CLINICIAN).who(reminder.due_at),
    )
    assert report("notify-delivered", told) == 204  # late, about the try before
    assert now(reminder).state == ReminderState.RETRY


@pytest.mark.django_db
def test_whoever_answers_stop_gets_no_more_texts(provider: Notify) -> None:
    case = reachable_case(contact_sms=True, phone=NUMBER, contact_email=False)
    reminder = planned(case, at=NOON + 7 * DAY, step="FU03")
    assert reminder.channel == "sms"
    assert send(NOON + 7 * DAY) == {"sent": 1}
    assert report("notify-received", {"source_number": "447700900123", "message": " Stop. "}) == 204
    stopped = OptOut.objects.filter(patient=case.patient, ended_at=None)
    assert set(stopped.values_list("channel", "subject")) == {("sms", "reminders"), ("sms", "reinvitation")}
    Patient.objects.filter(pk=case.patient_id).update(contact_by_email=False)
    plan(as_of=NOON + 14 * DAY, by=REMINDERS)
    assert send(NOON + 14 * DAY) == {}


NONSENSE = [
    *("", "[]", "null", "{", '"x"', "[" * 9000, '{"message": null, "source_number": [1]}'),
    '{"reference": "x", "notification_type": "email", "status": "permanent-failure"}',
    '{"message": "STOP", "source_number": "not a number"}',
    r'{"message": "STOP", "source_number": "\ud800"}',
    '{"message": "please do not stop"}',
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["notify-delivered", "notify-received"])
def test_nonsense_is_taken_and_changes_nothing_and_a_wrong_token_is_refused(
    provider: Notify, settings: Settings, path: str
) -> None:
    assert [report(path, told) for told in NONSENSE] == [204] * len(NONSENSE)
    for token in ("", "x", TOKEN[:-1], "ü"):
        assert report(path, {}, token=token.encode("utf-8").decode("latin-1")) == 403
    settings.NOTIFY_CALLBACK_TOKEN = ""
    assert report(path, {}, token="") == 403
    assert not OptOut.objects.exists()
    assert not Bounce.objects.exists()


@pytest.mark.django_db
def test_what_the_provider_may_have_taken_is_repeated_once_and_no_more(provider: Notify) -> None:
    case = reachable_case()
    reminder, at = planned(case, at=NOON + 2 * DAY, step="FU03"), NOON + 2 * DAY
    provider.answers = ["hang up", "hang up"]
    assert send(at) == {"ambiguous": 1}
    assert send(at + MINUTE) == {"ambiguous": 1}
    assert now(reminder).state == ReminderState.AMBIGUOUS
    assert "nobody" not in case.tasks.get().text
    assert send(at + DAY) == {}
