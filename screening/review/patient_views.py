"""HTTP of what staff answer a patient: a message, another look, and the mark that news were read."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import permission_required
from accounts.permissions import Permission
from screening.cases.models import Case
from screening.review.case_page import CasePage
from screening.review.case_views import Act, act_on_case, press
from screening.review.room import selectors, services
from screening.review.room.forms import LookAnswerForm, StaffMessageForm


@act_on_case(Permission.MESSAGE_PATIENT)
def message(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    return Act(
        title=_("Write to the patient"),
        button=_("Send to the patient"),
        form=StaffMessageForm(posted, initial={"key": uuid.uuid4()}),
        service=services.write_to_patient,
        said=_("The patient will be told that there is a message."),
    )


@require_POST
@permission_required(Permission.MESSAGE_PATIENT)
def settle_news(request: HttpRequest, reference: str) -> HttpResponse:
    return press(request, reference, services.settle_news, said=_("Marked as read."))


@act_on_case(Permission.DECIDE_CASE)
def look(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    if posted is None and selectors.open_look(found) is None:
        raise Http404
    return Act(
        title=_("Another look"),
        button=_("Record and write to the patient"),
        form=LookAnswerForm(posted, initial={"seen": found.lock}),
        service=services.answer_look,
        said=_("Recorded. The patient will be told that there is a letter."),
    )
