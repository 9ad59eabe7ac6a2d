"""The line of the trail about one case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases.models import Case


def record_about(
    event: Event, case: Case, *, by: Actor, at: datetime, references: Iterable[str] = (), **detail: Any
) -> None:
    """Who did what to this case. `references` names other cases that were shown or concerned."""
    record(
        event,
        by=by,
        at=at,
        site=case.site,
        case=case.reference,
        patient=case.patient_id,
        references=references,
        detail=detail,
    )
