"""Answers after the form was sent: see them, correct them, and answer what a clinician asks back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from screening.intake.session import PatientRequest
from screening.intake.views.journey import see_other, seen_lock
from screening.intake.views.pages import not_asked, page_or_404
from screening.intake.walk import Walk
from screening.intake.wording import entry_in_words, filled
from screening.review.room import policies, presenters, selectors
from screening.review.room.access import sent_required
from screening.review.room.forms import AnswerForm, ReasonForm
from screening.review.room.views.asking import amend, entry_form, items_sent, question_form, shower, walk_of

Values = Mapping[str, Any]
both = require_http_methods(["GET", "POST"])


@sent_required
@require_GET
def answers(request: PatientRequest) -> HttpResponse:
    """Everything that was said, and beside it what was said first."""
    walk = walk_of(request)
    changed = selectors.amendments_of(request.intake.case)
    called = selectors.objections_of(request.intake.case)
    may = policies.may_amend(request.intake.case)
    context = {
        "site": request.site,
        "steps": presenters.answer_steps(walk, changed, called, clinic=request.site.name, correct=bool(may)),
        "refused": may.reason,
    }
    return render(request, "review/room/answers.html", context)


@sent_required
@both
def correct(request: PatientRequest, page_id: str) -> HttpResponse:
    """One page of the form again. What was said first is kept; the new answers are judged."""
    walk = walk_of(request)
    page = page_or_404(walk, page_id)
    if not selectors.may_be_corrected(page):
        raise Http404
    if not walk.is_open(page):
        if request.method == "POST":
            return not_asked(request, walk, page, leads_to="patient-answers")
        raise Http404
    form = question_form(request, walk, items_sent(request, walk, page.items), page=page)
    reason = ReasonForm(request.POST if request.method == "POST" else None)
    show = shower(request, "review/room/correct.html", walk, form, page=page, reason=reason)
    if request.method != "POST":
        return show()
    valid = form.is_valid()
    if not reason.is_valid() or not valid:
        return show(422)
    if walk.with_answers(form.answers).stop is not None:
        form.add_error(None, _("We cannot change this here. Please call us."))
        return show(422)

    def afterwards(after: Walk) -> str:
        shown = {item.id for item in form.items}
        if any(item.id not in shown for item in after.items_of(page)):
            return reverse("patient-correct", args=[page.id])
        if after.first_unvisited is not None:
            messages.info(request, _("Because you changed that, there is one more page."))
            return reverse("patient-correct", args=[after.first_unvisited.id])
        return reverse("patient-answers")

    return amend(
        request,
        show,
        form,
        items=form.items,
        reason=reason.cleaned_data["reason"],
        said=_("Your answers are corrected. A clinician will see it."),
        afterwards=afterwards,
    )


@sent_required
@both
def entry(request: PatientRequest, page_id: str, number: int | None = None) -> HttpResponse:
    """One entry of a list again, or a new one. Without `number` one is added."""
    walk = walk_of(request)
    page = page_or_404(walk, page_id)
    group = next((item for item in walk.items_of(page) if item.type == "group"), None)
    if group is None:
        raise Http404
    entries = [dict(each) for each in walk.answers.get(group.id) or []]
    if number is not None and not 1 <= number <= len(entries):
        raise Http404
    kept = entries[number - 1] if number is not None else {}
    form = entry_form(request, walk, group, kept)
    reason = ReasonForm(request.POST if request.method == "POST" else None)
    show = shower(
        request,
        "review/room/entry.html",
        walk,
        form,
        page=page,
        reason=reason,
        title=entry_in_words(group, kept) if kept else filled(group.text, clinic=request.site.name),
        back=reverse("patient-correct", args=[page.id]),
    )
    if request.method != "POST":
        return show()
    valid = form.is_valid()
    if not reason.is_valid() or not valid:
        return show(422)
    changed = {key: value for key, value in {**kept, **form.answers}.items() if value is not None}
    place = len(entries) if number is None else number - 1
    pressed_twice = number is None and changed in entries and seen_lock(request) != request.intake.revision
    if pressed_twice:
        place = entries.index(changed)
    entries[place : place + 1] = [changed]

    def afterwards(after: Walk) -> str:
        shown = {item.id for item in form.items}
        further = {item.id for item in after.journey.items_of_entry(group.id, changed, after.as_of)} - shown
        if further:
            return reverse("patient-entry", args=[page.id, place + 1])
        return reverse("patient-correct", args=[page.id])

    if pressed_twice:
        return see_other(afterwards(walk))
    return amend(
        request,
        show,
        form,
        answers={group.id: entries},
        items=[group],
        reason=reason.cleaned_data["reason"],
        said=_("Your answers are corrected. A clinician will see it."),
        afterwards=afterwards,
    )


@sent_required
@both
def questions(request: PatientRequest, number: int) -> HttpResponse:
    """What a clinician asks back: those questions and no others, with what was said before."""
    asked = selectors.request_of(request.intake.case, number)
    if asked is None:
        raise Http404
    walk = walk_of(request)
    items = selectors.asked_items(walk, asked.items)
    files = selectors.asked_file(walk, asked.items)
    form = question_form(request, walk, [*items_sent(request, walk, items), *files])
    text = AnswerForm(request.POST if request.method == "POST" else None, needed=not (items or files))
    show = shower(request, "review/room/questions.html", walk, form, asked=asked, text=text, number=number)
    if request.method != "POST":
        return show()
    valid = form.is_valid()
    if not text.is_valid() or not valid:
        return show(422)
    return amend(
        request,
        show,
        form,
        items=form.items,
        request_=asked,
        text=text.cleaned_data["text"],
        said=_("Thank you. We have your answers. A clinician will read them."),
        afterwards=lambda after: reverse("patient-room"),
    )
