"""The later forms of one case as its person finds them: which are open, and which pages they ask."""

from __future__ import annotations

import dataclasses
import datetime as dt

from screening.cases.models import Case
from screening.cases.responses import answers_of, journey_of_form
from screening.cases.services import local_date
from screening.followup.histories import histories
from screening.followup.later import LaterForm, later_forms_of, pages_of
from screening.intake.services import first_form
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import (
    NothingPublished,
    intake_versions,
    published,
    questionnaire_of,
    schedule_of,
)

MINUTE = dt.timedelta(minutes=1)


@dataclasses.dataclass(frozen=True)
class OpenForm:
    """`until` is the last day on which it is in time; None when it has no end."""

    key: str
    name: str
    names: tuple[str, ...]
    closes_at: dt.datetime | None
    until: dt.date | None
    begun: bool


def open_forms(case: Case, *, at: dt.datetime) -> list[OpenForm]:
    """What may be filled in now: what is open, and what was begun in time and not sent yet."""
    try:
        schedule = schedule_of(published(site=case.site, kind=Kind.SCHEDULE))
    except NothingPublished:
        return []
    history = histories([case], as_of=at)[case.pk]
    begun = set(
        case.responses.filter(submitted_at__isnull=True)
        .exclude(occasion="")
        .values_list("occasion", flat=True)
    )
    found = later_forms_of(history, schedule, as_of=at)
    return [
        _shown(form, begun=form.key in begun)
        for form in found
        if form.is_open(at) or (form.key in begun and not form.sent)
    ]


def pages_asked(case: Case, form: OpenForm) -> tuple[str, ...]:
    """By the questionnaire of today, with what the first form left out left out again."""
    version, _ = intake_versions(site=case.site)
    first = first_form(case)
    closed: frozenset[str] = frozenset()
    if first is not None:
        day = local_date(first.submitted_at or first.last_activity_at)
        closed = journey_of_form(first).active(answers_of(first), day).closed
    return pages_of(form.names, questionnaire_of(version), closed=closed)


def _shown(form: LaterForm, *, begun: bool) -> OpenForm:
    until = local_date(form.closes_at - MINUTE) if form.closes_at else None
    return OpenForm(form.key, form.title, form.names, form.closes_at, until, begun)
