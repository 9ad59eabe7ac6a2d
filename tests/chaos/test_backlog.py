"""A worker with more to do than it can: who is served first."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from kombu import Connection

from clinic.celery import app, schedule, transport_options
from tests.chaos.processes import Processes, until
from tests.factories.intake import open_clinic
from tests.factories.urgent import urgent_case
from tests.followup.sink import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]
WAITING = 60


def test_an_urgent_answer_does_not_stand_behind_a_row_of_other_work(tmp_path: Path) -> None:
    urgent_case(open_clinic(duty_email="duty@clinic.example"), at=timezone.now())
    options = transport_options("filesystem://", tmp_path / "broker")
    ticks = schedule(600)
    with Connection("filesystem://", transport_options=options) as broker:
        for name in ["tidy"] * WAITING + ["alerts"]:
            app.send_task(ticks[name]["task"], connection=broker, **ticks[name]["options"])
    folder = Path(options["data_folder_in"])

    with running() as (sink, port), Processes(tmp_path, mail_port=port) as processes:
        processes.worker()
        try:
            until(lambda: bool(sink.messages), seconds=40, what="the mail to the duty address")
        except AssertionError as error:
            error.add_note(processes.log())
            raise
        left = len(list(folder.glob("*.ticks.msg")))

    assert left > WAITING / 2
