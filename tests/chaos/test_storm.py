"""Three thousand reminders, four workers, thirty kill -9 of parents and children; and one put to sleep."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from screening.cases.models import Response
from screening.followup.models import Attempt, Reminder, ReminderState
from screening.followup.services import REMINDERS, plan
from tests.chaos.processes import Processes, until
from tests.chaos.test_kill import many_like
from tests.factories.followup import asked_for_link, send_at_any_hour
from tests.factories.intake import open_clinic
from tests.followup.sink import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]
DUE, WORKERS, KILLS = 3_000, 4, 30
CLOSED = (ReminderState.SENT, ReminderState.AMBIGUOUS)


def due(count: int) -> None:
    at = timezone.now() - dt.timedelta(hours=25)
    site = open_clinic()
    send_at_any_hour(site, at=at)
    response = asked_for_link(site, at=at)
    many_like(Response.objects.select_related("patient", "case").get(pk=response.pk), count - 1)
    plan(as_of=timezone.now(), by=REMINDERS)


@pytest.mark.nightly
def test_a_storm_of_kills_loses_nothing_and_repeats_no_letter(tmp_path: Path) -> None:
    storm(tmp_path, broker="filesystem://")


def storm(tmp_path: Path, *, broker: str) -> None:
    """Whatever the broker, the table knows what is to be done."""
    due(DUE)
    letters = list(Reminder.objects.order_by("pk").values_list("pk", flat=True)[: DUE // 3])
    Reminder.objects.filter(pk__in=letters).update(at_most_once=True)
    chance, pause = random.Random(30), threading.Event()  # noqa: S311 (a storm that can be run again)

    with (
        running() as (sink, port),
        Processes(tmp_path, mail_port=port, lease=4, tick=2, broker=broker) as processes,
    ):
        try:
            processes.beat()
            workers = [processes.worker() for _ in range(WORKERS)]
            for kill in range(KILLS):
                enough = (kill + 1) * DUE // (KILLS + 10)  # never more than there are
                until(lambda: len(sink.messages) >= enough, seconds=300, what=f"more before kill {kill}")  # noqa: B023
                place = chance.randrange(WORKERS)
                pause.wait(chance.random() / 5)
                if kill % 2 and processes.children(workers[place]):
                    processes.kill_child(workers[place])
                else:  # also one that is just beginning, and has no child yet
                    processes.kill(workers[place])
                    workers[place] = processes.worker()
            left = Reminder.objects.exclude(state__in=CLOSED)
            until(lambda: not left.exists(), seconds=300, what="all are sent, or somebody is told")
        except (AssertionError, OSError) as error:
            error.add_note(processes.log())
            raise

    arrived = Counter({name.strip("<>").partition("@")[0]: count for name, count in sink.counts.items()})
    once = {str(pk) for pk in letters}
    repeats = {name: count - 1 for name, count in arrived.items() if count > 1}
    lost = [str(r.pk) for r in Reminder.objects.filter(at_most_once=False) if str(r.pk) not in arrived]
    in_doubt = {str(pk) for pk in Reminder.objects.filter(state="ambiguous").values_list("pk", flat=True)}
    print(f"\n{len(arrived)} arrived, {len(repeats)} twice, {len(in_doubt)} told to staff, {len(lost)} lost")
    assert lost == []
    assert not repeats.keys() & once
    assert all(count == 1 for count in repeats.values())
    assert len(repeats) <= KILLS
    assert once - arrived.keys() <= in_doubt
    assert all(len(recipients) == 1 for recipients in sink.recipients)


@pytest.mark.nightly
def test_a_worker_put_to_sleep_beyond_its_lease_sends_nothing_when_it_wakes(tmp_path: Path) -> None:
    due(60)
    with running() as (sink, port), Processes(tmp_path, mail_port=port, lease=3, tick=2) as processes:
        try:
            processes.beat()
            sleeper = processes.worker()
            until(lambda: len(sink.messages) >= 5, seconds=120, what="it has begun")
            os.killpg(sleeper.pid, signal.SIGSTOP)
            other = processes.worker()
            sent = Reminder.objects.filter(state=ReminderState.SENT)
            until(lambda: sent.count() >= 59, seconds=120, what="the other has taken over")
            tries = Attempt.objects.count()
            os.killpg(sleeper.pid, signal.SIGCONT)
            until(lambda: sent.count() == 60, seconds=120, what="all are sent")
            until(lambda: other.poll() is None, seconds=5, what="the other lives")
        except (AssertionError, OSError) as error:
            error.add_note(processes.log())
            raise
    assert len(sink.counts) == 60
    assert sum(sink.counts.values()) <= 61  # one was in the hands of the network when it fell asleep
    assert Attempt.objects.count() <= tries + 1
