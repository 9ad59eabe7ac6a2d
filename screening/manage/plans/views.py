"""HTTP of follow-up for its authors: the steps and their year, one step, the window, the texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from screening.manage.plans.text_forms import TextForm
from screening.manage.plans.year import Patient, year_of
from screening.manage.views import version_or_404
from screening.questionnaires.mistakes import MISTAKES, sentence
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import NothingPublished, published, schedule_of
from screening.questionnaires.services import MovedOn, NotADraft, Unstorable, change_draft

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
    return render(request, "manage/plans/steps.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def step(request: HttpRequest, kind: str, code: str, number: int, step: str) -> HttpResponse:
    """One step; `new` is one more. With `act=remove` it goes."""
    version = _draft(request, kind, code, number, (Kind.SCHEDULE,))
    was = {} if step == "new" else parts.step_of(version.content, step)
    if was is None:
        raise Http404
    place = parts.place_of_step(version.content, step)
    taken = {str(each.get("code")) for each in parts.listed(version.content, "steps")} - {step}
    removing = request.POST.get("act") == "remove" and bool(was)
    form = StepForm(
        request.POST if request.method == "POST" and not removing else None,
        initial=StepForm.as_noted(was),
        templates=_templates(request),
        taken=taken,
    )
    if removing or form.is_valid():
        entry = None if removing else form.step(was)
        changed = parts.with_entry(version.content, "steps", place, entry)
        context = {"step": was}
        return _save(request, version, changed, form, "manage/plans/step.html", context, "schedule-steps")
    return _form(request, version, form, "manage/plans/step.html", {"step": was})


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def window(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """When messages may leave: hours, days, bank holidays, and how many at most."""
    version = _draft(request, kind, code, number, (Kind.SCHEDULE,))
    form = WindowForm(
        request.POST if request.method == "POST" else None, initial=WindowForm.as_noted(version.content)
    )
    if form.is_valid():
        changed = form.changed_content(version.content)
        return _save(request, version, changed, form, "manage/plans/window.html", {}, "schedule-steps")
    return _form(request, version, form, "manage/plans/window.html", {})


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
    row = _text_row(request, part, place, entry)
    if form.is_valid():
        changed = parts.with_entry(version.content, part, place, form.changed_entry())
        row = _text_row(request, part, place, form.changed_entry())
        if request.POST.get("act") != "look":
            context = {"row": row}
            return _save(request, version, changed, form, "manage/plans/text.html", context, "version-texts")
        return _form(request, version, form, "manage/plans/text.html", {"row": row}, status=200)
    return _form(request, version, form, "manage/plans/text.html", {"row": row})


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


def _save(
    request: HttpRequest,
    version: DefinitionVersion,
    content: dict[str, Any],
    form: django_forms.Form,
    template: str,
    context: dict[str, Any],
    then: str,
) -> HttpResponse:
    lock = request.POST.get("lock", "")
    seen = int(lock) if lock.isascii() and lock.isdigit() and len(lock) < 10 else -1
    try:
        change_draft(version=version, content=content, lock=seen, by=request.actor, at=timezone.now())
    except MovedOn as stale:
        return _form(request, stale.version, form, template, {**context, "stale": True}, status=409)
    except Unstorable as problem:
        form.add_error(None, str(problem))
        return _form(request, version, form, template, context)
    except NotADraft as refused:
        raise PermissionDenied(str(refused)) from refused
    messages.success(request, _("Saved in the draft."))
    return redirect(then, version.kind, version.code, version.number)


def _form(
    request: HttpRequest,
    version: DefinitionVersion,
    form: django_forms.Form,
    template: str,
    context: dict[str, Any],
    status: int | None = None,
) -> HttpResponse:
    shown = {"version": version, "form": form, **context}
    return render(request, template, shown, status=status or (422 if form.is_bound else 200))
