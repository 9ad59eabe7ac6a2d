"""Celery on Redis: a storm of kills; and a broker that forgets, is gone, or hangs, which no page notices."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from screening.followup.models import Reminder, ReminderState
from tests.chaos.processes import SECOND_ROUND, Processes, rounds_until, until
from tests.chaos.test_broker import MORE, p95, seconds
from tests.chaos.test_storm import due, storm
from tests.followup.sink import running
from tests.outgoing import told_to_broker
from tests.redis.server import COMMAND, Server, installed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.nightly,
    pytest.mark.xdist_group("redis"),
    pytest.mark.skipif(not installed(), reason=f"no redis-server on this machine: {COMMAND}"),
]
TICK, MANY = 3, 200


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as server:
        yield server


def test_a_storm_of_kills_on_redis_loses_nothing_and_repeats_no_letter(
    tmp_path: Path, server: Server
) -> None:
    storm(tmp_path, broker=server.url)


def test_a_flushed_redis_costs_two_ticks_at_most_and_held_nothing_personal(
    tmp_path: Path, server: Server
) -> None:
    due(MANY)
    with (
        running() as (sink, port),
        Processes(tmp_path, mail_port=port, tick=TICK, broker=server.url) as processes,
    ):
        try:
            processes.beat()
            until(lambda: server.client.llen("ticks") > 0, seconds=60, what="a tick is in the broker")
            told = [json.loads(each) for each in server.client.lrange("ticks", 0, -1)]
            server.client.flushall()
            processes.worker()
            rounds = _rounds_until_all_are_sent()
        except (AssertionError, OSError) as error:
            error.add_note(processes.log())
            raise
    assert rounds <= SECOND_ROUND
    assert set(sink.counts.values()) == {1}
    assert told
    for message in told:
        body = json.loads(base64.b64decode(message["body"]))
        assert told_to_broker(body, message["headers"]) == []


@pytest.mark.parametrize("how", ["gone", "hanging"])
def test_while_redis_is_away_no_page_is_slower_and_afterwards_everything_is_sent(
    tmp_path: Path, server: Server, how: str
) -> None:
    from clinic.celery import app

    usual, was = p95(seconds()), app.conf.broker_url
    with (
        running() as (sink, port),
        Processes(tmp_path, mail_port=port, tick=TICK, broker=server.url) as processes,
    ):
        try:
            processes.beat()
            processes.worker()
            until(lambda: server.client.llen("ticks") == 0, seconds=60, what="the worker takes ticks")
            server.stop() if how == "gone" else server.sleep()
            app.conf.broker_url = server.url
            due(MANY)
            assert p95(seconds()) <= usual + MORE
            server.start() if how == "gone" else server.wake()
            rounds = _rounds_until_all_are_sent()
        except (AssertionError, OSError) as error:
            error.add_note(processes.log())
            raise
        finally:
            app.conf.broker_url = was
    assert rounds <= SECOND_ROUND
    assert set(sink.counts.values()) == {1}


def _rounds_until_all_are_sent() -> int:
    sent = Reminder.objects.filter(state=ReminderState.SENT)
    return rounds_until(lambda: sent.count() == MANY, seconds=90, what="nothing was lost")
