"""The log says what happened and how long it took, and nothing about anybody."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from clinic import logs
from clinic.middleware import RequestLogMiddleware

CANARY = "Jane-Doe-NHS-9990000018"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What our formatter makes of a line that another package writes."""
    (handler,) = (one for one in logging.getLogger().handlers if hasattr(one.formatter, "foreign_pre_chain"))
    assert isinstance(handler, logging.StreamHandler)
    text = io.StringIO()
    before = handler.setStream(text)
    yield text
    if before:
        handler.setStream(before)


def test_a_request_is_one_line_with_the_route_and_never_the_path(client: Client) -> None:
    with capture_logs() as lines:
        client.get(f"/healthz?name={CANARY}")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["route"] == "healthz"
    assert line["status"] == 200
    assert line["ms"] >= 0
    assert CANARY not in repr(lines)


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_not_repeated(client: Client) -> None:
    with capture_logs() as lines:
        client.get(f"/{CANARY}/")
    assert any(line["event"] == "request" and line["route"] is None for line in lines)
    assert CANARY not in repr(lines)


def test_an_error_is_its_type_and_places_without_its_message() -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise ValueError(CANARY)

    request = RequestFactory().get("/")
    with capture_logs() as lines:
        try:
            fails(request)
        except ValueError as problem:
            RequestLogMiddleware(fails).process_exception(request, problem)
    assert lines[0]["error"] == "builtins.ValueError"
    assert any("fails" in place for place in lines[0]["places"])
    assert CANARY not in repr(lines)


def test_lines_of_other_packages_lose_their_arguments(written: io.StringIO) -> None:
    logging.getLogger("some.package").error("Could not read %s", CANARY)
    line = json.loads(written.getvalue())
    assert line["event"] == "Could not read %s"
    assert CANARY not in written.getvalue()


def test_lines_about_our_own_processes_are_whole(written: io.StringIO) -> None:
    logging.getLogger("celery.beat").warning("beat: Starting after %s seconds", 5)
    assert json.loads(written.getvalue())["event"] == "beat: Starting after 5 seconds"


def test_a_failed_task_is_named_and_its_message_is_not(written: io.StringIO) -> None:
    failure = {"name": "audit.tasks.seal", "id": "1", "exc": CANARY}
    logging.getLogger("celery.app.trace").error("Task %(name)s raised unexpected: %(exc)s", failure)
    assert json.loads(written.getvalue())["event"] == "Task audit.tasks.seal raised unexpected: …"


def test_tracebacks_of_other_packages_lose_their_message(written: io.StringIO) -> None:
    try:
        raise KeyError(CANARY)
    except KeyError:
        logging.getLogger("some.package").exception("Broken: %s", CANARY)
    line = json.loads(written.getvalue())
    assert line["error"] == "builtins.KeyError"
    assert line["places"]
    assert CANARY not in written.getvalue()


def test_a_line_break_cannot_forge_a_line(written: io.StringIO) -> None:
    logging.getLogger("clinic.test").error('first\n{"event": "forged"}\x1b[31m')
    assert len(written.getvalue().strip().splitlines()) == 1
    assert "\x1b" not in written.getvalue()


def test_every_answer_names_its_request(client: Client) -> None:
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    assert len(first) == 32


def test_places_of_our_own_code_are_relative() -> None:
    assert logs._short(str(logs.ROOT / "clinic" / "logs.py")) == "clinic/logs.py"
