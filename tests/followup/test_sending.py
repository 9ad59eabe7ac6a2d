"""From a planned row to a mail in a real mail server, and everything that may come between."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from audit.models import AuditEvent
from screening.cases.models import Case, Patient
from screening.followup.delivery import SMTP
from screening.followup.models import Attempt, Reminder, ReminderState
from screening.followup.replies import Result, Verdict
from screening.followup.services import (
    REMINDERS,
    Tried,
    claim,
    hold_sending,
    new_owner,
    plan,
    recover,
    release_sending,
    send_due,
    settle,
    switch_off,
)
from screening.intake.models import Link
from screening.intake.services import open_link
from tests.accounts.test_mails import Seen, words_in
from tests.at_once import at_once
from tests.factories.followup import EMAIL, asked_for_link, planned, reachable_case
from tests.factories.intake import NOON, open_clinic, response_of
from tests.followup.rounds import DUE, hand_over, now, send
from tests.followup.sink import Sink, running, words_of
from tests.followup.times import DAY, HOUR, MINUTE

pytestmark = pytest.mark.django_db


def test_a_due_reminder_reaches_the_mail_server_once(sink: Sink, reminder: Reminder) -> None:
    assert send() == {"sent": 1}
    assert send() == {}
    (message,) = sink.messages
    assert sink.recipients == [[EMAIL]]
    assert message["To"] == EMAIL
    assert message["Message-ID"] == f"<{reminder.pk}@testserver>"
    assert message["Subject"] == "Your form is saved"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Cc"] is message["Bcc"] is None
    row = now(reminder)
    assert (row.state, row.sent_at, row.owner, row.attempts) == (ReminderState.SENT, DUE, "", 1)
    assert row.attempt_rows.get().result == "sent"
    assert AuditEvent.objects.filter(event="reminder_sent", case_reference=row.case.reference).count() == 1


def test_the_mail_says_the_same_as_text_and_as_html(sink: Sink, reminder: Reminder) -> None:
    send()
    (message,) = sink.messages
    assert message.get_content_type() == "multipart/alternative"
    text, html = words_of(message), words_of(message, "text/html")
    assert words_in(html) == "".join(text.split())
    assert Seen(html).links == re.findall(r"https://testserver/\S+[^\s.]", text)
    assert Seen(html).attributes["html lang"] == "en-gb"


def test_each_message_carries_a_link_of_its_own_that_opens_the_form(sink: Sink, reminder: Reminder) -> None:
    before = Link.objects.count()
    send()
    assert Link.objects.count() == before + 1
    body = words_of(sink.messages[0])
    assert str(reminder.patient_id) not in body
    (token,) = re.findall(r"https://testserver/go/([\w-]+)/", body)
    assert open_link(token=token, date_of_birth=dt.date(1980, 1, 1), at=DUE) == response_of(reminder.case)


def test_a_reminder_that_is_not_due_stays_where_it_is(sink: Sink, reminder: Reminder) -> None:
    assert send(DUE - MINUTE) == {}
    assert now(reminder).state == ReminderState.SCHEDULED


@pytest.mark.parametrize("at", [DUE.replace(hour=18), DUE.replace(hour=7), NOON + 6 * DAY])
def test_nothing_leaves_at_night_or_on_a_sunday(sink: Sink, at: dt.datetime) -> None:
    opening = (at + DAY if at.hour > 8 else at).replace(hour=8)  # nine o'clock in summer
    reminder = planned(asked_for_link(at=opening - DAY).case, at=opening, step="FU01")
    Reminder.objects.update(due_at=at)
    assert send(at) == {"dropped": 1}
    row = now(reminder)
    assert row.state == ReminderState.SCHEDULED
    assert row.due_at == opening
    assert row.attempts == 0
    assert sink.messages == []


def change_submitted(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(state="submitted", submitted_at=DUE)


def change_patient(**changes: Any) -> Callable[[Case], None]:
    return lambda case: Patient.objects.filter(pk=case.patient_id).update(**changes)  # type: ignore[return-value]


def change_opted_out(case: Case) -> None:
    reminder = Reminder.objects.get(case=case)
    switch_off(reminder=reminder, subject="reminders", by=REMINDERS, at=DUE)


def change_withdrawn_case(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(state="withdrawn", closed_at=DUE)


CHANGES = {
    "submitted": change_submitted,
    "withdrawn": change_patient(withdrawn_at=DUE),
    "deceased": change_patient(deceased_at=DUE),
    "safeguarding": change_patient(safeguarding_since=DUE),
    "no email wanted": change_patient(contact_by_email=False),
    "address taken away": change_patient(email=None),
    "reminders off": change_patient(reminders_wanted=False),
    "opted out": change_opted_out,
    "case withdrawn": change_withdrawn_case,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_changes_between_claim_and_sending_stops_the_message(
    sink: Sink, reminder: Reminder, change: Callable[[Case], None]
) -> None:
    owner = new_owner()
    assert claim(owner=owner, at=DUE) == [reminder.pk]
    change(reminder.case)
    assert hand_over(reminder, owner=owner, at=DUE) is None
    row = now(reminder)
    assert row.state == ReminderState.CANCELLED
    assert row.closed_reason
    assert Attempt.objects.count() == 0
    assert send(DUE + DAY) == {}
    assert sink.messages == []


def test_without_a_change_the_same_check_lets_it_through(reminder: Reminder) -> None:
    owner = new_owner()
    claim(owner=owner, at=DUE)
    ready = hand_over(reminder, owner=owner, at=DUE)
    assert ready is not None
    assert ready.outgoing.to == EMAIL
    assert now(reminder).state == ReminderState.SENDING
    assert Attempt.objects.get().finished_at is None


def test_a_hold_stops_everything_of_its_site_until_it_is_released(sink: Sink, reminder: Reminder) -> None:
    other = planned(asked_for_link(open_clinic()).case, at=DUE, step="FU01")
    hold = hold_sending(site=reminder.site, reason="restored from a backup", by=REMINDERS, at=DUE)
    assert send() == {"sent": 1}
    assert (now(reminder).state, now(other).state) == ("scheduled", "sent")
    release_sending(hold=hold, reason="looked", by=REMINDERS, at=DUE)
    assert send() == {"sent": 1}


def test_a_hold_between_claim_and_sending_puts_the_message_back(reminder: Reminder) -> None:
    owner = new_owner()
    claim(owner=owner, at=DUE)
    hold_sending(site=reminder.site, reason="restored from a backup", by=REMINDERS, at=DUE)
    assert hand_over(reminder, owner=owner, at=DUE) is None
    assert now(reminder).state == ReminderState.SCHEDULED


def test_a_worker_that_was_paused_for_longer_than_its_lease_sends_nothing(reminder: Reminder) -> None:
    owner = new_owner()
    claim(owner=owner, at=DUE)
    assert hand_over(reminder, owner=owner, at=DUE + 5 * MINUTE) is None
    assert recover(at=DUE + 5 * MINUTE) == 1
    assert now(reminder).state == ReminderState.SCHEDULED
    assert send(DUE + 6 * MINUTE) == {"sent": 1}
    assert hand_over(reminder, owner=owner, at=DUE + 6 * MINUTE) is None


@pytest.mark.parametrize(("looks", "state"), [(7, "scheduled"), (8, "retry")])
def test_a_worker_that_slept_between_the_check_and_the_network_sends_nothing(
    sink: Sink, reminder: Reminder, looks: int, state: str
) -> None:
    """After the check it sleeps before the last word, or before the network."""
    last = DUE + 10 * MINUTE
    times = iter([DUE] * looks)
    send_due(now=lambda: next(times, last), owner=new_owner())
    assert sink.messages == []
    assert now(reminder).state == state


def test_two_workers_never_claim_the_same_row(reminder: Reminder) -> None:
    assert claim(owner="a", at=DUE) == [reminder.pk]
    assert claim(owner="b", at=DUE) == []


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_reminder_once(settings: Settings) -> None:
    site = open_clinic()
    for number in range(24):
        asked_for_link(site, email=f"person{number}@example.org")
    plan(as_of=DUE, by=REMINDERS)
    with running() as (sink, port):
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
        at_once(lambda: send_due(now=lambda: DUE, owner=new_owner(), limit=3))
    assert set(sink.counts.values()) == {1}
    assert len(sink.counts) == 24


def test_a_worker_that_dies_before_sending_costs_nothing(sink: Sink, reminder: Reminder) -> None:
    claim(owner="dead", at=DUE)
    assert recover(at=DUE + 4 * MINUTE) == 0
    assert recover(at=DUE + 5 * MINUTE) == 1
    assert send(DUE + 5 * MINUTE) == {"sent": 1}


def die_while_sending(reminder: Reminder, at: dt.datetime) -> None:
    claim(owner="dead", at=at)
    assert hand_over(reminder, owner="dead", at=at) is not None


def test_a_worker_that_dies_while_sending_leads_to_one_repeat_and_then_to_a_person(
    reminder: Reminder,
) -> None:
    die_while_sending(reminder, DUE)
    recover(at=DUE + 6 * MINUTE)
    assert now(reminder).state == ReminderState.RETRY
    die_while_sending(reminder, DUE + 6 * MINUTE)
    recover(at=DUE + 12 * MINUTE)
    assert now(reminder).state == ReminderState.AMBIGUOUS
    assert AuditEvent.objects.filter(event="reminder_uncertain").count() == 1


def test_what_may_go_out_once_only_is_never_repeated(reminder: Reminder) -> None:
    Reminder.objects.update(at_most_once=True)
    die_while_sending(reminder, DUE)
    recover(at=DUE + 6 * MINUTE)
    assert now(reminder).state == ReminderState.AMBIGUOUS
    assert send(DUE + DAY) == {}


def test_staff_get_a_task_about_a_letter_of_which_nobody_knows_whether_it_arrived(sink: Sink) -> None:
    case, at = reachable_case(), NOON + 2 * DAY
    letter = planned(case, at=at, step="FU03")
    Reminder.objects.filter(pk=letter.pk).update(at_most_once=True)
    die_while_sending(letter, at)
    recover(at=at + 6 * MINUTE)
    (task,) = (each for each in case.tasks.all() if "A message by email needs you" in each.text)
    assert (task.made_by, task.done_at) == (None, None)


def test_an_answer_that_comes_after_the_lease_still_counts_when_nobody_tried_again(
    reminder: Reminder,
) -> None:
    claim(owner="slow", at=DUE)
    ready = hand_over(reminder, owner="slow", at=DUE)
    assert ready is not None
    recover(at=DUE + 6 * MINUTE)
    answer = Tried(ready, Verdict(Result.SENT, "accepted"), DUE + 6 * MINUTE)
    settle(tried=[answer], owner="slow")
    assert now(reminder).state == ReminderState.SENT
    assert send(DUE + HOUR) == {}
