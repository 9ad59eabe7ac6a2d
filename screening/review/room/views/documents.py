"""Documents that come after the form was sent, and the person's own look at what they sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from screening.cases.services import local_date
from screening.intake import selectors as forms_of
from screening.intake.forms import QuestionForm
from screening.intake.models import ScanState
from screening.intake.services import NotAccepted
from screening.intake.session import PatientRequest
from screening.intake.views.journey import see_other
from screening.review.downloads import handed_over
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
    """A file of their own."""
    file = forms_of.document_of(request.intake, document_id)
    if file is None or file.scan == ScanState.INFECTED:
        raise Http404
    return handed_over(file, by=request.actor, at=timezone.now())
