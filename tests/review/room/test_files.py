"""Files of a patient: who may have them, how they are handed over, and what is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.intake.filling import PAPER
from screening.intake.services.documents import path_of
from tests.factories.intake import submitted_case
from tests.factories.people import make_member, sign_in
from tests.factories.room import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "documents"


def test_a_file_of_somebody_else_does_not_exist(client: Client, site: Site, case: Case) -> None:
    theirs = submitted_case(site).documents.get()
    inside(client, case)
    assert client.get(reverse("patient-document", args=[theirs.pk])).status_code == 404
    own = client.get(reverse("patient-document", args=[case.documents.get().pk]))
    assert own.status_code == 200
    assert b"".join(own.streaming_content) == PAPER  # type: ignore[attr-defined]
    assert own["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(event=Event.DOCUMENT_OPENED, case_reference=case.reference).count() == 1


def test_a_file_comes_in_a_sandbox_whoever_opens_it(client: Client, site: Site, case: Case) -> None:
    document, staff = case.documents.get(), sign_in(Client(), make_member(Role.CLINICIAN, site=site))
    theirs = inside(client, case).get(reverse("patient-document", args=[document.pk]))
    for answer in (theirs, staff.get(reverse("case-document", args=[case.reference, document.pk]))):
        assert answer.status_code == 200
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer["Content-Disposition"].startswith("attachment; filename=")


def test_a_file_that_is_gone_from_the_disk_is_not_found(client: Client, site: Site, case: Case) -> None:
    document, staff = case.documents.get(), sign_in(Client(), make_member(Role.CLINICIAN, site=site))
    path_of(document).unlink()
    inside(client, case)
    assert client.get(reverse("patient-document", args=[document.pk])).status_code == 404
    assert staff.get(reverse("case-document", args=[case.reference, document.pk])).status_code == 404
    assert not AuditEvent.objects.filter(event=Event.DOCUMENT_OPENED).exists()


def test_a_lying_file_is_refused_and_a_real_one_kept(client: Client, case: Case) -> None:
    inside(client, case)
    address = reverse("patient-documents")
    lie = SimpleUploadedFile("letter.pdf", b"MZ not a letter", content_type="application/pdf")
    assert client.post(address, {"record_files": lie}).status_code == 422
    real = SimpleUploadedFile("letter.pdf", PAPER, content_type="application/pdf")
    assert client.post(address, {"record_files": real}).status_code == 303
    assert case.documents.count() == 2
