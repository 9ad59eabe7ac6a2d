"""The broker refuses, hangs, forgets: no page notices, and nothing is lost."""

from __future__ import annotations

import base64
import json
import socket
import statistics
import time
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from screening.followup.models import Reminder, ReminderState
from tests.chaos.processes import SECOND_ROUND, Processes, rounds_until, until
from tests.chaos.test_storm import due
from tests.followup.sink import running
from tests.outgoing import told_to_broker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos, pytest.mark.nightly]
LOOKS, MORE = 40, 0.05


def seconds() -> list[float]:
    """How long a page takes that stands before every form, and the one that asks for a new link."""
    browser, found = Client(), []
    for _ in range(LOOKS):
        for page in ("intake-home", "intake-code"):
            start = time.perf_counter()
            browser.get(reverse(page))
            found.append(time.perf_counter() - start)
    return found


def p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]


def test_no_page_is_slower_while_the_broker_refuses_or_hangs(settings: Settings) -> None:
    from clinic.celery import app

    usual = p95(seconds())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (silent.getsockname()[1], 1):
            app.conf.broker_url = f"redis://127.0.0.1:{port}/0"
            try:
                slow = p95(seconds())
            finally:
                app.conf.broker_url = settings.BROKER_URL
            assert slow <= usual + MORE


def test_a_broker_that_forgot_everything_costs_two_ticks_at_most(tmp_path: Path) -> None:
    due(40)
    folder = tmp_path / "broker" / "messages"
    with running() as (sink, port), Processes(tmp_path, mail_port=port, tick=3) as processes:
        try:
            processes.beat()
            until(lambda: any(folder.glob("*.ticks.msg")), seconds=60, what="a tick is in the broker")
            told = [json.loads(path.read_text()) for path in folder.glob("*.msg")]
            for path in folder.glob("*.msg"):
                path.unlink(missing_ok=True)  # the broker is flushed
            processes.worker()
            sent = Reminder.objects.filter(state=ReminderState.SENT)
            rounds = rounds_until(lambda: sent.count() == 40, seconds=60, what="nothing was lost")
        except (AssertionError, OSError) as error:
            error.add_note(processes.log())
            raise
    assert rounds <= SECOND_ROUND
    assert set(sink.counts.values()) == {1}
    assert told
    for message in told:
        body = json.loads(base64.b64decode(message["body"]))
        assert told_to_broker(body, message["headers"]) == []
