"""Pages that anybody may read: what this is, for whom, and the first two facts."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import Actor, ActorKind
from accounts.models import Site
from screening.cases.services import local_date
from screening.intake import known, language, presenters, selectors, services, session
from screening.intake.forms import QuestionForm
from screening.intake.walk import Walk
from screening.questionnaires.selectors import NothingPublished, intake_versions, journey_in
from screening.rules.definition import Page

VISITOR = Actor(ActorKind.PATIENT, label="Patient")


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    clinics = selectors.clinics()
    if len(clinics) == 1:
        return redirect("intake-clinic", clinics[0].slug)
    return render(request, "intake/home.html", {"clinics": clinics})


@login_not_required
@require_GET
def clinic(request: HttpRequest, slug: str) -> HttpResponse:
    site = _site(slug)
    context = {
        "site": site,
        "has_draft": session.current(request, at=timezone.now()) is not None,
        "languages": language.choices(site, language.speak(request, site)),
    }
    return render(request, "intake/clinic.html", context)


@login_not_required
@require_POST
def choose_language(request: HttpRequest, slug: str) -> HttpResponse:
    """Read on in another language: kept in this browser, and with the form that is begun here."""
    site, code = _site(slug), request.POST.get("language", "")
    response = redirect("intake-clinic", site.slug)
    language.remember(response, code if code in language.offered(site) else "")
    return response


@login_not_required
@require_GET
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    site = _site(slug)
    language.speak(request, site)
    return render(request, "intake/privacy.html", {"site": site})


@login_not_required
@require_GET
def accessibility(request: HttpRequest, slug: str) -> HttpResponse:
    site = _site(slug)
    language.speak(request, site)
    return render(request, "intake/accessibility.html", {"site": site})


@login_not_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Date of birth and nation. Nothing is stored until both are good and the service is for them."""
    site, at = _site(slug), timezone.now()
    spoken = language.speak(request, site)
    try:
        version, _ruleset = intake_versions(site=site)
    except NothingPublished:
        return render(request, "intake/not_open.html", {"site": site}, status=503)
    walk = Walk(journey_in(version, spoken), {}, frozenset(), local_date(at))
    first = walk.questionnaire.page_of(known.DATE_OF_BIRTH)
    if request.method != "POST":
        return _ask(request, site, walk, first, _form(walk, first, site))
    form = _form(walk, first, site, data=request.POST)
    if not form.is_valid():
        return _ask(request, site, walk, first, form, status=422)
    begun = walk.with_answers(form.answers)
    if begun.stop is not None:
        return render(request, "intake/ending.html", {"site": site, "page": begun.stop, "form": form})
    response = services.start_once(
        site=site,
        key=_key(request.POST.get("key", "")),
        date_of_birth=dt.date.fromisoformat(form.answers[known.DATE_OF_BIRTH]),
        nation=form.answers.get(known.NATION) or "",
        language=spoken,
        by=VISITOR,
        at=at,
    )
    session.enter(request, response, at=at)
    after = begun.next_after(first)
    return redirect("intake-page", after.id) if after else redirect("intake-check")


def _form(walk: Walk, page: Page, site: Site, data: Any = None) -> QuestionForm:
    def check(answers: Any) -> Any:
        return walk.journey.failed_checks(answers, walk.as_of, page.id)

    return QuestionForm(
        page.items,
        stored={},
        clinic=site.name,
        must=known.must_be_answered(walk.questionnaire),
        check=check,
        data=data,
    )


def _ask(
    request: HttpRequest, site: Site, walk: Walk, page: Page, form: QuestionForm, status: int = 200
) -> HttpResponse:
    context = {
        "site": site,
        "page": page,
        "form": form,
        "key": _key(request.POST.get("key", "")),
        "progress": presenters.Progress.of(walk, page),
        "has_draft": session.current(request, at=timezone.now()) is not None,
    }
    return render(request, "intake/start.html", context, status=status)


def _key(sent: str) -> UUID:
    """Says which page was sent, so that pressing twice begins one form."""
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()


def _site(slug: str) -> Site:
    site = selectors.clinic(slug)
    if site is None:
        raise Http404
    return site
