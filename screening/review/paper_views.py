"""HTTP of what leaves the screen: a case on paper or as a PDF, and the files that a patient sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import No, permission_required
from accounts.permissions import Permission
from audit.events import Event
from screening.cases.models import Case
from screening.review import policies
from screening.review.case_views import case_context, case_or_404, opened, whole_or_404
from screening.review.downloads import handed_over
from screening.review.paper import can_make_pdf, pdf_of


@require_GET
@permission_required(Permission.VIEW_CASE)
def case_print(request: HttpRequest, reference: str) -> HttpResponse:
    """All of a case with nothing folded away, to be printed."""
    found = whole_or_404(request, reference)
    opened(request, found, Event.CASE_PRINTED)
    return render(request, "review/case_print.html", _on_paper(request, found))


@require_GET
@permission_required(Permission.EXPORT_CASE)
def case_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The same as a file. There is no such page where PDFs cannot be made."""
    if not can_make_pdf():
        raise Http404
    found = whole_or_404(request, reference)
    opened(request, found, Event.CASE_EXPORTED)
    made = pdf_of(render_to_string("review/case_print.html", _on_paper(request, found), request))
    name = f'attachment; filename="{found.reference}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


def _on_paper(request: HttpRequest, found: Case) -> dict[str, Any]:
    return {**case_context(request, found), "paper": True, "printed_at": timezone.now()}


@require_GET
@permission_required(Permission.VIEW_DOCUMENT)
def document(request: HttpRequest, reference: str, document: Any) -> HttpResponseBase:
    """A file the patient sent, to be saved."""
    return _file(request, reference, document, show=False)


@require_GET
@permission_required(Permission.VIEW_DOCUMENT)
def document_shown(request: HttpRequest, reference: str, document: Any) -> HttpResponseBase:
    """The same file on a page of its own."""
    return _file(request, reference, document, show=True)


def _file(request: HttpRequest, reference: str, document: Any, *, show: bool) -> HttpResponseBase:
    found = case_or_404(request, reference)
    file = found.documents.filter(pk=document, removed_at__isnull=True).first()
    if file is None:
        raise Http404
    answer = policies.may_open_document(file, scanner=bool(settings.CLAMD_ADDRESS))
    if isinstance(answer, No):
        messages.warning(request, answer.reason)
        return redirect("case", reference=found.reference)
    return handed_over(file, by=request.actor, at=timezone.now(), show=show)
