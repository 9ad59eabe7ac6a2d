"""What servers, addresses and rows do wrong: each costs what it must, and nobody else's message."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from pytest_django.fixtures import Settings

from audit.models import AuditEvent
from screening.cases.models import Case, Patient
from screening.followup import deadline, delivery
from screening.followup.delivery import SMTP
from screening.followup.models import Attempt, Reminder, ReminderState
from screening.followup.replies import Stage
from screening.followup.services import (
    REMINDERS,
    Ready,
    claim,
    fencing,
    new_owner,
    plan,
    send_due,
    sending,
)
from screening.review.models import InformationRequest
from tests.chaos.processes import until
from tests.factories.followup import asked_for_link, planned, reachable_case
from tests.factories.intake import NOON, open_clinic
from tests.factories.people import make_person
from tests.followup.rounds import DUE, hand_over, now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY, HOUR, MINUTE

pytestmark = pytest.mark.django_db


REPLIES = [
    ("mail", "421 later", "retry"),
    ("mail", "451 busy", "retry"),
    ("rcpt", "432 later", "retry"),
    ("rcpt", "450 greylisted", "retry"),
    ("rcpt", "452 too much", "retry"),
    ("rcpt", "550 no such user", "failed"),
    ("rcpt", "553 not a mailbox", "failed"),
    ("data", "451 try later", "retry"),
    ("data", "552 too big", "failed"),
    ("data", "554 no", "failed"),
    ("data", "drop", "ambiguous"),
]


@pytest.mark.parametrize(("stage", "reply", "result"), REPLIES)
def test_a_real_servers_reply_decides_what_happens_next(
    sink: Sink, reminder: Reminder, stage: str, reply: str, result: str
) -> None:
    sink.answers[stage] = [reply]
    assert send() == {result: 1}
    row, attempt = now(reminder), Attempt.objects.get()
    assert attempt.result == result
    assert attempt.finished_at == DUE
    if result == "failed":
        assert row.state == ReminderState.FAILED
        assert send(DUE + DAY) == {}
        assert AuditEvent.objects.filter(event="reminder_failed").count() == 1
    else:
        assert (row.state, row.due_at) == (ReminderState.RETRY, DUE + MINUTE)
        assert send(DUE + MINUTE) == {"sent": 1}
        assert max(sink.counts.values()) == (2 if reply == "drop" else 1)


def test_a_server_that_hangs_up_between_two_messages_costs_no_try(sink: Sink) -> None:
    site = open_clinic()
    for name in ("one", "two", "three"):
        asked_for_link(site, email=f"{name}@example.org")
    plan(as_of=DUE, by=REMINDERS)
    sink.answers["mail"] = ["250 OK", "421 enough for one line", "250 OK"]
    assert send() == {"sent": 3}
    assert set(sink.counts.values()) == {1}


def test_a_silent_server_costs_one_try_and_little_time(settings: Settings, reminder: Reminder) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = SMTP, 0.3
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        assert send() == {"retry": 1}
    assert Attempt.objects.get().reply_code == "no reply"


def test_a_server_that_answers_one_sign_at_a_time_is_left_when_the_time_is_up(
    settings: Settings, reminder: Reminder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "ATTEMPT_SECONDS", 0.5)
    settings.EMAIL_BACKEND, over = SMTP, threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as slow:
        settings.EMAIL_HOST, settings.EMAIL_PORT = slow.getsockname()

        def drip() -> None:
            line, _ = slow.accept()
            with line, contextlib.suppress(OSError):
                while not over.wait(0.1):
                    line.sendall(b"2")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        assert send() == {"retry": 1}
        assert time.monotonic() - began < 5
        over.set()
        thread.join(5)
    assert 0 < deadline.ATTEMPT_SECONDS <= 15
    assert 0 < 2 * deadline.CONNECT_SECONDS < deadline.ATTEMPT_SECONDS


def test_a_server_that_is_silent_at_every_step_is_given_up_within_half_a_lease(settings: Settings) -> None:
    """After half of it the worker takes itself to have slept, and sends nothing."""
    assert 0 < len(Stage) * settings.EMAIL_TIMEOUT <= settings.REMINDER_LEASE_SECONDS / 2


def test_a_closed_port_is_tried_again(settings: Settings, reminder: Reminder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    assert send() == {"retry": 1}


def test_what_never_works_is_tried_until_the_next_of_its_series_takes_its_place(
    settings: Settings, reminder: Reminder
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    at, tries = DUE, 0
    while (row := now(reminder)).state in ("scheduled", "retry"):
        at = max(at, row.due_at)
        tries += send(at).get("retry", 0)
    assert (row.state, row.closed_reason, tries) == (ReminderState.CANCELLED, "superseded", 7)


def test_what_never_works_is_given_up_after_three_days_and_staff_can_see_it(
    settings: Settings, reminder: Reminder
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    for _ in range(5):
        assert send(now(reminder).due_at) == {"retry": 1}
    Attempt.objects.update(started_at=DUE - 3 * DAY)  # as if the first had been so long ago
    assert send(now(reminder).due_at) == {"retry": 1}
    assert (now(reminder).state, now(reminder).closed_reason) == (ReminderState.FAILED, "no_answer")
    assert AuditEvent.objects.filter(event="reminder_failed").count() == 1


def test_two_messages_to_one_person_on_one_day_are_spread_over_two(sink: Sink) -> None:
    case = reachable_case()
    first = planned(case, at=NOON + 2 * DAY, step="FU03")
    InformationRequest.objects.create(case=case, asked_by=make_person(), asked_at=NOON + 2 * DAY)
    assert send(NOON + 2 * DAY) == {"sent": 1}
    for hour in range(0, 48, 6):
        at = NOON + 2 * DAY + hour * HOUR
        plan(as_of=at, by=REMINDERS)
        send(at)
    second = Reminder.objects.get(case=case, step="FU04")
    sent_at = now(first).sent_at
    assert sent_at is not None
    assert second.sent_at is not None
    assert second.sent_at - sent_at >= DAY


def test_a_text_message_without_a_provider_fails_and_says_so(sink: Sink, reminder: Reminder) -> None:
    Patient.objects.update(contact_by_email=False, contact_by_sms=True, phone="07700 900123")
    plan(as_of=DUE, by=REMINDERS)
    assert send() == {"failed": 1}
    row = Reminder.objects.get(channel="sms")
    assert (row.state, row.closed_reason) == (ReminderState.FAILED, "no_provider")
    assert sink.messages == []


def test_the_outbox_folder_takes_mails_and_texts_one_file_each(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    site = open_clinic()
    asked_for_link(site)
    text = asked_for_link(site)
    Patient.objects.filter(pk=text.patient_id).update(
        contact_by_email=False, contact_by_sms=True, phone="07700 900123"
    )
    plan(as_of=DUE, by=REMINDERS)
    assert send() == {"sent": 2}
    files = sorted(path.read_text() for path in tmp_path.iterdir())
    assert len(files) == 2
    assert sum("To: +447700900123@sms.invalid" in content for content in files) == 1


def test_an_address_with_a_second_header_in_it_is_never_sent(sink: Sink, reminder: Reminder) -> None:
    Patient.objects.update(email="sam@example.org\nBcc: everyone@example.org")
    assert send() == {"dropped": 1}
    row = now(reminder)
    assert (row.state, row.closed_reason) == (ReminderState.FAILED, "header_injection")
    assert sink.messages == mail.outbox == []


def test_a_row_that_breaks_the_check_is_tried_again_and_holds_up_nobody(
    sink: Sink, reminder: Reminder, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = planned(asked_for_link(open_clinic()).case, at=DUE, step="FU01")
    check = fencing.check

    def broken(rows: list[Reminder], **rest: Any) -> Any:
        if reminder in rows:
            raise ValueError("nobody foresaw this")
        return check(rows, **rest)

    monkeypatch.setattr(fencing, "check", broken)
    assert send() == {"unexpected": 1, "sent": 1}
    assert (now(reminder).state, now(reminder).attempts) == (ReminderState.RETRY, 1)
    assert now(other).state == ReminderState.SENT


def test_when_the_time_is_up_the_rest_is_given_back(reminder: Reminder) -> None:
    times = iter([DUE, DUE, DUE, DUE + HOUR])
    send_due(now=lambda: next(times, DUE + HOUR), owner=new_owner())
    row = now(reminder)
    assert (row.state, row.owner, row.attempts) == (ReminderState.SCHEDULED, "", 0)


def somebody_waits(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_stat_clear_snapshot()")
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
    )
    return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_patient_who_is_just_sending_the_form_is_not_held_up_by_a_check(reminder: Reminder) -> None:
    owner, results = new_owner(), []
    claim(owner=owner, at=DUE)

    def work() -> None:
        results.append(hand_over(reminder, owner=owner, at=DUE))
        connection.close()

    thread = threading.Thread(target=work)
    with transaction.atomic(), connection.cursor() as cursor:
        Case.objects.select_for_update().get(pk=reminder.case_id)  # as sending the form does first
        thread.start()
        until(lambda: somebody_waits(cursor), seconds=10, what="the check waits for us")
        Patient.objects.filter(pk=reminder.patient_id).update(given_name="Sam")  # and this second
    thread.join(10)
    (ready,) = results
    assert isinstance(ready, Ready)


def test_what_was_taken_stands_although_the_next_one_breaks_the_round(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, last_word, asked = open_clinic(), sending.leave, []
    for number in range(2):
        asked_for_link(site, email=f"person{number}@example.org")
    plan(as_of=DUE, by=REMINDERS)

    def once(**given: Any) -> Any:
        asked.append(given)
        if len(asked) > 1:
            raise OperationalError("the server went away")
        return last_word(**given)

    monkeypatch.setattr(sending, "leave", once)
    with pytest.raises(OperationalError):
        send(DUE)
    assert len(sink.messages) == 1
    assert Reminder.objects.filter(state=ReminderState.SENT).count() == 1
