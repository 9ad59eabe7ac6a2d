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
from screening.intake import filling, selectors, session
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.seed_files import seed_content
from screening.questionnaires.services import draft_version, publish_version
from tests.factories.kept import kept
from tests.factories.people import make_member, make_site

NOON = dt.datetime(2026, 6, 15, 11, 0, tzinfo=dt.UTC)
shipped = functools.cache(seed_content)
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
    return filling.fill_in(
        site=site or open_clinic(), answers={**baseline(), **(answers or {}), **changes}, at=at
    )


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
    case = filling.fill_in(site=site or open_clinic(), answers=baseline(**changes), at=at, submit=False)
    return response_of(case)


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
