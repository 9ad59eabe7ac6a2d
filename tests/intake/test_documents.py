"""Files: believed by what is in them, kept under our own names."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Response
from screening.intake import filling, services
from screening.intake.filling import PAPER
from screening.intake.models import Document
from screening.intake.services.documents import path_of
from screening.intake.uploads import LARGEST_FILE, Upload, examine
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in
from tests.intake.pictures import block, jpeg, png, segment

PNG = png()
JPEG = jpeg()


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
        (JPEG.replace(b"\xff\xda", b"\xff\xff\xda"), "image/jpeg"),
        (PAPER[:-20], None),
        (PAPER[:-7], None),
        (PNG[:30], None),
        (PNG[:-4], None),
        (JPEG[:-2], None),
        (JPEG[:40], None),
        (b"MZ" + PAPER, None),
        (b"<html>%PDF-</html>%%EOF", None),
        (b"PK\x03\x04zip", None),
        (b"GIF89a", None),
        (b"\xff\xd8\xff\xd9", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, media_type: str | None) -> None:
    examined = examine(content)
    assert (examined and examined.media_type) == media_type


@pytest.mark.parametrize("cut", range(0, len(PNG), 7))
def test_a_picture_that_stops_early_is_refused_wherever_it_stops(cut: int) -> None:
    assert examine(PNG[:cut]) is None
    assert examine(JPEG[: cut % len(JPEG)]) is None


def test_a_picture_with_a_changed_byte_is_refused() -> None:
    assert examine(PNG[:45] + b"!" + PNG[46:]) is None


@pytest.mark.parametrize(
    "tail", [b"PK\x03\x04" + b"\0" * 99 + b"PK\x05\x06" + b"\0" * 18, b"<script>", PAPER, JPEG]
)
def test_what_is_hung_on_behind_a_picture_is_not_kept(tail: bytes) -> None:
    for picture in (PNG, JPEG):
        examined = examine(picture + tail)
        assert examined is not None
        assert examined.content == picture


def test_an_archive_that_begins_like_a_letter_is_refused() -> None:
    archive = PAPER + b"PK\x03\x04letter.exe" + b"PK\x05\x06" + b"\0" * 18 + b"startxref\n0\n%%EOF\n"
    assert examine(archive) is None


@pytest.mark.parametrize(
    ("width", "height", "fits"),
    [
        (12_000, 9_000, True),
        (30_000, 4_000, True),
        (30_001, 1, False),
        (12_001, 10_000, False),
        (0, 5, False),
    ],
)
def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header(
    width: int, height: int, fits: bool
) -> None:
    assert (examine(png(width=width, height=height)) is not None) is fits
    assert (examine(jpeg(width=width, height=height)) is not None) is fits


def test_words_that_unpack_to_a_gigabyte_are_refused_without_unpacking_them() -> None:
    bomb = block(b"zTXt", b"Comment\0\0" + b"\0" * (1024 * 1024))
    assert examine(png(extra=bomb)) is None
    assert examine(png(extra=block(b"tEXt", b"Comment\0hello"))) is not None


def test_twenty_megabytes_are_examined_in_less_than_a_second() -> None:
    large = jpeg(extra=segment(0xFE, b"x" * 60_000) * 300)
    noise = b"\x89PNG\r\n\x1a\n" + png()[8:33] + block(b"IDAT", b"\xff\x10" * 9_000_000) + block(b"IEND", b"")
    started = time.perf_counter()
    assert examine(large) is not None
    assert examine(noise) is not None
    assert time.perf_counter() - started < 1


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
        ("huge.pdf", PAPER + b" " * LARGEST_FILE + b"startxref\n0\n%%EOF"),
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


def test_no_bytes_stay_of_a_save_that_was_taken_back(
    response: Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_lock(*_: object, **__: object) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    send(response, "one.pdf", PAPER)
    (kept,) = Document.objects.all()
    monkeypatch.setattr("screening.intake.services.drafts.write", no_lock)
    with pytest.raises(OperationalError):
        send(response, "two.pdf", PAPER)
    assert [path.name for path in path_of(kept).parent.iterdir()] == [str(kept.pk)]


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


def test_which_files_are_taken_is_read_out_with_the_box_and_stands_before_it(
    client: Client, response: Response
) -> None:
    browser = factories.enter(client, response, at=timezone.now())
    for address in ("/form/record-files/", "/room/documents/"):
        if address.startswith("/room/"):
            by = Actor.patient(response.patient_id)
            services.submit(response=_with_the_rest(response, by), by=by, at=timezone.now())
        page = browser.get(address).content.decode()
        box = page.index('type="file"')
        hint = page.index('id="id_record_files-hint"')
        assert 'aria-describedby="id_record_files-hint"' in page
        assert hint < page.index("PDF, JPEG or PNG, up to 20 MB each.") < box
        assert page.count("20 MB") == 1


def _with_the_rest(response: Response, by: Actor) -> Response:
    answers = factories.baseline(record_files=[])
    return filling.carry_on(response=response, answers=answers, by=by, at=timezone.now())
