"""What a clinician does to a case. Each checks its policy again, inside the lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from accounts.access import No
from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from audit.selectors import Opening, last_opened
from screening.cases.clock import set_clock
from screening.cases.models import ORDINARY_RANK, Case
from screening.cases.services import LEASE, locked, move
from screening.cases.trail import record_about
from screening.cases.workflow import Move, State
from screening.intake.services import end_erased
from screening.review import policies
from screening.review.desk import policies as desk
from screening.review.desk.models import Call
from screening.review.desk.selectors import called_at, standing_flags, standing_since, urgent_flags
from screening.review.models import InformationRequest, Letter, ReviewNote


class Refused(Exception):
    """A policy said no. `reason` is the sentence to show."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def require(answer: Any) -> None:
    """Go on when a policy says yes; Refused with its sentence when it says no."""
    if isinstance(answer, No):
        raise Refused(answer.reason)


def claim(*, case: Case, seen: int, membership: Membership, by: Actor, at: datetime) -> Case:
    with transaction.atomic():
        case = locked(case, seen=seen)
        require(policies.may_claim(membership, case, at=at))
        case.claimed_by_id = membership.user_id
        case.claimed_at = at
        case.lease_until = at + LEASE
        case.lock += 1
        case.save(update_fields=["claimed_by", "claimed_at", "lease_until", "lock"])
        record_about(Event.CASE_CLAIMED, case, by=by, at=at)
    return case


def release(*, case: Case, seen: int, membership: Membership, by: Actor, at: datetime) -> Case:
    with transaction.atomic():
        case = locked(case, seen=seen)
        require(
            desk.may_release(
                membership,
                case,
                at=at,
                urgent=urgent_flags(case),
                opened=_opened(case, membership),
                called_at=called_at(case),
            )
        )
        _let_go(case)
        case.lock += 1
        case.save(update_fields=["claimed_by", "claimed_at", "lease_until", "lock"])
        record_about(Event.CASE_RELEASED, case, by=by, at=at)
    return case


def clear_red_flags(
    *,
    case: Case,
    seen: int,
    reason: str,
    call: Call | None = None,
    no_call: str = "",
    membership: Membership,
    by: Actor,
    at: datetime,
) -> Case:
    """Record that the safety answers were dealt with; the case goes on to what lies underneath.

    That rests on a `call`, or `no_call` says why there was none.
    """
    with transaction.atomic():
        case = locked(case, seen=seen)
        standing, opened = standing_flags(case), _opened(case, membership)
        require(policies.may_clear(membership, case, at=at, standing=standing, opened=opened))
        require(desk.may_rest_on(case, call, no_call=no_call, standing_since=standing_since(case)))
        cleared = case.red_flags.filter(cleared_at__isnull=True).update(
            cleared_at=at,
            cleared_by_id=membership.user_id,
            cleared_reason=reason,
            cleared_call=call,
            cleared_uncalled=None if call else no_call,
        )
        case.rank = ORDINARY_RANK
        case.outcome = case.underlying
        if case.state == State.URGENT_HOLD:
            move(case, Move.CLEAR, by=by, at=at, reason=reason)
            if case.underlying == "more_info":
                move(case, Move.ASK, by=by, at=at)
        else:
            set_clock(case)
            case.lock += 1
            case.save(update_fields=["rank", "outcome", "due_at", "lock"])
        record_about(Event.RED_FLAG_CLEARED, case, by=by, at=at, cleared=cleared, called=call is not None)
        return end_erased(case=case, by=by, at=at)


def ask_patient(
    *,
    case: Case,
    seen: int,
    items: Sequence[str],
    text: str,
    membership: Membership,
    by: Actor,
    at: datetime,
) -> InformationRequest:
    """Put questions back to the patient. The notice that tells them is a reminder, planned from this row."""
    with transaction.atomic():
        case = locked(case, seen=seen)
        require(policies.may_ask(membership, case, at=at))
        request = InformationRequest.objects.create(
            case=case, items=list(items), text=text, asked_by_id=membership.user_id, asked_at=at
        )
        if case.state != State.AWAITING_INFO:
            move(case, Move.ASK, by=by, at=at)
        else:
            case.lock += 1
            case.save(update_fields=["lock"])
        record_about(Event.INFORMATION_REQUESTED, case, by=by, at=at, items=list(items))
    return request


def add_note(
    *, case: Case, key: UUID, text: str, membership: Membership, by: Actor, at: datetime
) -> ReviewNote:
    """The same words sent twice from one page (`key`) are one note; other words are another."""
    with transaction.atomic():
        note, new = case.notes.get_or_create(
            key=uuid5(key, text), defaults={"author_id": membership.user_id, "text": text, "at": at}
        )
        if new:
            record_about(Event.NOTE_ADDED, case, by=by, at=at)
    return note


def open_letter(*, letter: Letter, by: Actor, at: datetime) -> Letter:
    """The patient reads a letter. The first time is kept with it, every time is in the trail."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).select_related("case__site").get(pk=letter.pk)
        if letter.read_at is None:
            letter.read_at = at
            letter.save(update_fields=["read_at"])
        record_about(Event.LETTER_OPENED, letter.case, by=by, at=at)
    return letter


def _opened(case: Case, membership: Membership) -> Opening | None:
    return last_opened(site=case.site, reference=case.reference, user_id=membership.user_id)


def _let_go(case: Case) -> None:
    case.claimed_by = case.claimed_at = case.lease_until = None
