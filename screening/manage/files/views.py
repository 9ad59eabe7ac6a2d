"""HTTP of definitions as files: take them away, look at what comes in, bring it in as drafts."""

from __future__ import annotations

import hashlib
import io

from django.contrib import messages
from django.core.cache import cache
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import permission_required
from accounts.permissions import Permission
from screening.manage.files import services
from screening.manage.files.archive import pack
from screening.manage.files.arriving import Plan, files_in, plan
from screening.manage.files.forms import LONGEST_NAME, ArrivalForm
from screening.manage.files.presenters import PlanPage
from screening.manage.views import version_or_404

HOUR = 3600  # for how long a file waits while somebody reads what it would do


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def version_file(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    version = version_or_404(request, kind, code, number)
    _name, content = services.export_version(version=version, by=request.actor, at=timezone.now())
    response = HttpResponse(content, content_type="application/yaml")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-{number}.yml"'
    return response


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def all_files(request: HttpRequest) -> FileResponse:
    files = services.export_definitions(site=request.site, by=request.actor, at=timezone.now())
    return FileResponse(
        io.BytesIO(pack(files)),
        as_attachment=True,
        filename=f"{request.site.slug}-definitions.zip",
        content_type="application/zip",
    )


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def bring(request: HttpRequest) -> HttpResponse:
    """First the file, which is kept for an hour; then, by its fingerprint, what was read about it."""
    if "seen" in request.POST:
        return _bring_in(request, request.POST.get("file", ""), request.POST["seen"])
    form = ArrivalForm(request.POST, request.FILES) if request.method == "POST" else ArrivalForm()
    if not form.is_valid():
        return _show(request, form, status=422 if form.is_bound else 200)
    raw, files = form.cleaned_data["file"]
    mark = hashlib.sha256(raw).hexdigest()
    cache.set(_place(request, mark), (str(form.files["file"].name)[:LONGEST_NAME], raw), HOUR)
    return _show(request, ArrivalForm(), found=plan(site=request.site, files=files), mark=mark)


def _bring_in(request: HttpRequest, mark: str, seen: str) -> HttpResponse:
    kept = cache.get(_place(request, mark))
    if kept is None:
        messages.warning(request, _("This took longer than an hour. Choose the file again."))
        return _show(request, ArrivalForm(), status=409)
    try:
        done = services.import_definitions(
            site=request.site,
            files=files_in(*kept),
            seen=seen,
            by=request.actor,
            at=timezone.now(),
        )
    except services.Changed as changed:
        messages.warning(request, _("The clinic changed meanwhile. Read again what would come in."))
        return _show(request, ArrivalForm(), found=changed.plan, mark=mark, status=409)
    said = ngettext("%(n)s file came in as a draft.", "%(n)s files came in as drafts.", done.brings)
    messages.success(request, said % {"n": done.brings})
    return redirect("versions")


def _show(
    request: HttpRequest, form: ArrivalForm, *, found: Plan | None = None, mark: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "plan": found, "page": PlanPage.of(found) if found else None, "mark": mark}
    return render(request, "manage/files/bring.html", context, status=status)


def _place(request: HttpRequest, mark: str) -> str:
    """Of this person at this site alone; the mark is typed in, so it is hashed once more."""
    sign = hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()
    return f"arriving:{request.site.pk}:{request.user.pk}:{sign}"
