"""Say that an entry or a statement is not right: added beside it, never instead of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases.models import Response
from screening.cases.responses import answers_of
from screening.cases.services import bring_news, locked
from screening.review.models import Objection
from screening.review.room import policies
from screening.review.room.services.amending import locked_response
from screening.review.services import require
from screening.rules.canonical import sha256_of


class OtherValue(Exception):
    """The answers were changed elsewhere since the page was opened. Nothing was written."""


def value_of(response: Response, item: str, number: int | None) -> Any:
    """One entry of a list, counted from 1, or the whole answer. Raises IndexError where there is none."""
    answer = answers_of(response).get(item)
    if number is None:
        return answer
    if not isinstance(answer, list) or not 1 <= number <= len(answer):
        raise IndexError(number)
    return answer[number - 1]


def fingerprint(value: Any) -> str:
    """What a page shows of a value, so that the value can be known again."""
    return sha256_of({"value": value})


def object_to(
    *, response: Response, item: str, number: int | None, seen: str, text: str, by: Actor, at: datetime
) -> Objection:
    """Keep what the patient says about one value of a form that was sent; a clinician has to read it.

    `seen` is the fingerprint of the value that the page showed: raises OtherValue when another stands there
    now. The same words about the same value are kept once.
    """
    with transaction.atomic():
        response = locked_response(response)
        case = response.case = locked(response.case)
        require(policies.may_amend(case))
        try:
            value = value_of(response, item, number)
        except IndexError:
            raise OtherValue from None
        if fingerprint(value) != seen:
            raise OtherValue
        for before in response.objections.filter(item=item):
            if (before.value, before.text) == (value, text):
                return before
        objection = Objection.objects.create(response=response, item=item, value=value, text=text, at=at)
        bring_news(case, at=at)
        record(
            Event.ANSWER_OBJECTED,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail={"items": [item]},
        )
    return objection
