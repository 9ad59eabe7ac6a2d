"""HTTP of drafts: begin one from a version or from what ships with the product, and throw one away."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import permission_required, refuse_unless
from accounts.permissions import Permission
from screening.manage import policies
from screening.manage.views import version_or_404
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.seed_files import shipped_definitions
from screening.questionnaires.services import MovedOn, NotADraft, discard_draft, draft_version


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def library(request: HttpRequest) -> HttpResponse:
    """What ships with the product, each with a button that makes a draft of it."""
    shipped = [(f"{kind}/{content['code']}", kind, content) for kind, content in shipped_definitions()]
    if request.method == "GET":
        rows = [{"key": key, "kind": kind.label, "title": content["title"]} for key, kind, content in shipped]
        return render(request, "manage/library.html", {"rows": rows})
    found = next((row for row in shipped if row[0] == request.POST.get("shipped")), None)
    if found is None:
        raise Http404
    draft = draft_version(
        site=request.site, kind=found[1], content=found[2], by=request.actor, at=timezone.now()
    )
    return _begun(request, draft)


@require_POST
@permission_required(Permission.DRAFT_DEFINITION)
def start(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """A new draft that says what this version says."""
    source = version_or_404(request, kind, code, number)
    content = {**source.content, "code": source.code, "title": source.title}
    draft = draft_version(
        site=request.site, kind=kind, content=content, by=request.actor, at=timezone.now(), source=source
    )
    return _begun(request, draft)


def _begun(request: HttpRequest, draft: DefinitionVersion) -> HttpResponse:
    said = _("This is your draft, version %(number)s. Nobody meets it before somebody else publishes it.")
    messages.success(request, said % {"number": draft.number})
    return redirect("version", draft.kind, draft.code, draft.number)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def discard(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Ask once, then throw the draft away. What was saved since the page was opened is shown first."""
    version = version_or_404(request, kind, code, number)
    refuse_unless(policies.may_change(request.membership, version))
    moved = False
    if request.method == "POST":
        try:
            discard_draft(version=version, lock=seen_lock(request), by=request.actor, at=timezone.now())
        except MovedOn as stale:
            version, moved = stale.version, True
        except NotADraft as refused:
            raise PermissionDenied(str(refused)) from refused
        else:
            messages.success(request, _("The draft is thrown away. Its number is not used again."))
            return redirect("versions")
    context = {"version": version, "moved": moved}
    return render(request, "manage/discard.html", context, status=409 if moved else 200)


def seen_lock(request: HttpRequest) -> int:
    """The number of the save that the page showed. A page without one has seen nothing."""
    typed = request.POST.get("lock", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1
