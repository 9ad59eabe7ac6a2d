"""Ask questions of a form that was sent: shown, read, written, and shown again when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.cases.services import local_date
from screening.intake import known, session
from screening.intake import presenters as words
from screening.intake import selectors as forms_of
from screening.intake.forms import QuestionForm
from screening.intake.presenters import AdviceBox
from screening.intake.services import NotAccepted, StaleAnswers
from screening.intake.session import PatientRequest
from screening.intake.views.journey import see_other, seen_lock
from screening.intake.views.refusals import conflict
from screening.intake.views.safety import heeded
from screening.intake.walk import Walk
from screening.review.models import InformationRequest
from screening.review.room import policies, services
from screening.review.services import Refused
from screening.rules.definition import Item, Page

Values = Mapping[str, Any]
Show = Callable[..., HttpResponse]
UNPROCESSABLE = 422


def amend(
    request: PatientRequest,
    show: Show,
    form: QuestionForm,
    *,
    items: Iterable[Item],
    said: str,
    afterwards: Callable[[Walk], str],
    answers: Values | None = None,
    reason: str = "",
    request_: InformationRequest | None = None,
    text: str = "",
) -> HttpResponse:
    """Write the change, then go where it leads: advice before anything else."""
    try:
        amended = services.amend(
            response=request.intake,
            answers=form.answers if answers is None else answers,
            uploads=form.uploads,
            seen=seen_lock(request),
            reason=reason,
            request=request_,
            text=text,
            by=request.actor,
            at=timezone.now(),
        )
    except StaleAnswers as stale:
        boxes = _heed(request, items, stale.typed)
        return conflict(request, items, stale, keep_href=reverse("patient-answers"), boxes=boxes)
    except NotAccepted:
        form.add_error(None, _("Choose a PDF, JPEG or PNG file of up to 20 MB"))
        return show(422)
    except Refused as no:
        return show(409, refused=no.reason)
    if amended.changed or text:
        messages.success(request, said)
    elif request_ is not None:
        messages.success(request, _("Thank you. You added nothing. A clinician reads what you said before."))
    if amended.advice:
        session.remember_advice(request, list(dict.fromkeys(due.advice for due in amended.advice)))
        return see_other("intake-advice")
    return see_other(afterwards(forms_of.walk_of(amended.response, local_date(timezone.now()))))


def _heed(request: PatientRequest, items: Iterable[Item], typed: Values) -> list[AdviceBox]:
    """Answers that could not be saved yet: what is urgent in them is raised, and its advice shown at once."""
    walk, at = walk_of(request), timezone.now()
    asked = {item.id for item in items if item.id in typed}
    return [
        box
        for page in walk.questionnaire.pages
        if asked.intersection(item.id for item in page.items)
        for box in heeded(request, walk, page, typed, at=at)
    ]


def walk_of(request: PatientRequest) -> Walk:
    return forms_of.walk_of(request.intake, local_date(timezone.now()))


def items_sent(request: PatientRequest, walk: Walk, items: Iterable[Item]) -> list[Item]:
    """The questions that are asked, given what was typed; a hidden one is neither asked nor answered."""
    items = list(items)
    if request.method != "POST":
        return [item for item in items if item.id not in walk.active.closed]
    # Without the files: they are read once, by the form that keeps them.
    loose = QuestionForm(items, stored=walk.answers, clinic="", skip=True, data=request.POST)
    loose.is_valid()
    closed = walk.with_answers(loose.answers).active.closed
    shown = set(request.POST.getlist("asked"))
    return [item for item in items if item.id not in closed and (not shown or item.id in shown)]


def question_form(
    request: PatientRequest, walk: Walk, items: list[Item], *, page: Page | None = None
) -> QuestionForm:
    def check(typed: Values) -> Any:
        return walk.journey.failed_checks({**walk.answers, **typed}, walk.as_of, page.id if page else None)

    posted = request.method == "POST"
    return QuestionForm(
        [item for item in items if page is None or item.type != "attachment"],
        stored=walk.answers,
        clinic=request.site.name,
        must=known.must_be_answered(walk.questionnaire),
        skip="skip" in request.POST,
        check=check,
        data=request.POST if posted else None,
        files=request.FILES if posted else None,
    )


def entry_form(request: PatientRequest, walk: Walk, group: Item, kept: Values) -> QuestionForm:
    posted = request.method == "POST"
    items = list(walk.journey.items_of_entry(group.id, kept, walk.as_of))
    if posted:
        shown = set(request.POST.getlist("asked"))
        items = [item for item in group.items if item.id in shown] or items

    def check(typed: Values) -> Any:
        return walk.journey.failed_entry_checks(group.id, {**kept, **typed}, walk.as_of)

    return QuestionForm(
        items,
        stored=kept,
        clinic=request.site.name,
        skip="skip" in request.POST,
        check=check,
        data=request.POST if posted else None,
    )


def shower(request: PatientRequest, template: str, walk: Walk, form: QuestionForm, **context: Any) -> Show:
    """How a page of questions is shown, at first and again with what is wrong."""
    refused = policies.may_amend(request.intake.case).reason

    def show(status: int = 200, refused: str = refused) -> HttpResponse:
        rows = [
            {
                "row": row,
                "entries": words.entry_rows(walk, row.item) if row.item.type == "group" else [],
                "page": walk.questionnaire.page_of(row.item.id) if row.item.type == "group" else None,
                "documents": forms_of.documents_of(request.intake, row.item.id)
                if row.item.type == "attachment"
                else [],
            }
            for row in form.rows
        ]
        shown = {
            "site": request.site,
            "form": form,
            "boxes": _heed(request, form.items, form.answers) if status == UNPROCESSABLE else [],
            "rows": rows,
            "lock": seen_lock(request) if request.method == "POST" else request.intake.revision,
            "refused": refused,
            **context,
        }
        return render(request, template, shown, status=status)

    return show
