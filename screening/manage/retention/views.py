"""HTTP of old records: the list, and one record that was put forward."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.cases.services import local_date
from screening.manage.retention import forms, policies, selectors, services
from screening.manage.retention.keeping import YEARS
from screening.manage.retention.models import Disposal
from screening.manage.retention.presenters import DisposalRow
from screening.review.services import Refused

SHOWN = 100


@require_http_methods(["GET", "POST"])
@permission_required(Permission.VIEW_OLD_RECORDS)
def records(request: HttpRequest) -> HttpResponse:
    """What is past its time, what waits for a lead clinician, and what became of the others."""
    if request.method == "POST":
        return _put_forward(request)
    at = timezone.now()
    old = selectors.old_records(site=request.site, at=at)
    waiting = [DisposalRow.of(each) for each in selectors.waiting_disposals(site=request.site)[:SHOWN]]
    settled = [DisposalRow.of(each) for each in selectors.settled_disposals(site=request.site)[:SHOWN]]
    shown = [*old, *waiting, *settled]
    references = [reference for each in shown for reference in each.references]
    record(Event.OLD_RECORDS_VIEWED, by=request.actor, at=at, site=request.site, references=references)
    context = {
        "old": old,
        "waiting": waiting,
        "settled": settled,
        "most": SHOWN,
        "at_once": selectors.AT_ONCE,
        "years": YEARS,
        "may_put_forward": bool(policies.may_put_forward(request.membership)),
    }
    return render(request, "manage/retention/records.html", context)


def _put_forward(request: HttpRequest) -> HttpResponse:
    try:
        count = services.put_forward(site=request.site, shown=request.POST.getlist("record"), **_who(request))
    except Refused as refused:
        raise PermissionDenied(refused.reason) from refused
    if count:
        messages.success(
            request,
            ngettext(
                "%(count)d record waits for a lead clinician. They see the number beside “Old records”.",
                "%(count)d records wait for a lead clinician. They see the number beside “Old records”.",
                count,
            )
            % {"count": count},
        )
    else:
        messages.warning(request, _("Nothing was put forward: these records had been, or are in use again."))
    return redirect("old-records")


@require_http_methods(["GET", "POST"])
@permission_required(Permission.VIEW_OLD_RECORDS)
def record_page(request: HttpRequest, disposal: int) -> HttpResponse:
    """Each thing that can be done has a form of its own, named by `act`."""
    found = Disposal.objects.select_related("put_forward_by", "settled_by", "site")
    chosen = found.filter(site=request.site, pk=disposal).first()
    if chosen is None:
        raise Http404
    at, act = timezone.now(), request.POST.get("act", "")
    keep = forms.KeepForm(request.POST if act == "keep" else None, today=local_date(at))
    delete = forms.DeleteForm(request.POST if act == "delete" else None)
    status, conflict = 200, ""
    if request.method == "POST":
        try:
            said = _do(request, chosen, act, keep, delete)
        except Refused as refused:
            status, conflict = 409, refused.reason
            chosen = found.get(pk=chosen.pk)
        else:
            if said:
                messages.success(request, said)
                return redirect("old-record", disposal=chosen.pk)
            status = 422
    record(Event.OLD_RECORDS_VIEWED, by=request.actor, at=at, site=request.site, references=chosen.references)
    context = {
        "row": DisposalRow.of(chosen),
        "keep_form": keep,
        "delete_form": delete,
        "form": delete if act == "delete" else keep,
        "conflict": conflict,
        **_allowed(request, chosen),
    }
    return render(request, "manage/retention/record.html", context, status=status)


def _do(
    request: HttpRequest, disposal: Disposal, act: str, keep: forms.KeepForm, delete: forms.DeleteForm
) -> str:
    """What was done, in words; nothing where a form has a mistake."""
    who = _who(request)
    if act == "keep" and keep.is_valid():
        services.keep_longer(disposal=disposal, **keep.cleaned_data, **who)
        return _("This record is kept longer.")
    if act == "delete" and delete.is_valid():
        disposal = services.agree_to_delete(disposal=disposal, **who)
        services.delete_record(disposal=disposal, by=who["by"], at=who["at"])
        return _("This record is deleted.")
    if act == "again":
        services.delete_record(disposal=disposal, by=who["by"], at=who["at"])
        return _("This record is deleted.")
    return ""


def _allowed(request: HttpRequest, disposal: Disposal) -> dict[str, Any]:
    """What this person may do with it, and why not."""
    membership = request.membership
    may_keep = policies.may_keep(membership, disposal)
    if not may_keep or disposal.outcome:
        return {
            "may_keep": bool(may_keep),
            "may_delete": False,
            "may_try_again": disposal.is_agreed,
        }
    old = selectors.old_record(site=request.site, patient=disposal.patients[0], at=timezone.now())
    unopened = services.cases_unopened(disposal, user_id=membership.user_id)
    may_delete = policies.may_delete(membership, disposal, old, unopened)
    return {"may_keep": True, "may_delete": bool(may_delete), "why_not": may_delete.reason}


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"membership": request.membership, "by": request.actor, "at": timezone.now()}
