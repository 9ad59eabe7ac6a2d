"""Files a patient sends: checked by content, kept outside the web root under our own names."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases.models import Case, Response
from screening.intake.models import Document
from screening.intake.selectors import files_of
from screening.intake.services.writing import locked_draft, write
from screening.intake.uploads import Upload, examine
from screening.questionnaires.selectors import questionnaire_of

NAME_LENGTH = 120
TRY_AGAIN = timedelta(days=90)  # a folder that takes no changes for longer is noticed
log = structlog.get_logger(__name__)


class NotAccepted(Exception):
    """The file is too large or is no PDF, JPEG or PNG, whatever its name says."""


def path_of(document: Document) -> Path:
    return Path(settings.MEDIA_ROOT) / str(document.pk)


@contextlib.contextmanager
def files_go_with_rows() -> Iterator[list[Path]]:
    """Innermost around what `add_uploads` is part of: where its rows are taken back, so are the bytes.

    A file without a row is nobody's, and is never deleted. When only the end of the transaction fails the
    bytes stay: whether the rows did is not known then, and a lost letter is worse.
    """
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        for path in written:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise


def add_uploads(
    response: Response,
    uploads: Sequence[tuple[str, Upload]],
    *,
    written: list[Path],
    by: Actor,
    at: datetime,
) -> dict[str, Any]:
    """Store files for their questions, inside the caller's transaction. The answers that result."""
    for item_id, upload in uploads:
        written.append(path_of(_add(response.case, item_id, upload, by=by, at=at)))
    return {item_id: names_of(response, item_id) for item_id, _ in uploads}


def names_of(response: Response, item_id: str) -> list[str] | None:
    """What the answer to an upload question says: the person's own names for the files that stand."""
    return [document.name for document in files_of(response).filter(item=item_id)] or None


def _add(case: Case, item_id: str, upload: Upload, *, by: Actor, at: datetime) -> Document:
    examined = examine(upload.content)
    if examined is None:
        raise NotAccepted
    document = Document.objects.create(
        case=case,
        item=item_id,
        name=_plain_name(upload.name),
        media_type=examined.media_type,
        size=len(examined.content),
        sha256=hashlib.sha256(examined.content).hexdigest(),
        uploaded_at=at,
    )
    record(
        Event.DOCUMENT_ADDED,
        by=by,
        at=at,
        site=case.site,
        case=case.reference,
        patient=case.patient_id,
        detail={"document": str(document.pk), "item": item_id, "media_type": examined.media_type},
    )
    _write_file(path_of(document), examined.content)
    return document


def remove_document(*, response: Response, document: Document, by: Actor, at: datetime) -> Response:
    """Take a file back while the form is a draft: the bytes go, the row stays as history."""
    with transaction.atomic():
        response = locked_draft(response)
        if document.removed_at is None:
            document.removed_at = at
            document.save(update_fields=["removed_at"])
            page = questionnaire_of(response.version).page_of(document.item)
            write(response, page.id, {document.item: names_of(response, document.item)}, by=by, at=at)
            record(
                Event.DOCUMENT_REMOVED,
                by=by,
                at=at,
                site=response.site,
                case=response.case.reference,
                patient=response.patient_id,
                detail={"document": str(document.pk)},
            )
            transaction.on_commit(partial(remove_file, document))
    return response


def remove_file(document: Document) -> bool:
    """Its bytes go, after what says so was written. Where they cannot, `remove_files_left` tries again."""
    try:
        path_of(document).unlink(missing_ok=True)
    except OSError as error:
        log.error("file_not_removed", document=str(document.pk), error=errno.errorcode.get(error.errno or 0))
        return False
    return True


def remove_files_left(*, at: datetime) -> int:
    """Bytes that outlived their removal: the folder took no changes, or the process died just then."""
    removed = Document.objects.filter(removed_at__gt=at - TRY_AGAIN)
    return sum(
        path_of(document).exists() and remove_file(document) for document in removed.only("pk").iterator()
    )


def _plain_name(name: str) -> str:
    """The last part of the name without control signs, as long as people read names."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if sign.isprintable()).strip()
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > NAME_LENGTH and dot:
        return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending[:8]}"
    return kept[:NAME_LENGTH] or "file"


def _write_file(path: Path, content: bytes) -> None:
    """Whole or not at all: a half-written file never stands under the name of a document."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
