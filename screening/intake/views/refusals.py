"""What somebody reads whose save was refused: both answers, or what they typed, never silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from screening.intake import presenters, services
from screening.intake.presenters import AdviceBox
from screening.intake.session import PatientRequest
from screening.rules.definition import Item

NOT_TYPED = ("csrfmiddlewaretoken", "lock")


def conflict(
    request: PatientRequest,
    items: Iterable[Item],
    stale: services.StaleAnswers,
    *,
    keep_href: str,
    action: str = "",
    gone: bool = False,
    boxes: Sequence[AdviceBox] = (),
) -> HttpResponse:
    """Saved elsewhere meanwhile: both values, and the person chooses. What was typed travels along.

    `keep_href` is where "keep what is saved" leads, `action` where "use what I typed" goes, this page
    unless said; `gone` when there is nothing left to keep.
    """
    kept = [
        (name, value) for name, values in request.POST.lists() if name not in NOT_TYPED for value in values
    ]
    context = {
        "site": request.site,
        "differences": presenters.differences(items, stale.saved, stale.typed, clinic=request.site.name),
        "kept": kept,
        "lock": stale.lock,
        "keep_href": keep_href,
        "action": action,
        "gone": gone,
        "boxes": boxes,
        "had_files": bool(request.FILES),
    }
    return render(request, "intake/conflict.html", context, status=409)


def not_saved(
    request: PatientRequest,
    items: Iterable[Item],
    typed: Mapping[str, Any],
    *,
    sent: bool,
    boxes: Sequence[AdviceBox] = (),
    leads_to: str = "intake-form",
) -> HttpResponse:
    """The form was sent, or the page is not asked any more: what was typed is shown, nothing is saved."""
    answers = presenters.differences(items, {}, typed, clinic=request.site.name)
    context = {
        "site": request.site,
        "typed": answers,
        "sent": sent,
        "leads_to": leads_to,
        "boxes": boxes,
        "page_has_errors": True,
    }
    return render(request, "intake/not_saved.html", context, status=409)
