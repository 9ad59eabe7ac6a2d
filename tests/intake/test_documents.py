"""Files: believed by what is in them, kept under our own names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Response
from screening.intake import services
from screening.intake.filling import PAPER
from screening.intake.models import Document
from screening.intake.services.documents import path_of
from screening.intake.uploads import LARGEST_FILE, Upload, media_type_of
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "documents"


@pytest.fixture
def response(clinic: Site) -> Response:
    return factories.draft(clinic, until="record-files", record_files=[])


def send(response: Response, name: str, content: bytes) -> services.Saved:
    fresh = Response.objects.get(pk=response.pk)
    return services.save_page(
        response=response,
        page_id="record-files",
        answers={},
        uploads=[("record_files", Upload(name, content))],
        seen_lock=int(fresh.page_locks.get("record-files", 0)),
        by=Actor.patient(response.patient_id),
        at=NOON,
    )


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PAPER, "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (PAPER[:-20], None),
        (PNG[:30], None),
        (b"MZ" + PAPER, None),
        (b"<html>%PDF-</html>%%EOF", None),
        (b"PK\x03\x04zip", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, media_type: str | None) -> None:
    assert media_type_of(content) == media_type


def test_a_file_is_kept_outside_the_web_root_under_our_own_name(response: Response) -> None:
    send(response, "../../etc/letter.pdf", PAPER)
    document = Document.objects.get()
    assert document.name == "letter.pdf"
    assert path_of(document).name == str(document.pk)
    assert path_of(document).read_bytes() == PAPER
    assert oct(path_of(document).stat().st_mode & 0o777) == "0o600"
    assert answers_in(response)["record_files"] == ["letter.pdf"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", b"MZ this is a program"),
        ("photo.png", b"<script>alert(1)</script>"),
        ("empty.pdf", b""),
        ("huge.pdf", PAPER + b" " * LARGEST_FILE + b"%%EOF"),
    ],
    ids=["program", "script", "empty", "huge"],
)
def test_a_lying_or_oversized_file_is_refused_and_nothing_is_stored(
    response: Response, name: str, content: bytes
) -> None:
    with pytest.raises(services.NotAccepted):
        send(response, name, content)
    assert Document.objects.count() == 0
    assert "record_files" not in answers_in(response)


def test_a_removed_file_is_gone_and_its_row_stays(
    response: Response, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    send(response, "one.pdf", PAPER)
    send(response, "two.png", PNG)
    document = Document.objects.get(media_type="application/pdf")
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_document(
            response=response, document=document, by=Actor.patient(response.patient_id), at=NOON
        )
    assert not path_of(document).exists()
    assert Document.objects.get(pk=document.pk).removed_at == NOON
    assert answers_in(response)["record_files"] == ["two.png"]


def test_a_name_with_signs_nobody_typed_is_cleaned(response: Response) -> None:
    send(response, "let\x00ter\n.pdf", PAPER)
    assert Document.objects.get().name == "letter.pdf"


def test_the_name_of_a_file_is_unreadable_in_the_database(response: Response) -> None:
    from django.db import connection

    send(response, "Quillfeather referral.pdf", PAPER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(d)::text FROM screening_document d")
        stored: Any = cursor.fetchone()
    assert "Quillfeather" not in stored[0]


def test_the_page_can_be_saved_again_without_another_file(client: Client, response: Response) -> None:
    send(response, "letter.pdf", PAPER)
    factories.enter(client, response, at=timezone.now())
    address = reverse("intake-page", args=["record-files"])
    sent = client.post(address, {"lock": response_lock(response), "asked": "record_files"})
    assert (sent.status_code, sent.url) == (303, reverse("intake-page", args=["hospitals"]))
    assert answers_in(response)["record_files"] == ["letter.pdf"]


def response_lock(response: Response) -> int:
    return int(Response.objects.get(pk=response.pk).page_locks["record-files"])
