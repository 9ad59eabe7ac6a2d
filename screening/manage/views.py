"""HTTP of the workshop: what is published, who works here, what was sent, what happened."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import may, permission_required, refuse_unless
from accounts.permissions import Permission
from audit import selectors as audit
from audit.events import Event
from audit.services import record
from screening.manage import policies
from screening.manage.languages import LanguageRow
from screening.manage.presenters import TrailRow, VersionPage, edited_at
from screening.manage.publication.selectors import drafts_to_approve
from screening.manage.publication.services import approve_version
from screening.manage.trail_forms import TrailForm
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.services import NotReady

ROOMS = (
    (Permission.VIEW_DEFINITION, "versions"),
    (Permission.MANAGE_PEOPLE, "people"),
    (Permission.VIEW_AUDIT, "trail"),
)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first room of the workshop this person may enter."""
    for permission, name in ROOMS:
        if may(request.membership, permission):
            return redirect(name)
    raise PermissionDenied(_("Your role has no page here."))


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def versions(request: HttpRequest) -> HttpResponse:
    rows = DefinitionVersion.objects.filter(site=request.site).exclude(status=VersionStatus.DISCARDED)
    context = {
        "versions": rows.select_related("author", "approved_by").defer("content"),
        "may_draft": policies.may_draft(request.membership),
        "to_approve": drafts_to_approve(request.membership) if request.membership else [],
    }
    return render(request, "manage/versions.html", context)


def version_or_404(request: HttpRequest, kind: str, code: str, number: int) -> DefinitionVersion:
    if kind not in Kind.values:
        raise Http404
    found = DefinitionVersion.objects.filter(site=request.site, kind=kind, code=code, number=number)
    version = found.select_related("author", "approved_by").first()
    if version is None:
        raise Http404
    return version


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def version(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    found = version_or_404(request, kind, code, number)
    context = {
        "version": found,
        "page": VersionPage.of(found),
        "languages": LanguageRow.all_of(found),
        "may_draft": policies.may_draft(request.membership),
        "may_change": policies.may_change(request.membership, found),
        "edit_url": edited_at(found),
    }
    return render(request, "manage/version.html", context)


@require_POST
@permission_required(Permission.VIEW_DEFINITION)
def publish(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    found = version_or_404(request, kind, code, number)
    refuse_unless(policies.may_publish(request.membership, found))
    try:
        approve_version(version=found, seen=request.POST.get("seen", ""), by=request.actor, at=timezone.now())
    except NotReady as problem:
        messages.warning(request, str(problem))
        return redirect("version-before", kind=kind, code=code, number=number)
    messages.success(request, _("Published. New forms use this version from now on."))
    return redirect("version", kind=kind, code=code, number=number)


@require_GET
@permission_required(Permission.VIEW_AUDIT)
def trail(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    # What is no number of a row starts at the beginning: it was typed into the address.
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    members = request.site.memberships.select_related("user").order_by("user__name", "pk")
    form = TrailForm(request.GET, members)
    filters = form.filters()
    page = audit.Page([], None)
    if filters is not None:
        page = audit.trail(site=request.site, filters=filters, before=number)
    rows = [TrailRow.of(event) for event in page.rows]
    record(
        Event.TRAIL_VIEWED,
        by=request.actor,
        at=timezone.now(),
        site=request.site,
        references=dict.fromkeys(reference for row in rows for reference in row.references),
    )
    context = {
        "form": form,
        "rows": rows,
        "first_href": form.query() if number is not None else "",
        "next_href": form.query(before=page.older) if page.older else "",
    }
    status = 422 if filters is None else 200
    return render(request, "manage/trail.html", context, status=status)
