"""Another look at a decision: asked by the patient, answered by somebody who took no part in it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from audit.selectors import last_opened
from audit.services import record
from screening.cases.clock import set_clock
from screening.cases.models import Case
from screening.cases.services import bring_news, locked, move
from screening.cases.workflow import Move
from screening.review.letters.policies import may_write
from screening.review.models import AnotherLook, Letter
from screening.review.room import policies
from screening.review.services import Refused, require


def ask_for_look(*, case: Case, reason: str, due_on: date, by: Actor, at: datetime) -> AnotherLook:
    """Ask that somebody else looks again. `due_on` is the day the clinic aims for, and shows."""
    with transaction.atomic():
        case = locked(case)
        open_look = case.looks.filter(answered_at__isnull=True).exists()
        require(policies.may_ask_for_look(case, open_look=open_look))
        look = AnotherLook.objects.create(
            case=case,
            decision=case.decisions.filter(outcome=case.state).latest("id"),
            reason=reason,
            asked_at=at,
            due_on=due_on,
        )
        bring_news(case, at=at)
        case.look_wanted = True
        case.save(update_fields=["look_wanted"])
        record(
            Event.ANOTHER_LOOK_ASKED,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
        )
    return look


def answer_look(
    *,
    case: Case,
    seen: int,
    reopens: bool,
    answer: str,
    membership: Membership,
    by: Actor,
    at: datetime,
) -> AnotherLook:
    """Let the decision stand, or open the case again; either way the patient gets a letter that says why."""
    with transaction.atomic():
        case = locked(case, seen=seen)
        look = case.looks.select_for_update().filter(answered_at__isnull=True).first()
        if look is None:
            raise Refused(_("Another look was recorded already. What you wrote is below."))
        deciders = set(case.decisions.values_list("clinician_id", flat=True))
        opened = last_opened(site=case.site, reference=case.reference, user_id=membership.user_id)
        require(policies.may_answer_look(membership, case, deciders=deciders, opened=opened))
        require(may_write(answer))
        look.answered_at, look.answered_by_id = at, membership.user_id
        look.reopened, look.answer = reopens, answer
        look.save(update_fields=["answered_at", "answered_by", "reopened", "answer"])
        Letter.objects.create(case=case, text=answer, author_id=membership.user_id, written_at=at)
        case.news_at, case.look_wanted = None, False
        if reopens:
            case.waiting_since, case.days_used = at, 0
            move(case, Move.REOPEN, by=by, at=at)
        else:
            set_clock(case)
            case.lock += 1
            case.save(update_fields=["news_at", "look_wanted", "due_at", "lock"])
        record(
            Event.ANOTHER_LOOK_ANSWERED,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail={"reopened": reopens},
        )
    return look
