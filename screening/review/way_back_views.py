"""HTTP of letting a patient back in: the list of locked links, and what can be done for one case.

No answer is shown here: an administrator, who sees none, may help somebody in as well.
"""

from __future__ import annotations

from smtplib import SMTPException

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import No, may, permission_required
from accounts.permissions import Permission
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.intake import services
from screening.intake.selectors import links_of, locked_links
from screening.review import policies
from screening.review.case_views import case_or_404, opened
from screening.review.desk.joining import records_of
from screening.review.forms import WayBackForm
from screening.review.presenters import LinkRow, name_of


@require_GET
@permission_required(Permission.ISSUE_LINK)
def locked(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    links = locked_links(site=request.site)
    record(
        Event.LINKS_VIEWED,
        by=request.actor,
        at=at,
        site=request.site,
        references=[link.case.reference for link in links],
    )
    return render(request, "review/locked.html", {"rows": [LinkRow.of(link, at=at) for link in links]})


@sensitive_variables("code")
@require_http_methods(["GET", "POST"])
@permission_required(Permission.ISSUE_LINK)
def way_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Unlock what is locked, mail a new link, or make a code: it is on this one page and nowhere else."""
    at = timezone.now()
    case = case_or_404(request, reference)
    opened(request, case, Event.CASE_ACTION_OPENED)
    form = WayBackForm(request.POST if request.method == "POST" else None)
    answer = policies.may_let_back_in(request.membership, case)
    refused = answer.reason if isinstance(answer, No) else ""
    code, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        if refused:
            status = 409
        elif form.cleaned_data["do"] == WayBackForm.CODE:
            code = services.give_new_code(case=case, by=request.actor, at=at)
            status = 200
        elif said := _press(request, case, form):
            messages.success(request, said)
            return redirect("case-way-back", reference=case.reference)
    context = {
        "case": case,
        "name": name_of(case.patient),
        "phone": case.patient.phone,
        "has_email": bool(case.patient.email),
        "rows": (rows := [LinkRow.of(link, at=at) for link in links_of(case)]),
        "is_locked": any(row.locked_at for row in rows),
        "form": form,
        "refused": refused,
        "sees_answers": bool(may(request.membership, Permission.VIEW_CASE)),
        "code": code,
        "page_has_errors": form.is_bound and not code,
    }
    return render(request, "review/way_back.html", context, status=status)


def _press(request: HttpRequest, case: Case, form: WayBackForm) -> str:
    """Unlock or mail. What was done, or nothing when it could not be: then the form says why."""
    at = timezone.now()
    if form.cleaned_data["do"] == WayBackForm.UNLOCK:
        for link in links_of(case):
            services.unlock_link(link=link, by=request.actor, at=at)
        return _("Unlocked. The person can use the same link or code again.")
    try:
        services.mail_new_link(case=case, records=records_of(case.patient), by=request.actor, at=at)
    except services.Silenced:
        form.add_error(
            None, _("Nothing may be sent to this person. Give a code, once you know who you speak to.")
        )
        return ""
    except services.NoAddress:
        form.add_error(None, _("There is no email address. Give the person a code instead."))
        return ""
    except (SMTPException, OSError):
        form.add_error(None, _("The email could not be sent just now. Try again, or give a code."))
        return ""
    return _("A new link is on its way. Older links and codes do not work any more.")
