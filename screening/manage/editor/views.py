"""HTTP of the questionnaire editor: the outline of a draft, and one page for each of its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import permission_required, refuse_unless
from accounts.permissions import Permission
from screening.manage import policies
from screening.manage.editor import dependents, parts, presenters, wording
from screening.manage.editor.adding import AddForm
from screening.manage.editor.dependents import Going
from screening.manage.editor.editing import Editing, pressed
from screening.manage.editor.findings import retyped_remarks
from screening.manage.editor.parts import Content, Missing
from screening.manage.views import version_or_404
from screening.questionnaires.checking import remarks_on, unasked, unread
from screening.questionnaires.kept_types import retyped, types_before
from screening.questionnaires.kept_words import other_meanings
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.services import MovedOn, NotADraft, Unstorable, change_draft
from screening.rules.remarks import Remark, errors

TRIES = 5


class Changed(Exception):
    """Somebody else changed the part since the page was opened. `str()` is the sentence to show."""

    def __str__(self) -> str:
        return _("Somebody else is changing this draft just now. Try again.")


@require_GET
@permission_required(Permission.DRAFT_DEFINITION)
def outline(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Everything in the draft, with what is wrong beside the place it concerns."""
    version = draft_or_refuse(request, kind, code, number)
    context = {
        "version": version,
        "outline": presenters.Outline.of(version.content, remarks_of(version)),
        "languages": wording.languages_of(version),
    }
    return render(request, "manage/editor/outline.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def part(request: HttpRequest, kind: str, code: str, number: int, part: str, key: str) -> HttpResponse:
    """One part: a page, a question, a score. Saved whole; somebody else's change is shown, not lost."""
    version = draft_or_refuse(request, kind, code, number)
    if part not in parts.KINDS:
        raise Http404
    data = request.POST if request.method == "POST" else None
    try:
        editing = Editing.of(version.content, part, key, before=types_before(version), data=data)
    except Missing as missing:
        if data is None:
            raise Http404 from missing
        return _gone(request, version, part)
    return _show(request, version, editing) if data is None else _save(request, version, editing)


def _save(request: HttpRequest, version: DefinitionVersion, editing: Editing) -> HttpResponse:
    kind, key = editing.kind, editing.key
    if not editing.is_valid():
        if _is_autosave(request):
            return JsonResponse({"said": _("Not saved: something has to be mended first.")}, status=422)
        return _show(request, version, editing, status=422)

    def changed(content: Content) -> Content:
        now = parts.part(content, kind, key)
        press, typed = request.POST.get("press", ""), editing.taken(now)
        if parts.seen(kind, now) != request.POST.get("seen"):
            if press or parts.seen(kind, typed) != parts.seen(kind, now):
                raise Changed
            return content  # it says already what was typed, as after a save of the page by itself
        return parts.put(content, kind, key, pressed(typed, press))

    try:
        version = store(request, version, changed)
    except (Changed, Missing):
        version.refresh_from_db()
        return _conflict(request, version, editing)
    except Unstorable as refused:
        editing.main.add_error(None, str(refused))
        return _show(request, version, editing, status=422)
    if _is_autosave(request):
        seen = parts.seen(kind, parts.part(version.content, kind, key))
        return JsonResponse({"said": _saved(), "seen": seen})
    messages.success(request, _saved())
    if "back" in request.POST:
        return redirect(f"{address('editor', version)}#{kind}-{key}")
    return redirect(address("editor-part", version, kind, key) + _anchor(request))


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def add(request: HttpRequest, kind: str, code: str, number: int, part: str) -> HttpResponse:
    """A new part. Where it goes is said by the address: after which, or on which page."""
    version = draft_or_refuse(request, kind, code, number)
    if part not in presenters.ADD_NAMES:
        raise Http404
    where = {name: request.GET.get(name, "") for name in ("page", "group", "after")}
    if "/" in where["group"]:  # what is added there could have no page
        raise Http404
    content, data = version.content, request.POST if request.method == "POST" else None
    form = AddForm(part, content, data, group=where["group"], before=types_before(version))
    if form.is_valid():

        def changed(now: Content) -> Content:
            return parts.add(now, part, form.key, form.part(), **where)

        try:
            version = store(request, version, changed)
        except Missing as missing:
            raise Http404 from missing
        except (Unstorable, Changed) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Added. Fill in the rest here."))
            return redirect(address("editor-part", version, part, form.full_key))
    context = {"version": version, "form": form, "heading": presenters.ADD_NAMES[part]}
    return render(request, "manage/editor/add.html", context, status=422 if form.is_bound else 200)


@require_POST
@permission_required(Permission.DRAFT_DEFINITION)
def arrange(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Move one part among its siblings, "up item dob", or a question to a page, "page item dob"."""
    version = draft_or_refuse(request, kind, code, number)
    way, _space, rest = request.POST.get("press", "").partition(" ")
    part, _space, key = rest.partition(" ")
    moves = {"up": (*parts.LISTS, "item"), "down": (*parts.LISTS, "item"), "page": ("item",)}
    if part not in moves.get(way, ()):
        raise Http404

    def moved(now: Content) -> Content:
        if way == "page":
            return parts.move_to(now, key, request.POST.get("page", ""))
        return parts.move(now, part, key, -1 if way == "up" else 1)

    try:
        version = store(request, version, moved)
    except Missing:
        messages.warning(request, _("Somebody removed it meanwhile. This is the draft as it is now."))
        return redirect(address("editor", version))
    except (Unstorable, Changed) as refused:
        messages.warning(request, str(refused))
    return redirect(f"{address('editor', version)}#{part}-{key}")


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def remove(request: HttpRequest, kind: str, code: str, number: int, part: str, key: str) -> HttpResponse:
    """Ask once, and say what else names it. What somebody wrote in it meanwhile does not go unseen."""
    version, status, seen = draft_or_refuse(request, kind, code, number), 200, request.POST.get("seen", "")
    try:
        found = parts.part(version.content, part, key)
        if part == "about":
            raise Missing(part)
        if request.method == "POST":
            version = store(request, version, lambda now: parts.remove(now, part, key, seen=seen))
            messages.success(request, _("Removed from the draft. Earlier versions keep it."))
            return redirect(address("editor", version))
    except Missing as missing:
        raise Http404 from missing
    except (Changed, parts.OtherNow):
        status = 409
        messages.warning(request, _("Somebody changed it meanwhile. Nothing was removed: look at it again."))
    context = {
        "version": version,
        "seen": parts.seen_whole(found),
        "name": presenters.name_of(part, found, key),
        "what": presenters.KIND_NAMES[part],
        **dependents.told_of(version, Going.of(part, key, found)),
    }
    return render(request, "manage/editor/remove.html", context, status=status)


def address(name: str, version: DefinitionVersion, *more: str) -> str:
    return reverse(name, args=[version.kind, version.code, version.number, *more])


def draft_or_refuse(request: HttpRequest, kind: str, code: str, number: int) -> DefinitionVersion:
    version = version_or_404(request, kind, code, number)
    if version.kind != Kind.QUESTIONNAIRE:
        raise Http404
    refuse_unless(policies.may_change(request.membership, version))
    return version


def store(
    request: HttpRequest, version: DefinitionVersion, changed: Callable[[Content], Content]
) -> DefinitionVersion:
    """Write a change of one part. Somebody's change of another part is no conflict: ours goes on top of it.

    Raises what `changed` raises when the part itself is not what it was.
    """
    for _try in range(TRIES):
        try:
            return change_draft(
                version=version,
                content=changed(version.content),
                lock=version.lock,
                by=request.actor,
                at=timezone.now(),
            )
        except MovedOn as moved:
            version = moved.version
        except NotADraft as refused:
            raise PermissionDenied(str(refused)) from refused
    raise Changed


def remarks_of(version: DefinitionVersion) -> list[Remark]:
    """Everything wrong with the draft, errors first; also what is published beside it has its say."""
    changed = retyped_remarks(retyped(version.content, types_before(version)))
    alone = remarks_on(version)
    beside = () if errors(alone) else (*other_meanings(version), *unasked(version), *unread(version))
    return sorted([*changed, *alone, *beside], key=lambda remark: remark.severity)


def _is_autosave(request: HttpRequest) -> bool:
    return "X-Autosave" in request.headers


def _saved() -> str:
    return _("Saved at %(time)s.") % {"time": timezone.localtime(timezone.now()).strftime("%H:%M")}


def _anchor(request: HttpRequest) -> str:
    return "#answers" if request.POST.get("press", "").startswith("option-") else ""


def _conflict(request: HttpRequest, version: DefinitionVersion, editing: Editing) -> HttpResponse:
    """Both texts, and the typed one still in the form: pressing the button again keeps it."""
    if _is_autosave(request):
        said = _("Not saved: somebody else changed this. Press Save to see both texts.")
        return JsonResponse({"said": said}, status=409)
    try:
        now = parts.part(version.content, editing.kind, editing.key)
    except Missing:
        return _gone(request, version, editing.kind)
    labels = {name: field.label for name, field in editing.main.fields.items()}
    own = parts.own(editing.kind, now)
    both = presenters.differences(own, editing.taken(now), labels)
    return _show(request, version, editing, status=409, both=both)


def _gone(request: HttpRequest, version: DefinitionVersion, part: str) -> HttpResponse:
    """The part was removed while somebody wrote in it: what was typed can be copied from here."""
    if _is_autosave(request):
        return JsonResponse({"said": _("Not saved: somebody else removed this.")}, status=409)
    typed = [
        value
        for name, value in request.POST.items()
        if name.startswith(("part-", "options-", "checks-", "when-")) and value and "_FORMS" not in name
    ]
    context = {"version": version, "what": presenters.KIND_NAMES[part], "typed": typed}
    return render(request, "manage/editor/gone.html", context, status=409)


def _show(
    request: HttpRequest,
    version: DefinitionVersion,
    editing: Editing,
    *,
    status: int = 200,
    both: list[presenters.Difference] | None = None,
) -> HttpResponse:
    content, kind, key = version.content, editing.kind, editing.key
    now = parts.part(content, kind, key)
    remarks = dependents.remarks_at(version, kind, key, remarks_of(version)) if status == 200 else []
    context: Mapping[str, Any] = {
        "version": version,
        "editing": editing,
        "form": editing.main,
        "name": presenters.name_of(kind, now, key),
        "what": presenters.KIND_NAMES[kind],
        # What is mended and saved is still about the part as it was first seen.
        "seen": request.POST.get("seen", "") if status == 422 else parts.seen(kind, now),
        "remarks": remarks,
        "both": both or [],
        "page_key": parts.page_of(content, key) if kind == "item" else key if kind == "page" else "",
        "other_pages": parts.other_pages(content, key) if kind == "item" else [],
        "languages": wording.languages_of(version, f"item.{key.partition('.')[0]}") if kind == "item" else [],
        "page_has_errors": status == 422,
    }
    return render(request, "manage/editor/part.html", context, status=status)
