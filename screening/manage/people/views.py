"""HTTP of the clinic's people: the list, an invitation, and one person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import permission_required
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.roles import ROLES
from audit.events import Event
from audit.services import record
from screening.cases.services import local_date
from screening.manage.people import forms, policies, services
from screening.manage.people.mailing import send_invitation, tell_of_forgotten_step
from screening.manage.people.presenters import Person
from screening.review.services import Refused, require


@require_GET
@permission_required(Permission.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    record(Event.PEOPLE_VIEWED, by=request.actor, at=timezone.now(), site=request.site)
    members = request.site.memberships.select_related("user").order_by("-active", "user__name")
    return render(request, "manage/people.html", {"people": Person.of(members), "roles": ROLES.values()})


@require_http_methods(["GET", "POST"])
@permission_required(Permission.MANAGE_PEOPLE)
def invite(request: HttpRequest) -> HttpResponse:
    form = forms.InvitationForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            member = services.invite(site=request.site, **form.cleaned_data, **_who(request))
        except Refused as refused:
            form.add_error("email", refused.reason)
            status = 409
        else:
            _mail(request, member)
            return redirect("person", member=member.pk)
    return render(request, "manage/invite.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.MANAGE_PEOPLE)
def person(request: HttpRequest, member: int) -> HttpResponse:
    """One person: each thing that can be done has a form of its own, named by `act`."""
    found = request.site.memberships.select_related("user", "site").filter(pk=member).first()
    if found is None:
        raise Http404
    act = request.POST.get("act", "")
    role = forms.RoleForm(request.POST if act == "role" else None, initial={"role": found.role})
    register = forms.RegisterForm(
        request.POST if act == "register" else None,
        initial=forms.RegisterForm.as_noted(found),
        today=local_date(timezone.now()),
    )
    allowed = policies.may_change(request.membership, found)
    status, conflict = 200, allowed.reason
    if request.method == "POST":
        try:
            said = _do(request, found, act, {"role": role, "register": register})
        except Refused as refused:
            status, conflict = 409, refused.reason
        else:
            if said is not None:
                if said:
                    messages.success(request, said)
                return redirect("person", member=found.pk)
            status = 422
    context = {
        "person": Person.of([found])[0],
        "role_form": role,
        "register_form": register,
        "form": register if act == "register" else role,
        "conflict": conflict,
        "may_change": bool(allowed),
    }
    return render(request, "manage/person.html", context, status=status)


def _do(
    request: HttpRequest, member: Membership, act: str, filled: dict[str, django_forms.Form]
) -> str | None:
    """What was done, in words, empty where that is said already; None where nothing was."""
    who = _who(request)
    if act in filled:
        if not filled[act].is_valid():
            return None
        service: Callable[..., Any] = {"role": services.change_role, "register": services.note_register}[act]
        service(member=member, **filled[act].cleaned_data, **who)
        return _("Saved.")
    match act:
        case "end":
            services.end_access(member=member, **who)
            return _("Their access has ended, and so have their sessions. Their cases are back on the list.")
        case "again":
            services.give_access(member=member, **who)
            return _("They have access again.")
        case "second-step":
            gone = services.forget_second_step(member=member, **who)
            messages.success(request, _("The next time they sign in, they set up a new second step."))
            if gone and not tell_of_forgotten_step(member):
                messages.warning(
                    request, _("The mail to %(email)s did not leave. Tell them yourself.") % _named(member)
                )
            return ""
        case "mail":
            require(policies.may_send_again(request.membership, member))
            _mail(request, member)
            return ""
    return None


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"membership": request.membership, "by": request.actor, "at": timezone.now()}


def _mail(request: HttpRequest, member: Membership) -> None:
    """After all is committed, so that a mail server that is away undoes nothing."""
    if send_invitation(member):
        messages.success(request, _("We sent %(name)s a link to %(email)s.") % _named(member))
    else:
        messages.warning(
            request,
            _("The mail to %(email)s did not leave. Check the address, then press “Send the link again”.")
            % _named(member),
        )


def _named(member: Membership) -> dict[str, str]:
    return {"name": member.user.name, "email": member.user.email}
