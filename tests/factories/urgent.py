"""People who gave an urgent answer and left."""

from __future__ import annotations

import datetime as dt

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Case, Response
from screening.intake import services
from tests.factories.intake import NOON, draft


def urgent_draft(
    site: Site, *, item: str = "rf_saddle", answer: str = "new_or_worse", at: dt.datetime = NOON
) -> Response:
    """A form whose last saved page holds an urgent answer. Nothing was confirmed, nothing sent."""
    page = item.replace("_", "-")
    response = draft(site, until=page, at=at - dt.timedelta(minutes=1))
    say(response, item, answer, at=at)
    return Response.objects.select_related("case__site", "patient").get(pk=response.pk)


def say(response: Response, item: str, answer: str, *, at: dt.datetime) -> None:
    page = item.replace("_", "-")
    fresh = Response.objects.get(pk=response.pk)
    services.save_page(
        response=fresh,
        page_id=page,
        answers={item: answer},
        seen_lock=int(fresh.page_locks.get(page, 0)),
        by=Actor.patient(response.patient_id),
        at=at,
    )


def urgent_case(site: Site, *, at: dt.datetime = NOON) -> Case:
    return urgent_draft(site, at=at).case
