"""HTTP of the figures, their files, and the two lists that a lead clinician goes through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import may, permission_required
from accounts.models import Site
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import NothingPublished, published, ruleset_of
from screening.review import words
from screening.review.figures import progress, selectors
from screening.review.figures.presenters import (
    Table,
    funnel_table,
    late_table,
    meanings_of,
    months_table,
    overturned_table,
    waiting_table,
)


def _waiting(site: Site, at: datetime) -> Table:
    return waiting_table(selectors.waiting(site=site, at=at))


def _late(site: Site, at: datetime) -> Table:
    return late_table(progress.past_target(site=site, at=at))


def _funnel(site: Site, at: datetime) -> Table:
    return funnel_table(progress.funnel(site=site, at=at))


def _first_look(site: Site, at: datetime) -> Table:
    return months_table(
        "first-look",
        _("Time to the first look"),
        _(
            "From sending the form until a member of staff first opened the answers, by month of sending. "
            "Quartiles are given from ten cases on."
        ),
        _("Opened"),
        selectors.time_to_first_look(site=site, at=at),
    )


def _decision(site: Site, at: datetime) -> Table:
    return months_table(
        "decision",
        _("Time to the first decision"),
        _(
            "From sending the form until a clinician first decided, by month of sending. "
            "Quartiles are given from ten cases on."
        ),
        _("Decided"),
        selectors.time_to_decision(site=site, at=at),
    )


def _overturned(site: Site, at: datetime) -> Table:
    return overturned_table(selectors.overturned(site=site, at=at), _meanings(site))


def _meanings(site: Site) -> dict[str, str]:
    try:
        return meanings_of(ruleset_of(published(site=site, kind=Kind.RULESET)))
    except NothingPublished:
        return {}


TABLES: dict[str, Callable[[Site, datetime], Table]] = {
    "waiting": _waiting,
    "late": _late,
    "funnel": _funnel,
    "first-look": _first_look,
    "decision": _decision,
    "overturned": _overturned,
}


@require_GET
@permission_required(Permission.VIEW_FIGURES)
def figures(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    record(Event.FIGURES_VIEWED, by=request.actor, at=at, site=request.site)
    tables = [make(request.site, at) for make in TABLES.values()]
    return render(request, "review/figures/figures.html", {"tables": tables, "tabs": figure_tabs(request)})


@require_GET
@permission_required(Permission.VIEW_FIGURES)
def figures_csv(request: HttpRequest, name: str) -> HttpResponse:
    """One of the tables as a file for a spreadsheet."""
    if name not in TABLES:
        raise Http404
    at = timezone.now()
    record(Event.FIGURES_EXPORTED, by=request.actor, at=at, site=request.site, detail={"table": name})
    return csv_file(name, TABLES[name](request.site, at).csv())


@require_GET
@permission_required(Permission.REVIEW_SECOND)
def second_looks(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    rows = selectors.second_looks(site=request.site, at=at)
    _listed(request, "second-looks", [row.reference for row in rows], at)
    context = {
        "rows": [(row, words.STATE[row.state]) for row in rows],
        "days": selectors.SAMPLED_DAYS,
        "waiting": sum(row.seen_at is None for row in rows),
        "tabs": figure_tabs(request),
    }
    return render(request, "review/figures/second_looks.html", context)


@require_GET
@permission_required(Permission.REVIEW_SECOND)
def screened_out(request: HttpRequest) -> HttpResponse:
    at, after = timezone.now(), request.GET.get("after")
    page = selectors.screened_out(site=request.site, after=after)
    _listed(request, "screened-out", [row.reference for row in page.rows], at)
    meanings = _meanings(request.site)
    context = {
        "rows": [
            (row, words.STATE[row.state], [meanings.get(code) or code for code in row.codes])
            for row in page.rows
        ],
        "first_href": "?" if after else "",
        "next_href": f"?after={page.next}" if page.next else "",
        "tabs": figure_tabs(request),
    }
    return render(request, "review/figures/screened_out.html", context)


def _listed(request: HttpRequest, name: str, references: list[str], at: datetime) -> None:
    """A list of cases leaves one row that names them all, before it is shown."""
    record(
        Event.FIGURES_VIEWED,
        by=request.actor,
        at=at,
        site=request.site,
        references=references,
        detail={"list": name},
    )


def figure_tabs(request: HttpRequest) -> list[tuple[str, str]]:
    tabs = [("figures", _("Figures")), ("follow-up-figures", _("Follow-up"))]
    if may(request.membership, Permission.REVIEW_SECOND):
        tabs += [("second-looks", _("Second looks")), ("screened-out", _("Screened out"))]
    return tabs


def csv_file(name: str, text: str) -> HttpResponse:
    """With a mark in front by which spreadsheets know that it is UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)
