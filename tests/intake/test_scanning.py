"""Files are checked for viruses by a real socket conversation, and what is not clean is not served."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.intake import tasks
from screening.intake.models import Document, ScanState
from screening.intake.scanning import Clamd, ScannerSilent
from screening.intake.services import scan_documents, scanning
from screening.intake.services.documents import path_of
from screening.intake.services.scanning import TRIES
from tests.factories.intake import submitted_case
from tests.factories.people import make_member, sign_in

# The test virus of the antivirus makers, in two halves so that no scanner takes this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HOUSEKEEPING = Actor.system("test")


class FakeClamd(socketserver.BaseRequestHandler):
    """Speaks INSTREAM as clamd does: chunks with their length until one of none, then a verdict."""

    seen: list[int]

    def exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self.request.recv(count - len(data))
            if not part:
                raise ConnectionError
            data += part
        return data

    def handle(self) -> None:
        if self.exactly(10) != b"zINSTREAM\0":
            self.request.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack(">I", self.exactly(4))[0]:
            content += self.exactly(length)
        self.server.seen.append(len(content))  # type: ignore[attr-defined]
        self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


class Silent(socketserver.BaseRequestHandler):
    """Takes the connection and never answers."""

    def handle(self) -> None:
        self.server.hang.wait(10)  # type: ignore[attr-defined]


class Broken(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(10)
        self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")


Start = Callable[..., str]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a scanner on a TCP port or on a socket file; gives its address."""
    running: list[socketserver.BaseServer] = []

    def begin(handler: type[socketserver.BaseRequestHandler] = FakeClamd, *, unix: bool = False) -> str:
        server: socketserver.BaseServer
        if unix:
            server = socketserver.ThreadingUnixStreamServer(str(tmp_path / "clamd.sock"), handler)
            address = str(tmp_path / "clamd.sock")
        else:
            server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
            address = f"127.0.0.1:{server.server_address[1]}"
        server.daemon_threads = True  # type: ignore[attr-defined]
        server.seen, server.hang = [], threading.Event()  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        running.append(server)
        return address

    yield begin
    for server in running:
        server.hang.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("unix", [False, True], ids=["tcp", "socket file"])
def test_a_clean_file_is_clean_and_the_test_virus_is_found(start: Start, unix: bool) -> None:
    scanner = Clamd(start(unix=unix))
    assert scanner.is_clean(io.BytesIO(b"x" * 300_000)) is True
    assert scanner.is_clean(io.BytesIO(b"%PDF-1.4" + EICAR)) is False
    assert scanner.is_clean(io.BytesIO(b"")) is True


def test_a_scanner_that_says_nothing_costs_its_time_and_no_more(start: Start) -> None:
    with pytest.raises(ScannerSilent):
        Clamd(start(Silent), seconds=0.2).is_clean(io.BytesIO(b"x" * 10))


def test_an_error_or_no_scanner_at_all_is_no_verdict(start: Start, tmp_path: Path) -> None:
    for address in (start(Broken), "127.0.0.1:1", str(tmp_path / "nobody.sock")):
        with pytest.raises(ScannerSilent):
            Clamd(address, seconds=1).is_clean(io.BytesIO(b"x"))


@pytest.fixture
def sent(clinic: Site, settings: Settings, tmp_path: Path) -> Case:
    settings.MEDIA_ROOT = tmp_path / "documents"
    return submitted_case(clinic)


def scan(address: str, *, seconds: float = 5) -> int:
    return scan_documents(scanner=Clamd(address, seconds), by=HOUSEKEEPING, at=timezone.now())


def test_the_tick_checks_each_file_once_and_writes_it_down(sent: Case, start: Start) -> None:
    address = start()
    assert [scan(address), scan(address)] == [1, 0]
    document = sent.documents.get()
    assert document.scan == ScanState.CLEAN
    assert document.scanned_at is not None
    event = AuditEvent.objects.get(event=Event.DOCUMENT_CHECKED)
    assert event.detail == {"document": str(document.pk), "result": "clean"}


def test_a_file_with_a_virus_is_never_served_and_staff_read_why(sent: Case, start: Start) -> None:
    document = sent.documents.get()
    path_of(document).write_bytes(path_of(document).read_bytes() + EICAR)
    scan(start())
    browser = sign_in(Client(), make_member(Role.CLINICIAN, site=sent.site))
    address = f"/staff/cases/{sent.reference}/documents/{document.pk}/"
    answer = browser.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/staff/cases/{sent.reference}/")
    page = browser.get(f"/staff/cases/{sent.reference}/").content.decode()
    assert "a virus was found" in page
    assert address not in page
    assert not AuditEvent.objects.filter(event=Event.DOCUMENT_OPENED).exists()


def test_with_a_scanner_nothing_is_served_before_it_looked_or_was_given_up(
    sent: Case, settings: Settings, start: Start
) -> None:
    settings.CLAMD_ADDRESS = silent = start(Silent)
    document = sent.documents.get()
    browser = sign_in(Client(), make_member(Role.CLINICIAN, site=sent.site))
    address = f"/staff/cases/{sent.reference}/documents/{document.pk}/"
    for _ in range(TRIES):
        assert browser.get(address).status_code == 302
        assert scan(silent, seconds=0.02) == 0
    assert browser.get(address).status_code == 200
    page = browser.get(f"/staff/cases/{sent.reference}/").content.decode()
    assert "Could not be checked for viruses" in page
    assert AuditEvent.objects.filter(event=Event.DOCUMENT_CHECKED).count() == 1
    assert scan(start()) == 1, "a scanner that comes back checks what was given up, too"
    assert Document.objects.get().scan == ScanState.CLEAN


def test_without_a_scanner_staff_read_that_nobody_checked_and_the_file_comes_in_a_sandbox(sent: Case) -> None:
    tasks.tidy()
    browser = sign_in(Client(), make_member(Role.CLINICIAN, site=sent.site))
    assert b"Not checked for viruses" in browser.get(f"/staff/cases/{sent.reference}/").content
    answer = browser.get(f"/staff/cases/{sent.reference}/documents/{sent.documents.get().pk}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_the_alarm_clock_asks_the_scanner_that_is_configured(
    sent: Case, settings: Settings, start: Start
) -> None:
    settings.CLAMD_ADDRESS = start()
    tasks.tidy()
    assert sent.documents.get().scan == ScanState.CLEAN


@pytest.mark.parametrize("how", ["gone", "cannot be opened"])
def test_files_whose_bytes_are_gone_do_not_stop_the_others(
    sent: Case, start: Start, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(scanning, "AT_ONCE", 1)
    lost = sent.documents.get()
    content = path_of(lost).read_bytes()
    path_of(lost).unlink()
    if how == "cannot be opened":
        path_of(lost).mkdir()
    later = sent.documents.create(
        item=lost.item,
        name="later.pdf",
        media_type=lost.media_type,
        size=len(content),
        sha256=lost.sha256,
        uploaded_at=timezone.now(),
    )
    path_of(later).write_bytes(content)
    address = start()
    assert [scan(address), scan(address)] == [0, 1]
    assert Document.objects.get(pk=later.pk).scan == ScanState.CLEAN
    assert Document.objects.get(pk=lost.pk).scan_tries == 1
