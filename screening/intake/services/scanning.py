"""Have files checked for viruses, by the tick: a few at each, and never inside somebody's request."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, Protocol

from django.db import transaction
from django.db.models import F

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.intake.models import Document, ScanState
from screening.intake.scanning import ScannerSilent
from screening.intake.services.documents import path_of

# After so many ticks without a verdict staff may open the file, and read that it could not be checked.
TRIES = 10
# A scanner that stays silent for a day is a matter for people; the file keeps its mark.
MOST_TRIES = 1440
AT_ONCE = 25
WAITING = (ScanState.NOT_SCANNED, ScanState.FAILED)


class Scanner(Protocol):
    """Whatever can say that a file is clean, or raise ScannerSilent."""

    def is_clean(self, file: BinaryIO) -> bool: ...


def scan_documents(*, scanner: Scanner, by: Actor, at: datetime) -> int:
    """Check what waits, oldest and least tried first. How many verdicts there were.

    Stops at the first silence: a scanner that is down says nothing about the other files either.
    """
    waiting = Document.objects.filter(
        scan__in=WAITING, removed_at__isnull=True, scan_tries__lt=MOST_TRIES
    ).order_by("scan_tries", "uploaded_at")
    verdicts = 0
    for document in waiting.select_related("case__site")[:AT_ONCE]:
        try:
            with path_of(document).open("rb") as file:
                clean = scanner.is_clean(file)
        except OSError:
            # Taken away this very moment, lost, or put back by a restore as somebody else's: it counts as a
            # try, so that the others come before it.
            note_silence(document=document, by=by, at=at)
            continue
        except ScannerSilent:
            note_silence(document=document, by=by, at=at)
            break
        note_verdict(document=document, clean=clean, by=by, at=at)
        verdicts += 1
    return verdicts


def note_verdict(*, document: Document, clean: bool, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        state = ScanState.CLEAN if clean else ScanState.INFECTED
        Document.objects.filter(pk=document.pk).update(scan=state, scanned_at=at)
        _record(document, state, by=by, at=at)


def note_silence(*, document: Document, by: Actor, at: datetime) -> None:
    """No verdict. The trail hears of it once, when the file becomes one that could not be checked."""
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(scan_tries=F("scan_tries") + 1)
        given_up = Document.objects.filter(
            pk=document.pk, scan=ScanState.NOT_SCANNED, scan_tries__gte=TRIES
        ).update(scan=ScanState.FAILED)
        if given_up:
            _record(document, ScanState.FAILED, by=by, at=at)


def _record(document: Document, state: ScanState, *, by: Actor, at: datetime) -> None:
    record(
        Event.DOCUMENT_CHECKED,
        by=by,
        at=at,
        site=document.case.site,
        case=document.case.reference,
        patient=document.case.patient_id,
        detail={"document": str(document.pk), "result": state},
    )
