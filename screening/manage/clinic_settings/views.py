"""HTTP of the clinic's settings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import permission_required
from accounts.models import Site
from accounts.permissions import Permission
from screening.cases.clock import set_clocks
from screening.cases.models import ON_WORKLIST, Case
from screening.cases.services import local_date
from screening.manage.clinic_settings import selectors
from screening.manage.clinic_settings.forms import CLOCKED, NumberForm, SettingsForm, number_forms
from screening.manage.clinic_settings.presenters import ChangeRow, NumberRow, SettingsSection
from screening.manage.clinic_settings.services import Stale, change_settings, plain
from screening.rules.definition import Helpline

MOST_COUNTED_AT_ONCE = 500


@require_http_methods(["GET", "POST"])
@permission_required(Permission.MANAGE_SETTINGS)
def clinic_settings(request: HttpRequest) -> HttpResponse:
    """One form for everything; what was typed stays there until it is saved."""
    today = local_date(timezone.now())
    published = selectors.published_numbers(site=request.site)
    numbers = selectors.numbers_of(site=request.site, published=published)
    data = request.POST if request.method == "POST" else None
    form = SettingsForm(data, instance=Site.objects.get(pk=request.site.pk))  # the page keeps its own site
    forms = number_forms(numbers, today=today, data=data)
    status, seen, stale = 200, selectors.last_number(site=request.site), False
    if data is not None:
        status = 422
        if all([form.is_valid(), *(each.is_valid() for each in forms.values())]):
            try:
                return _save(request, form, _own(forms, published), forms.keys(), _shown(data))
            except Stale:
                status, stale = 409, True
    if status == 422:
        seen = _shown(data)  # what is mended and saved is still about the settings as they were first shown
    rows = [
        NumberRow.of(key, line, forms[key], today=today, own=key in request.site.helplines)
        for key, line in numbers.items()
    ]
    history = [ChangeRow.of(version) for version in selectors.history(site=request.site)]
    context = {
        "form": form,
        "number_forms": list(forms.values()),
        "sections": SettingsSection.of(form),
        "numbers": rows,
        "history": history,
        "seen": seen,
        "stale": [row for row in history if row.number > _shown(data)] if stale else [],
    }
    return render(request, "manage/clinic_settings/settings.html", context, status=status)


def _save(
    request: HttpRequest,
    form: SettingsForm,
    numbers: dict[str, dict[str, str]],
    shown: Collection[str],
    seen: int,
) -> HttpResponse:
    changed = change_settings(
        site=request.site,
        values=form.cleaned_data,
        numbers=numbers,
        shown=shown,
        seen=seen,
        by=request.actor,
        at=timezone.now(),
    )
    if changed is None:
        messages.info(request, _("Nothing was different, so nothing was saved."))
    else:
        messages.success(request, _("Saved. Everybody works with these settings from now on."))
        if CLOCKED & {change["name"] for change in changed.changes}:
            _count_again(request, changed.site)
    return redirect("clinic-settings")


def _count_again(request: HttpRequest, site: Site) -> None:
    """By when each open case is due. Very many are left to the operator's command."""
    if Case.objects.filter(ON_WORKLIST, site=site).count() <= MOST_COUNTED_AT_ONCE:
        set_clocks(site=site, by=request.actor, at=timezone.now())
    else:
        messages.warning(
            request,
            _("Open cases keep their old times until the operator runs “manage.py set_clocks”."),
        )


def _own(forms: dict[str, NumberForm], published: Any) -> dict[str, dict[str, str]]:
    """The numbers that differ from those of the questionnaire."""
    own = {}
    for key, form in forms.items():
        typed = {name: str(plain(value)) for name, value in form.cleaned_data.items()}
        line: Helpline = published[key]
        if typed != {"number": line.number, "owner": line.owner, "checked_on": line.checked_on.isoformat()}:
            own[key] = typed
    return own


def _shown(data: Any) -> int:
    shown = data.get("seen", "") if data is not None else ""
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else -1
