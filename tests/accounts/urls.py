"""The routes of signing in, and three pages to come back to: for staff, with a permission, for everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts.access import permission_required
from accounts.permissions import Permission
from clinic.navigation import KEYS, ROOMS


def home(request: HttpRequest) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    return HttpResponse(f"{request.actor.label} at {request.site.name}" if membership else "nobody")  # type: ignore[attr-defined]


@permission_required(Permission.VIEW_CASE)
def case(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a case")


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"public, actor {request.actor}")  # type: ignore[attr-defined]


LINKED = {name for _permission, name, _text in ROOMS} | {name for *_, name, _view in KEYS if name}

urlpatterns = [
    path("", include("accounts.urls")),
    path("staff/", home, name="staff-home"),
    path("staff/case/", case, name="case"),
    path("public/", public, name="public"),
    *(path(f"staff/{name}/", home, name=name) for name in sorted(LINKED)),
]
