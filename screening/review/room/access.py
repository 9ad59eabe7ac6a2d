"""Who may come into a room: whoever holds its session, also after the form was sent, decided or withdrawn."""

from __future__ import annotations

import functools
from typing import ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from screening.cases.models import ResponseStatus
from screening.intake.access import GONE, PatientView, View, advice_is_due
from screening.intake.elsewhere import other_form
from screening.intake.lapsed import come_back
from screening.intake.session import PatientRequest

Params = ParamSpec("Params")


def room_required(view: PatientView[Params]) -> View[Params]:
    """Open to a session with a form. Unread safety advice comes before any page of the room."""

    @login_not_required
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        if getattr(request, "intake", None) is None and (answer := come_back(request)) is not None:
            return answer
        if (answer := other_form(request, kwargs.get("page_id", ""))) is not None:  # type: ignore[arg-type]
            return answer
        response = request.intake  # type: ignore[attr-defined]
        if response.status == ResponseStatus.STOPPED:
            return render(request, "intake/closed.html", {"site": response.site}, status=410)
        went = response.case.state in GONE
        if request.method == "GET" and not went and advice_is_due(request):  # type: ignore[arg-type]
            return redirect("intake-advice")
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded  # type: ignore[return-value]


def sent_required(view: PatientView[Params]) -> View[Params]:
    """The same for what only a form that was sent has; a draft goes to its room."""

    @functools.wraps(view)
    def guarded(request: PatientRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        if request.intake.submitted_at is None:
            return redirect("patient-room")
        return view(request, *args, **kwargs)

    return room_required(guarded)  # type: ignore[arg-type]
