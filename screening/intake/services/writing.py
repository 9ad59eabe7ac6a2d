"""How anything is written to a draft: locked, never over newer answers, with its revision and event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases.models import Response, ResponseStatus, Revision
from screening.cases.responses import answers_of, split
from screening.questionnaires.selectors import questionnaire_of
from screening.rules.answers import is_blank


class Closed(Exception):
    """The form was sent, withdrawn or has run out: its pages take no answers any more."""


class StaleAnswers(Exception):
    """The answers were changed elsewhere since the page was opened. Nothing was written; both are here."""

    def __init__(self, *, saved: dict[str, Any], typed: dict[str, Any], lock: int) -> None:
        super().__init__("the answers were changed elsewhere")
        self.saved, self.typed, self.lock = saved, typed, lock


class StalePage(StaleAnswers):
    """The same of one page of a draft, which has a lock of its own."""

    def __init__(self, *, page_id: str, saved: dict[str, Any], typed: dict[str, Any], lock: int) -> None:
        super().__init__(saved=saved, typed=typed, lock=lock)
        self.page_id = page_id


def locked_draft(response: Response) -> Response:
    """The draft, locked for this transaction; Closed when it takes no answers any more."""
    fresh = (
        Response.objects.select_for_update(of=("self",))
        .select_related("case", "patient", "site", "version")
        .defer("version__content")
        .get(pk=response.pk)
    )
    if fresh.status != ResponseStatus.IN_PROGRESS:
        raise Closed
    return fresh


def refuse_stale(response: Response, page_id: str, changes: Mapping[str, Any], *, seen_lock: int) -> None:
    """Two tabs may save the same answers; only a difference is a conflict."""
    lock = int(response.page_locks.get(page_id, 0))
    if seen_lock == lock:
        return
    document = answers_of(response)
    saved = {key: document.get(key) for key in changes}
    if any(saved[key] != value for key, value in changes.items()):
        raise StalePage(page_id=page_id, saved=saved, typed=dict(changes), lock=lock)


@contextmanager
def telling_refusals(*, response: Response, by: Actor, at: datetime) -> Iterator[None]:
    """Around the transaction of a save: a stale one is undone, and the trail says so all the same."""
    try:
        yield
    except StalePage as stale:
        with transaction.atomic():
            record(
                Event.SAVE_REFUSED_STALE,
                by=by,
                at=at,
                site=response.site,
                case=response.case.reference,
                patient=response.patient_id,
                detail={"page": stale.page_id},
            )
        raise


def write(response: Response, page_id: str, changes: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Put changes into the document, count the save and keep its revision. On a locked draft."""
    questionnaire = questionnaire_of(response.version)
    document = answers_of(response)
    for key, value in changes.items():
        if is_blank(value):
            document.pop(key, None)
        else:
            document[key] = value
    response.answers, private = split(questionnaire, document)
    response.private_answers = private or None
    response.page_locks = {**response.page_locks, page_id: int(response.page_locks.get(page_id, 0)) + 1}
    response.revision += 1
    response.last_activity_at = at
    response.save(update_fields=["answers", "private_answers", "page_locks", "revision", "last_activity_at"])
    coded, private = split(questionnaire, changes)
    Revision.objects.create(
        response=response,
        number=response.revision,
        page_id=page_id,
        answers=coded,
        private_answers=private or None,
        at=at,
        by_kind=by.kind,
        by_label=by.label,
    )
    record(
        Event.PAGE_SAVED,
        by=by,
        at=at,
        site=response.site,
        case=response.case.reference,
        patient=response.patient_id,
        detail={"page": page_id, "revision": response.revision},
    )
