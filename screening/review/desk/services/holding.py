"""Pass a case from one colleague to another. Its time starts anew with whoever has it now."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import No, Yes
from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.cases.services import LEASE, locked
from screening.review.desk import policies
from screening.review.desk.models import Handover
from screening.review.desk.selectors import colleagues
from screening.review.services import require


def hand_over(
    *, case: Case, seen: int, to: int, note: str, membership: Membership, by: Actor, at: datetime
) -> Handover:
    """Give the case to a named colleague of the same site. `to` is their user id."""
    with transaction.atomic():
        case = locked(case, seen=seen)
        require(policies.may_hand_over(membership, case, at=at))
        there = {each.user_id for each in colleagues(site=case.site, besides=membership.user_id)}
        require(Yes() if to in there else No(_("This colleague cannot work on cases of this site.")))
        handover = _pass_on(case, giver=membership.user_id, to=to, taken=False, reason=note, at=at)
        _record(Event.CASE_HANDED_OVER, handover, by=by, at=at)
    return handover


def take_over(
    *, case: Case, seen: int, reason: str, membership: Membership, by: Actor, at: datetime
) -> Handover:
    """Take the case from a colleague who is away. They read on their list that it happened, and why."""
    with transaction.atomic():
        case = locked(case, seen=seen)
        require(policies.may_take_over(membership, case, at=at))
        giver = cast("int", case.claimed_by_id)  # the policy has refused a case that nobody holds
        handover = _pass_on(case, giver=giver, to=membership.user_id, taken=True, reason=reason, at=at)
        _record(Event.CASE_TAKEN_OVER, handover, by=by, at=at)
    return handover


def _pass_on(case: Case, *, giver: int, to: int, taken: bool, reason: str, at: datetime) -> Handover:
    handover = Handover.objects.create(
        case=case, from_user_id=giver, to_user_id=to, taken=taken, reason=reason or None, at=at
    )
    case.claimed_by_id, case.claimed_at, case.lease_until = to, at, at + LEASE
    case.lock += 1
    case.save(update_fields=["claimed_by", "claimed_at", "lease_until", "lock"])
    return handover


def _record(event: Event, handover: Handover, *, by: Actor, at: datetime) -> None:
    case = handover.case
    detail = {"from": handover.from_user_id, "to": handover.to_user_id}
    record(event, by=by, at=at, site=case.site, case=case.reference, patient=case.patient_id, detail=detail)
