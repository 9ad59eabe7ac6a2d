"""Write down that somebody was rung about an urgent answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.cases.services import locked
from screening.review.desk import policies
from screening.review.desk.models import Call, CallResult
from screening.review.services import require


def record_call(
    *,
    case: Case,
    key: UUID,
    result: CallResult,
    text: str,
    made_at: datetime | None = None,
    membership: Membership,
    by: Actor,
    at: datetime,
) -> Call:
    """One try to reach the person. A page that is behind does not stop it: the call was made all the same.

    `made_at` is when it was, `at` unless said. The same sent twice from one page (`key`) is one call; what
    is changed there and sent again is another.
    """
    told = "\n".join((result, made_at.isoformat() if made_at else "", text))
    with transaction.atomic():
        case = locked(case)
        require(policies.may_record_call(membership, case))
        call, new = case.calls.get_or_create(
            key=uuid5(key, told),
            defaults={
                "result": result,
                "text": text,
                "made_by_id": membership.user_id,
                "made_at": made_at or at,
                "recorded_at": at,
            },
        )
        if new:
            record(
                Event.CALL_RECORDED,
                by=by,
                at=at,
                site=case.site,
                case=case.reference,
                patient=case.patient_id,
                detail={"result": result},
            )
    return call
