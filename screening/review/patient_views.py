"""HTTP of what staff answer a patient: a message, another look, and the mark that news were read."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import permission_required
from accounts.permissions import Permission
from audit.events import Event
from screening.review.case_views import case_or_404, fill_in, opened, press
from screening.review.room import selectors, services
from screening.review.room.forms import LookAnswerForm, StaffMessageForm

both = require_http_methods(["GET", "POST"])


@both
@permission_required(Permission.MESSAGE_PATIENT)
def message(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    page = opened(request, found, Event.CASE_ACTION_OPENED, at=timezone.now())
    return fill_in(
        request,
        found,
        page,
        form=StaffMessageForm(request.POST or None, initial={"key": uuid.uuid4()}),
        title=_("Write to the patient"),
        button=_("Send to the patient"),
        act=lambda form, **who: services.write_to_patient(
            case=found, key=form["key"], text=form["text"], **who
        ),
        said=_("The patient will be told that there is a message."),
    )


@require_POST
@permission_required(Permission.MESSAGE_PATIENT)
def settle_news(request: HttpRequest, reference: str) -> HttpResponse:
    return press(request, reference, services.settle_news, said=_("Marked as read."))


@both
@permission_required(Permission.DECIDE_CASE)
def look(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    if selectors.open_look(found) is None:
        raise Http404
    page = opened(request, found, Event.CASE_ACTION_OPENED, at=timezone.now())
    return fill_in(
        request,
        found,
        page,
        form=LookAnswerForm(request.POST or None, initial={"seen": found.lock}),
        title=_("Another look"),
        button=_("Record and write to the patient"),
        act=lambda form, **who: services.answer_look(
            case=found,
            seen=form["seen"],
            reopens=form["outcome"] == "reopens",
            answer=form["answer"],
            **who,
        ),
        said=_("Recorded. The patient will be told that there is a letter."),
    )
