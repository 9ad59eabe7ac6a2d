"""HTTP of the figures of follow-up and their files."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import permission_required
from accounts.models import Site
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.followup.figures import presenters, selectors
from screening.review.figures.presenters import Table
from screening.review.figures.views import csv_file, figure_tabs

NAMES = ("completion", "peg", "response", "adverse-events")


def _tables(site: Site, at: datetime) -> list[Table]:
    forms = selectors.sent_forms(site=site, at=at)
    titles, words = selectors.texts_of(site)
    return [
        presenters.completion_table(selectors.completion(site=site, at=at)),
        presenters.peg_table(selectors.peg_by_month(forms)),
        presenters.results_table(selectors.results(forms, titles)),
        presenters.symptoms_table(selectors.symptoms(forms, words)),
    ]


@require_GET
@permission_required(Permission.VIEW_FIGURES)
def figures(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    record(Event.FIGURES_VIEWED, by=request.actor, at=at, site=request.site, detail={"list": "follow-up"})
    context = {
        "tables": _tables(request.site, at),
        "tabs": figure_tabs(request),
        "file": "follow-up-figures-csv",
    }
    return render(request, "followup/figures/figures.html", context)


@require_GET
@permission_required(Permission.VIEW_FIGURES)
def figures_csv(request: HttpRequest, name: str) -> HttpResponse:
    """One of the tables as a file for a spreadsheet."""
    if name not in NAMES:
        raise Http404
    at = timezone.now()
    record(Event.FIGURES_EXPORTED, by=request.actor, at=at, site=request.site, detail={"table": name})
    table = next(each for each in _tables(request.site, at) if each.name == name)
    return csv_file(name, table.csv())
