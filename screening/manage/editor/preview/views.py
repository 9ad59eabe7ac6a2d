"""HTTP of the preview: the pages of a draft as a patient sees them. Nothing typed here is kept."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import permission_required
from accounts.permissions import Permission
from screening.cases.selectors import opening_of
from screening.cases.services import local_date
from screening.intake import known, presenters
from screening.intake.advice_form import ReadAdviceForm
from screening.intake.forms import QuestionForm
from screening.intake.walk import Walk
from screening.intake.wording import filled
from screening.manage.editor.preview import answers as made_up
from screening.manage.editor.views import draft_or_refuse
from screening.questionnaires.mistakes import MISTAKES, sentence
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.selectors import journey_of
from screening.rules.definition import Page
from screening.rules.journey import Journey

LONGEST_HELD = 100_000
BLANK, FILLED, WRONG, ADVICE, CLOSED = "blank", "filled", "wrong", "advice", "closed"
STATES = (
    (BLANK, _("Before anything is answered")),
    (FILLED, _("With answers")),
    (WRONG, _("When something is missing")),
    (ADVICE, _("The advice after an urgent answer")),
    (CLOSED, _("When it is not asked: what comes instead")),
)


@require_GET
@permission_required(Permission.DRAFT_DEFINITION)
@csp_update({"frame-src": [SELF]})
def preview(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """A page in a state, as on a telephone and as on a desk, beside each other."""
    version = draft_or_refuse(request, kind, code, number)
    journey, problem = _journey(version)
    pages = journey.questionnaire.pages if journey else ()
    context = {
        "version": version,
        "problem": problem,
        "pages": pages,
        "states": STATES,
        "page": request.GET.get("page") or (pages[0].id if pages else ""),
        "state": request.GET.get("state") or BLANK,
    }
    return render(request, "manage/editor/preview.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def screen(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """What stands in a frame of the preview. Its answers travel in its own form and nowhere else."""
    version = draft_or_refuse(request, kind, code, number)
    journey, _problem = _journey(version)
    if journey is None:
        raise Http404
    told = Screen(request, journey, at=timezone.now())
    try:
        if request.method == "POST":
            return told.answered(request.POST)
        first = journey.questionnaire.pages[0].id
        page = journey.questionnaire.page(request.GET.get("page") or first)
        return told.in_state(page, request.GET.get("state", BLANK))
    except KeyError as error:
        raise Http404 from error


def _journey(version: DefinitionVersion) -> tuple[Journey | None, str]:
    try:
        return journey_of(version), ""
    except MISTAKES as error:
        return None, sentence(error)


@dataclasses.dataclass
class Screen:
    """One screen of the preview, made by what makes the pages of patients."""

    request: HttpRequest
    journey: Journey
    at: dt.datetime

    @property
    def as_of(self) -> dt.date:
        return local_date(self.at)

    def in_state(self, page: Page, state: str) -> HttpResponse:
        opened = made_up.leading_to(self.journey, page, asked=True, as_of=self.as_of)
        given = opened or {}
        note = "" if opened is not None else _("No answers that were tried lead to this page.")
        if state == FILLED:
            return self.page(page, {**given, **made_up.filled_in(page)}, note=note)
        if state == WRONG:
            return self.page(page, given, data={}, note=note)
        if state == ADVICE:
            keys = [key for item in page.items for key in item.advice.values()]
            if keys:
                return self.advice(keys, {**given, known.NATION: "england"}, page)
            note = _("No answer on this page leads to advice.")
        if state == CLOSED:
            shut = made_up.leading_to(self.journey, page, asked=False, as_of=self.as_of)
            following = None if shut is None else self._after(page, shut)
            if shut is not None and following is not None:
                note = _("“%(title)s” is not asked. This page comes instead.") % {"title": page.title}
                return self.page(following, shut, note=note)
            note = _("This page is always asked.")
        return self.page(page, given, note=note)

    def answered(self, posted: Mapping[str, Any]) -> HttpResponse:
        """Save and continue, without a save."""
        held = _held(posted.get("held", ""))
        page = self.journey.questionnaire.page(posted.get("page", ""))
        if "read" in posted or "phone" in posted:
            form = ReadAdviceForm(posted)
            if not form.is_valid():
                keys = [due.advice for due in self.journey.advice_for(page, held)]
                return self.advice(keys, held, page, form=form)
            return self.following(page, held)
        form = self._form(self._walk(held), page, posted)
        if not form.is_valid():
            return self.page(page, held, data=posted)
        answers = {**held, **form.answers}
        due = self.journey.advice_for(page, answers)
        if due:
            return self.advice([each.advice for each in due], answers, page)
        return self.following(page, answers)

    def following(self, page: Page, answers: Mapping[str, Any]) -> HttpResponse:
        walk = self._walk(answers)
        if walk.stop is not None and walk.is_open(page):
            context = {"page": walk.stop, "form": self._form(walk, page), "lock": None}
            return self._render("ending", context, answers, page)
        after = self._after(page, answers)
        if after is None:
            return self._render("end", {}, answers, page)
        return self.page(after, answers)

    def page(
        self, page: Page, answers: Mapping[str, Any], *, data: Mapping[str, Any] | None = None, note: Any = ""
    ) -> HttpResponse:
        walk = self._walk(answers)
        form = self._form(walk, page, data)
        rows = [{"row": row, "entries": [], "documents": []} for row in form.rows]
        clinic = self.request.site.name
        context = {
            "page": page,
            "form": form,
            "rows": rows,
            "progress": presenters.Progress.of(walk, page) if walk.is_open(page) else None,
            "saved_at": self.at,
            "text": filled(page.text or "", clinic=clinic),
            "sources": presenters.shown_sources(form.items),
            "note": note,
        }
        return self._render("page", context, answers, page)

    def advice(
        self, keys: list[str], answers: Mapping[str, Any], page: Page, form: ReadAdviceForm | None = None
    ) -> HttpResponse:
        opening = opening_of(self.request.site)
        nation = str(answers.get(known.NATION) or "england")
        own = self.request.site.helplines
        boxes = presenters.advice_boxes(self.journey.questionnaire, keys, nation=nation, own=own)
        context = {
            "boxes": boxes,
            "form": form or ReadAdviceForm(),
            "readers": presenters.Readers.of(opening, at=self.at),
            "urgent": any(box.tier for box in boxes),
            "ring_by": opening.days_after(self.at, self.request.site.tier_3_days),
            "phone_known": False,
        }
        return self._render("advice", context, answers, page)

    def _render(
        self, name: str, context: Mapping[str, Any], answers: Mapping[str, Any], page: Page
    ) -> HttpResponse:
        held = {"site": self.request.site, "held": json.dumps(dict(answers)), "held_page": page.id}
        return render(self.request, f"manage/editor/screens/{name}.html", {**held, **context})

    def _walk(self, answers: Mapping[str, Any]) -> Walk:
        visited = frozenset(page.id for page in self.journey.questionnaire.pages)
        return Walk(self.journey, answers, visited, self.as_of)

    def _after(self, page: Page, answers: Mapping[str, Any]) -> Page | None:
        return self.journey.next_page(answers, page.id, self.as_of)

    def _form(self, walk: Walk, page: Page, data: Mapping[str, Any] | None = None) -> QuestionForm:
        def check(typed: Mapping[str, Any]) -> Any:
            return self.journey.failed_checks({**walk.answers, **typed}, self.as_of, page.id)

        return QuestionForm(
            walk.items_of(page) or page.items,
            stored=walk.answers,
            clinic=self.request.site.name,
            must=known.must_be_answered(walk.questionnaire),
            skip=data is not None and ("skip" in data or "later" in data),
            check=check,
            heading=not page.text,
            data=data,
        )


def _held(text: str) -> dict[str, Any]:
    """The answers so far, as the frame's own form brought them back."""
    if len(text) > LONGEST_HELD:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
