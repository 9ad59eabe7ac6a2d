"""Whatever a browser sends to the safety questions, in any order: no red flag is missed, none made up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import Site
from screening.intake import selectors
from screening.intake.services.safety import tier_of
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import ruleset_of
from screening.rules.advice import Due
from screening.rules.base import key_text
from screening.rules.questionnaire import Page, Questionnaire
from tests.factories import intake as factories
from tests.factories.intake import NOON, published_version, shipped
from tests.intake.reading import reads_advice

QUESTIONNAIRE = Questionnaire.model_validate(shipped(Kind.QUESTIONNAIRE))
ASKING = [page for page in QUESTIONNAIRE.pages if any(item.advice for item in page.items)]
CODES = sorted({option.code for page in ASKING for item in page.items for option in item.options})
NAMES = sorted(item.id for page in ASKING for item in page.items)
# What raises something: an urgent answer, or one that opens a call.
ADVISED = {(item.id, answer) for page in ASKING for item in page.items for answer in item.advice}
FINE = {200, 302, 303, 404, 409, 413, 422}

junk = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    [
        "",
        "\x00",
        "new_or_worse\x00",
        "NEW_OR_WORSE",
        " new_or_worse ",
        "[]",
        "null",
        "-1",
        "9" * 400,
        "x" * 20_000,
    ]
)
values = st.lists(st.sampled_from(CODES) | junk, max_size=3)
keys = st.sampled_from([*NAMES, "lock", "asked", "skip", "later", "then", "upload", "read", "dob"]) | junk
others = st.sampled_from(["start", "your-contact", "treatments", "nothing"])
extra = st.dictionaries(keys, values, max_size=4)


def answered(page: Page) -> st.SearchStrategy[tuple[str, dict[str, list[str]], bool]]:
    """A safety question with one of its own answers, whatever else is sent along."""
    item = next(item for item in page.items if item.advice)
    own = st.sampled_from([option.code for option in item.options])
    typed = st.builds(lambda more, code: {**more, item.id: [code]}, extra, own)
    return st.tuples(st.just(page.id), typed, st.booleans())


sent = st.one_of(
    st.sampled_from(ASKING[:4]).flatmap(answered),  # a few over and over, so that saves meet each other
    st.sampled_from(ASKING).flatmap(answered),
    st.tuples(others | st.sampled_from([page.id for page in ASKING]), extra, st.booleans()),
)


def post(browser: Client, address: str, typed: Mapping[str, Any]) -> Any:
    """As a form without files: whatever the names and values are."""
    return browser.post(
        address, urlencode(typed, doseq=True), content_type="application/x-www-form-urlencoded"
    )


@pytest.fixture(name="files")
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.usefixtures("noon", "files")
def test_no_value_key_or_order_of_pages_gets_past_the_advice(clinic: Site) -> None:
    draft = factories.draft(clinic)
    browser = factories.enter(Client(), draft, at=NOON)
    rules = ruleset_of(published_version(clinic, Kind.RULESET))
    met = set()

    @examples(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(sent)
    def send(what: tuple[str, dict[str, list[str]], bool]) -> None:
        page_id, typed, honest = what
        response = factories.response_of(draft.case)
        lock = {"lock": [str(response.page_locks.get(page_id, 0))]} if honest else {}
        answer = post(browser, f"/form/{page_id}/", {**typed, **lock})
        assert answer.status_code in FINE
        met.add(answer.status_code)
        walk = selectors.walk_of(factories.response_of(draft.case), NOON.date())
        raised = {(flag.item, flag.answer) for flag in draft.case.red_flags.all()}
        for item in (item for page in ASKING for item in page.items):
            value = walk.answers.get(item.id)
            assert value is None or item.option(key_text(value)) is not None, "only what the question offers"
            key = key_text(value)
            if key in item.advice and tier_of(rules, QUESTIONNAIRE, Due(item.id, key, item.advice[key])):
                assert (item.id, key) in raised
        assert raised <= ADVISED, "none made up"
        if draft.case.red_flags.filter(read_at__isnull=True).exists():
            assert browser.get("/form/").headers["Location"] == "/form/advice/"
            if honest:
                reads_advice(browser)

    send()
    assert {303, 409, 422} <= met, "the walk met saves, conflicts and mistakes"
    assert draft.case.red_flags.count() > 3


@pytest.mark.usefixtures("noon")
def test_the_advice_page_takes_any_name_and_number(clinic: Site) -> None:
    draft = factories.draft(clinic)
    browser = factories.enter(Client(), draft, at=NOON)

    @examples(max_examples=60, deadline=None, derandomize=True)
    @given(st.dictionaries(st.sampled_from(["read", "name", "phone"]) | junk, junk, max_size=4))
    def send(typed: dict[str, str]) -> None:
        lock = factories.response_of(draft.case).page_locks.get("rf-saddle", 0)
        browser.post("/form/rf-saddle/", {"rf_saddle": "new_or_worse", "lock": str(lock)})
        answer = post(browser, "/form/advice/", typed)
        assert answer.status_code in {303, 422}
        assert answer.status_code == 303 or b"A&amp;E" in answer.content, "the advice stays until it is read"

    send()


@pytest.mark.usefixtures("noon")
def test_a_body_that_is_no_form_is_refused_and_leaves_no_answer(clinic: Site) -> None:
    draft = factories.draft(clinic)
    browser = factories.enter(Client(), draft, at=NOON)
    for kind, body in (
        ("application/json", b'{"rf_saddle": "new_or_worse"}'),
        ("multipart/form-data; boundary=x", b"--y\r\nnothing of the kind"),
        ("application/x-www-form-urlencoded", b"\xff\xfe%zz=%00&rf_saddle=%ff"),
    ):
        answer = browser.post("/form/rf-saddle/", body, content_type=kind)
        assert answer.status_code in {302, 400, 404, 422}, kind
    assert "rf_saddle" not in factories.answers_in(draft)
