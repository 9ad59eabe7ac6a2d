"""Start a draft and save its pages: each page whole or not at all, never over newer answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction

from accounts.actors import Actor, ActorKind
from accounts.encryption import lookup_hash
from accounts.models import Site
from screening.cases.models import Response
from screening.cases.responses import answers_of, asked_in
from screening.cases.services import local_date, open_case
from screening.intake.known import DATE_OF_BIRTH, GIVEN_NAME, NATION, PHONE
from screening.intake.services.documents import add_uploads, files_go_with_rows
from screening.intake.services.safety import raise_red_flags
from screening.intake.services.writing import locked_draft, refuse_stale, telling_refusals, write
from screening.intake.uploads import Upload
from screening.questionnaires.selectors import intake_versions, journey_of, questionnaire_of
from screening.rules.advice import Due, advice_for

CARRIED_BY_FILES = "attachment"
ONE_PRESS = dt.timedelta(seconds=30)  # of somebody who presses again because nothing seems to happen


@dataclass(frozen=True)
class Saved:
    """The draft after a save, and the advice that must be the very next page."""

    response: Response
    advice: tuple[Due, ...] = ()


def start(
    *,
    site: Site,
    date_of_birth: dt.date,
    nation: str,
    by: Actor,
    at: dt.datetime,
    language: str = "",
    key: UUID | None = None,
) -> Response:
    """A new draft from two facts. Whoever is under age never gets here: nothing of them is stored.

    With a `key` the draft has it as its own, so that it begins once.
    """
    with transaction.atomic():
        version, _ = intake_versions(site=site)
        case = open_case(site=site, nation=nation, by=by, at=at)
        patient = case.patient
        patient.date_of_birth = date_of_birth.isoformat()
        patient.date_of_birth_hash = lookup_hash(date_of_birth.isoformat())
        patient.save(update_fields=["date_of_birth", "date_of_birth_hash"])
        response = Response.objects.create(
            id=key or uuid4(),
            site=site,
            patient=patient,
            case=case,
            version=version,
            questionnaire_code=version.code,
            language=language,
            started_at=at,
            last_activity_at=at,
        )
        first = questionnaire_of(version).page_of(DATE_OF_BIRTH)
        answers = {DATE_OF_BIRTH: date_of_birth.isoformat(), NATION: nation}
        writer = by if by.kind is ActorKind.STAFF else Actor.patient(patient.pk)
        write(response, first.id, answers, by=writer, at=at)
    return response


def start_once(
    *,
    site: Site,
    key: UUID,
    date_of_birth: dt.date,
    nation: str,
    by: Actor,
    at: dt.datetime,
    language: str = "",
) -> Response:
    """A new draft; pressed twice on one page (`key`) with the same facts, the one that was begun.

    Only within a moment and while it holds nothing else: the page may still be open on a device that
    somebody else has next.
    """

    def begin(own: UUID | None = None) -> Response:
        return start(
            site=site, date_of_birth=date_of_birth, nation=nation, language=language, key=own, by=by, at=at
        )

    begun_as = uuid5(key, f"{site.pk}\n{date_of_birth.isoformat()}\n{nation}")
    just_begun = Response.objects.filter(pk=begun_as, revision=1, started_at__gt=at - ONE_PRESS)
    try:
        with transaction.atomic():
            return just_begun.first() or begin(begun_as)
    except IntegrityError:  # the other press was quicker by a moment, or the page was open for long
        return just_begun.first() or begin()


def save_page(
    *,
    response: Response,
    page_id: str,
    answers: Mapping[str, Any],
    seen_lock: int,
    by: Actor,
    at: dt.datetime,
    uploads: Sequence[tuple[str, Upload]] = (),
) -> Saved:
    """Save the answers of one page; None takes an answer away.

    Red flags are raised in the same transaction, so an answer that needs urgent advice is never
    saved without staff seeing it. Raises StalePage or Closed and then writes nothing.
    """
    told = telling_refusals(response=response, by=by, at=at)
    with told, transaction.atomic(), files_go_with_rows() as written:
        response = locked_draft(response)
        page = questionnaire_of(response.version).page(page_id)
        known = {item.id for item in page.items if item.type != CARRIED_BY_FILES}
        changes = {key: value for key, value in answers.items() if key in known}
        refuse_stale(response, page_id, changes, seen_lock=seen_lock)
        before = answers_of(response)
        if uploads:
            changes |= add_uploads(response, uploads, written=written, by=by, at=at)
        write(response, page_id, changes, by=by, at=at)
        keep_facts(response, changes)
        due = raise_due_advice(response, page_id, before=before, by=by, at=at)
    return Saved(response, due)


def heed(
    *, response: Response, page_id: str, typed: Mapping[str, Any], by: Actor, at: dt.datetime
) -> tuple[Due, ...]:
    """Answers that could not be saved, because the page has a mistake or was saved elsewhere.

    Nothing is written to the form. But somebody said it, on a page that is not asked any more too: what is
    urgent is raised, and its advice comes back.
    """
    saved = answers_of(response)
    with transaction.atomic():
        return raise_due_advice(response, page_id, typed=typed, before=saved, by=by, at=at)


def raise_due_advice(
    response: Response,
    page_id: str,
    *,
    before: Mapping[str, Any],
    by: Actor,
    at: dt.datetime,
    typed: Mapping[str, Any] | None = None,
) -> tuple[Due, ...]:
    """What the active answers of this page call for, most urgent first; positive ones are raised.

    `typed` is what could not be saved. An answer that stands as it stood in `before` is shown its advice
    again, but is no news to staff who have dealt with it.
    """
    journey = asked_in(response, journey_of(response.version))
    page = journey.questionnaire.page(page_id)
    if not any(part.advice for item in page.items for part in (item, *item.items)):
        return ()
    said = typed or {}
    now = {**answers_of(response), **said}
    active = {**said, **journey.active(now, local_date(at)).answers}
    due = tuple(dict.fromkeys(advice_for(page, active, journey.questionnaire)))
    if due:
        raise_red_flags(response, due, before=before, now=now, by=by, at=at)
    return due


def keep_facts(response: Response, changes: Mapping[str, Any]) -> None:
    """What has to work before the form is sent also lives on the patient.

    The date of birth opens a link, the nation chooses advice, and somebody with an urgent answer is rung
    by name.
    """
    patient, fields = response.patient, []
    if changes.get(DATE_OF_BIRTH):
        patient.date_of_birth = changes[DATE_OF_BIRTH]
        patient.date_of_birth_hash = lookup_hash(changes[DATE_OF_BIRTH])
        fields += ["date_of_birth", "date_of_birth_hash"]
    if changes.get(NATION):
        patient.nation = changes[NATION]
        fields.append("nation")
    for field, item in (("given_name", GIVEN_NAME), ("phone", PHONE)):
        if changes.get(item):
            setattr(patient, field, changes[item])
            fields.append(field)
    if fields:
        patient.save(update_fields=fields)
