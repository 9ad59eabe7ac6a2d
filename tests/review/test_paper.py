"""A case on paper and as a PDF, and the files a patient sent: shown, saved, or refused."""

from __future__ import annotations

import datetime as dt
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.intake.models import Document, ScanState
from screening.review import case_views, paper
from tests.factories.followup import reachable_case
from tests.factories.intake import NOON, open_clinic, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import Clinician, fresh
from tests.factories.room import decided_case
from tests.followup.test_later_forms import sent


@pytest.fixture
def room(client: Client, clinician: Clinician) -> Client:
    return sign_in(client, clinician.membership)


@pytest.fixture
def file(case: Case) -> Document:
    """The PDF that came with the form, found clean."""
    document = case.documents.get()
    assert document.media_type == "application/pdf"
    document.scan = ScanState.CLEAN
    document.save(update_fields=["scan"])
    return document


class Drawing:
    """Stands for WeasyPrint, which is not installed here: keeps what it was asked to draw."""

    asked: list[str] = []

    def __init__(self, *, string: str, base_url: str, url_fetcher: Any) -> None:
        self.string, self.fetch = string, url_fetcher.fetch
        Drawing.asked.append(string)

    def write_pdf(self, *, pdf_variant: str) -> bytes:
        assert pdf_variant == "pdf/ua-1"
        return b"%PDF-1.7 drawn"


@pytest.fixture
def weasyprint(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Drawing]]:
    package, urls = types.ModuleType("weasyprint"), types.ModuleType("weasyprint.urls")
    package.HTML = Drawing  # type: ignore[attr-defined]
    urls.URLFetcher = object  # type: ignore[attr-defined]
    urls.URLFetcherResponse = lambda url, body, headers: (url, body, headers)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "weasyprint", package)
    monkeypatch.setitem(sys.modules, "weasyprint.urls", urls)
    monkeypatch.setattr(paper, "find_spec", lambda name: package)
    paper.can_make_pdf.cache_clear()
    Drawing.asked = []
    yield Drawing
    paper.can_make_pdf.cache_clear()


def rows_of(case: Case) -> list[str]:
    return list(
        AuditEvent.objects.filter(case_reference=case.reference)
        .order_by("id")
        .values_list("event", flat=True)
    )


def test_a_case_on_paper_folds_nothing_away_and_offers_nothing_to_press(room: Client, case: Case) -> None:
    text = room.get(reverse("case-print", args=[case.reference])).content.decode()
    folded = text.count("<details") - text.count('<details class="nhsuk-details" open')
    assert (folded, text.count("<form"), text.count('<nav aria-label="Main"')) == (0, 0, 0)
    assert "All answers" in text
    assert f"Case {case.reference}" in text
    assert "Printed on" in text


def test_what_was_considered_is_on_paper_too(room: Client, site: Site) -> None:
    text = room.get(reverse("case-print", args=[decided_case(site).reference])).content.decode()
    assert "What was considered" in text
    assert text.count("<details") == text.count('<details class="nhsuk-details" open')


def test_the_answers_of_a_later_form_are_on_paper_too(client: Client, db: None) -> None:
    case = reachable_case(at=NOON)
    clinician = Clinician.at(case.site)
    clinician.starts(case, NOON.date())
    sent(fresh(case), at=NOON + dt.timedelta(days=28))
    room = sign_in(client, clinician.membership)
    text = room.get(reverse("case-print", args=[case.reference])).content.decode()
    assert "Follow-up forms" in text
    assert text.count("<details") == text.count('<details class="nhsuk-details" open')


@pytest.mark.parametrize(
    ("name", "event"), [("case-print", Event.CASE_PRINTED), ("case-pdf", Event.CASE_EXPORTED)]
)
def test_each_paper_leaves_exactly_one_row(
    room: Client, case: Case, weasyprint: type[Drawing], name: str, event: Event
) -> None:
    before = AuditEvent.objects.count()
    assert room.get(reverse(name, args=[case.reference])).status_code == 200
    assert AuditEvent.objects.count() == before + 1
    assert rows_of(case)[-1] == event


