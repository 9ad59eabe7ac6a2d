"""Whatever a browser sends, hostile or unlucky: a page is saved whole or not at all, and nothing breaks."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from clinic.wsgi import application
from screening.cases.models import Response
from screening.intake.filling import PAPER
from screening.intake.models import Document
from screening.intake.uploads import LARGEST_FILE
from screening.questionnaires.selectors import questionnaire_of
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in

FILES = "/form/record-files/"
PAGES = [
    "start",
    "helper",
    "rf-saddle",
    "rf-suicide",
    "onset",
    "goals",
    "treatments",
    "medicines",
    "record-files",
]
# What no page asks for: other pages' questions, keys of ours, signs nobody types.
KEYS = [
    "rf_saddle",
    "dob_day",
    "goals",
    "helper",
    "lock",
    "asked",
    "then",
    "skip",
    "later",
    "treatments",
    "cs1",
]
TEXTS = st.one_of(
    st.text(max_size=50),
    st.sampled_from(
        ["new_or_worse", "true", "-1", "9" * 400, "\0", "\x1b[31m", "\ud800", "‮abc", "1e999", "NaN"]
    ),
    st.integers().map(str),
)
FIELDS = st.lists(st.tuples(st.one_of(st.sampled_from(KEYS), st.text(max_size=20)), TEXTS), max_size=12)
VERBS = ["", "add/", "1/", "0/", "99999999999/", "1/remove/"]
# Answers that their pages take, so that something is saved among what is not.
TAKEN = [
    ("helper", "helper", "helping"),
    ("helper", "helper", "myself"),
    ("rf-saddle", "rf_saddle", "old_checked"),
    ("rf-saddle", "rf_saddle", "no"),
    ("goals", "goals", "Walk"),
    ("goals", "goals", "Sleep"),
    ("medicines", "meds", "Naproxen"),
    ("medicines", "meds", "Warfarin"),
]


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "documents"


@pytest.fixture
def finished(client: Client, clinic: Any, noon: time_machine.Traveller) -> Response:
    response = factories.finished_draft(clinic)
    factories.enter(client, response, at=NOON)
    return response


def test_any_keys_and_values_on_any_page_break_nothing_and_reach_no_other_page(
    client: Client, finished: Response
) -> None:
    questionnaire = questionnaire_of(finished.version)
    statuses, written = Counter[int](), Counter[str]()

    def attack(address: str, page: str, fields: list[tuple[str, str]]) -> None:
        before = answers_in(finished)
        body = urlencode(fields, errors="surrogatepass")
        answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
        statuses[answer.status_code] += 1
        assert answer.status_code in (200, 302, 303, 404, 409, 413, 422)
        after = answers_in(finished)
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        own = {item.id for item in questionnaire.page(page).items}
        assert changed <= own, "a page changes its own answers only"
        if answer.status_code != 303:
            assert not changed, "what is not said to be saved is not saved"
        assert not any(sign in str(after) for sign in ("\\x00", "\\x1b"))
        written.update(changed)

    @settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(PAGES), st.sampled_from(VERBS), FIELDS)
    @example("goals", "", [("goals", "x" * 4000), ("goals", "y")])
    @example("rf-saddle", "", [("rf_saddle", "no\0"), ("lock", "9" * 5000)])
    @example("treatments", "add/", [("class", "\ud800"), ("weeks", "1" * 5000)])
    def anything(page: str, verb: str, fields: list[tuple[str, str]]) -> None:
        attack(f"/form/{page}/{verb}", page, fields)

    @settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(TAKEN), FIELDS)
    def anything_beside_a_good_answer(taken: tuple[str, str, str], fields: list[tuple[str, str]]) -> None:
        page, item, value = taken
        lock = Response.objects.get(pk=finished.pk).page_locks[page]
        attack(f"/form/{page}/", page, [*fields, ("lock", str(lock)), (item, value)])

    anything()
    assert statuses[422] > 5, "the attack reached no form"
    anything_beside_a_good_answer()
    assert sum(written.values()) > 5, "the attack saved nothing"
    assert len(written) > 2, "the attack saved the same answer again and again"


def test_an_answer_that_is_none_of_the_choices_is_said_beside_the_field_and_in_the_summary(
    client: Client, finished: Response
) -> None:
    before = answers_in(finished)
    answer = client.post("/form/rf-saddle/", {"rf_saddle": "perhaps", "lock": "1", "asked": "rf_saddle"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#id_rf_saddle' in page
    assert "nhsuk-error-message" in page
    assert answers_in(finished) == before


@pytest.mark.parametrize("size", [1_100_000, 3_000_000])
def test_a_flood_of_text_is_refused_with_a_page_and_costs_nothing_that_was_saved(
    client: Client, finished: Response, size: int
) -> None:
    before = answers_in(finished)
    answer = client.post("/form/goals/", {"goals": "x" * size, "lock": "1"})
    assert answer.status_code == 413
    assert b"What you saved before is still there" in answer.content
    assert answers_in(finished) == before
    assert client.get("/form/goals/").status_code == 200


def test_too_many_fields_are_refused_the_same_way(client: Client, finished: Response) -> None:
    answer = client.post("/form/goals/", {f"key{n}": "x" for n in range(600)})
    assert answer.status_code == 413


def test_text_that_is_too_long_for_its_box_stays_in_it(client: Client, finished: Response) -> None:
    answer = client.post("/form/goals/", {"goals": "walk " * 200, "lock": "1"})
    assert answer.status_code == 422
    assert answer.content.decode().count("walk ") >= 200


def test_a_file_that_is_too_large_costs_nothing_else_on_the_page(client: Client, finished: Response) -> None:
    sent = {
        "record_files": SimpleUploadedFile("film.pdf", PAPER + b"x" * (LARGEST_FILE + 5_000_000)),
        "lock": "1",
        "asked": "record_files",
    }
    answer = client.post(FILES, sent)
    assert answer.status_code == 413
    page = answer.content.decode()
    assert "smaller than 20 MB" in page
    assert 'name="lock" value="1"' in page
    assert Document.objects.filter(case=finished.case).count() == 1, "the one that was there before"


def test_more_files_than_a_page_takes_are_refused(client: Client, finished: Response) -> None:
    files = {f"record_files{n}": SimpleUploadedFile(f"{n}.pdf", PAPER) for n in range(12)}
    assert client.post(FILES, files).status_code == 413


def whole_request(client: Client, address: str, body: bytes, kind: str) -> dict[str, Any]:
    """The request as a server hands it to the application."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": address,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": cookies,
        "HTTP_X_CSRFTOKEN": client.cookies["csrf"].value,
        "HTTP_REFERER": f"http://testserver{address}",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def answered(environ: dict[str, Any]) -> int:
    """The status, by the application itself; the connection is the test's, so no request may close it."""
    seen: list[str] = []
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        for _ in application(environ, lambda status, headers, error=None: seen.append(status)):
            pass
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    return int(seen[0].split()[0])


@pytest.mark.parametrize("multipart", [False, True], ids=["fields", "with files"])
def test_a_page_whose_connection_was_cut_is_not_saved_wherever_it_was_cut(
    client: Client, finished: Response, multipart: bool
) -> None:
    """As many cuts as there are: every 40th byte of what a browser sends, then all of it."""
    client.get("/form/goals/")
    data = {"lock": "1", "asked": "goals", "goals": "Walk to the shop and back every day of the week " * 6}
    body = encode_multipart(BOUNDARY, data) if multipart else urlencode(data).encode()
    kind = MULTIPART_CONTENT if multipart else "application/x-www-form-urlencoded"
    before = answers_in(finished)
    for cut in [*range(0, len(body), 40), len(body) - 1]:
        environ = whole_request(client, "/form/goals/", body, kind)
        environ["wsgi.input"] = io.BytesIO(body[:cut])
        assert answered(environ) == 400
        assert answers_in(finished) == before
    assert answered(whole_request(client, "/form/goals/", body, kind)) == 303
    assert answers_in(finished)["goals"] == data["goals"].strip()
