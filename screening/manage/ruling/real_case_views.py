"""HTTP of taking the answers of a real case, for those who may read cases; a worked case is made of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import permission_required
from accounts.permissions import Permission
from audit.events import Event
from screening.manage.ruling import checking
from screening.manage.ruling.presenters import as_text
from screening.manage.ruling.real_case import MadeUp
from screening.manage.ruling.views import rules_or_404
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.selectors import questionnaire_of
from screening.review.case_views import case_or_404, opened


class RealCaseForm(forms.Form):
    reference = forms.CharField(label=gettext_lazy("Reference of the case"), max_length=20)

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).strip().upper()


@require_http_methods(["GET", "POST"])
@permission_required(Permission.VIEW_CASE)
def real_case(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Asks for a reference. The look at the case is written down before a word of it is shown."""
    version = rules_or_404(request, kind, code, number)
    form = RealCaseForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"version": version, "form": form}
    if form.is_bound and form.is_valid():
        found = _made_up(request, version, form.cleaned_data["reference"])
        if found is None:
            form.add_error("reference", _("No case of this clinic that was judged has this reference"))
        else:
            context |= {"found": found, "lines": as_text(found.answers)}
    status = 422 if form.errors else 200
    return render(request, "manage/ruling/real_case.html", context, status=status)


def _made_up(request: HttpRequest, version: DefinitionVersion, reference: str) -> MadeUp | None:
    asked = checking.questionnaire_for(version)
    try:
        case = case_or_404(request, reference)
    except Http404:
        return None
    newest = case.assessments.last()
    if asked is None or newest is None:
        return None
    opened(request, case, Event.CASE_ACTION_OPENED)  # not the case itself: nobody may decide on this
    return MadeUp.of(newest, questionnaire_of(asked), version.content.get("baseline") or {})
