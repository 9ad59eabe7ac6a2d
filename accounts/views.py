"""Which of their sites somebody works at now, and that they are still there."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sessions
from accounts.forms import SiteForm
from accounts.selectors import memberships_of


@require_http_methods(["GET", "HEAD", "POST"])
def choose_site(request: HttpRequest) -> HttpResponseBase:
    membership = getattr(request, "membership", None)
    if membership is None:
        return redirect_to_login(request.get_full_path())
    form = SiteForm(
        request.POST if request.method == "POST" else None,
        initial={"site": membership.site_id},
        memberships=memberships_of(membership.user),
    )
    if form.is_bound and form.is_valid():
        sessions.choose_site(request.session, form.chosen)
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/site.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody pressed "I am still here", or typed a moment ago: nothing comes here without a person."""
    return HttpResponse(status=204)
