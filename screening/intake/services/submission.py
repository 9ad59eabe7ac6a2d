"""Send the form in: once, however often it is pressed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor, ActorKind
from accounts.encryption import lookup_hash
from audit.events import Event
from audit.services import record
from screening.cases.models import Case, Response, ResponseStatus
from screening.cases.responses import answers_of
from screening.cases.services import judge, local_date, locked, move
from screening.cases.surnames import surname_hashes
from screening.cases.workflow import Move
from screening.intake import known
from screening.intake.models import Statement
from screening.intake.services.mailing import ask_to_confirm
from screening.intake.services.writing import Closed
from screening.intake.walk import Walk
from screening.questionnaires.selectors import journey_in
from screening.rules.answers import is_blank
from screening.rules.canonical import sha256_of
from screening.rules.definition import Item
from screening.rules.definition import Statement as Declaration
from screening.rules.translation import Foreign

NEXT_MOVE = {"urgent": Move.HOLD, "more_info": Move.MISS}


class Incomplete(Exception):
    """Answers that nobody can pass over are missing. `items` are the questions."""

    def __init__(self, items: list[Item]) -> None:
        super().__init__("the form is not complete")
        self.items = items


def submit(*, response: Response, by: Actor, at: datetime, session_hash: str = "") -> Case:
    """Close the answers, judge them and put the case where it belongs. A second press changes nothing."""
    with transaction.atomic():
        response = (
            Response.objects.select_for_update(of=("self",))
            .select_related("site", "version")
            .defer("version__content")
            .get(pk=response.pk)
        )
        if response.status in (ResponseStatus.COMPLETED, ResponseStatus.AMENDED):
            return response.case
        if response.status != ResponseStatus.IN_PROGRESS:
            raise Closed
        journey = journey_in(response.version, response.language)
        walk = Walk(journey, answers_of(response), response.page_locks, local_date(at))
        if blank := still_needed(walk, entered=by.kind is ActorKind.STAFF):
            raise Incomplete(blank)
        case = response.case = locked(response.case)
        keep_statements(response, walk, session_hash=session_hash, at=at)
        keep_person(case, walk.active.answers)
        response.status = ResponseStatus.COMPLETED
        response.submitted_at = response.last_activity_at = at
        response.save(update_fields=["status", "submitted_at", "last_activity_at"])
        case.submitted_at = case.waiting_since = at
        move(case, Move.SUBMIT, by=by, at=at)
        record(
            Event.CASE_SUBMITTED,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail={"questionnaire": response.version.number},
        )
        judge(response=response, by=Actor.system("rules"), at=at)
        move(case, NEXT_MOVE.get(case.outcome, Move.QUEUE), by=Actor.system("rules"), at=at)
        ask_to_confirm(case=case, by=by, at=at)
    return case


def still_needed(walk: Walk, *, entered: bool = False) -> list[Item]:
    """Blank questions that nobody can pass over, and safety questions never opened.

    Of a form that staff fill in (`entered`) only what says who it is must be there.
    """
    if walk.stop is not None:
        return list(walk.stop.items)
    needed = known.IDENTIFYING if entered else known.must_be_answered(walk.questionnaire)
    unvisited = [
        item
        for page in walk.pages
        if page.id not in walk.visited
        for item in walk.items_of(page)
        if item.advice
    ]
    blank = [item for item in walk.blank_required if item.id in needed]
    return list({item.id: item for item in [*unvisited, *blank]}.values())


def keep_statements(
    response: Response, walk: Walk, *, session_hash: str, at: datetime, of: Collection[str] | None = None
) -> None:
    """What was agreed, by the exact words that were read: all of it, or what these questions ask."""
    answers = walk.active.answers
    Statement.objects.bulk_create(
        Statement(
            response=response,
            code=statement.id,
            version_sha256=sha256_of(_as_read(statement, walk, response.language)),
            answer=_as_text(answers[statement.item]),
            at=at,
            session_key_hash=session_hash,
        )
        for statement in walk.questionnaire.statements
        if not is_blank(answers.get(statement.item)) and (of is None or statement.item in of)
    )


def _as_read(statement: Declaration, walk: Walk, language: str) -> dict[str, str]:
    """The words with their version; in another language also what was read there."""
    words = {"id": statement.id, "text": statement.text, "version": statement.version}
    read = walk.questionnaire.item(statement.item).text
    if language and not isinstance(read, Foreign):
        words |= {"language": language, "read": read}
    return words


def _as_text(answer: Any) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return ", ".join(str(part) for part in answer) if isinstance(answer, list) else str(answer)


def keep_person(case: Case, answers: Any) -> None:
    """Who somebody is, so that staff can find them; the answers keep their own copy."""
    patient = case.patient
    patient.given_name = answers.get(known.GIVEN_NAME) or patient.given_name
    if family_name := answers.get(known.FAMILY_NAME):
        patient.family_name = family_name
        patient.family_name_hash, patient.family_name_start_hash = surname_hashes(family_name)
    if nhs_number := answers.get(known.NHS_NUMBER):
        patient.nhs_number = nhs_number
        patient.nhs_number_hash = lookup_hash(nhs_number)
    if (email := answers.get(known.EMAIL)) and lookup_hash(email) != patient.email_hash:
        patient.email, patient.email_hash = email, lookup_hash(email)
        patient.email_verified_at = None
    patient.phone = answers.get(known.PHONE) or patient.phone
    if known.GP_SHARING in answers:
        patient.gp_sharing_agreed = answers[known.GP_SHARING] == "yes"
    known.keep_choices(patient, answers)
    patient.save()
