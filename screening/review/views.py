"""HTTP of the clinician's lists: the worklist and the search. One case: see case_views."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import may, permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.cases.services import local_date
from screening.intake.selectors import locked_links
from screening.review import selectors
from screening.review.presenters import WorklistRow


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where signing in leads: the first room this person may enter."""
    if may(request.membership, Permission.VIEW_CASE):
        return redirect("worklist")
    return redirect("manage-home")


@require_GET
@permission_required(Permission.VIEW_WORKLIST)
def worklist(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    view = _view_of(request)
    page = selectors.worklist(
        site=request.site, view=view, user_id=request.user.pk, at=at, after=request.GET.get("after")
    )
    rows = [WorklistRow.of(case, at=at, today=local_date(at), user_id=request.user.pk) for case in page.cases]
    record(
        Event.WORKLIST_VIEWED,
        by=request.actor,
        at=at,
        site=request.site,
        references=[row.reference for row in rows],
        detail={"view": view},
    )
    return render(
        request,
        "review/worklist.html",
        {
            "page": page,
            "rows": rows,
            "view": view,
            "tabs": _tabs(view),
            "first_href": f"?{urlencode({'view': view})}" if request.GET.get("after") else "",
            "next_href": f"?{urlencode({'view': view, 'after': page.next})}" if page.next else "",
            "locked_out": len(locked_links(site=request.site)),
        },
    )


@require_http_methods(["GET", "POST"])
@permission_required(Permission.SEARCH_CASES)
def search(request: HttpRequest) -> HttpResponse:
    """Posted, never in the address: what is searched for is a name or a number of a person."""
    at = timezone.now()
    text = request.POST.get("q", "")[:100]
    found = selectors.search(site=request.site, text=text)
    rows = [
        WorklistRow.of(case, at=at, today=local_date(at), user_id=request.user.pk) for case in found.cases
    ]
    if text.strip():
        record(
            Event.CASES_SEARCHED,
            by=request.actor,
            at=at,
            site=request.site,
            references=[row.reference for row in rows],
        )
    context = {"rows": rows, "more": found.more, "search_query": text, "asked": bool(text.strip())}
    return render(request, "review/search.html", context)


def _view_of(request: HttpRequest) -> selectors.View:
    try:
        return selectors.View(request.GET.get("view", selectors.View.TO_DO))
    except ValueError:
        return selectors.View.TO_DO


def _tabs(current: selectors.View) -> list[dict[str, Any]]:
    names = {
        selectors.View.TO_DO: _("To do"),
        selectors.View.MINE: _("Mine"),
        selectors.View.UNCLAIMED: _("Free to take"),
        selectors.View.WAITING: _("Waiting for the patient"),
        selectors.View.SECOND: _("Second review"),
        selectors.View.AGAIN: _("Another look"),
        selectors.View.ALL: _("All"),
    }
    return [{"text": name, "view": view, "current": view == current} for view, name in names.items()]
