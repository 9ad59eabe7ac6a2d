"""One clinic with the shipped definitions, and a clock that stands still at a quiet moment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import Site
from screening.cases.models import Response
from tests.factories import intake as factories


@pytest.fixture
def clinic(db: None) -> Site:
    return factories.open_clinic()


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def draft(clinic: Site) -> Response:
    return factories.draft(clinic)


@pytest.fixture
def patient(client: Client, draft: Response, noon: time_machine.Traveller) -> Client:
    """A browser in which a draft is open, before the first safety question."""
    return factories.enter(client, draft, at=factories.NOON)
