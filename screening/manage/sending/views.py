"""HTTP of sending: the list, one message, the hold of a site, and what one person of a case is sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may, permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.followup import services
from screening.followup.models import Reminder, SendingHold
from screening.followup.selectors import reminders_of, step_titles, unsendable, upcoming_of, why_not_sent
from screening.manage.sending import selectors
from screening.manage.sending.forms import HoldForm, ReasonForm
from screening.manage.sending.presenters import ReminderDetail, ReminderRow, coming, tabs
from screening.review.case_views import case_or_404, opened
from screening.review.services import Refused


@require_GET
@permission_required(Permission.VIEW_SENDING)
def sending(request: HttpRequest) -> HttpResponse:
    """What is due and what became of it. No names: this page is open to people who see no cases."""
    filters = selectors.Filters.of(request.GET.dict())
    after = request.GET.get("after", "")
    page = selectors.reminder_page(site=request.site, filters=filters, after=after)
    record(
        Event.SENDING_VIEWED,
        by=request.actor,
        at=timezone.now(),
        site=request.site,
        references=list(dict.fromkeys(reminder.case.reference for reminder in page.rows)),
    )
    asked = filters.asked()
    context = {
        "tabs": tabs(selectors.counted(site=request.site), filters),
        "filters": filters,
        "rows": [ReminderRow.of(reminder) for reminder in page.rows],
        "first_href": f"?{urlencode(asked)}" if after else "",
        "next_href": f"?{urlencode({**asked, 'after': page.next_mark})}" if page.next_mark else "",
        "unsendable": unsendable(site=request.site),
        "holds": _holds(request),
        "may_hold": bool(may(request.membership, Permission.RELEASE_SENDING)),
    }
    return render(request, "manage/sending/list.html", context)


@require_GET
@permission_required(Permission.VIEW_SENDING)
def message(request: HttpRequest, reminder: uuid.UUID) -> HttpResponse:
    return _message(request, _reminder_or_404(request, reminder), ReasonForm())


def _message(request: HttpRequest, found: Reminder, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    record(
        Event.SENDING_VIEWED,
        by=request.actor,
        at=timezone.now(),
        site=request.site,
        references=[found.case.reference],
    )
    context = {"detail": ReminderDetail.of(found, request.membership), "form": form}
    return render(request, "manage/sending/message.html", context, status=status)


@require_POST
@permission_required(Permission.RELEASE_SENDING)
def cancel(request: HttpRequest, reminder: uuid.UUID) -> HttpResponse:
    return _act(request, reminder, services.cancel_reminder, said=_("Cancelled. It is not sent."))


@require_POST
@permission_required(Permission.RELEASE_SENDING)
def again(request: HttpRequest, reminder: uuid.UUID) -> HttpResponse:
    said = _("It is due again. Everything is checked once more before it leaves.")
    return _act(request, reminder, services.send_again, said=said)


def _act(request: HttpRequest, key: uuid.UUID, service: Callable[..., Any], *, said: str) -> HttpResponse:
    found = _reminder_or_404(request, key)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _message(request, found, form, status=422)
    try:
        service(
            reminder=found,
            reason=form.cleaned_data["reason"],
            membership=request.membership,
            by=request.actor,
            at=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _message(request, _reminder_or_404(request, key), form, status=409)
    messages.success(request, said)
    return redirect("sending-message", reminder=key)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.RELEASE_SENDING)
def hold(request: HttpRequest) -> HttpResponse:
    """Nothing leaves for anybody of this clinic until somebody releases it."""
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        services.hold_sending(site=request.site, reason=reason, by=request.actor, at=timezone.now())
        messages.success(request, _("Nothing is sent from now on."))
        return redirect("sending")
    return render(request, "manage/sending/hold.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@permission_required(Permission.RELEASE_SENDING)
def release(request: HttpRequest) -> HttpResponse:
    """Every hold of this clinic. What was due meanwhile leaves, unless its time has passed."""
    for each in _holds(request):
        services.release_sending(hold=each, by=request.actor, at=timezone.now())
    messages.success(request, _("Sending goes on."))
    return redirect("sending")


@require_GET
@permission_required(Permission.VIEW_CASE)
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """What one person is sent: what comes, what went, and why something does not."""
    found, at = case_or_404(request, reference), timezone.now()
    opened(request, found, Event.CASE_ACTION_OPENED)
    context = {
        "case": found,
        "rows": [ReminderRow.of(reminder) for reminder in reminders_of(found)],
        "coming": coming(upcoming_of(found, as_of=at), step_titles(request.site)),
        "not_sent": why_not_sent(found, as_of=at),
        "holds": _holds(request),
        "may_open": bool(may(request.membership, Permission.VIEW_SENDING)),
    }
    return render(request, "manage/sending/of_case.html", context)


def _holds(request: HttpRequest) -> list[SendingHold]:
    return list(SendingHold.objects.filter(site=request.site, released_at__isnull=True).order_by("held_at"))


def _reminder_or_404(request: HttpRequest, key: uuid.UUID) -> Reminder:
    try:
        return selectors.reminder_of(site=request.site, key=key)
    except Reminder.DoesNotExist:
        raise Http404 from None
