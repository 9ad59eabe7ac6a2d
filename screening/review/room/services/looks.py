"""Another look at a decision: asked by the patient, answered by somebody who took no part in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from audit.selectors import Opening, last_opened
from audit.services import record
from screening.cases.clock import set_clock
from screening.cases.models import Case
from screening.cases.services import bring_news, locked, move
from screening.cases.workflow import Move
from screening.review.letters.policies import may_write
from screening.review.models import AnotherLook, Letter, Objection
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
    """Let the decision stand, or open the case again; either way the patient gets a letter that says why.

    What else the patient sent counts as read if it was there when this person opened the case.
    """
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
        opened_at = cast("Opening", opened).at  # the policy has refused who did not
        case.messages.filter(author__isnull=True, read_at__isnull=True, sent_at__lte=opened_at).update(
            read_at=at
        )
        case.news_at, case.look_wanted = _unseen_since(case, opened_at), False
        if reopens:
            case.waiting_since, case.days_used = at, 0
            move(case, Move.REOPEN, by=by, at=at)
        else:
            case.waiting_since = case.news_at or case.waiting_since
            set_clock(case)
            case.lock += 1
            case.save(update_fields=["news_at", "look_wanted", "waiting_since", "due_at", "lock"])
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


def _unseen_since(case: Case, opened_at: datetime) -> datetime | None:
    """When the first thing came that nobody saw who opened the case then: words, an objection, a later form.

    A changed answer is none of them: it is judged, and who has not opened that does not come this far.
    """
    words = case.messages.filter(author__isnull=True, sent_at__gt=opened_at).values_list("sent_at")
    objections = Objection.objects.filter(response__case=case, at__gt=opened_at).values_list("at")
    forms = case.responses.exclude(occasion="").filter(submitted_at__gt=opened_at)
    found = (*words, *objections, *forms.values_list("submitted_at"))
    return min((came for (came,) in found if came is not None), default=None)
