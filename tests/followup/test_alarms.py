"""What an operator is told when sending goes wrong, without asking a worker."""

from __future__ import annotations

from io import StringIO
from typing import get_args

import pytest
from django.core.management import CommandError, call_command

from screening.followup.models import Attempt, Heartbeat, Reminder
from screening.followup.schedule import TOO_LATE, Why
from screening.followup.selectors import alarms
from screening.followup.services import HEARTBEAT, REMINDERS, beat, hold_sending, release_sending
from screening.followup.tasks import tick
from screening.followup.words import REASONS, reason_in_words
from screening.rules.schedule import StopCondition
from tests.factories.clocks import all_clocks_at
from tests.factories.followup import asked_for_link, planned
from tests.factories.intake import NOON
from tests.followup.times import DAY, MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture
def reminder() -> Reminder:
    beat(process=HEARTBEAT, at=NOON + DAY)
    return planned(asked_for_link().case, at=NOON + DAY, step="FU01")


def test_all_is_well_while_nothing_is_late(reminder: Reminder) -> None:
    assert alarms(at=NOON + DAY + 5 * MINUTE) == []


def test_a_reminder_more_than_a_quarter_of_an_hour_late_raises_an_alarm(reminder: Reminder) -> None:
    beat(process=HEARTBEAT, at=NOON + DAY + 16 * MINUTE)
    assert alarms(at=NOON + DAY + 15 * MINUTE) == []
    assert alarms(at=NOON + DAY + 16 * MINUTE) == ["1 reminder is late, the oldest by 16 minutes."]


def test_what_a_site_holds_back_is_not_late_but_waits_for_somebody(reminder: Reminder) -> None:
    beat(process=HEARTBEAT, at=NOON + DAY + 16 * MINUTE)
    hold = hold_sending(site=reminder.site, reason="restored", by=REMINDERS, at=NOON)
    assert alarms(at=NOON + DAY + 15 * MINUTE) == []
    waits = f"Sending for {reminder.site.name} is on hold: 1 reminder waits for somebody to release it."
    assert alarms(at=NOON + DAY + 16 * MINUTE) == [waits]
    release_sending(hold=hold, reason="checked", by=REMINDERS, at=NOON + DAY)
    assert alarms(at=NOON + DAY + 16 * MINUTE) == ["1 reminder is late, the oldest by 16 minutes."]


def test_a_silent_worker_raises_an_alarm_after_five_minutes() -> None:
    assert alarms(at=NOON) == ["No reminder worker has ever finished a round."]
    beat(process=HEARTBEAT, at=NOON)
    assert alarms(at=NOON + 5 * MINUTE) == []
    assert alarms(at=NOON + 6 * MINUTE) == ["The reminder worker last finished a round 6 minutes ago."]


def test_a_worker_whose_clock_is_ahead_raises_an_alarm_at_once() -> None:
    beat(process=HEARTBEAT, at=NOON + DAY)
    assert alarms(at=NOON) == ["The clock of a reminder worker is 1440 minutes ahead of this machine's."]
    assert alarms(at=NOON + DAY - 5 * MINUTE) == []


def test_a_message_in_doubt_raises_an_alarm_after_an_hour(reminder: Reminder) -> None:
    Reminder.objects.update(state="ambiguous")
    Attempt.objects.create(reminder=reminder, number=1, owner="x", started_at=NOON, finished_at=NOON)
    beat(process=HEARTBEAT, at=NOON + 61 * MINUTE)
    assert alarms(at=NOON + 59 * MINUTE) == []
    assert len(alarms(at=NOON + 61 * MINUTE)) == 1


def test_a_message_that_was_in_doubt_weeks_ago_hides_no_new_alarm(reminder: Reminder) -> None:
    Reminder.objects.update(state="ambiguous")
    Attempt.objects.create(reminder=reminder, number=1, owner="x", started_at=NOON, finished_at=NOON)
    late = NOON + TOO_LATE
    beat(process=HEARTBEAT, at=late)
    assert len(alarms(at=late)) == 1
    assert alarms(at=late + MINUTE) == []


def test_the_command_fails_with_the_sentences_and_is_quiet_otherwise() -> None:
    with all_clocks_at(NOON), pytest.raises(CommandError, match="No reminder worker"):
        call_command("check_alarms")
    beat(process=HEARTBEAT, at=NOON)
    out = StringIO()
    with all_clocks_at(NOON):
        call_command("check_alarms", stdout=out)
    assert out.getvalue().startswith("All is well")


def test_a_tick_plans_sends_and_leaves_a_heartbeat() -> None:
    case = asked_for_link().case
    with all_clocks_at(NOON + DAY):
        tick()
    assert Reminder.objects.get(case=case).state == "sent"
    assert Heartbeat.objects.get(process=HEARTBEAT).at == NOON + DAY


def test_the_command_for_cron_does_the_same_and_says_so() -> None:
    case = asked_for_link().case
    out = StringIO()
    with all_clocks_at(NOON + DAY):
        call_command("send_due", stdout=out)
    assert Reminder.objects.get(case=case).state == "sent"
    assert out.getvalue().splitlines() == [
        "0 alerts to the clinic planned, 0 sent",
        "1 cases looked at: 1 reminders planned, 0 no longer needed, 0 cases could not be read",
        "0 taken back from workers that stopped",
        "sent: 1",
    ]
    assert Heartbeat.objects.get(process=HEARTBEAT).at == NOON + DAY


def test_every_reason_has_words() -> None:
    codes = {why.value for why in Why} - {Why.DONE, Why.NOT_YET} | set(get_args(StopCondition))
    assert codes - set(REASONS) == set()
    assert all(reason_in_words(code) for code in REASONS)
