"""A file that a patient sent, handed to somebody who may have it, whichever page they came from."""

from __future__ import annotations

from datetime import datetime

from django.http import FileResponse, Http404

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.intake.models import Document
from screening.intake.services.documents import path_of

# Whatever a browser does with a file all the same: no script, no form, no cookie, nothing loaded.
SANDBOX = (
    "sandbox; default-src 'none'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def handed_over(document: Document, *, by: Actor, at: datetime) -> FileResponse:
    """The file to be saved, never shown under our own address; that it was opened is in the trail."""
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
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{case.reference}-{str(document.pk)[:8]}.{document.media_type.rsplit('/', 1)[-1]}",
        content_type=document.media_type,
        headers={"Content-Security-Policy": SANDBOX},
    )
