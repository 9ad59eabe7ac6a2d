"""Saving one part of follow-up's draft: back to the list, or the same page with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from screening.manage.editor.presenters import differences
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.services import MovedOn, NotADraft, Unstorable, change_draft

LABELS = {
    "when_to_send": gettext_lazy("Messages"),
    "staff_actions": gettext_lazy("Tasks of the clinic"),
    "quiet": gettext_lazy("Hours, days and bank holidays"),
    "caps": gettext_lazy("Limits"),
}


@dataclass
class Page:
    """The page of one part, and where it leads when it is saved.

    `content` is the whole draft with what was typed, `mine` the part alone; `read` finds the same part in
    the draft as somebody else left it, None where it is gone.
    """

    template: str
    context: Mapping[str, Any]
    then: str
    form: forms.Form | None = None
    read: Callable[[Mapping[str, Any]], Mapping[str, Any] | None] | None = None
    content: dict[str, Any] = field(default_factory=dict)
    mine: Mapping[str, Any] = field(default_factory=dict)


def save(
    request: HttpRequest, version: DefinitionVersion, page: Page, *, by: Actor, at: datetime
) -> HttpResponse:
    lock = request.POST.get("lock", "")
    seen = int(lock) if lock.isascii() and lock.isdigit() and len(lock) < 10 else -1
    try:
        change_draft(version=version, content=page.content, lock=seen, by=by, at=at)
    except MovedOn as stale:
        return form_page(request, stale.version, page, status=409, **_both(stale.version, page))
    except Unstorable as problem:
        if page.form is not None:
            page.form.add_error(None, str(problem))
        return form_page(request, version, page)
    except NotADraft as refused:
        raise PermissionDenied(str(refused)) from refused
    messages.success(request, _("Saved in the draft."))
    return redirect(page.then, version.kind, version.code, version.number)


def form_page(
    request: HttpRequest, version: DefinitionVersion, page: Page, *, status: int | None = None, **more: Any
) -> HttpResponse:
    """What is mended and saved after a mistake is still about the draft as it was first seen."""
    again = request.method == "POST" and status != 409
    context = {
        "version": version,
        "form": page.form,
        "lock": request.POST.get("lock", "") if again else version.lock,
        **page.context,
        **more,
    }
    return render(request, page.template, context, status=status or (422 if again else 200))


def _both(now: DefinitionVersion, page: Page) -> dict[str, Any]:
    """How the part reads now beside what was typed."""
    if page.form is None or page.read is None:
        return {"stale": True}
    theirs = page.read(now.content)
    labels = {name: each.label for name, each in page.form.fields.items()} | LABELS
    both = differences(dict(theirs), dict(page.mine), labels) if theirs else []
    return {"stale": True, "gone": theirs is None, "both": both}
