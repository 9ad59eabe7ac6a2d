"""A file that a patient sent, shown or handed to somebody who may have it, whichever page they came from."""

from __future__ import annotations

from datetime import datetime

from django.http import FileResponse, Http404

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.intake.models import Document
from screening.intake.services.documents import path_of

# Whatever a browser does with a file: no script, no form, no cookie, nothing loaded.
BARE = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
SANDBOX = f"sandbox; {BARE}"
# Browsers refuse to open their own PDF viewer in a sandbox. It runs apart from our pages and reads the file
# by the type we say, which is what the file is: `uploads.examine` looked inside.
SHOWN = {"application/pdf": BARE, "image/jpeg": SANDBOX, "image/png": SANDBOX}


def may_be_shown(document: Document) -> bool:
    """Whether a browser can show it on a page of its own."""
    return document.media_type in SHOWN


def handed_over(document: Document, *, by: Actor, at: datetime, show: bool = False) -> FileResponse:
    """The file to be saved, or to `show` on a page of its own; that it was opened is in the trail."""
    path, case = path_of(document), document.case
    if not path.exists():
        raise Http404
    record(
        Event.DOCUMENT_OPENED,
        by=by,
        at=at,
        site=case.site,
        case=case.reference,
        patient=case.patient_id,
        detail={"document": str(document.pk), "scan": document.scan},
    )
    show = show and may_be_shown(document)
    return FileResponse(
        path.open("rb"),
        as_attachment=not show,
        filename=f"{case.reference}-{str(document.pk)[:8]}.{document.media_type.rsplit('/', 1)[-1]}",
        content_type=document.media_type,
        headers={"Content-Security-Policy": SHOWN[document.media_type] if show else SANDBOX},
    )
