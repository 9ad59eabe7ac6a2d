"""Treatments and the like: one entry at a time, each saved as soon as it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.cases.services import local_date
from screening.intake import presenters, selectors, services
from screening.intake.access import draft_required
from screening.intake.forms import QuestionForm
from screening.intake.session import PatientRequest
from screening.intake.views.journey import (
    after_save,
    go_on,
    lock_of,
    lock_shown,
    may_skip,
    see_other,
    seen_lock,
    to_page,
)
from screening.intake.views.pages import page_or_404
from screening.intake.views.refusals import conflict, not_saved
from screening.intake.walk import Walk, entry_parts
from screening.intake.wording import entry_in_words, entry_title
from screening.rules.canonical import sha256_of
from screening.rules.definition import Item, Page

Entry = Mapping[str, Any]


@draft_required
@require_http_methods(["GET", "POST"])
def add(request: PatientRequest, page_id: str) -> HttpResponse:
    walk, page, group = _group(request, page_id)
    if request.method != "POST":  # what somebody sends is saved, whatever another window opened or closed
        if not walk.may_open(page):
            return go_on(walk)
        if _is_full(walk, group):
            return to_page(page)
    return _edit(request, walk, page, group, place=None, entry={}, lock=seen_lock(request))


@draft_required
@require_http_methods(["GET", "POST"])
def change(request: PatientRequest, page_id: str, number: int) -> HttpResponse:
    walk, page, group = _group(request, page_id)
    entries = _entries(walk, group)
    place, lock = number - 1, seen_lock(request)
    if request.method == "POST":
        place, lock = _meant(request, page, entries, place)
    if not 0 <= place < len(entries):
        if request.method != "POST":
            raise Http404
        return _edit(request, walk, page, group, place=place, entry={}, lock=lock)
    return _edit(request, walk, page, group, place=place, entry=entries[place], lock=lock)


@draft_required
@require_http_methods(["GET", "POST"])
def remove(request: PatientRequest, page_id: str, number: int) -> HttpResponse:
    walk, page, group = _group(request, page_id)
    entries, changed = _entries(walk, group), False
    if not 1 <= number <= len(entries):
        return to_page(page)  # removed already, perhaps by the same press
    if request.method == "POST":
        try:
            services.remove_entry(
                response=request.intake,
                page_id=page.id,
                item_id=group.id,
                place=number - 1,
                seen_lock=seen_lock(request),
                by=request.actor,
                at=timezone.now(),
            )
        except services.StalePage:
            changed = True  # ask again, about what stands at this place now
        except services.NoSuchEntry:
            return to_page(page)
        except services.Closed:
            return see_other("intake-sent")
        else:
            return to_page(page)
    context = {
        "site": request.site,
        "page": page,
        "words": entry_in_words(group, entries[number - 1]),
        "back": presenters.page_address(page),
        "lock": lock_of(request, page),
        "changed": changed,
    }
    return render(request, "intake/remove_entry.html", context, status=409 if changed else 200)


def _edit(
    request: PatientRequest,
    walk: Walk,
    page: Page,
    group: Item,
    *,
    place: int | None,
    entry: Entry,
    lock: int,
) -> HttpResponse:
    parts = _open_parts(walk, group, entry)
    number = _part(request, parts)
    form = _form(request, walk, group, parts[number], entry)
    if request.method == "POST" and place is None and _is_full(walk, group):
        form.add_error(None, _("This list is full. Remove something first, then add this."))
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return _show(
            request,
            walk,
            page,
            group,
            form,
            place=place,
            part=number,
            parts=parts,
            entry=entry,
            status=status,
        )
    try:
        saved = services.save_entry(
            response=request.intake,
            page_id=page.id,
            item_id=group.id,
            place=place,
            entry={**entry, **form.answers},
            seen_lock=lock,
            by=request.actor,
            at=timezone.now(),
        )
    except services.StalePage as stale:
        fresh = selectors.walk_of(selectors.form_of(request.intake), walk.as_of)
        return _conflict(request, fresh, page, group, stale, place=place)
    except services.Closed:
        return not_saved(request, group.items, form.answers, sent=True)
    after = selectors.walk_of(saved.response, walk.as_of)
    entries = _entries(after, group)
    place = len(entries) - 1 if place is None else place
    # A part that the new answers opened comes next; the list again when there is none.
    further = [
        index
        for index, items in enumerate(_open_parts(after, group, entries[place]))
        if items and index > number
    ]
    if saved.advice or "later" in request.POST or not further:
        return after_save(request, after, page, saved.advice, again=True)
    return see_other(f"{_address(page, place)}?part={further[0] + 1}")


def _seen(entries: list[dict[str, Any]], place: int | None) -> str:
    """How many entries there were when a page showed one of them, and which it was."""
    return "" if place is None or place >= len(entries) else f"{len(entries)}-{sha256_of(entries[place])}"


def _meant(request: PatientRequest, page: Page, entries: list[dict[str, Any]], place: int) -> tuple[int, int]:
    """Where the entry that the page showed stands now, past the end when it is gone, and the lock to save by.

    When one before it was removed in another window, its number is that of its neighbour by now.
    """
    many, _dash, mark = request.POST.get("seen", "").partition("-")
    places = [where for where, entry in enumerate(entries) if sha256_of(entry) == mark]
    if places:  # unchanged, so nothing is overwritten unseen
        return (place if place in places else places[0]), lock_of(request, page)
    gone = many.isascii() and many.isdigit() and len(many) < 4 and len(entries) < int(many)
    return (len(entries) if gone else place), seen_lock(request)


def _is_full(walk: Walk, group: Item) -> bool:
    return bool(group.max_entries) and len(_entries(walk, group)) >= (group.max_entries or 0)


def _open_parts(walk: Walk, group: Item, entry: Entry) -> list[list[Item]]:
    """The parts of an entry, each with the questions that are asked of this one."""
    asked = {item.id for item in walk.journey.items_of_entry(group.id, entry, walk.as_of)}
    return [[item for item in part if item.id in asked] for part in entry_parts(group)]


def _part(request: PatientRequest, parts: list[list[Item]]) -> int:
    """Which part the address names, counted from 0; the first one that asks something by default."""
    typed = request.GET.get("part", "1")
    number = int(typed) - 1 if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    return number if 0 <= number < len(parts) and parts[number] else 0


def _form(request: PatientRequest, walk: Walk, group: Item, items: list[Item], entry: Entry) -> QuestionForm:
    def check(answers: Entry) -> Any:
        return walk.journey.failed_entry_checks(group.id, {**entry, **answers}, walk.as_of)

    return QuestionForm(
        items,
        stored=entry,
        clinic=request.site.name,
        skip=may_skip(request, "skip", "later"),
        check=check,
        heading=True,
        data=request.POST if request.method == "POST" else None,
    )


def _show(
    request: PatientRequest,
    walk: Walk,
    page: Page,
    group: Item,
    form: QuestionForm,
    *,
    place: int | None,
    part: int,
    parts: list[list[Item]],
    entry: Entry,
    status: int,
) -> HttpResponse:
    before = [index for index in range(part) if parts[index]]
    back = f"{_address(page, place)}?part={before[-1] + 1}" if before and place is not None else ""
    context = {
        "site": request.site,
        "page": page,
        "group": group,
        "form": form,
        "new": place is None,
        "words": entry_title(group, entry) if place is not None else "",
        "progress": presenters.Progress.of(walk, page),
        "back": back or presenters.page_address(page),
        "lock": lock_shown(request, page),
        "seen": request.POST.get("seen") or _seen(_entries(walk, group), place),
    }
    return render(request, "intake/entry.html", context, status=status)


def _conflict(
    request: PatientRequest,
    walk: Walk,
    page: Page,
    group: Item,
    stale: services.StalePage,
    *,
    place: int | None,
) -> HttpResponse:
    gone = place is not None and place >= len(_entries(walk, group))
    return conflict(
        request,
        group.items,
        stale,
        keep_href=presenters.page_address(page),
        # What was removed elsewhere cannot be changed any more, but it can be added again.
        action=reverse("intake-entry-add", args=[page.id]) if gone else "",
        gone=gone,
    )


def _address(page: Page, place: int | None) -> str:
    if place is None:
        return reverse("intake-entry-add", args=[page.id])
    return reverse("intake-entry", args=[page.id, place + 1])


def _group(request: PatientRequest, page_id: str) -> tuple[Walk, Page, Item]:
    walk = selectors.walk_of(request.intake, local_date(timezone.now()))
    page = page_or_404(walk, page_id)
    group = next((item for item in page.items if item.type == "group"), None)
    if group is None:
        raise Http404
    return walk, page, group


def _entries(walk: Walk, group: Item) -> list[dict[str, Any]]:
    return walk.answers.get(group.id) or []
