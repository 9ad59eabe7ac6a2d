"""Documents that come after the form was sent, and the person's own look at what they sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.events import Event
from audit.services import record
from screening.cases.services import local_date
from screening.intake import selectors as forms_of
from screening.intake.forms import QuestionForm
from screening.intake.models import ScanState
from screening.intake.services import NotAccepted
from screening.intake.services.documents import path_of
from screening.intake.session import PatientRequest
from screening.intake.views.journey import see_other
from screening.review.room import policies, selectors, services
from screening.review.room.access import room_required, sent_required
from screening.review.services import Refused


@sent_required
@require_http_methods(["GET", "POST"])
def documents(request: PatientRequest) -> HttpResponse:
    response, at = request.intake, timezone.now()
    item = selectors.file_item(forms_of.walk_of(response, local_date(at)))
    if item is None:
        raise Http404
    posted = request.method == "POST"
    form = QuestionForm(
        [item],
        stored={},
        clinic=request.site.name,
        skip=True,
        data=request.POST if posted else None,
        files=request.FILES if posted else None,
    )
    status, refused = 200, policies.may_amend(response.case).reason
    if posted:
        status = 422
        if form.is_valid() and not form.uploads:
            form.add_error(item.id, _("Choose a file"))
        if form.is_valid():
            try:
                services.amend(
                    response=response,
                    answers={},
                    uploads=form.uploads,
                    seen=response.revision,
                    by=request.actor,
                    at=at,
                )
            except NotAccepted:
                form.add_error(item.id, _("Choose a PDF, JPEG or PNG file of up to 20 MB"))
            except Refused as no:
                status, refused = 409, no.reason
            else:
                messages.success(request, _("We have your document. A clinician will see it."))
                return see_other("patient-documents")
    context = {
        "site": request.site,
        "form": form,
        "item": item,
        "refused": refused,
        "documents": response.case.documents.filter(removed_at__isnull=True).order_by("uploaded_at", "pk"),
    }
    return render(request, "review/room/documents.html", context, status=status)


@room_required
@require_GET
def document(request: PatientRequest, document_id: UUID) -> FileResponse:
    """A file of their own. Downloaded, never shown under our own address."""
    case = request.intake.case
    file = forms_of.document_of(request.intake, document_id)
    if file is None or file.scan == ScanState.INFECTED or not path_of(file).exists():
        raise Http404
    record(
        Event.DOCUMENT_OPENED,
        by=request.actor,
        at=timezone.now(),
        site=case.site,
        case=case.reference,
        patient=case.patient_id,
        detail={"document": str(file.pk)},
    )
    return FileResponse(
        path_of(file).open("rb"),
        as_attachment=True,
        filename=f"{case.reference}-{str(file.pk)[:8]}.{file.media_type.rsplit('/', 1)[-1]}",
        content_type=file.media_type,
    )