@pytest.mark.parametrize("name", ["case", "case-print", "case-pdf"])
def test_what_cannot_be_recorded_is_not_shown(
    room: Client, case: Case, weasyprint: type[Drawing], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def full(*args: Any, **more: Any) -> None:
        raise DatabaseError("no space")

    monkeypatch.setattr(case_views, "record", full)
    room.raise_request_exception = False
    response = room.get(reverse(name, args=[case.reference]))
    assert response.status_code == 500
    assert case.patient.family_name not in response.content.decode()
    assert weasyprint.asked == []


def test_a_file_that_cannot_be_recorded_is_not_handed_over(
    room: Client, file: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **more: Any) -> None:
        raise DatabaseError("no space")

    monkeypatch.setattr("screening.review.downloads.record", full)
    room.raise_request_exception = False
    address = reverse("case-document-shown", args=[file.case.reference, file.pk])
    assert room.get(address).status_code == 500


def test_a_pdf_is_the_printed_page_as_a_file(room: Client, case: Case, weasyprint: type[Drawing]) -> None:
    assert (
        reverse("case-pdf", args=[case.reference])
        in room.get(reverse("case", args=[case.reference])).content.decode()
    )
    response = room.get(reverse("case-pdf", args=[case.reference]))
    assert response.content == b"%PDF-1.7 drawn"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{case.reference}.pdf"'
    (drawn,) = weasyprint.asked
    assert "Printed on" in drawn


def test_where_no_pdf_can_be_made_there_is_no_link_and_no_page(room: Client, case: Case) -> None:
    address = reverse("case-pdf", args=[case.reference])
    assert not paper.can_make_pdf()
    assert address not in room.get(reverse("case", args=[case.reference])).content.decode()
    assert address not in room.get(reverse("case-print", args=[case.reference])).content.decode()
    assert room.get(address).status_code == 404
    assert rows_of(case)[-1] == Event.CASE_PRINTED
    with pytest.raises(paper.NoPaper):
        paper.pdf_of("<p>Nothing</p>")


@pytest.mark.parametrize("name", ["../clinic/settings.py", "https://example.net/track.png", "/etc/passwd"])
def test_a_page_on_paper_reads_nothing_but_our_own_static_files(name: str) -> None:
    assert b"staff-header" in paper._static("threshold.css")
    with pytest.raises((ValueError, SuspiciousFileOperation)):
        paper._static(name)


def shown(browser: Client, file: Document, name: str = "case-document-shown") -> Any:
    return browser.get(reverse(name, args=[file.case.reference, file.pk]))


@pytest.mark.parametrize(
    ("kind", "sandboxed"), [("application/pdf", False), ("image/png", True), ("image/jpeg", True)]
)
def test_a_file_is_shown_bare_on_a_page_of_its_own(
    room: Client, file: Document, kind: str, sandboxed: bool
) -> None:
    Document.objects.filter(pk=file.pk).update(media_type=kind)
    before = len(rows_of(file.case))
    response = shown(room, file)
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.headers["Content-Type"] == kind
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox;") == sandboxed
    assert "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert rows_of(file.case)[before:] == [Event.DOCUMENT_OPENED]


def test_a_file_of_another_kind_is_only_saved(room: Client, file: Document) -> None:
    Document.objects.filter(pk=file.pk).update(media_type="text/html")
    response = shown(room, file)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"].startswith("sandbox;")


def test_a_file_is_saved_under_our_own_name(room: Client, file: Document) -> None:
    response = shown(room, file, "case-document")
    assert (
        f'filename="{file.case.reference}-{str(file.pk)[:8]}.pdf"' in response.headers["Content-Disposition"]
    )
    assert response.headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize("name", ["case-document", "case-document-shown"])
def test_a_virus_is_neither_shown_nor_saved(room: Client, file: Document, name: str) -> None:
    Document.objects.filter(pk=file.pk).update(scan=ScanState.INFECTED)
    before = rows_of(file.case)
    response = shown(room, file, name)
    assert response.status_code == 302
    assert rows_of(file.case) == before
    page = room.get(response.url).content.decode()
    assert "a virus was found" in page
    assert reverse(name, args=[file.case.reference, file.pk]) not in page


def test_paper_and_files_of_another_site_are_not_found(client: Client, case: Case, site: Site) -> None:
    elsewhere = submitted_case(open_clinic())
    browser = sign_in(client, Clinician.at(site).membership)
    assert browser.get(reverse("case-print", args=[elsewhere.reference])).status_code == 404
    file = elsewhere.documents.get()
    assert shown(browser, file).status_code == 404
    mixed = reverse("case-document-shown", args=[case.reference, file.pk])
    assert browser.get(mixed).status_code == 404
