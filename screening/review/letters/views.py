"""HTTP of one letter, as staff read and print it, and of the copy that was made of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import permission_required
from accounts.permissions import Permission
from audit.events import Event
from screening.cases.models import Case
from screening.review.case_views import case_or_404, opened
from screening.review.letters import policies, selectors, services
from screening.review.letters.forms import CopyForm
from screening.review.models import Letter
from screening.review.paper import can_make_pdf, pdf_of
from screening.review.services import Refused


@require_http_methods(["GET", "POST"])
@permission_required(Permission.SEND_LETTER)
def letter(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    case, found = _opened(request, reference, number)
    form = CopyForm(request.POST if request.method == "POST" else None)
    status, conflict = 422 if form.is_bound else 200, ""
    if form.is_valid():
        who = {"membership": request.membership, "by": request.actor, "at": timezone.now()}
        try:
            services.record_copy(letter=found, made_as=form.cleaned_data["made_as"], **who)
        except Refused as refused:
            status, conflict = 409, refused.reason
        else:
            messages.success(request, _("Recorded."))
            return redirect("case-letter", reference=case.reference, number=number)
    context = {
        "case": case,
        "letter": found,
        "number": number,
        "can_make_pdf": can_make_pdf(),
        "form": form,
        "conflict": conflict,
        "may_record": bool(policies.may_record_copy(request.membership, found)),
    }
    return render(request, "review/letters/letter.html", context, status=status)


@require_GET
@permission_required(Permission.SEND_LETTER)
def letter_pdf(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The letter alone, as a file. There is no such page where PDFs cannot be made."""
    if not can_make_pdf():
        raise Http404
    case, found = _opened(request, reference, number)
    made = pdf_of(render_to_string("review/letters/paper.html", {"case": case, "letter": found}, request))
    name = f'attachment; filename="{case.reference}-{number}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


def _opened(request: HttpRequest, reference: str, number: int) -> tuple[Case, Letter]:
    """One letter of a case. Reading it is an event."""
    case = case_or_404(request, reference)
    found = dict(selectors.numbered(case)).get(number)
    if found is None:
        raise Http404
    opened(request, case, Event.LETTER_OPENED)
    return case, found
