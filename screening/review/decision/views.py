"""HTTP of deciding: the first decision, the second review, the third."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import permission_required
from accounts.permissions import Permission
from accounts.signing import has_app, has_passkey, passkey_options, prove_again, prove_by_passkey
from audit.events import Event
from screening.cases.models import Case, Decision
from screening.cases.workflow import State
from screening.questionnaires.selectors import NothingPublished
from screening.review.case_page import CasePage, case_page
from screening.review.case_views import carried_out, opened, whole_or_404
from screening.review.decision import forms, policies, review_forms, services
from screening.review.decision.signing import Sign, SignedForm
from screening.review.forms import OUTCOMES
from screening.review.letters import selectors as letters
from screening.review.letters.policies import may_write_to_gp
from screening.review.letters.selectors import Draft
from screening.rules.letters import Choice

RETURN = services.Says.RETURN


@dataclasses.dataclass(frozen=True)
class Desk:
    """What every page of deciding shows: the case, what the rules said, what was decided so far."""

    case: Case
    page: CasePage
    decisions: list[Decision]
    reasons: Sequence[Choice]
    other_help: Sequence[Choice]
    no_letters: bool

    @classmethod
    def of(cls, request: HttpRequest, reference: str) -> Desk:
        case = whole_or_404(request, reference)
        page = case_page(case, membership=request.membership, at=timezone.now())
        opened(request, case, Event.CASE_ACTION_OPENED)
        reasons: Sequence[Choice] = []
        other_help: Sequence[Choice] = []
        no_letters = False
        if page.assessment is not None:
            try:
                reasons, other_help = letters.reasons_of(case), letters.help_of(case)
            except NothingPublished:
                no_letters = True
        return cls(case, page, policies.round_of(case), reasons, other_help, no_letters)

    def cautions(self) -> list[tuple[str, str]]:
        return [(caution.code, caution.sentence) for caution in self.page.judged.cautions]

    def conflict(self, url_name: str) -> str:
        if self.no_letters:
            return _(
                "This clinic has no published letters. Ask a questionnaire manager to publish them first."
            )
        return self.page.refusal(url_name)

    def draft(self, request: HttpRequest) -> Callable[[State], Draft]:
        def drafted(outcome: State) -> Draft:
            ticked = letters.drafted_from(self.decisions, outcome)
            return letters.drafted(self.case, outcome, ticked, at=timezone.now())

        return drafted


def signing(request: HttpRequest, case: Case) -> Sign | None:
    """Where the site asks for the second step again: what looks at it."""
    if not case.site.sign_with_code:
        return None
    return Sign(
        prove=lambda code: prove_again(request, code, at=timezone.now()),
        prove_by_passkey=lambda answer: prove_by_passkey(request, answer, at=timezone.now()),
        with_app=has_app(request.user.pk),
        with_passkey=has_passkey(request.user.pk),
    )


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DECIDE_CASE)
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """The outcome first, then what it asks to consider. Another outcome is chosen on the same page."""
    desk = Desk.of(request, reference)
    posted = request.POST if request.method == "POST" else None
    chosen = (posted or request.GET).get("outcome")
    if chosen not in dict(OUTCOMES):
        pressed = posted if posted is not None else request.GET if "asked" in request.GET else None
        asked = forms.OutcomeForm(pressed)
        context = _context(request, desk, asked, desk.conflict("case-decide"))
        return render(request, "review/decision/outcome.html", context, status=422 if asked.is_bound else 200)
    form = forms.DecisionForm(
        posted,
        outcome=State(chosen),
        cautions=desk.page.high_cautions(),
        found=[code for code, _sentence in desk.cautions()],
        reasons=desk.reasons,
        other_help=desk.other_help,
        to_gp=bool(may_write_to_gp(desk.case)),
        sign=signing(request, desk.case),
        initial={"seen": desk.case.lock},
    )
    if posted is not None and form.is_of_another_page():
        form.typed_again(shown=chosen)
        form.without_errors()
        context = {**_context(request, desk, form, ""), "asks_anew": True}
        return render(request, "review/decision/decide.html", context)
    said = _("Your decision is recorded. A second clinician will look at it.")
    return _fill_in(request, desk, form, services.decide, "review/decision/decide.html", said)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.REVIEW_SECOND)
def second(request: HttpRequest, reference: str) -> HttpResponse:
    desk = Desk.of(request, reference)
    first = State(desk.decisions[0].outcome) if desk.decisions else None
    choices = [
        (services.Says.AGREE, _("Yes, I agree")),
        (services.Says.DISAGREE, _("No, I decide otherwise. A third clinician decides between us")),
        (RETURN, _("Not yet. Send it back for a new first decision")),
    ]
    form = review_forms.SecondReviewForm(
        request.POST if request.method == "POST" else None,
        label=_("Do you agree with the decision?"),
        choices=choices,
        others=[(code, text) for code, text in OUTCOMES if code != first],
        closes={services.Says.AGREE: first} if first and not desk.no_letters else {},
        **_about_letters(request, desk),
    )
    said = _("The second review is recorded.")
    return _fill_in(request, desk, form, services.review_second, "review/decision/review.html", said)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.REVIEW_SECOND)
def third(request: HttpRequest, reference: str) -> HttpResponse:
    desk = Desk.of(request, reference)
    texts = dict(OUTCOMES)
    sides = {each.outcome: each.clinician.name for each in desk.decisions if each.outcome}
    choices = [
        (outcome, _("%(outcome)s, as %(name)s decided") % {"outcome": texts[outcome], "name": name})
        for outcome, name in sides.items()
    ]
    form = review_forms.ThirdReviewForm(
        request.POST if request.method == "POST" else None,
        label=_("Two clinicians do not agree. What do you decide?"),
        choices=[*choices, (RETURN, _("Neither yet. Send it back for a new first decision"))],
        closes={} if desk.no_letters else {outcome: State(outcome) for outcome in sides},
        **_about_letters(request, desk),
    )
    said = _("The third review is recorded.")
    return _fill_in(request, desk, form, services.settle, "review/decision/review.html", said)


def _about_letters(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    return {
        "draft": desk.draft(request),
        "to_gp": bool(may_write_to_gp(desk.case)),
        "sign": signing(request, desk.case),
        "initial": {"seen": desk.case.lock},
    }


def _fill_in(
    request: HttpRequest,
    desk: Desk,
    form: SignedForm,
    service: Callable[..., Any],
    template: str,
    said: str,
) -> HttpResponse:
    """Show the form, show the letters that would go, or do it. What was typed is never lost."""
    status, conflict = 422 if form.is_bound else 200, desk.conflict(str(request.resolver_match.url_name))
    if form.is_valid():
        if form.is_to_be_signed():
            conflict = carried_out(request, desk.case, form, service)
            if not conflict:
                messages.success(request, said)
                return redirect("case", reference=desk.case.reference)
            status = 409
        else:
            status = 200
    return render(request, template, _context(request, desk, form, conflict), status=status)


def _context(request: HttpRequest, desk: Desk, form: Any, conflict: str) -> Mapping[str, Any]:
    values: Mapping[str, Any] | QueryDict = form.data if form.is_bound else form.initial
    return {
        "case": desk.case,
        "page": desk.page,
        "form": form,
        "conflict": conflict,
        "considered": desk.page.decisions[-len(desk.decisions) :] if desk.decisions else [],
        "letter": values.get("letter", ""),
        "gp_letter": values.get("gp_letter", "") if "gp_letter" in form.fields else "",
        "passkey": passkey_options(request) if "passkey" in form.fields else None,
    }
