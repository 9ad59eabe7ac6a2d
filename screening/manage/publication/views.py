"""HTTP of the page before publication: what is in the way, what differs, and the effect on past cases."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import No, may, permission_required, refuse_unless
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.manage import policies
from screening.manage.editor import wording
from screening.manage.editor.findings import with_pages
from screening.manage.presenters import edited_at
from screening.manage.publication import gates, presenters, selectors
from screening.manage.publication.differences import differences
from screening.manage.publication.examples import example_rows
from screening.manage.publication.forms import ReasonForm
from screening.manage.publication.models import RunState
from screening.manage.publication.services import begin_run, give_reason
from screening.manage.views import version_or_404
from screening.questionnaires.models import DefinitionVersion, VersionStatus
from screening.questionnaires.services import NotReady

CHANGES_SHOWN = 100
RUNNING = (RunState.WAITING, RunState.RUNNING)


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def before(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """The whole page; with `part=effect` only what moves on it while past cases are judged."""
    version = version_or_404(request, kind, code, number)
    context = {"version": version, **_effect(request, version)}
    if request.GET.get("part") == "effect":
        return render(request, "manage/publication/effect.html", context)
    compared = selectors.replaced_by(version)
    answer = policies.may_publish(request.membership, version)
    shown = gates.gates(version)
    context |= {
        "gates": shown,
        "seen": selectors.read_of(version),
        "shut": sum(bool(gate.sentence) for gate in shown),
        "refused": answer.reason if isinstance(answer, No) else "",
        "approvers": selectors.approvers(version) if isinstance(answer, No) else [],
        "may_change": policies.may_change(request.membership, version),
        "edit_url": edited_at(version),
        "remarks": list(with_pages(version, gates.remarks_of(version))),
        "cases": gates.cases_of(version),
        "languages": wording.languages_of(version),
        "compared": compared,
        "examples": example_rows(version) if compared and version.status == VersionStatus.DRAFT else [],
        "sections": differences(version.kind, compared.content, version.content) if compared else [],
    }
    return render(request, "manage/publication/before.html", context)


@require_POST
@permission_required(Permission.REPLAY_DEFINITION)
def effect(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Begin to judge past cases by the draft as it is now."""
    version = version_or_404(request, kind, code, number)
    refuse_unless(policies.may_try(request.membership, version))
    try:
        begin_run(version=version, by=request.actor, at=timezone.now())
    except NotReady as problem:
        messages.warning(request, str(problem))
    return redirect("version-before", kind, code, number)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.REPLAY_DEFINITION)
def change(request: HttpRequest, kind: str, code: str, number: int, change: int) -> HttpResponse:
    """The cases that change alike; where they become less urgent, why that is right."""
    version = version_or_404(request, kind, code, number)
    found = selectors.change_of(version, change)
    if found is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            many = give_reason(
                change=found, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            )
        except NotReady as problem:
            raise PermissionDenied(str(problem)) from problem
        messages.success(request, _("The reason is kept with each of the %(n)d cases.") % {"n": many})
        return redirect("version-before", kind, code, number)
    after = request.GET.get("after", "")
    is_number = after.isascii() and after.isdigit() and len(after) < 19
    rows = selectors.cases_of(found, after=int(after) if is_number else 0)
    page, more = rows[: selectors.CASES_ON_A_PAGE], len(rows) > selectors.CASES_ON_A_PAGE
    record(
        Event.VERSION_REPLAYED,
        by=request.actor,
        at=timezone.now(),
        site=request.site,
        references=[row.reference for row in page],
        detail={"kind": version.kind, "code": version.code, "number": version.number},
    )
    reasons = presenters.Reasons(found.run.compared, version)
    (row,) = presenters.change_rows([found], reasons, selectors.reasons_given(found.run))
    context = {
        "version": version,
        "change": row,
        "cases": page,
        "form": form,
        "may_open": may(request.membership, Permission.VIEW_CASE),
        "may_try": policies.may_try(request.membership, version),
        "first_href": "?" if after else "",
        "next_href": f"?after={page[-1].pk}" if more else "",
    }
    return render(request, "manage/publication/change.html", context, status=422 if form.is_bound else 200)


def _effect(request: HttpRequest, version: DefinitionVersion) -> dict[str, Any]:
    setting, run = selectors.setting_of(version), selectors.newest_run(version)
    context: dict[str, Any] = {
        "judges": version.kind in selectors.JUDGING,
        "setting": setting,
        "run": run,
        "may_try": policies.may_try(request.membership, version),
        "may_list": may(request.membership, Permission.REPLAY_DEFINITION),
    }
    if run is None:
        return context
    changes = selectors.changes_of(run, most=CHANGES_SHOWN)
    reasons = presenters.Reasons(run.compared, version)
    return context | {
        "running": run.state in RUNNING,
        "stale": version.status == "draft"
        and (setting is None or not selectors.is_current(run, version, setting)),
        "percent": presenters.percent(run),
        "matrix": presenters.matrix(run),
        "outcomes": presenters.OUTCOMES,
        "changes": presenters.change_rows(changes, reasons, selectors.reasons_given(run)),
        "more_changes": run.changes.count() - len(changes),
    }
