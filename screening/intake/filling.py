"""Walk a whole form through the real services, page by page: for the demo and for tests.

No case made here is in a state that a patient could not have reached.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.actors import Actor, ActorKind
from accounts.models import Site
from screening.cases.models import Case, Response
from screening.cases.services import local_date
from screening.intake import known, selectors, services
from screening.intake.uploads import Upload
from screening.intake.walk import Walk
from screening.rules.definition import Item, Page

NAMES = {known.GIVEN_NAME: "Alex", known.FAMILY_NAME: "Example"}
# One blank page: small, whole, and plainly nobody's letter.
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)


def fill_in(
    *,
    site: Site,
    answers: Mapping[str, Any],
    at: dt.datetime,
    by: Actor | None = None,
    until: str | None = None,
    submit: bool = True,
) -> Case:
    """Fill in a form with these answers and send it; what is not given stays blank where it may.

    `until` names the page before which the person stops: the form stays a draft.
    """
    response = begin(site=site, answers=answers, at=at, by=by)
    by = by or Actor.patient(response.patient_id)
    response = carry_on(response=response, answers=answers, by=by, at=at, until=until)
    if until is not None or not submit:
        return response.case
    return services.submit(response=response, by=by, at=at)


def begin(*, site: Site, answers: Mapping[str, Any], at: dt.datetime, by: Actor | None = None) -> Response:
    """The first page: two facts."""
    return services.start(
        site=site,
        date_of_birth=_day(answers[known.DATE_OF_BIRTH]),
        nation=str(answers.get(known.NATION) or site.nation),
        by=by or Actor(ActorKind.PATIENT, label="Patient"),
        at=at,
    )


def carry_on(
    *, response: Response, answers: Mapping[str, Any], by: Actor, at: dt.datetime, until: str | None = None
) -> Response:
    """Every page that is asked and not yet visited, in order, with the answers that belong to it."""
    walk = selectors.walk_of(response, local_date(at))
    stop = walk.page(until) if until is not None else None
    while (page := walk.first_unvisited) is not None and page != stop:
        response = fill_page(response, walk, page, answers, by=by, at=at)
        walk = selectors.walk_of(response, local_date(at))
    return response


def fill_page(
    response: Response, walk: Walk, page: Page, answers: Mapping[str, Any], *, by: Actor, at: dt.datetime
) -> Response:
    """One page with the answers that belong to it, also one that was filled in before."""
    items = [item for item in walk.items_of(page) if item.holds_an_answer]
    for item in items:
        if item.type == "group":
            response = _fill_entries(response, page, item, answers.get(item.id) or [], by=by, at=at)
    typed = {
        item.id: answer_to(walk, item, answers)
        for item in items
        if item.type != "attachment" and not (item.type == "group" and answers.get(item.id))
    }
    uploads = [
        (item.id, Upload(str(name), PAPER))
        for item in items
        if item.type == "attachment"
        for name in answers.get(item.id) or []
    ]
    saved = services.save_page(
        response=response,
        page_id=page.id,
        answers=typed,
        seen_lock=int(response.page_locks.get(page.id, 0)),
        uploads=uploads,
        by=by,
        at=at,
    )
    if saved.advice:
        unread = [flag.pk for flag in selectors.unread_flags(saved.response)]
        services.read_advice(case=saved.response.case, flags=unread, by=by, at=at)
    return saved.response


def _fill_entries(
    response: Response, page: Page, group: Item, entries: list[dict[str, Any]], *, by: Actor, at: dt.datetime
) -> Response:
    for entry in entries:
        response = services.save_entry(
            response=response,
            page_id=page.id,
            item_id=group.id,
            place=None,
            entry=entry,
            seen_lock=int(response.page_locks.get(page.id, 0)),
            by=by,
            at=at,
        ).response
    return response


def answer_to(walk: Walk, item: Item, answers: Mapping[str, Any]) -> Any:
    """The answer given, or one that anybody could give to what nobody can pass over."""
    if item.id in answers:
        value = answers[item.id]
        return value.isoformat() if isinstance(value, dt.date) else value
    if item.id not in known.must_be_answered(walk.questionnaire):
        return None
    if item.type == "boolean":
        return True
    if item.options:
        return "yes" if "yes" in item.option_codes() else item.options[0].code
    return NAMES.get(item.id, "Example")


def _day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
