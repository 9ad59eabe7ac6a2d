"""HTTP of one case: read it, or do one thing to it and go back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import No, permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.cases.services import Stale
from screening.cases.workflow import State
from screening.intake.selectors import is_locked_out
from screening.review import forms, policies, selectors, services
from screening.review.case_page import CasePage, case_page
from screening.review.downloads import handed_over
from screening.review.patient_side import patient_side

both = require_http_methods(["GET", "POST"])


def case_or_404(request: HttpRequest, reference: str) -> Case:
    try:
        return selectors.case_of(site=request.site, reference=reference)
    except Case.DoesNotExist:
        raise Http404 from None


def opened(request: HttpRequest, case: Case, event: Event, *, at: datetime) -> CasePage:
    """What is shown of a case. Reading it is an event, written before a word is shown."""
    record(
        event,
        by=request.actor,
        at=at,
        site=case.site,
        case=case.reference,
        patient=case.patient_id,
    )
    return case_page(case, membership=request.membership, at=at)


@require_GET
@permission_required(Permission.VIEW_CASE)
def case(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    page = opened(request, found, Event.CASE_VIEWED, at=timezone.now())
    context = {
        "case": found,
        "page": page,
        "documents": [
            (file, policies.may_open_document(file, scanner=bool(settings.CLAMD_ADDRESS)))
            for file in found.documents.filter(removed_at__isnull=True).order_by("uploaded_at")
        ],
        "locked_out": is_locked_out(found),
        "notes": found.notes.select_related("author"),
        "patient": patient_side(found),
    }
    return render(request, "review/case.html", context)


@require_POST
@permission_required(Permission.CLAIM_CASE)
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    return press(request, reference, services.claim, said=_("You are working on this case now."))


@require_POST
@permission_required(Permission.CLAIM_CASE)
def release(request: HttpRequest, reference: str) -> HttpResponse:
    return press(request, reference, services.release, said=_("The case is back on the list."))


def press(request: HttpRequest, reference: str, service: Callable[..., Any], *, said: str) -> HttpResponse:
    """A button without a form of its own."""
    found = case_or_404(request, reference)
    form = forms.SeenForm(request.POST)
    if not form.is_valid():
        return redirect("case", reference=found.reference)
    try:
        service(
            case=found,
            seen=form.cleaned_data["seen"],
            membership=request.membership,
            by=request.actor,
            at=timezone.now(),
        )
    except services.Refused as refused:
        messages.warning(request, refused.reason)
    except Stale:
        messages.warning(request, _("Someone changed this case just before you. This is how it stands now."))
    else:
        messages.success(request, said)
    return redirect("case", reference=found.reference)


@both
@permission_required(Permission.CLEAR_RED_FLAG)
def clear(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    page = opened(request, found, Event.CASE_ACTION_OPENED, at=timezone.now())
    return fill_in(
        request,
        found,
        page,
        form=forms.ClearForm(request.POST or None, initial={"seen": found.lock}),
        title=_("Urgent answers: what was done"),
        button=_("Record and go on"),
        act=lambda form, **who: services.clear_red_flags(
            case=found, seen=form["seen"], reason=form["reason"], **who
        ),
        said=_("Recorded. The urgent answers are cleared."),
    )


@both
@permission_required(Permission.MESSAGE_PATIENT)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    page = opened(request, found, Event.CASE_ACTION_OPENED, at=timezone.now())
    return fill_in(
        request,
        found,
        page,
        form=forms.AskForm(request.POST or None, choices=page.open_questions(), initial={"seen": found.lock}),
        title=_("Ask the patient"),
        button=_("Send to the patient"),
        act=lambda form, **who: services.ask_patient(
            case=found, seen=form["seen"], items=form.get("items", []), text=form["text"], **who
        ),
        said=_("The patient will be told that there is a message."),
    )


@both
@permission_required(Permission.ADD_NOTE)
def note(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    page = opened(request, found, Event.CASE_ACTION_OPENED, at=timezone.now())
    return fill_in(
        request,
        found,
        page,
        form=forms.NoteForm(request.POST or None, initial={"seen": found.lock}),
        title=_("Add a note"),
        button=_("Save the note"),
        act=lambda form, **who: services.add_note(case=found, text=form["text"], **who),
        said=_("The note is saved."),
    )


@both
@permission_required(Permission.DECIDE_CASE)
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    page = opened(request, found, Event.CASE_ACTION_OPENED, at=timezone.now())
    form = forms.DecisionForm(
        request.POST or None, cautions=page.high_cautions(), initial={"seen": found.lock}
    )
    return fill_in(
        request,
        found,
        page,
        form=form,
        title=_("Record your decision"),
        button=_("Record the decision"),
        act=lambda data, **who: services.decide(
            case=found,
            seen=data["seen"],
            outcome=State(data["outcome"]),
            reason=data["reason"],
            considerations=form.considerations(),
            cautions_answered=form.cautions_answered(),
            **who,
        ),
        said=_("Your decision is recorded. A second clinician will look at it."),
    )


@both
@permission_required(Permission.REVIEW_SECOND)
def second(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    page = opened(request, found, Event.CASE_ACTION_OPENED, at=timezone.now())
    return fill_in(
        request,
        found,
        page,
        form=forms.SecondReviewForm(
            request.POST or None, initial={"seen": found.lock, "letter": page.letter_draft()}
        ),
        title=_("Second review"),
        button=_("Record the second review"),
        act=lambda data, **who: services.review_second(
            case=found,
            seen=data["seen"],
            agrees=data["agrees"] == "yes",
            reason=data["reason"],
            letter=data["letter"],
            **who,
        ),
        said=_("The second review is recorded."),
    )


def fill_in(
    request: HttpRequest,
    found: Case,
    page: CasePage,
    *,
    form: Form,
    title: str,
    button: str,
    act: Callable[..., Any],
    said: str,
) -> HttpResponse:
    """Show a form about a case, or act on it. What was typed is never lost, whatever else happened."""
    status, conflict = 200, page.refusal(str(request.resolver_match.url_name))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data, membership=request.membership, by=request.actor, at=timezone.now())
            except services.Refused as refused:
                status, conflict = 409, refused.reason
            except Stale as stale:
                status = 409
                conflict = _(
                    "The case changed since you opened this page. What you wrote is below. "
                    "Look at the case again, then press the button once more."
                )
                form.data = form.data.copy()  # type: ignore[attr-defined]
                form.data["seen"] = stale.case.lock  # type: ignore[index]
            else:
                messages.success(request, said)
                return redirect("case", reference=found.reference)
    context = {
        "case": found,
        "form": form,
        "title": title,
        "button": button,
        "conflict": conflict,
        "page": page,
    }
    return render(request, "review/act.html", context, status=status)


@require_GET
@permission_required(Permission.VIEW_DOCUMENT)
def document(request: HttpRequest, reference: str, document: Any) -> HttpResponseBase:
    """A file the patient sent."""
    found = case_or_404(request, reference)
    file = found.documents.filter(pk=document, removed_at__isnull=True).first()
    if file is None:
        raise Http404
    answer = policies.may_open_document(file, scanner=bool(settings.CLAMD_ADDRESS))
    if isinstance(answer, No):
        messages.warning(request, answer.reason)
        return redirect("case", reference=found.reference)
    return handed_over(file, by=request.actor, at=timezone.now())
