"""People in their own room: each walks the real services."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.review.models import AnotherLook, Message
from screening.review.room import services
from screening.review.room.services import Amended
from tests.factories.intake import enter, response_of, submitted_case
from tests.factories.review import LATER, Clinician, fresh

LATE = LATER + dt.timedelta(hours=3)


def decided_case(site: Site, outcome: State = State.DECLINED, **changes: Any) -> Case:
    """Sent, decided by one clinician, agreed by another, with a letter."""
    case = submitted_case(site, **changes)
    first, second = Clinician.at(site), Clinician.at(site, Role.LEAD_CLINICIAN)
    first.takes(case)
    first.decides(case, outcome)
    second.opens(case)
    second.looks_second(case, letter="Dear Ada, we have read your answers.")
    return fresh(case)


def amends(case: Case, *, at: dt.datetime = LATE, **more: Any) -> Amended:
    """The patient changes answers: `answers={...}`, from what stands now unless `seen` says otherwise."""
    response = response_of(case)
    said = {"answers": {}, "seen": response.revision, **more}
    return services.amend(response=response, by=Actor.patient(response.patient_id), at=at, **said)


def replies(case: Case, text: str = "Thank you.", *, at: dt.datetime = LATE, **more: Any) -> Message:
    key = more.get("key") or uuid.uuid4()
    return services.reply(case=case, key=key, text=text, by=Actor.patient(case.patient_id), at=at)


def wants_another_look(
    case: Case, reason: str = "My diagnosis has changed.", *, at: dt.datetime = LATE
) -> AnotherLook:
    return services.ask_for_look(
        case=case,
        reason=reason,
        due_on=at.date() + dt.timedelta(days=7),
        by=Actor.patient(case.patient_id),
        at=at,
    )


def inside(client: Client, case: Case) -> Client:
    """A browser in which the patient has just come into the room."""
    return enter(client, response_of(case), at=timezone.now())


def settles_news(clinician: Clinician, case: Case, *, at: dt.datetime = LATE) -> Case:
    """Says that everything new from the patient was read."""
    return services.settle_news(case=case, seen=fresh(case).lock, **clinician.who(at))
