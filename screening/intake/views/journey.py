"""Where to go after a save: advice first, then what the answers open, then the check."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from screening.intake import known, presenters, session
from screening.intake.access import advice_is_due
from screening.intake.session import PatientRequest
from screening.intake.walk import Walk
from screening.rules.advice import Due
from screening.rules.definition import Page


def lock_of(request: PatientRequest, page: Page) -> int:
    return int(request.intake.page_locks.get(page.id, 0))


def needed(request: PatientRequest, walk: Walk) -> frozenset[str]:
    """What cannot be passed over. Of a form that staff fill in only what says who it is."""
    return known.IDENTIFYING if request.entering else known.must_be_answered(walk.questionnaire)


def may_skip(request: PatientRequest, *buttons: str) -> bool:
    """Whether blanks may stay: they were said to be blank once, or staff fill in what they were told."""
    return request.entering is not None or any(button in request.POST for button in buttons)


def seen_lock(request: PatientRequest) -> int:
    """The number of the save that the page showed. A page without one has seen nothing."""
    typed = request.POST.get("lock", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


def lock_shown(request: PatientRequest, page: Page) -> int:
    """The lock that a page carries. With a mistake it is shown again as old as it was, not as if reloaded."""
    return seen_lock(request) if request.method == "POST" else lock_of(request, page)


def after_save(
    request: PatientRequest, walk: Walk, page: Page, advice: Sequence[Due], *, again: bool = False
) -> HttpResponse:
    """The very next page. Advice comes before anything else, also advice of another tab not yet read."""
    if advice:
        session.remember_advice(request, list(dict.fromkeys(due.advice for due in advice)))
    if advice or advice_is_due(request):
        return see_other("intake-advice")
    if "later" in request.POST:
        return see_other("enter-form" if request.entering else "intake-link")
    if again:
        return to_page(page, then=_then(request))
    if _then(request) == "check":
        return go_on(walk, then="check")
    return go_on(walk, after=page)


def go_on(walk: Walk, *, after: Page | None = None, then: str = "") -> HttpResponse:
    """The next page that may be opened, or the check when there is none."""
    following = walk.next_after(after) if after else None
    if following is not None and walk.may_open(following):
        return to_page(following)
    if walk.first_unvisited is not None:
        return to_page(walk.first_unvisited, then=then)
    return see_other("intake-check")


def to_page(page: Page, *, then: str = "") -> HttpResponse:
    return see_other(presenters.page_address(page, then=then))


def see_other(where: str) -> HttpResponse:
    """303: the browser asks for the next page with GET, whatever it sent."""
    address = where if where.startswith("/") else reverse(where)
    response = redirect(address)
    response.status_code = 303
    return response


def _then(request: PatientRequest) -> str:
    return "check" if request.POST.get("then") == "check" else ""
