"""Take a form back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases.models import Case, ResponseStatus
from screening.cases.services import locked, move
from screening.cases.workflow import Move


def withdraw(*, case: Case, by: Actor, at: datetime) -> Case:
    """The person no longer wants this. An open draft takes no more answers; what was sent is kept."""
    with transaction.atomic():
        case = locked(case)
        case.responses.filter(status=ResponseStatus.IN_PROGRESS).update(status=ResponseStatus.STOPPED)
        move(case, Move.WITHDRAW, by=by, at=at)
        case.patient.withdrawn_at = at
        case.patient.save(update_fields=["withdrawn_at"])
        record(
            Event.CASE_WITHDRAWN,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
        )
    return case
