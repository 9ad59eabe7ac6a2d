"""A mail server that listens, and a reminder that is due a day after somebody asked for a link."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from screening.followup.delivery import SMTP
from screening.followup.models import Reminder
from tests.factories.followup import asked_for_link, planned
from tests.followup.rounds import DUE
from tests.followup.sink import Sink, running


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with running() as (sink, port):
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield sink


@pytest.fixture
def reminder() -> Reminder:
    return planned(asked_for_link().case, at=DUE, step="FU01")
