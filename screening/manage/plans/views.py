"""HTTP of follow-up for its authors: the steps and their year, one step, the window, the texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import permission_required, refuse_unless
from accounts.models import Nation
from accounts.permissions import Permission
from screening.cases.services import local_date
from screening.followup.window import Window
from screening.manage import policies
from screening.manage.plans import content as parts
from screening.manage.plans.forms import StepForm, WindowForm
from screening.manage.plans.presenters import SentRow, StepRow, TextRow, YearPicture
from screening.manage.plans.saving import Page, form_page, save
from screening.manage.plans.text_forms import TextForm
from screening.manage.plans.year import Patient, year_of
from screening.manage.views import version_or_404
from screening.questionnaires.mistakes import MISTAKES, sentence
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import NothingPublished, published, schedule_of

TEXTS = (Kind.MESSAGES, Kind.LETTERS)


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def steps(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Every step, and the year of a made-up patient: as a picture, and the same as a table."""
    version = _of_kind(request, kind, code, number, (Kind.SCHEDULE,))
    start, nation, patient = _asked(request)
    context: dict[str, Any] = {
        "version": version,
        "may_change": policies.may_change(request.membership, version),
        "steps": [StepRow.of(each) for each in parts.listed(version.content, "steps")],
        "start": start.isoformat(),
        "nation": nation,
        "nations": Nation.choices,
        "patient": patient.value,
    }
    try:
        schedule = schedule_of(version)
        sent = year_of(schedule, start=start, nation=nation, patient=patient)
        window = Window(schedule.quiet, nation)
    except MISTAKES as error:
        context["problem"] = sentence(error)
    else:
        context["picture"] = YearPicture.of(sent, window, start)
        context["rows"] = [SentRow.of(each) for each in sent]
        context["holidays_until"] = max(schedule.quiet.bank_holidays.get(nation, ()), default=None)
    return render(request, "manage/plans/steps.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def add(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    version = _draft(request, kind, code, number, (Kind.SCHEDULE,))
    return _step(request, version, None, {})


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def step(request: HttpRequest, kind: str, code: str, number: int, step: str) -> HttpResponse:
    """One step. Where somebody took it out meanwhile, saving once more puts in what was typed."""
    version = _draft(request, kind, code, number, (Kind.SCHEDULE,))
    was = parts.step_of(version.content, step)
    if was is None and request.method == "GET":
        raise Http404
    return _step(request, version, step, was or {})


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def remove(request: HttpRequest, kind: str, code: str, number: int, step: str) -> HttpResponse:
    """Asks once. The step is shown, so that one knows what goes."""
    version = _draft(request, kind, code, number, (Kind.SCHEDULE,))
    was = parts.step_of(version.content, step)
    if was is None:
        if request.method == "GET":
            raise Http404
        messages.info(request, _("Somebody removed it already, or gave it another code."))
        return redirect("schedule-steps", kind, code, number)
    place = parts.place_of_step(version.content, step)
    page = Page(
        "manage/plans/remove.html",
        {"row": StepRow.of(was)},
        "schedule-steps",
        content=parts.with_entry(version.content, "steps", place, None),
    )
    if request.method == "POST":
        return save(request, version, page, by=request.actor, at=timezone.now())
    return form_page(request, version, page)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def window(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """When messages may leave: hours, days, bank holidays, and how many at most."""
    version = _draft(request, kind, code, number, (Kind.SCHEDULE,))
    form = WindowForm(
        request.POST if request.method == "POST" else None, initial=WindowForm.as_noted(version.content)
    )
    page = Page("manage/plans/window.html", {}, "schedule-steps", form, parts.window_of)
    if form.is_valid():
        page.content, page.mine = form.changed_content(version.content), form.changed_content({})
        return save(request, version, page, by=request.actor, at=timezone.now())
    return form_page(request, version, page)


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def texts(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Every text as somebody would get it: a mail, a text message with its length, a letter."""
    version = _of_kind(request, kind, code, number, TEXTS)
    context = {
        "version": version,
        "may_change": policies.may_change(request.membership, version),
        "rows": [_text_row(request, *each) for each in parts.texts_of(version.kind, version.content)],
    }
    return render(request, "manage/plans/texts.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def text(request: HttpRequest, kind: str, code: str, number: int, part: str, place: int) -> HttpResponse:
    version = _draft(request, kind, code, number, TEXTS)
    found = {(name, at): entry for name, at, entry in parts.texts_of(version.kind, version.content)}
    entry = found.get((part, place))
    if entry is None:
        raise Http404
    form = TextForm(request.POST if request.method == "POST" else None, list_name=part, entry=entry)
    mine = form.changed_entry() if form.is_valid() else entry
    page = Page(
        "manage/plans/text.html",
        {"row": _text_row(request, part, place, mine)},
        "version-texts",
        form,
        lambda content: dict(enumerate(parts.listed(content, part))).get(place),
    )
    if form.is_valid() and request.POST.get("act") != "look":
        page.content, page.mine = parts.with_entry(version.content, part, place, mine), mine
        return save(request, version, page, by=request.actor, at=timezone.now())
    return form_page(request, version, page, status=200 if form.is_valid() else None)


def _step(
    request: HttpRequest, version: DefinitionVersion, step: str | None, was: dict[str, Any]
) -> HttpResponse:
    place = parts.place_of_step(version.content, step)
    form = StepForm(
        request.POST if request.method == "POST" else None,
        initial=StepForm.as_noted(was),
        templates=_templates(request),
        taken={str(each.get("code")) for each in parts.listed(version.content, "steps")} - {step},
    )
    page = Page(
        "manage/plans/step.html",
        {"step": was, "code": step},
        "schedule-steps",
        form,
        lambda content: {} if step is None else parts.step_of(content, step),
    )
    if form.is_valid():
        page.mine = form.step(was)
        page.content = parts.with_entry(version.content, "steps", place, page.mine)
        return save(request, version, page, by=request.actor, at=timezone.now())
    return form_page(request, version, page)


def _text_row(request: HttpRequest, name: str, place: int, entry: Mapping[str, Any]) -> TextRow:
    return TextRow.of(name, place, entry, clinic=request.site.neutral_sender, phone=request.site.phone)


def _of_kind(
    request: HttpRequest, kind: str, code: str, number: int, kinds: tuple[Kind, ...]
) -> DefinitionVersion:
    if kind not in kinds:
        raise Http404
    return version_or_404(request, kind, code, number)


def _draft(
    request: HttpRequest, kind: str, code: str, number: int, kinds: tuple[Kind, ...]
) -> DefinitionVersion:
    version = _of_kind(request, kind, code, number, kinds)
    refuse_unless(policies.may_change(request.membership, version))
    return version


def _asked(request: HttpRequest) -> tuple[dt.date, Any, Patient]:
    """From when, where, and what kind of patient; what nobody can read is as if not asked."""
    try:
        start = dt.date.fromisoformat(request.GET.get("start", ""))
    except ValueError:
        start = local_date(timezone.now())
    if not 2000 <= start.year <= 2100:
        start = local_date(timezone.now())
    nation = request.GET.get("nation", "")
    patient = request.GET.get("patient", "")
    return (
        start,
        nation if nation in Nation.values else request.site.nation,
        Patient(patient) if patient in set(Patient) else Patient.LATE,
    )


def _templates(request: HttpRequest) -> set[str]:
    try:
        content = published(site=request.site, kind=Kind.MESSAGES).content
    except NothingPublished:
        return set()
    return {str(each.get("code")) for each in parts.listed(content, "messages")}
