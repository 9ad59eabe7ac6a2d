"""Every kind of answer carries the same headers, the ones that went wrong too, and nothing runs inline."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from screening.manage import views
from screening.questionnaires.models import DefinitionVersion
from tests.guards.answers import check, inline
from tests.guards.source import templates
from tests.guards.world import Who, World

pytestmark = pytest.mark.django_db


def _page_saved_elsewhere(world: World) -> Any:
    browser = world.browser(Who.PATIENT)
    answers = {"lock": "0", "asked": "rf_saddle", "rf_saddle": "not_sure"}
    return browser.post(reverse("intake-page", args=["rf-saddle"]), answers)


def _crash(world: World) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views.audit, "trail", _breaks)
        return world.browser(Who.ADMINISTRATOR).get(reverse("trail"))


def _breaks(**_: Any) -> None:
    raise RuntimeError("Quillfeather")


def _nothing_published(world: World) -> Any:
    DefinitionVersion.objects.filter(site=world.here.site, status="published").update(status="retired")
    return Client().get(reverse("intake-start", args=[world.here.site.slug]))


def _withdrawn(world: World) -> Any:
    case = world.here.draft.case
    type(case).objects.filter(pk=case.pk).update(state="withdrawn", closed_at=case.started_at)
    return world.browser(Who.PATIENT).get(reverse("intake-form"))


KINDS = {
    200: lambda world: Client().get(reverse("intake-home")),
    302: lambda world: Client().get(reverse("worklist")),
    303: lambda world: world.browser(Who.PATIENT).post(reverse("intake-submit")),
    400: lambda world: Client(headers={"host": "evil.example.net"}).get("/"),
    403: lambda world: world.browser(Who.MANAGER).get(reverse("worklist")),
    404: lambda world: Client().get("/no-such-page/"),
    405: lambda world: Client().post(reverse("intake-home")),
    409: _page_saved_elsewhere,
    410: _withdrawn,
    413: lambda world: Client().post("/healthz", b"", content_type="text/plain", CONTENT_LENGTH=str(2**27)),
    422: lambda world: world.browser(Who.PATIENT).post(reverse("intake-page", args=["rf-saddle"])),
    500: _crash,
    503: _nothing_published,
}


@pytest.mark.parametrize("status", sorted(KINDS))
def test_every_kind_of_answer_carries_the_headers(world: World, status: int) -> None:
    answer = KINDS[status](world)
    assert answer.status_code == status
    check(answer)


def test_a_refused_form_carries_the_headers(world: World) -> None:
    answer = world.browser(Who.LEAD, enforce_csrf_checks=True).post(reverse("search"), {"q": "x"})
    assert answer.status_code == 403
    check(answer)


def test_an_error_page_tells_nothing_of_what_broke(world: World) -> None:
    shown = _crash(world).content.decode()
    assert "<h1" in shown
    assert "Quillfeather" not in shown
    assert "RuntimeError" not in shown


INLINE = {
    "templates/base.html": "the one script, a file of ours",
    "templates/intake/base.html": "asks whether somebody is still there: a file of ours, for the form alone",
    "templates/layouts/staff.html": "the keys of staff, and the list that says when it is out of date",
    "templates/manage/editor/part.html": "saves what is typed while somebody writes: a file of ours",
    "templates/manage/publication/before.html": "looks again while past cases are judged: a file of ours",
    "templates/review/decision/base.html": "signs with a passkey: a file of ours, and one of allauth",
    "templates/mfa/authenticate.html": "names of fields as JSON, for the passkey script of allauth",
}
HANDLER = re.compile(r"<[^>]*\s(on[a-z]+|style)\s*=", re.I)
# JSON in a script element is data that nothing runs.
SCRIPT = re.compile(r"<script\b(?![^>]*(\bsrc=|application/json))|<style\b|javascript:", re.I)


def test_no_template_writes_styles_handlers_or_scripts_into_the_page() -> None:
    assert len(templates()) > 60, "the scan found too few templates"
    found = [name for name, text in templates().items() if HANDLER.search(_bare(text)) or SCRIPT.search(text)]
    assert not found, "put it in static/: the browser refuses it here"
    scripts = {name for name, text in templates().items() if "<script" in text}
    assert scripts == set(INLINE), "one script for all pages; a page that needs another one needs a reason"


def _bare(text: str) -> str:
    """Without template tags, whose comparisons look like tags of HTML."""
    return re.sub(r"{[%{#].*?[%}#]}", "", text, flags=re.S)


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        '<button onclick="go()">',
        "<script>go()</script>",
        '<script src="https://elsewhere.example.net/x.js"></script>',
        '<a href="javascript:go()">',
        '<base href="https://elsewhere.example.net/">',
    ],
)
def test_the_scan_would_find_it(markup: str) -> None:
    assert inline(markup)
