"""HTTP of worked cases: the list with what they come to, a page for each, a try that stores nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import may, permission_required
from accounts.permissions import Permission
from screening.manage import policies
from screening.manage.publication import gates
from screening.manage.ruling import checking, parts
from screening.manage.ruling.case_form import CaseForm
from screening.manage.ruling.parts import Part
from screening.manage.ruling.presenters import CaseRow, Judgement
from screening.manage.ruling.views import again, draft_or_refuse, removed, rules_or_404, stored, there
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.selectors import questionnaire_of
from screening.rules.assessment import Assessment

PAGE = "manage/ruling/case.html"


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def cases(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Every worked case with what it comes to now; those that differ stand first."""
    version = rules_or_404(request, kind, code, number)
    results = gates.cases_of(version)
    rows = [CaseRow.of(each, results) for each in parts.cases_in(version.content)]
    rows.sort(key=lambda row: row.result is None or row.result.passed)
    context = {
        "version": version,
        "rows": rows,
        "differing": sum(not result.passed for result in results),
        "unsound": gates.unsound(version) if rows and not results else "",
        "may_read": may(request.membership, Permission.VIEW_CASE),
        "may_change": policies.may_change(request.membership, version),
    }
    return render(request, "manage/ruling/cases.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def add(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    version = draft_or_refuse(request, kind, code, number)
    return _case(request, version, parts.case(""), None)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def case(request: HttpRequest, kind: str, code: str, number: int, case: str) -> HttpResponse:
    version = draft_or_refuse(request, kind, code, number)
    part = parts.case(case)
    return _case(request, version, part, there(version, part, or_gone=request.method == "POST"))


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def remove(request: HttpRequest, kind: str, code: str, number: int, case: str) -> HttpResponse:
    """Asks once: a case that is gone no longer stands in the way of a draft that breaks it."""
    version = draft_or_refuse(request, kind, code, number)
    part = parts.case(case)
    known = there(version, part)
    context = {"case": case, "title": known.get("title"), "why": known.get("why")}
    name, said = "manage/ruling/case_remove.html", _("The case is removed.")
    return removed(request, version, part, context, name, said, back="rule-cases")


def _case(request: HttpRequest, version: DefinitionVersion, part: Part, known: Any) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    trying = data is not None and data.get("press") == "try"
    own = str(known["id"]) if known else ""
    asked = checking.questionnaire_for(version)
    form = CaseForm(
        data,
        case=known,
        taken=frozenset(str(each.get("id")) for each in parts.cases_in(version.content)) - {own},
        asked=None if asked is None else questionnaire_of(asked),
        needs_day=not version.content.get("assessed_on"),
        trying=trying,
    )
    context: dict[str, Any] = {
        "version": version,
        "form": form,
        "case": own,
        "seen": part.seen(version.content),
        "names": checking.names_of(version),
        "has_baseline": bool(version.content.get("baseline")),
    }
    if data is None:
        result = (
            next((each for each in gates.cases_of(version) if each.case.id == own), None) if own else None
        )
        if result is not None:
            context |= {"result": result, "judgement": _judgement(version, result.assessment)}
        return render(request, PAGE, context)
    if not form.is_valid():
        return again(request, version, context, PAGE)
    if trying:
        return _tried(request, version, form, context)
    said = _("The case is saved.")
    return stored(request, version, part, form.case(), context, PAGE, said, back="rule-cases")


def _tried(
    request: HttpRequest, version: DefinitionVersion, form: CaseForm, context: dict[str, Any]
) -> HttpResponse:
    """The same page with what came of it. What was typed is still about the case as it was first seen."""
    context |= {"seen": request.POST.get("seen", ""), "tried": True}
    unsound = gates.unsound(version)
    assessment = None if unsound else _judged(version, form)
    if assessment is None:
        context["unsound"] = unsound or _("There is no questionnaire that these rules could judge.")
    else:
        context["judgement"] = _judgement(version, assessment)
    return render(request, PAGE, context)


def _judged(version: DefinitionVersion, form: CaseForm) -> Assessment | None:
    """What was positive before and still stands is part of the case, though this form does not change it."""
    standing = [(str(item), int(tier)) for item, tier in form.before.get("standing_red_flags") or ()]
    return checking.judged(version, form.cleaned_data["answers"], on=form.day, standing=standing)


def _judgement(version: DefinitionVersion, assessment: Assessment) -> Judgement:
    return Judgement.of(assessment, parts.rules_in(version.content))
