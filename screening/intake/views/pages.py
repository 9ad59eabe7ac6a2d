"""The pages of the questionnaire: show one, save it, go where the answers lead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.cases.responses import answers_of
from screening.cases.services import local_date
from screening.intake import known, presenters, selectors, services
from screening.intake.access import draft_required, patient_required
from screening.intake.forms import QuestionForm
from screening.intake.presenters import AdviceBox
from screening.intake.session import PatientRequest
from screening.intake.views.journey import (
    after_save,
    go_on,
    lock_shown,
    may_skip,
    needed,
    see_other,
    seen_lock,
)
from screening.intake.views.refusals import conflict, not_saved
from screening.intake.views.safety import heeded
from screening.intake.walk import Walk
from screening.intake.wording import answer_in_words, filled
from screening.rules.answers import is_blank
from screening.rules.definition import Item, Page


@draft_required
@require_GET
def sections(request: PatientRequest) -> HttpResponse:
    """The list of sections: where somebody lands who comes back."""
    walk = selectors.walk_of(request.intake, local_date(timezone.now()))
    context = {
        "site": request.site,
        "sections": presenters.section_list(walk),
        "next": walk.first_unvisited,
        "begun": len(walk.visited) > 1,
        "saved_at": request.intake.last_activity_at,
    }
    return render(request, "intake/sections.html", context)


@patient_required
@require_http_methods(["GET", "POST"])
def page(request: PatientRequest, page_id: str) -> HttpResponse:
    if request.method == "POST" and request.intake.submitted_at is not None:
        return _too_late(request, page_id)
    return _draft_page(request, page_id)


def _too_late(request: PatientRequest, page_id: str) -> HttpResponse:
    """Sent from a tab that was left open: it changes nothing, but a warning sign is heeded."""
    at = timezone.now()
    walk = selectors.walk_of(request.intake, local_date(at))
    page = page_or_404(walk, page_id)
    typed = _typed(request, walk, page)
    if heeded(request, walk, page, typed, at=at):
        return see_other("intake-advice")
    return not_saved(request, page.items, typed, sent=True)


@draft_required
def _draft_page(request: PatientRequest, page_id: str) -> HttpResponse:
    walk = selectors.walk_of(request.intake, local_date(timezone.now()))
    page = page_or_404(walk, page_id)
    if request.method == "POST":
        return _save(request, walk, page) if walk.is_open(page) else not_asked(request, walk, page)
    if not walk.may_open(page):
        return go_on(walk)
    return _show(request, walk, page, _form(request, walk, page))


def _save(request: PatientRequest, walk: Walk, page: Page) -> HttpResponse:
    at = timezone.now()
    form = _form(request, walk, page, data=request.POST, files=request.FILES)
    if not form.is_valid():
        boxes = heeded(request, walk, page, form.answers, at=at)
        status = 413 if form.has_too_large_file else 422
        return _show(request, walk, page, form, status=status, boxes=boxes)
    changed = walk.with_answers(form.answers)
    if changed.stop is not None:
        context = {
            "site": request.site,
            "page": changed.stop,
            "form": form.without_heading(),
            "lock": lock_shown(request, page),
        }
        return render(request, "intake/ending.html", context)
    try:
        saved = services.save_page(
            response=request.intake,
            page_id=page.id,
            answers=form.answers,
            seen_lock=seen_lock(request),
            uploads=form.uploads,
            by=request.actor,
            at=at,
        )
    except services.StalePage as stale:
        boxes = heeded(request, walk, page, stale.typed, at=at)
        keep_href = presenters.page_address(page)
        return conflict(request, page.items, stale, keep_href=keep_href, boxes=boxes)
    except services.Closed:
        boxes = heeded(request, walk, page, form.answers, at=at)
        return not_saved(request, page.items, form.answers, sent=True, boxes=boxes)
    after = selectors.walk_of(saved.response, walk.as_of)
    shown = {item.id for item in form.items}
    revealed = [item for item in after.items_of(page) if item.id not in shown]
    stays = bool({"more", "drop"} & set(request.POST))
    again = bool(form.uploads and "upload" in request.POST) or bool(revealed) or stays
    return after_save(request, after, page, saved.advice, again=again)


def not_asked(
    request: PatientRequest, walk: Walk, page: Page, *, leads_to: str = "intake-form"
) -> HttpResponse:
    """Another answer, given elsewhere, closed this page while somebody filled it in."""
    typed = _typed(request, walk, page)
    if all(is_blank(value) for value in typed.values()):
        return redirect(leads_to)
    boxes = heeded(request, walk, page, typed, at=timezone.now())
    return not_saved(request, page.items, typed, sent=False, boxes=boxes, leads_to=leads_to)


def _typed(request: PatientRequest, walk: Walk, page: Page) -> dict[str, Any]:
    """What was typed on a page, whether or not its questions are asked any more."""
    form = QuestionForm(page.items, stored=walk.answers, clinic="", skip=True, data=request.POST)
    form.is_valid()
    return form.answers


def _form(
    request: PatientRequest, walk: Walk, page: Page, data: Any = None, files: Any = None
) -> QuestionForm:
    items = walk.items_of(page) if data is None else _items_answered(request, walk, page)

    def check(answers: Any) -> Any:
        document = {**walk.answers, **answers}
        return walk.journey.failed_checks(document, walk.as_of, page.id)

    return QuestionForm(
        items,
        stored={**known.facts_of(request.intake.patient), **walk.answers}
        if request.entering
        else walk.answers,
        clinic=request.site.name,
        must=needed(request, walk),
        skip=may_skip(request, "skip", "later", "drop"),
        check=check,
        heading=not page.text,
        own=request.entering is None,
        data=data,
        files=files,
    )


def _items_answered(request: PatientRequest, walk: Walk, page: Page) -> list[Item]:
    """The questions of this page that the sent answers are for.

    A question whose condition reads another one of the same page may open or close with what was
    typed. What was not shown is not read, so that a hidden question can neither be asked for an
    answer nor be given one.
    """
    if not any(item.show_when for item in page.items):
        return walk.items_of(page)
    loose = QuestionForm(
        page.items, stored=walk.answers, clinic="", skip=True, data=request.POST, files=request.FILES
    )
    loose.is_valid()
    asked = walk.with_answers(loose.answers).items_of(page)
    shown = set(request.POST.getlist("asked"))
    return [item for item in asked if item.id in shown] if shown else asked


def _show(
    request: PatientRequest,
    walk: Walk,
    page: Page,
    form: QuestionForm,
    status: int = 200,
    boxes: Sequence[AdviceBox] = (),
) -> HttpResponse:
    back = walk.previous_to(page)
    before = form.say_before(_said_before(request, page))
    context = {
        "site": request.site,
        "page": page,
        "boxes": boxes,
        "form": form,
        "rows": [
            {
                "row": row,
                "before": before.get(row.item.id, ""),
                "entries": presenters.entry_rows(walk, row.item) if row.item.type == "group" else [],
                "documents": selectors.documents_of(request.intake, row.item.id)
                if row.item.type == "attachment"
                else [],
            }
            for row in form.rows
        ],
        "progress": presenters.Progress.of(walk, page),
        "back": presenters.page_address(back) if back else "",
        "lock": lock_shown(request, page),
        "then": "check" if request.GET.get("then") == "check" else "",
        "saved_at": request.intake.last_activity_at,
        "text": filled(page.text or "", clinic=request.site.name),
        "sources": presenters.shown_sources(form.items),
        "written_in": walk.questionnaire.language,
    }
    return render(request, "intake/page.html", context, status=status)


def _said_before(request: PatientRequest, page: Page) -> dict[str, str]:
    """Of a later form: what this person said when they were last asked, to read beside, never filled in."""
    earlier = services.earlier_form(request.intake) if request.intake.occasion else None
    if earlier is None:
        return {}
    answers = answers_of(earlier)
    found = {item.id: answer_in_words(item, answers.get(item.id)) for item in page.items}
    return {item: words for item, words in found.items() if words}


@draft_required
@require_POST
def remove_file(request: PatientRequest, document_id: UUID) -> HttpResponse:
    document = selectors.document_of(request.intake, document_id)
    if document is None:
        raise Http404
    walk = selectors.walk_of(request.intake, local_date(timezone.now()))
    try:
        services.remove_document(
            response=request.intake, document=document, by=request.actor, at=timezone.now()
        )
    except services.Closed:
        return redirect("intake-sent")
    return redirect("intake-page", walk.questionnaire.page_of(document.item).id)


def page_or_404(walk: Walk, page_id: str) -> Page:
    try:
        return walk.page(page_id)
    except KeyError as error:
        raise Http404 from error
