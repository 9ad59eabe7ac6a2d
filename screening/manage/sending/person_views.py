"""HTTP of what one person is sent: the page, and what staff say about the person and their addresses."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import may, permission_required
from accounts.permissions import Permission
from audit.events import Event
from screening.cases.models import Case
from screening.followup import services
from screening.followup.models import Channel, Suppression
from screening.followup.selectors import (
    reminders_of,
    standing_holds,
    step_titles,
    upcoming_of,
    why_not_sent,
)
from screening.manage.sending.forms import BecauseForm, SuppressForm
from screening.manage.sending.person import dead_addresses, suppressions_of
from screening.manage.sending.presenters import ReminderRow, coming
from screening.review.case_views import case_or_404, opened

Do = Callable[[BecauseForm], object]


@require_GET
@permission_required(Permission.VIEW_CASE)
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """What one person is sent: what comes, what went, and why something does not."""
    found, at = case_or_404(request, reference), timezone.now()
    opened(request, found, Event.CASE_ACTION_OPENED)
    standing, over = suppressions_of(found.patient)
    context = {
        "case": found,
        "rows": [ReminderRow.of(reminder) for reminder in reminders_of(found)],
        "coming": coming(upcoming_of(found, as_of=at), step_titles(request.site)),
        "not_sent": why_not_sent(found, as_of=at),
        "standing": standing,
        "over": over,
        "dead": dead_addresses(found.patient),
        "holds": standing_holds(site=request.site),
        "may_hold": bool(may(request.membership, Permission.RELEASE_SENDING)),
        "may_open": bool(may(request.membership, Permission.VIEW_SENDING)),
    }
    return render(request, "manage/sending/of_case.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.VIEW_CASE)
def suppress(request: HttpRequest, reference: str) -> HttpResponse:
    """From now on nothing is sent to this person."""
    found = case_or_404(request, reference)
    form = SuppressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.suppress(
                case=found,
                **form.arguments(),
                membership=request.membership,
                by=request.actor,
                at=timezone.now(),
            )
        except services.StandsAlready as already:
            said = _("This is noted already: “%s”. End that first, or choose another reason.")
            form.add_error("kind", said % (already.standing.note or ""))
        else:
            messages.success(request, _("Nothing is sent to this person from now on."))
            return redirect("case-sending", reference=found.reference)
    opened(request, found, Event.CASE_ACTION_OPENED)
    status = 422 if form.is_bound else 200
    return render(request, "manage/sending/suppress.html", {"case": found, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.VIEW_CASE)
def end(request: HttpRequest, reference: str, suppression: int) -> HttpResponse:
    """It was a mistake, or is over."""
    found = case_or_404(request, reference)
    standing = Suppression.objects.filter(pk=suppression, patient_id=found.patient_id).first()
    if standing is None:
        raise Http404

    def do(form: BecauseForm) -> object:
        return services.end_suppression(
            standing=standing,
            case=found,
            because=form.cleaned_data["because"],
            membership=request.membership,
            by=request.actor,
            at=timezone.now(),
        )

    return _with_reason(
        request,
        found,
        do,
        heading=_("Send messages to this person again"),
        about=standing.get_reason_display(),
        said=_("This no longer stops messages to this person."),
    )


@require_http_methods(["GET", "POST"])
@permission_required(Permission.VIEW_CASE)
def use_again(request: HttpRequest, reference: str, channel: str) -> HttpResponse:
    """Somebody checked an address from which messages had come back."""
    found = case_or_404(request, reference)
    if channel not in Channel.values:
        raise Http404

    def do(form: BecauseForm) -> object:
        return services.forgive_bounces(
            case=found,
            channel=Channel(channel),
            because=form.cleaned_data["because"],
            membership=request.membership,
            by=request.actor,
            at=timezone.now(),
        )

    return _with_reason(
        request,
        found,
        do,
        heading=_("Use this address again"),
        about=Channel(channel).label,
        said=_("It is used again."),
    )


def _with_reason(
    request: HttpRequest, case: Case, do: Do, *, heading: str, about: str | Promise, said: str
) -> HttpResponse:
    """A page that asks why, does it, and goes back. Doing it twice changes nothing."""
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        do(form)
        messages.success(request, said)
        return redirect("case-sending", reference=case.reference)
    opened(request, case, Event.CASE_ACTION_OPENED)
    context = {"case": case, "form": form, "heading": heading, "about": about}
    status = 422 if form.is_bound else 200
    return render(request, "manage/sending/because.html", context, status=status)
