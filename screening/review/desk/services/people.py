"""Say that two records are one person, and take it back. No record is changed by either."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import No, Yes
from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from screening.cases.models import Case, Patient
from screening.cases.services import locked
from screening.cases.trail import record_about
from screening.review.desk import joining, policies
from screening.review.desk.models import SamePerson
from screening.review.services import require


def join_records(
    *, case: Case, seen: int, other: str, reason: str, membership: Membership, by: Actor, at: datetime
) -> SamePerson:
    """This case and the one with the reference `other` are of one person. The older record is the kept one.

    Neither case changes hands, state or contact; each page shows the other from now on. That nothing may be
    sent to one of them (`followup`) holds for both.
    """
    with transaction.atomic():
        case = locked(case, seen=seen)
        mate = case.site.cases.select_related("patient").filter(reference=other).first()
        # In one order for everybody: two who join the same records at once do so one after the other.
        pair = sorted({case.patient_id, mate.patient_id if mate else case.patient_id}, key=str)
        people = list(Patient.objects.select_for_update().filter(pk__in=pair).order_by("pk"))
        require(policies.may_join(membership, case, mate, joined=joining.records_of(case.patient)))
        mine, theirs = joining.records_of(people[0]), joining.records_of(people[1])
        kept, joined = sorted(
            (_oldest(mine), _oldest(theirs)), key=lambda each: (each.created_at, str(each.pk))
        )
        link = SamePerson.objects.create(
            kept=kept, joined=joined, reason=reason, by_id=membership.user_id, at=at
        )
        record_about(Event.PATIENT_MERGED, case, by=by, at=at, references=[other])
    return link


def part_records(
    *, case: Case, link: SamePerson, reason: str, membership: Membership, by: Actor, at: datetime
) -> SamePerson:
    """They are two people after all. Both cases are as they were, because nothing was changed."""
    with transaction.atomic():
        case = locked(case)
        link = SamePerson.objects.select_for_update().get(pk=link.pk)
        require(policies.may_part(membership))
        require(Yes() if link.undone_at is None else No(_("Somebody has taken these records apart already.")))
        link.undone_at, link.undone_by_id, link.undone_reason = at, membership.user_id, reason
        link.save(update_fields=["undone_at", "undone_by", "undone_reason"])
        record_about(Event.PATIENT_UNMERGED, case, by=by, at=at)
    return link


def _oldest(keys: set[UUID]) -> Patient:
    """The record that nobody joined to another one: of a chain the one all others lead to."""
    joined = set(joining.standing(keys).values_list("joined", flat=True))
    return Patient.objects.get(pk__in=keys - joined)
