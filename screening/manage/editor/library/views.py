"""HTTP of copying: choose questions of another version, or of what ships, and bring them into the draft."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import permission_required
from accounts.permissions import Permission
from screening.manage.editor import parts
from screening.manage.editor.library.copying import copied, copyable
from screening.manage.editor.parts import Content, Missing
from screening.manage.editor.views import Changed, address, draft_or_refuse, store
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.seed_files import shipped_definitions
from screening.questionnaires.services import Unstorable


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def copy(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    version = draft_or_refuse(request, kind, code, number)
    sources = _sources(version)
    chosen = str(request.POST.get("from") or request.GET.get("from") or sources[0][0])
    source = _content(version, chosen)
    keys, problem = request.POST.getlist("item"), ""
    if request.method == "POST":
        onto = request.POST.get("page", "")
        try:
            if keys:
                version = store(request, version, lambda now: copied(now, source, keys, onto=onto))
                said = ngettext("%(n)s question is copied.", "%(n)s questions are copied.", len(keys))
                messages.success(request, said % {"n": len(keys)})
                return redirect(f"{address('editor', version)}#item-{keys[0]}")
        except Missing as missing:
            raise Http404 from missing
        except (Unstorable, Changed) as refused:
            problem = str(refused)
        else:
            problem = _("Choose at least one question")
    pages = [(key, page.get("title") or key) for key, page in parts.parts(version.content, "page")]
    context = {
        "version": version,
        "sources": sources,
        "chosen": chosen,
        "found": copyable(version.content, source),
        "pages": pages,
        "problem": problem,
        "page_has_errors": bool(problem),
    }
    return render(request, "manage/editor/copy.html", context, status=422 if problem else 200)


def _sources(draft: DefinitionVersion) -> list[tuple[str, str]]:
    """What ships first, then every other version of the clinic: (key, name)."""
    shipped = [
        (f"shipped {content['code']}", _("%(title)s, as shipped") % {"title": content["title"]})
        for kind, content in shipped_definitions()
        if kind == Kind.QUESTIONNAIRE
    ]
    others = _others(draft).only("code", "number", "title")
    named = _("%(title)s, version %(number)s")
    return shipped + [(f"{one.code} {one.number}", named % vars(one)) for one in others]


def _others(draft: DefinitionVersion) -> QuerySet[DefinitionVersion]:
    found = DefinitionVersion.objects.filter(site=draft.site_id, kind=Kind.QUESTIONNAIRE)
    return found.exclude(status=VersionStatus.DISCARDED).exclude(pk=draft.pk).order_by("code", "-number")


def _content(draft: DefinitionVersion, chosen: str) -> Content:
    code, _space, number = chosen.rpartition(" ")
    if code == "shipped":
        found = [content for kind, content in shipped_definitions() if content["code"] == number]
        if found:
            return found[0]
    elif number.isascii() and number.isdigit() and len(number) < 9:
        version = _others(draft).filter(code=code, number=int(number)).first()
        if version is not None:
            return dict(version.content)
    raise Http404
