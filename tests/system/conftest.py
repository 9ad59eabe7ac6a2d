"""A clinic that is open, people in browsers of their own, and a mail server that keeps what it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Membership, Site
from tests.factories.intake import open_clinic
from tests.factories.people import sign_in
from tests.followup.sink import Sink, running
from tests.system.answers import ANSWERS
from tests.system.looking import Looking
from tests.system.walker import Patient, Staff


@pytest.fixture(scope="session")
def looking(browser: Browser, live_server: LiveServer) -> Looking:
    return Looking(browser, live_server.url)


@pytest.fixture
def mail() -> Iterator[tuple[Sink, int]]:
    with running() as sink:
        yield sink


@pytest.fixture
def clinic(live_server: LiveServer, settings: Settings, mail: tuple[Sink, int], tmp_path: Path) -> Site:
    """One clinic with the shipped definitions, so that the first address of all leads to it."""
    settings.MEDIA_ROOT = tmp_path / "documents"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail[1]
    return open_clinic(name="Harbour Clinic", neutral_sender="Harbour Clinic", slug="harbour")


@pytest.fixture
def patient(
    browser: Browser, live_server: LiveServer, looking: Looking, clinic: Site
) -> Iterator[Callable[..., Patient]]:
    """`patient(dob="2015-01-01")`: somebody with these answers besides the usual ones.

    `kind` is how they use their phone; `scripts` whether it runs any.
    """
    came: list[Patient] = []

    def comes(kind: type[Patient] = Patient, *, scripts: bool = False, **changes: Any) -> Patient:
        came.append(kind(browser, live_server.url, looking, {**ANSWERS, **changes}, scripts=scripts))
        return came[-1]

    yield comes
    for one in came:
        one.leaves()


@pytest.fixture
def staff(browser: Browser, live_server: LiveServer, looking: Looking) -> Iterator[Callable[..., Staff]]:
    """`staff(membership)` is signed in already; `staff()` stands at the door."""
    came: list[Staff] = []

    def comes(membership: Membership | None = None) -> Staff:
        state = {"cookies": [_session_of(membership, live_server.url)]} if membership else None
        came.append(Staff(browser, live_server.url, looking, state=state))
        return came[-1]

    yield comes
    for one in came:
        one.leaves()


def _session_of(membership: Membership, address: str) -> dict[str, Any]:
    cookie = sign_in(Client(), membership).cookies["session"]
    return {"name": "session", "value": cookie.value, "url": address}
