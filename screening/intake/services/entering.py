"""Staff fill in a form for a patient: by telephone, or from paper. Everything else is the same form."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import cast
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from screening.cases.models import Case, Response
from screening.cases.trail import record_about
from screening.intake import known
from screening.intake.models import Entered, Mode
from screening.intake.services.drafts import start
from screening.intake.services.safety import mark_read
from screening.intake.services.submission import keep_person


def enter_for(
    *,
    site: Site,
    key: UUID,
    mode: Mode,
    source: str,
    date_of_birth: date,
    nation: str,
    given_name: str,
    family_name: str,
    phone: str,
    by: Actor,
    at: datetime,
) -> Response:
    """Begin a form for a new patient. `source`: who reads the answers out, or where the paper came from.

    Name and number are known from the first moment, so that somebody can ring when the line breaks. Pressed
    twice on one page (`key`) about the same person, the form that was begun is given back. Raises
    Response.DoesNotExist when somebody else began it.
    """
    begun_as = uuid5(key, "\n".join((given_name, family_name, date_of_birth.isoformat())))
    ones_own = Response.objects.filter(pk=begun_as, entered__by=cast("int", by.user_id))
    try:
        with transaction.atomic():
            if begun := ones_own.first():
                return begun
            response = start(
                site=site, date_of_birth=date_of_birth, nation=nation, by=by, at=at, key=begun_as
            )
            Entered.objects.create(
                response=response, mode=mode, source=source, by_id=cast("int", by.user_id), at=at
            )
            said = {known.GIVEN_NAME: given_name, known.FAMILY_NAME: family_name, known.PHONE: phone}
            keep_person(response.case, said)
            record_about(Event.ENTRY_STARTED, response.case, by=by, at=at, mode=mode)
    except IntegrityError:
        if not Response.objects.filter(pk=begun_as).exists():
            raise
        return ones_own.get()  # the other press was quicker by a moment
    return response


def resume_entry(*, response: Response, by: Actor, at: datetime) -> Response:
    """A member of staff goes on with a form that somebody of the clinic began for a patient."""
    with transaction.atomic():
        record_about(Event.ENTRY_RESUMED, response.case, by=by, at=at)
    return response


def read_out_advice(*, case: Case, flags: Collection[int], by: Actor, at: datetime) -> int:
    """The advice of these flags was read out to the person. How many of them that was the first time for."""
    with transaction.atomic():
        read = mark_read(case, flags, at=at)
        record_about(Event.ADVICE_READ_OUT, case, by=by, at=at, flags=read)
    return read
