"""HTTP of one case: read it, or do one thing to it and go back."""

from __future__ import annotations

import dataclasses
import functools
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may, permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.selectors import FLAG, JUDGEMENT, OPENED
from audit.services import record
from screening.cases.models import Case
from screening.cases.services import Stale
from screening.review import forms, policies, selectors, services
from screening.review.appointments.presenters import panel_of
from screening.review.case_page import CasePage, Contact, case_page
from screening.review.desk.models import Call
from screening.review.desk.panel import desk_of
from screening.review.desk.presenters import call_in_words
from screening.review.desk.selectors import calls_about_what_stands
from screening.review.later import later_forms_of
from screening.review.paper import can_make_pdf
from screening.review.patient_side import patient_side
from screening.review.whole import whole_case_of


def case_or_404(
    request: HttpRequest, reference: str, *, read: Callable[..., Case] = selectors.case_of
) -> Case:
    try:
        return read(site=request.site, reference=reference)
    except Case.DoesNotExist:
        if selectors.is_elsewhere(reference):
            record(
                Event.ACCESS_REFUSED,
                by=request.actor,
                at=timezone.now(),
                site=request.site,
                case=reference,
                detail={"why": "other_site"},
            )
        raise Http404 from None


def whole_or_404(request: HttpRequest, reference: str) -> Case:
    """The case with everything that its page shows."""
    return case_or_404(request, reference, read=whole_case_of)


def opened(request: HttpRequest, case: Case, event: Event) -> None:
    """Reading a case is an event, written before a word is shown, with the newest of what will be shown."""
    shown = {JUDGEMENT: case.assessments, FLAG: case.red_flags} if event in OPENED else {}
    record(
        event,
        by=request.actor,
        at=timezone.now(),
        site=case.site,
        case=case.reference,
        patient=case.patient_id,
        detail={name: max((row.pk for row in rows.all()), default=0) for name, rows in shown.items()},
    )


@require_GET
@permission_required(Permission.VIEW_CASE)
def case(request: HttpRequest, reference: str) -> HttpResponse:
    found = whole_or_404(request, reference)
    opened(request, found, Event.CASE_VIEWED)
    return render(request, "review/case.html", case_context(request, found))


def case_context(request: HttpRequest, found: Case) -> dict[str, Any]:
    """What a page says that shows all of a case, on a screen or on paper."""
    at, scanner = timezone.now(), bool(settings.CLAMD_ADDRESS)
    page = case_page(found, membership=request.membership, at=at)
    return {
        "case": found,
        "page": page,
        "desk": desk_of(found, urgent=page.urgent, membership=request.membership, at=at),
        "documents": [
            (file, policies.may_open_document(file, scanner=scanner)) for file in found.documents.all()
        ],
        "appointments": panel_of(found, request.membership, at=at),
        "later_forms": later_forms_of(found),
        "notes": found.notes.all(),
        "patient": patient_side(found),
        "can_make_pdf": can_make_pdf() and bool(may(request.membership, Permission.EXPORT_CASE)),
    }


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


# What a case offers only while it stands at that step.
STEPS = frozenset({"case-decide", "case-second", "case-third", "case-clear", "case-look"})


@dataclasses.dataclass(frozen=True)
class Act:
    """One thing to do to a case: the form to fill in, and the service that takes what it says."""

    title: str
    button: str
    form: forms.ActForm
    service: Callable[..., Any]
    said: str
    about: str = ""  # what one needs to see while doing it
    rings: Sequence[Contact] = ()  # the numbers that are rung for it
    shows_urgent: bool = False  # whether one needs to see the safety answers too
    refused: str = ""  # why it cannot be done now, where no button of the page says so


ActOf = Callable[..., Act]
View = Callable[..., HttpResponseBase]


def act_on_case(permission: Permission) -> Callable[[ActOf], View]:
    """Makes a view of a function that says which act: of a case, its page, and what was posted.

    What else stands in the address it takes by name.
    """

    def decorate(act_of: ActOf) -> View:
        @require_http_methods(["GET", "POST"])
        @permission_required(permission)
        @functools.wraps(act_of)
        def view(request: HttpRequest, reference: str, **named: Any) -> HttpResponse:
            found = whole_or_404(request, reference)
            page = case_page(found, membership=request.membership, at=timezone.now())
            act = act_of(found, page, request.POST if request.method == "POST" else None, **named)
            opened(request, found, Event.CASE_ACTION_OPENED)
            return _fill_in(request, found, page, act)

        return view

    return decorate


def _fill_in(request: HttpRequest, found: Case, page: CasePage, act: Act) -> HttpResponse:
    """Show the form, or do what it says. What was typed is never lost, whatever else happened."""
    form = act.form
    status = 422 if form.is_bound else 200
    conflict = act.refused or page.refusal(str(request.resolver_match.url_name))
    if form.is_valid():
        conflict = carried_out(request, found, form, act.service)
        if not conflict:
            messages.success(request, act.said)
            return redirect("case", reference=found.reference)
        status = 409
    context = {"case": found, "page": page, "act": act, "form": form, "conflict": conflict}
    return render(request, "review/act.html", context, status=status)


def _calls(found: Case) -> dict[str, tuple[Call, str]]:
    return {str(call.pk): (call, call_in_words(call)) for call in calls_about_what_stands(found)}


def carried_out(request: HttpRequest, found: Case, form: forms.ActForm, service: Callable[..., Any]) -> str:
    """Does what a valid form says. Returns why it could not be done; nothing when it was."""
    who = {"membership": request.membership, "by": request.actor, "at": timezone.now()}
    try:
        service(case=found, **form.arguments(), **who)
    except services.Refused as refused:
        return refused.reason
    except Stale as stale:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["seen"] = stale.case.lock  # type: ignore[index]
        changed = _("The case changed since you opened this page. What you wrote is below.")
        as_it_is = case_page(
            whole_or_404(request, found.reference), membership=request.membership, at=timezone.now()
        )
        name = str(request.resolver_match.url_name)
        if name in STEPS and not as_it_is.offers(name):
            return f"{changed} {_('This step of the case is over.')}"
        next_step = as_it_is.refusal(name) or _("Look at the case again, then press the button once more.")
        return f"{changed} {next_step}"
    return ""


@act_on_case(Permission.CLEAR_RED_FLAG)
def clear(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    return Act(
        title=_("Safety answers: what was done"),
        button=_("Record and go on"),
        form=forms.ClearForm(posted, calls=_calls(found), initial={"seen": found.lock}),
        service=services.clear_red_flags,
        said=_("Recorded. The safety answers are cleared."),
        shows_urgent=True,
    )


@act_on_case(Permission.MESSAGE_PATIENT)
def ask(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    return Act(
        title=_("Ask the patient"),
        button=_("Send to the patient"),
        form=forms.AskForm(
            posted, choices=[*page.open_questions(), *page.documents()], initial={"seen": found.lock}
        ),
        service=services.ask_patient,
        said=_("The patient will be told that there is a message."),
    )


@act_on_case(Permission.ADD_NOTE)
def note(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    return Act(
        title=_("Add a note"),
        button=_("Save the note"),
        form=forms.NoteForm(posted, initial={"key": uuid.uuid4()}),
        service=services.add_note,
        said=_("The note is saved."),
    )
