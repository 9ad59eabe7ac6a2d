"""HTTP of sending: the list, one message, the hold of a site."""

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
from screening.followup.models import Reminder
from screening.followup.selectors import standing_holds, unsendable
from screening.manage.sending import selectors
from screening.manage.sending.forms import HoldForm, ReasonForm, ReleaseForm
from screening.manage.sending.presenters import ReminderDetail, ReminderRow, tabs
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
        "holds": standing_holds(site=request.site),
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


@require_http_methods(["GET", "POST"])
@permission_required(Permission.RELEASE_SENDING)
def release(request: HttpRequest) -> HttpResponse:
    """Every hold that the page showed. What was due meanwhile leaves, unless its time has passed."""
    holds = standing_holds(site=request.site)
    newest = holds[-1].pk if holds else 0
    form = ReleaseForm(request.POST if request.method == "POST" else None, initial={"newest": newest})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if newest <= (form.cleaned_data["newest"] or 0):
            for each in holds:
                services.release_sending(
                    hold=each, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
                )
            messages.success(request, _("Sending goes on."))
            return redirect("sending")
        typed = {"reason": form.cleaned_data["reason"], "newest": newest}
        form, status = ReleaseForm(typed), 409
        form.add_error(None, _("Sending was put on hold once more in the meantime. Read why, then decide."))
    return render(request, "manage/sending/release.html", {"form": form, "holds": holds}, status=status)


def _reminder_or_404(request: HttpRequest, key: uuid.UUID) -> Reminder:
    try:
        return selectors.reminder_of(site=request.site, key=key)
    except Reminder.DoesNotExist:
        raise Http404 from None
