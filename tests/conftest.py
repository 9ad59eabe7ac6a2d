"""What every test stands on: real PostgreSQL, a real browser, no network but this machine's own."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.test import TransactionTestCase, override_settings

from tests import chromium
from tests.outgoing import Outgoing, watch

# Playwright runs an event loop in the test's own thread, and Django would refuse its queries there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Lanes whose skips would be silence about the very thing they are for.
NEVER_SKIPPED = ("tests/system/", "tests/chaos/")
_connect = socket.socket.connect


def _connect_here_only(self: socket.socket, address: Any) -> None:
    if self.family in {socket.AF_INET, socket.AF_INET6}:
        host = str(address[0])
        try:
            here = host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            here = False
        if not here:
            raise RuntimeError(f"A test tried to reach {host}. Tests stay on this machine.")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _connect_here_only)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def outgoing() -> Iterator[Outgoing]:
    """Everything that leaves during the run passes by here."""
    patch, found = pytest.MonkeyPatch(), Outgoing()
    watch(found, patch)
    yield found
    patch.undo()


@pytest.fixture(autouse=True)
def _nothing_leaves_that_must_not(outgoing: Outgoing) -> Iterator[None]:
    yield
    wrong, outgoing.wrong = outgoing.wrong, []
    if wrong:
        pytest.fail(f"This left: {wrong}", pytrace=False)


@pytest.fixture(autouse=True, scope="session")
def _documents_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests upload goes when they end."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("documents")):
        yield


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_guarded_tables() -> Iterator[None]:
    """Tests that commit are cleaned by TRUNCATE, which our append-only tables refuse, as they should."""
    patch = pytest.MonkeyPatch()
    flush = TransactionTestCase._fixture_teardown

    def flush_unguarded(self: TransactionTestCase) -> None:
        with pgtrigger.ignore():
            flush(self)

    patch.setattr(TransactionTestCase, "_fixture_teardown", flush_unguarded)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium.find()
    if not path:
        pytest.fail(f"Chromium is missing: sudo {chromium.COMMAND}", pytrace=False)
    return {**browser_type_launch_args, "executable_path": path, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one module with a browser or processes share a worker: what they start, they start once."""
    for item in items:
        if item.nodeid.startswith(NEVER_SKIPPED) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing skipped counts as passed: in the lanes that matter most a skip is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    silent = [report.nodeid for report in skipped if report.nodeid.startswith(NEVER_SKIPPED)]
    if silent and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.section("Skipped, and so not passed", sep="=", red=True)
        for name in silent:
            reporter.line(name)
