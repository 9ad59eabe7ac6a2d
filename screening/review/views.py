"""HTTP of the clinician's lists: the worklist and the search, and the keys that lead to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import may, permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.cases.services import local_date
from screening.intake.selectors import locked_count
from screening.review import searching, selectors
from screening.review.desk.selectors import tasks_left
from screening.review.list_forms import ON, KeysForm, SearchForm
from screening.review.presenters import WorklistRow

YEAR = 365 * 24 * 3600


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
            "at": at,
            "tabs": _tabs(view, selectors.tallies(site=request.site, user_id=request.user.pk, at=at)),
            "signs": " ".join(selectors.sign_of(case.reference, case.lock) for case in page.cases),
            "same_href": f"?{_query(request, view)}",
            "signs_href": f"{reverse('worklist-signs')}?{_query(request, view)}",
            "first_href": f"?{urlencode({'view': view})}" if request.GET.get("after") else "",
            "next_href": f"?{urlencode({'view': view, 'after': page.next})}" if page.next else "",
            "locked_out": locked_count(site=request.site),
            "tasks": tasks_left(site=request.site, user_id=request.user.pk, today=local_date(at)),
        },
    )


@require_GET
@permission_required(Permission.VIEW_WORKLIST)
def worklist_signs(request: HttpRequest) -> JsonResponse:
    """Asked by an open list, to tell whether it is out of date. Names nobody, so nobody has read anything."""
    signs = selectors.signs(
        site=request.site,
        view=_view_of(request),
        user_id=request.user.pk,
        at=timezone.now(),
        after=request.GET.get("after"),
    )
    return JsonResponse({"signs": signs})


@require_http_methods(["GET", "POST"])
@permission_required(Permission.SEARCH_CASES)
def search(request: HttpRequest) -> HttpResponse:
    """Posted, never in the address: what is searched for is a name or a number of a person."""
    at = timezone.now()
    form = SearchForm(request.POST if request.method == "POST" else None)
    asked = form.is_valid()
    text = form.cleaned_data["q"] if asked else ""
    found = selectors.search(site=request.site, text=text)
    rows = [
        WorklistRow.of(case, at=at, today=local_date(at), user_id=request.user.pk) for case in found.cases
    ]
    if asked:
        record(
            Event.CASES_SEARCHED,
            by=request.actor,
            at=at,
            site=request.site,
            references=[row.reference for row in rows],
        )
    context = {
        "form": form,
        "rows": rows,
        "more": found.more,
        "nothing": searching.why_nothing(text) if asked and not rows else "",
    }
    return render(request, "review/search.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def shortcuts(request: HttpRequest) -> HttpResponse:
    """What each key does, and whether they work (WCAG 2.1.4): some people speak to their browser."""
    kept = request.COOKIES.get(settings.KEYS_COOKIE_NAME, ON)
    form = KeysForm(request.POST if request.method == "POST" else None, initial={"keys": kept})
    if not form.is_valid():
        context = {"form": form}
        return render(request, "review/shortcuts.html", context, status=422 if form.errors else 200)
    messages.success(request, _("Saved for this browser."))
    answer = redirect("shortcuts")
    answer.set_cookie(
        settings.KEYS_COOKIE_NAME,
        form.cleaned_data["keys"],
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _query(request: HttpRequest, view: selectors.View) -> str:
    """The list and the place in it, as the address of this very page says."""
    after = request.GET.get("after")
    return urlencode({"view": view, "after": after} if after else {"view": view})


def _view_of(request: HttpRequest) -> selectors.View:
    try:
        return selectors.View(request.GET.get("view", selectors.View.TO_DO))
    except ValueError:
        return selectors.View.TO_DO


def _tabs(current: selectors.View, tallies: dict[selectors.View, selectors.Tally]) -> list[dict[str, Any]]:
    names = {
        selectors.View.TO_DO: _("To do"),
        selectors.View.MINE: _("Mine"),
        selectors.View.UNCLAIMED: _("Free to take"),
        selectors.View.WAITING: _("Waiting for the patient"),
        selectors.View.SECOND: _("Second review"),
        selectors.View.AGAIN: _("Another look"),
        selectors.View.ALL: _("All"),
    }
    return [
        {"text": name, "view": view, "current": view == current, "tally": _tally(tallies.get(view))}
        for view, name in names.items()
    ]


def _tally(tally: selectors.Tally | None) -> str:
    if tally is None:
        return ""
    return f"{min(tally.count, selectors.TALLY_CAP - 1)}+" if tally.more else str(tally.count)
