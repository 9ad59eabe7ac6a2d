"""A page that was opened for another form than the one that is open in this browser now.

One browser holds one form. Whoever opens a second one (two people at home, staff with two callers) may still
have pages of the first: what is sent from those must never be written into the second.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from screening.cases.services import local_date
from screening.intake import presenters, selectors
from screening.intake.forms import QuestionForm
from screening.intake.presenters import Difference
from screening.intake.session import PatientRequest

MARK = "of_case"
# Where words stand beside the questions of the form, and on pages that ask none (below urgent advice).
BESIDE, ALONE = ("text", "reason"), ("text", "reason", "name", "phone")


def other_form(request: PatientRequest, page_id: str) -> HttpResponse | None:
    """What to show instead of saving; None when the page is of this form, or does not say of which.

    What was typed is shown to whoever typed it, and nothing of the form that is open.
    """
    if request.POST.get(MARK, request.intake.case.reference) == request.intake.case.reference:
        return None
    said = [request.POST.get(name, "").strip() for name in (BESIDE if page_id else ALONE)]
    context = {
        "site": request.site,
        "typed": _typed(request, page_id),
        "words": [words for words in said if words],
        "page_has_errors": True,
    }
    return render(request, "intake/other_form.html", context, status=409)


def _typed(request: PatientRequest, page_id: str) -> list[Difference]:
    """The answers by the questions of the form that is open: both forms mostly have the same."""
    walk = selectors.walk_of(request.intake, local_date(request.arrived_at))
    pages = [page for page in walk.questionnaire.pages if page.id == page_id]
    parts = [part for page in pages for item in page.items for part in (item.items or (item,))]
    form = QuestionForm(parts, stored={}, clinic="", skip=True, data=request.POST)
    form.is_valid()
    return presenters.differences(parts, {}, form.answers, clinic=request.site.name)
