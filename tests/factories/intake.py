"""Forms in every state, made by walking the real services with the shipped definitions."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any

from django.test import Client

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.models import Case, Response
from screening.cases.services import local_date
from screening.intake import filling, known, selectors, services, session
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.seed_files import seed_content
from screening.questionnaires.services import draft_version, publish_version
from tests.factories.kept import kept
from tests.factories.people import make_member, make_site

NOON = dt.datetime(2026, 6, 15, 11, 0, tzinfo=dt.UTC)
shipped = functools.cache(seed_content)
# What is asked on the first page of all, and what is given entry by entry or as a file.
FROM_THE_START = {known.DATE_OF_BIRTH, known.NATION, "treatments", "record_files"}
SHIPPED = (Kind.QUESTIONNAIRE, Kind.RULESET, Kind.SCHEDULE, Kind.MESSAGES, Kind.LETTERS)


def _case(pk: Any) -> Case:
    return Case.objects.select_related("patient", "site").get(pk=pk)


def _response(pk: Any) -> Response:
    return Response.objects.select_related("case", "patient", "site", "version").get(pk=pk)


@kept(lambda pk: Site.objects.get(pk=pk))
def open_clinic(**changes: Any) -> Site:
    """A site with the shipped definitions published: drafted by one person, approved by another."""
    site = make_site(**changes)
    author = make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    approver = make_member(Role.LEAD_CLINICIAN, site=site)
    at = NOON - dt.timedelta(days=365)
    for kind in SHIPPED:
        draft = draft_version(site=site, kind=kind, content=shipped(kind), by=Actor.staff(author), at=at)
        publish_version(version=draft, by=Actor.staff(approver), at=at)
    return site


def baseline(**changes: Any) -> dict[str, Any]:
    """The answers of the worked cases, with some of them changed."""
    return {**shipped(Kind.RULESET)["baseline"], "conditions": ["low_back", "neck"], **changes}


@kept(_case)
def submitted_case(
    site: Site | None = None,
    *,
    answers: Mapping[str, Any] | None = None,
    at: dt.datetime = NOON,
    **changes: Any,
) -> Case:
    response = _filled_in(site or open_clinic(), {**baseline(), **(answers or {}), **changes}, at)
    return services.submit(response=response, by=Actor.patient(response.patient_id), at=at)


@kept(_response)
def draft(
    site: Site | None = None, *, until: str = "rf-saddle", at: dt.datetime = NOON, **changes: Any
) -> Response:
    """A form whose person stopped before the page `until`."""
    case = filling.fill_in(site=site or open_clinic(), answers=baseline(**changes), at=at, until=until)
    return response_of(case)


@kept(_response)
def finished_draft(site: Site | None = None, *, at: dt.datetime = NOON, **changes: Any) -> Response:
    """A form with every page saved, not yet sent."""
    return _filled_in(site or open_clinic(), baseline(**changes), at)


def _filled_in(site: Site, answers: Mapping[str, Any], at: dt.datetime) -> Response:
    """A walk through the whole form; where only choices differ from the usual ones, through a few pages."""
    usual = baseline()
    changed = {name for name in usual.keys() | answers.keys() if usual.get(name) != answers.get(name)}
    if changed and changed.isdisjoint(FROM_THE_START):
        return _changed(_usual(site, at=at), answers, at)
    return _walked(site, answers, at)


def _walked(site: Site, answers: Mapping[str, Any], at: dt.datetime) -> Response:
    return response_of(filling.fill_in(site=site, answers=answers, at=at, submit=False))


@kept(_response)
def _usual(site: Site, *, at: dt.datetime) -> Response:
    return _walked(site, baseline(), at)


def _changed(response: Response, answers: Mapping[str, Any], at: dt.datetime) -> Response:
    """The person goes back to each page that would say something else, then through those that open."""
    by, day = Actor.patient(response.patient_id), local_date(at)
    for page in selectors.walk_of(response, day).questionnaire.pages:
        walk = selectors.walk_of(response, day)
        asked = [
            item for item in walk.items_of(page) if item.holds_an_answer and item.id not in FROM_THE_START
        ]
        said = {item.id: filling.answer_to(walk, item, answers) for item in asked}
        if page.id in walk.visited and any(walk.answers.get(name) != value for name, value in said.items()):
            response = filling.fill_page(response, walk, page, answers, by=by, at=at)
    return filling.carry_on(response=response, answers=answers, by=by, at=at)


def response_of(case: Case) -> Response:
    return Response.objects.select_related("case", "patient", "site", "version").get(case=case, occasion="")


def enter(client: Client, response: Response, *, at: dt.datetime) -> Client:
    """As after starting the form or opening its link."""
    kept = client.session
    kept[session.SESSION_KEY] = {
        "response": str(response.pk),
        "since": at.isoformat(),
        "at": at.isoformat(),
        "advice": [],
    }
    kept.save()
    return client


def answers_in(response: Response) -> dict[str, Any]:
    return dict(selectors.walk_of(Response.objects.get(pk=response.pk), NOON.date()).answers)


def published_version(site: Site, kind: Kind) -> DefinitionVersion:
    return DefinitionVersion.objects.get(site=site, kind=kind, status=VersionStatus.PUBLISHED)
