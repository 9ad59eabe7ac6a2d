"""Who may see a page of the form: whoever holds its session, and nobody else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from screening.cases.models import ResponseStatus
from screening.cases.workflow import State
from screening.intake import selectors, session
from screening.intake.elsewhere import other_form
from screening.intake.lapsed import come_back, words_typed
from screening.intake.models import Mode
from screening.intake.session import PatientRequest

Params = ParamSpec("Params")
PatientView = Callable[Concatenate[PatientRequest, Params], HttpResponse]
View = Callable[Concatenate[HttpRequest, Params], HttpResponse]
GONE = frozenset({State.WITHDRAWN, State.EXPIRED})


def patient_required(view: PatientView[Params]) -> View[Params]:
    """Open to a session with a form; anybody else reads how to come back, whatever they asked for."""

    @login_not_required
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        if getattr(request, "intake", None) is None and (answer := come_back(request)) is not None:
            return answer
        if (answer := other_form(request, kwargs.get("page_id", ""))) is not None:  # type: ignore[arg-type]
            return answer
        response = request.intake  # type: ignore[attr-defined]
        if response.case.state in GONE or response.status == ResponseStatus.STOPPED:
            context = {"site": response.site, "words": words_typed(request)}
            return render(request, "intake/closed.html", context, status=410)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def draft_required(view: PatientView[Params]) -> View[Params]:
    """The same for pages of a draft: unread advice comes first, and a form that was sent shows its receipt.

    Only looking is turned away to the advice; what somebody sends is saved, and the advice follows.
    """

    @functools.wraps(view)
    def guarded(request: PatientRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        if request.intake.status != ResponseStatus.IN_PROGRESS:
            return _sent_already(request)
        if request.method == "GET" and not _may_wait(request) and advice_is_due(request):
            return redirect("intake-advice")
        return view(request, *args, **kwargs)

    return patient_required(guarded)


def _sent_already(request: PatientRequest) -> HttpResponse:
    """Looking leads to the receipt. A page that was still open in another tab is not dropped silently."""
    if request.method == "POST":
        context = {"site": request.site, "sent": True, "words": words_typed(request)}
        return render(request, "intake/not_saved.html", context, status=409)
    return redirect("intake-sent")


def advice_is_due(request: PatientRequest) -> bool:
    return bool(due_advice(request))


def due_advice(request: PatientRequest) -> list[str]:
    """Advice to show now, most urgent first. Nobody hears what stands on paper: it is shown once to staff."""
    keys = session.advice_to_show(request)
    if request.entering is not None and request.entering.mode == Mode.PAPER:
        return keys
    return [*keys, *selectors.unread_advice(request.intake)]


def _may_wait(request: PatientRequest) -> bool:
    """Whoever has to stop at once may ask for a link: the advice is the first page they come back to."""
    return request.resolver_match is not None and request.resolver_match.url_name == "intake-link"
