"""A machine whose clock is wrong does nothing that cannot be taken back; PostgreSQL's own clock tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog.testing
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.machine_clock import APART, clock_of_database, clocks_agree
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.followup.models import Heartbeat, Reminder
from screening.followup.services import HEARTBEAT, beat
from screening.followup.tasks import alert, tick
from screening.intake.tasks import tidy
from tests.factories.followup import asked_for_link
from tests.factories.intake import open_clinic
from tests.factories.urgent import urgent_case
from tests.followup.rounds import received
from tests.followup.sink import Sink
from tests.followup.times import DAY, MINUTE

pytestmark = pytest.mark.django_db
WRONG = [DAY, -DAY, 6 * MINUTE, -6 * MINUTE]


@contextmanager
def clock_ahead_by(how_far: dt.timedelta) -> Iterator[None]:
    with time_machine.travel(timezone.now() + how_far):
        yield


@pytest.mark.parametrize("ahead", WRONG)
def test_a_clock_far_from_the_databases_is_not_believed_and_the_operator_hears_of_it(
    ahead: dt.timedelta,
) -> None:
    with structlog.testing.capture_logs() as said:
        assert not clocks_agree(at=timezone.now() + ahead)
    assert [(line["event"], line["log_level"]) for line in said] == [("clocks_differ", "error")]
    assert abs(said[0]["seconds_ahead_of_the_database"] - ahead.total_seconds()) < 60


def test_five_minutes_are_no_reason_to_stop() -> None:
    for ahead in (4 * MINUTE, -4 * MINUTE, dt.timedelta()):
        assert clocks_agree(at=timezone.now() + ahead)
    assert APART == 5 * MINUTE
    assert abs(clock_of_database() - timezone.now()) < MINUTE


def test_nobody_is_written_to_a_day_early() -> None:
    case = asked_for_link(at=timezone.now()).case
    with clock_ahead_by(3 * DAY):
        tick()
        with pytest.raises(CommandError, match="nothing is sent to patients"):
            call_command("send_due")
    assert not Reminder.objects.filter(case=case).exists()
    assert not Heartbeat.objects.exists(), "a worker that did nothing does not say that it worked"


def test_no_draft_is_deleted_before_its_day() -> None:
    case = asked_for_link(at=timezone.now()).case
    with clock_ahead_by(400 * DAY):
        tidy()
        assert Case.objects.get(pk=case.pk).state == State.DRAFT
        with pytest.MonkeyPatch.context() as patch:  # the same day, and every clock says so
            patch.setattr("accounts.machine_clock.clock_of_database", timezone.now)
            tidy()
    assert Case.objects.get(pk=case.pk).state == State.EXPIRED


def test_the_alarm_names_the_clocks_first() -> None:
    beat(process=HEARTBEAT, at=timezone.now())
    call_command("check_alarms")
    with clock_ahead_by(DAY), pytest.raises(CommandError) as told:
        call_command("check_alarms")
    assert str(told.value).startswith("The clocks of this machine and of the database differ")


def test_the_clinic_hears_of_an_urgent_case_whatever_a_clock_says(sink: Sink) -> None:
    site = open_clinic()
    urgent_case(site, at=timezone.now())
    with clock_ahead_by(DAY):
        alert()
    assert site.duty_email in received(sink)
