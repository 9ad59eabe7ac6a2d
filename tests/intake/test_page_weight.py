"""What a page costs: statements on the server, bytes on a poor connection. The form has over 60 questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from whitenoise.middleware import WhiteNoiseMiddleware

from screening.cases.models import Response
from screening.intake import selectors
from tests.factories.intake import NOON, enter, finished_draft
from tests.platform.production import load_settings

MOST_QUERIES = 12
LARGEST_PAGE = 30 * 1024
LARGEST_STATIC = 60 * 1024
A_YEAR = 365 * 24 * 3600


@pytest.fixture
def response(db: None) -> Response:
    return finished_draft()


@pytest.fixture
def sam(client: Client, response: Response) -> Client:
    enter(client, response, at=timezone.now())
    client.get("/form/")  # what a process reads once is read now
    return client


def addresses(response: Response) -> Iterator[str]:
    walk = selectors.walk_of(response, NOON.date())
    assert len(list(walk.questionnaire.items())) >= 60
    yield from (f"/form/{page.id}/" for page in walk.pages)
    yield from ("/form/", "/form/check/", "/form/treatments/1/", "/form/treatments/add/", "/form/link/")


def cost(ask: Any) -> tuple[int, int, Any]:
    """Statements, and bytes as they travel: the headers and the body as it is sent."""
    with CaptureQueriesContext(connection) as asked:
        page = ask()
    headers = sum(len(name) + len(value) + 4 for name, value in page.headers.items())
    return len(asked), headers + len(page.content), page


def test_a_page_asks_the_database_little_and_weighs_little(sam: Client, response: Response) -> None:
    costs = {}
    for address in addresses(response):
        queries, size, page = cost(lambda: sam.get(address, headers={"accept-encoding": "gzip"}))  # noqa: B023
        assert page.status_code == 200, address
        costs[address] = queries, size
    assert len(costs) > 40
    assert {address: queries for address, (queries, _size) in costs.items() if queries > MOST_QUERIES} == {}
    assert {address: size for address, (_queries, size) in costs.items() if size > LARGEST_PAGE} == {}


def test_saving_a_page_and_showing_the_next_is_as_cheap(sam: Client, response: Response) -> None:
    typed = {"goals": "Walk to the shop", "lock": response.page_locks["goals"], "asked": "goals"}
    saving, _size, answer = cost(lambda: sam.post("/form/goals/", typed))
    assert answer.status_code == 303
    showing, _size, _page = cost(lambda: sam.get(answer.headers["Location"]))
    assert saving <= MOST_QUERIES
    assert showing <= MOST_QUERIES


def test_pages_travel_compressed_and_files_as_they_are(sam: Client, response: Response) -> None:
    page = sam.get("/form/check/", headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert "Content-Encoding" not in sam.get("/form/check/").headers
    assert "Content-Encoding" not in sam.get("/healthz", headers={"accept-encoding": "gzip"}).headers


def test_styles_and_scripts_are_small_and_kept_by_the_browser(
    db: None, settings: Settings, tmp_path: Path
) -> None:
    """As production serves them: collected, named by their content, compressed beforehand."""
    shipped = load_settings()
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = shipped["STORAGES"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0)
    serve = WhiteNoiseMiddleware(lambda _request: HttpResponse(status=404))
    sizes = {}
    for path in tmp_path.glob("threshold.*.*"):
        if path.suffix in {".css", ".js"}:
            request = RequestFactory().get(f"/static/{path.name}", headers={"accept-encoding": "gzip"})
            answer = serve(request)
            assert answer.status_code == 200
            assert answer.headers["Content-Encoding"] == "gzip"
            assert "immutable" in answer.headers["Cache-Control"]
            assert f"max-age={10 * A_YEAR}" in answer.headers["Cache-Control"]
            sizes[path.suffix] = int(answer.headers["Content-Length"])
            answer.close()
    assert set(sizes) == {".css", ".js"}
    assert sum(sizes.values()) <= LARGEST_STATIC
