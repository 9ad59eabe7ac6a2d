"""Change answers after the form was sent: added beside what was said, judged again, seen by staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases.models import Case, Patient, Response, ResponseStatus
from screening.cases.responses import answers_of
from screening.cases.services import bring_news, judge, local_date, locked, move
from screening.cases.workflow import Move, State, moves_from
from screening.intake import known
from screening.intake.services.documents import add_uploads, files_go_with_rows
from screening.intake.services.drafts import keep_facts, raise_due_advice
from screening.intake.services.mailing import ask_to_confirm
from screening.intake.services.submission import keep_person, keep_statements
from screening.intake.services.writing import StaleAnswers, write
from screening.intake.uploads import Upload
from screening.intake.walk import Walk
from screening.questionnaires.selectors import journey_in, questionnaire_of
from screening.review.models import Amendment, InformationRequest
from screening.review.room import policies
from screening.review.services import require
from screening.rules.advice import Due
from screening.rules.answers import is_blank

URGENT = "urgent"
SENDING = (ResponseStatus.COMPLETED, ResponseStatus.AMENDED)


@dataclass(frozen=True)
class Amended:
    """The answers after the change, and the advice that must be the very next page."""

    response: Response
    changed: int = 0
    advice: tuple[Due, ...] = ()


def amend(
    *,
    response: Response,
    answers: Mapping[str, Any],
    seen: int,
    by: Actor,
    at: datetime,
    uploads: Sequence[tuple[str, Upload]] = (),
    reason: str = "",
    request: InformationRequest | None = None,
    text: str = "",
) -> Amended:
    """Change answers of a form that was sent; with `request` these answer what a clinician asked.

    The first values stay in the revisions and beside the new ones. `seen` is the revision the page
    showed: what was changed since is never overwritten unseen. The same change twice is one.
    """
    with transaction.atomic(), files_go_with_rows() as written:
        response = locked_response(response)
        case = response.case = locked(response.case)
        require(policies.may_amend(case))
        document = answers_of(response)
        changes = {key: value for key, value in answers.items() if not _same(document.get(key), value)}
        if seen != response.revision and changes:
            saved = {key: document.get(key) for key in changes}
            raise StaleAnswers(saved=saved, typed=changes, lock=response.revision)
        if uploads:
            changes |= add_uploads(response, uploads, written=written, by=by, at=at)
        if request is not None:
            request = InformationRequest.objects.select_for_update().get(pk=request.pk)
            if request.answered_at is not None and not changes and _is_said(request, text):
                return Amended(response)
        elif not changes:
            return Amended(response)
        advice = _write(response, document, changes, reason=reason, request=request, by=by, at=at)
        if request is not None:
            request.answered_at = request.answered_at or at
            if not _is_said(request, text):
                request.answer = "\n\n".join(filter(None, (request.answer, text)))
            request.save(update_fields=["answered_at", "answer"])
        judge(response=response, by=Actor.system("rules"), at=at)
        _move_on(case, sent=bool(uploads), by=by, at=at)
        bring_news(case, at=at)
        record(
            Event.INFORMATION_RECEIVED if request is not None else Event.ANSWERS_CORRECTED,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail={"items": sorted(changes)},
        )
    return Amended(response, len(changes), advice)


def locked_response(response: Response) -> Response:
    return (
        Response.objects.select_for_update(of=("self",))
        .select_related("case", "patient", "site", "version")
        .defer("version__content")
        .get(pk=response.pk)
    )


def _same(saved: Any, typed: Any) -> bool:
    return saved == typed or (is_blank(saved) and is_blank(typed))


def _is_said(request: InformationRequest, text: str) -> bool:
    """Nothing new: no words, or those of the press before."""
    before = request.answer or ""
    return not text or before == text or before.endswith(f"\n\n{text}")


def _write(
    response: Response,
    document: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    reason: str,
    request: InformationRequest | None,
    by: Actor,
    at: datetime,
) -> tuple[Due, ...]:
    """A revision for each page that changed, with what stood before; what is urgent is raised at once."""
    questionnaire = questionnaire_of(response.version)
    pages: dict[str, dict[str, Any]] = {}
    for key, value in changes.items():
        pages.setdefault(questionnaire.page_of(key).id, {})[key] = value
    advice: list[Due] = []
    for page_id, typed in pages.items():
        write(response, page_id, typed, by=by, at=at)
        for key, value in typed.items():
            Amendment.objects.create(
                response=response,
                request=request,
                revision=response.revision,
                item=key,
                before=document.get(key),
                after=value,
                reason=reason or None,
                at=at,
            )
        advice += raise_due_advice(response, page_id, before=document, by=by, at=at)
    keep_facts(response, changes)
    response.case.refresh_from_db()  # a red flag has just moved its rank, its place and its lock
    response.case.patient.refresh_from_db()
    keep_person(response.case, changes)
    _let_go(response.case.patient, document, changes)
    journey = journey_in(response.version, response.language)
    walk = Walk(journey, answers_of(response), response.page_locks, local_date(at))
    keep_statements(response, walk, session_hash="", at=at, of=changes)
    if known.EMAIL in changes:
        ask_to_confirm(case=response.case, by=by, at=at)
    response.status = ResponseStatus.AMENDED
    response.save(update_fields=["status"])
    return tuple(dict.fromkeys(advice))


def _let_go(patient: Patient, document: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """An address or an NHS number that was taken away is not theirs any more: no mail goes there, and nobody
    finds them by it. A telephone number stays, so that somebody can ring about an urgent answer.
    """

    def is_gone(item: str, kept: str | None) -> bool:
        return item in changes and is_blank(changes[item]) and document.get(item) == kept

    if is_gone(known.EMAIL, patient.email):
        patient.email, patient.email_hash, patient.email_verified_at = None, "", None
    if is_gone(known.NHS_NUMBER, patient.nhs_number):
        patient.nhs_number, patient.nhs_number_hash = None, ""
    patient.save(update_fields=["email", "email_hash", "email_verified_at", "nhs_number", "nhs_number_hash"])


def _move_on(case: Case, *, sent: bool, by: Actor, at: datetime) -> None:
    """Where the change leads: to the urgent ones, or back to a clinician when nothing is open any more."""
    state = State(case.state)
    if case.outcome == URGENT and Move.HOLD in moves_from(state):
        move(case, Move.HOLD, by=Actor.system("rules"), at=at)
    elif state == State.AWAITING_INFO:
        requests = case.information_requests.all()
        still_open = any(each.answered_at is None for each in requests)
        answered = any(each.answered_at == at for each in requests)
        if not still_open and (answered or sent or case.underlying != "more_info"):
            move(case, Move.ANSWER, by=by, at=at)
