"""HTTP of the work on a case: pass it on, record a call, note a task and do it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.cases.services import local_date
from screening.review.case_page import CasePage
from screening.review.case_views import Act, act_on_case
from screening.review.desk import forms, selectors, services
from screening.review.desk.models import Task
from screening.review.desk.presenters import TaskRow, passed_on


@act_on_case(Permission.CLAIM_CASE)
def hand_over(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    others = selectors.colleagues(site=found.site, besides=page.user_id)
    return Act(
        title=_("Hand over to a colleague"),
        button=_("Hand over"),
        form=forms.HandOverForm(posted, colleagues=others, initial={"seen": found.lock}),
        service=services.hand_over,
        said=_("Handed over. Your colleague has the case now."),
    )


@act_on_case(Permission.CLAIM_CASE)
def take_over(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    return Act(
        title=_("Take over from a colleague"),
        button=_("Take over"),
        form=forms.TakeOverForm(posted, initial={"seen": found.lock}),
        service=services.take_over,
        said=_("You are working on this case now. Your colleague sees why."),
    )


@act_on_case(Permission.RECORD_CALL)
def call(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    return Act(
        title=_("Record a call"),
        button=_("Record the call"),
        form=forms.CallForm(posted, at=timezone.now(), initial={"key": uuid.uuid4()}),
        service=services.record_call,
        said=_("The call is recorded."),
        about="" if found.patient.phone else _("Phone: %(number)s") % {"number": _("not known")},
        rings=[each for each in page.contact if each.text == found.patient.phone],
    )


@act_on_case(Permission.ADD_NOTE)
def task(found: Case, page: CasePage, posted: QueryDict | None) -> Act:
    people = selectors.colleagues(site=found.site)
    today = local_date(timezone.now())
    initial = {"key": uuid.uuid4(), "for_whom": str(page.user_id), "due_on": today}
    return Act(
        title=_("Add a task"),
        button=_("Add the task"),
        form=forms.TaskForm(posted, colleagues=people, me=page.user_id, today=today, initial=initial),
        service=services.add_task,
        said=_("The task is noted."),
    )


@require_GET
@permission_required(Permission.ADD_NOTE)
def tasks(request: HttpRequest) -> HttpResponse:
    """What is left for me and for anybody here, and which cases came to me or went from me."""
    at, me = timezone.now(), request.user.pk
    found = selectors.task_list(site=request.site, user_id=me)
    passed = selectors.changed_hands(site=request.site, user_id=me, at=at)
    cases = [each.case.reference for each in (*found, *passed)]
    record(
        Event.TASKS_VIEWED,
        by=request.actor,
        at=at,
        site=request.site,
        references=list(dict.fromkeys(cases)),
    )
    context: dict[str, Any] = {
        "rows": [TaskRow.of(each, today=local_date(at), user_id=me) for each in found],
        "passed": [(each, passed_on(each)) for each in passed],
    }
    return render(request, "review/desk/tasks.html", context)


@require_POST
@permission_required(Permission.ADD_NOTE)
def finish(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    found = Task.objects.filter(pk=task, case__site=request.site).select_related("case").first()
    if found is None:
        raise Http404
    try:
        services.finish_task(task=found, membership=request.membership, by=request.actor, at=timezone.now())
    except services.DoneAlready as done:
        return render(request, "review/desk/task_done.html", {"task": done.task}, status=409)
    messages.success(request, _("Done. It stays on the case, with your name."))
    if "back" in request.POST:
        return redirect("tasks")
    return redirect("case", reference=found.case.reference)
