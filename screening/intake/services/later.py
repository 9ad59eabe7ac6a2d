"""Forms that come later: begun for an occasion, filled in like the first one, sent once.

A later form asks some pages of the questionnaire. It is not judged: what somebody has to act on is raised
while it is filled in, and what only the whole form can tell (clearly worse, a new symptom) when it is sent.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from audit.events import Event
from screening.cases.models import Case, Response, ResponseStatus
from screening.cases.responses import answers_of, journey_of_form
from screening.cases.selectors import first_forms
from screening.cases.services import bring_news, local_date, locked, raise_red_flag
from screening.cases.trail import record_about
from screening.intake import known
from screening.intake.services.mailing import ask_to_confirm
from screening.intake.services.submission import Incomplete, keep_person, keep_statements, still_needed
from screening.intake.services.writing import Closed
from screening.intake.walk import Walk
from screening.questionnaires.selectors import intake_versions
from screening.rules.answers import Answers
from screening.rules.scores import worse

SAME_DAY = 2  # the tier whose answers are dealt with on the same day
CLEARLY_WORSE = "clearly_worse"
ANY_SYMPTOM = "ae_any"
NEW_SYMPTOM = ("yes", "not_sure")


@dataclasses.dataclass(frozen=True)
class Occasion:
    """What a later form is for: its key, the pages it asks, and until when it is in time."""

    key: str
    pages: tuple[str, ...]
    closes_at: datetime | None = None


def begin_later_form(*, case: Case, occasion: Occasion, by: Actor, at: datetime) -> Response:
    """The form of this occasion: a new one, or the one that was begun before."""
    with transaction.atomic():
        case = locked(case)
        version, _ = intake_versions(site=case.site)
        first = first_form(case)
        response, new = Response.objects.get_or_create(
            case=case,
            occasion=occasion.key,
            defaults={
                "site": case.site,
                "patient": case.patient,
                "version": version,
                "questionnaire_code": version.code,
                "language": first.language if first else "",
                "pages": list(occasion.pages),
                "closes_at": occasion.closes_at,
                "started_at": at,
                "last_activity_at": at,
            },
        )
        if new:
            record_about(Event.MEASURES_STARTED, case, by=by, at=at, occasion=_step(response))
    return response


def send_later_form(*, response: Response, by: Actor, at: datetime, session_hash: str = "") -> Response:
    """Close its answers and bring them to the clinic. A second press changes nothing."""
    with transaction.atomic():
        response = (
            Response.objects.select_for_update(of=("self",))
            .select_related("site", "version", "case", "patient")
            .defer("version__content")
            .get(pk=response.pk)
        )
        if response.status == ResponseStatus.COMPLETED:
            return response
        if response.status != ResponseStatus.IN_PROGRESS:
            raise Closed
        walk = Walk(
            journey_of_form(response), answers_of(response), frozenset(response.page_locks), local_date(at)
        )
        if blank := still_needed(walk):
            raise Incomplete(blank)
        case = response.case = locked(response.case)
        keep_statements(response, walk, session_hash=session_hash, at=at)
        keep_person(case, walk.active.answers)
        response.status = ResponseStatus.COMPLETED
        response.submitted_at = response.last_activity_at = at
        response.save(update_fields=["status", "submitted_at", "last_activity_at"])
        record_about(
            Event.MEASURES_COMPLETED, case, by=by, at=at, occasion=_step(response), late=is_late(response)
        )
        bring_news(case, at=at)
        _raise_what_it_says(case, response, walk.active.answers, by=by, at=at)
        if known.EMAIL in walk.active.answers:
            ask_to_confirm(case=case, by=by, at=at)
    return response


def is_late(response: Response) -> bool:
    """Sent after its window had closed."""
    return bool(response.submitted_at and response.closes_at and response.submitted_at > response.closes_at)


def first_form(case: Case) -> Response | None:
    """The form with which the case began: what every later one is compared with."""
    first = first_forms().filter(case=case).select_related("version").defer("version__content")
    return first.order_by("started_at").first()


def earlier_form(response: Response) -> Response | None:
    """The newest form that this person sent before this one."""
    sent = response.case.responses.filter(submitted_at__isnull=False).exclude(pk=response.pk)
    return sent.select_related("version").defer("version__content").order_by("-submitted_at").first()


def scores_of_form(response: Response) -> dict[str, object]:
    """Its scores by their id; null while an answer is missing."""
    day = local_date(response.submitted_at or response.last_activity_at)
    return journey_of_form(response).scores(answers_of(response), day)


def _raise_what_it_says(case: Case, response: Response, answers: Answers, *, by: Actor, at: datetime) -> None:
    """A new symptom, or clearly worse than at the start: the same day, by a person."""
    if answers.get(ANY_SYMPTOM) in NEW_SYMPTOM:
        _raise(case, ANY_SYMPTOM, str(answers[ANY_SYMPTOM]), by=by, at=at)
    first = first_form(case)
    if first is not None and worse(scores_of_form(first), scores_of_form(response)):
        _raise(case, CLEARLY_WORSE, "yes", by=by, at=at)


def _raise(case: Case, item: str, answer: str, *, by: Actor, at: datetime) -> None:
    """Nothing of it is for the person to read: it has no advice of its own."""
    raise_red_flag(case=case, item=item, answer=answer, tier=SAME_DAY, advice="", by=by, at=at)


def _step(response: Response) -> str:
    """The step of the schedule it belongs to."""
    return response.occasion.partition("/")[0]


def later_forms(case: Case) -> Sequence[Response]:
    """Every later form of a case, the newest first."""
    rows = case.responses.exclude(occasion="").select_related("version").defer("version__content")
    return list(rows.order_by("-started_at"))
