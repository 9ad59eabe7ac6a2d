"""Let people in, change what they may do, let them go. Whatever changes ends the sessions they have open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import No
from accounts.actors import Actor
from accounts.models import Membership, Site, User
from accounts.permissions import Permission
from accounts.roles import permissions_of
from audit.events import Event
from audit.services import record
from screening.cases.models import Case
from screening.cases.trail import record_about
from screening.manage.people import policies
from screening.review.services import require

__all__ = ["change_role", "end_access", "forget_second_step", "give_access", "invite", "note_register"]


def invite(
    *, site: Site, name: str, email: str, role: str, membership: Membership, by: Actor, at: datetime
) -> Membership:
    """A person of this clinic. Somebody who works at another one keeps their name and how they sign in."""
    with transaction.atomic():
        require(policies.may_invite(membership))
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)  # one invitation at a time
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User.objects.create_user(email=email, name=name)
        elif user.memberships.filter(site=site).exists():
            require(No(_("Somebody with this email address works here already. Look for them on the list.")))
        member = Membership.objects.create(user=user, site=site, role=role)
        _record(Event.MEMBER_INVITED, member, by=by, at=at, role=role)
    return member


def change_role(
    *, member: Membership, role: str, membership: Membership, by: Actor, at: datetime
) -> Membership:
    """In a role that takes no cases, those the person works on go back on the list."""
    with transaction.atomic():
        member = _locked(member)
        require(policies.may_change(membership, member))
        before = member.role
        if role != before:
            member.role = role
            member.save(update_fields=["role"])
            _record(Event.MEMBER_CHANGED, member, by=by, at=at, was=before, role=role)
            if Permission.CLAIM_CASE not in permissions_of(role):
                _give_back(member, by=by, at=at)
    return member


def note_register(
    *,
    member: Membership,
    number: str,
    specialty: str,
    checked_on: date | None,
    membership: Membership,
    by: Actor,
    at: datetime,
) -> Membership:
    """The entry on the specialist register, as somebody else looked it up on a day. Blank: there is none."""
    with transaction.atomic():
        member = _locked(member)
        require(policies.may_change(membership, member))
        member.specialist_register = number or None
        member.specialty = specialty or None
        member.register_checked_on = checked_on if number else None
        member.save(update_fields=["specialist_register", "specialty", "register_checked_on"])
        _record(Event.MEMBER_CHANGED, member, by=by, at=at, register="noted" if number else "removed")
    return member


def end_access(*, member: Membership, membership: Membership, by: Actor, at: datetime) -> Membership:
    """Their sessions end with the next page they ask for; the cases they work on go back on the list."""
    with transaction.atomic():
        member = _locked(member)
        require(policies.may_change(membership, member))
        if member.active:
            member.active = False
            member.save(update_fields=["active"])
            _record(Event.MEMBER_DEACTIVATED, member, by=by, at=at)
            _give_back(member, by=by, at=at)
    return member


def give_access(*, member: Membership, membership: Membership, by: Actor, at: datetime) -> Membership:
    with transaction.atomic():
        member = _locked(member)
        require(policies.may_change(membership, member))
        if not member.active:
            member.active = True
            member.save(update_fields=["active"])
            _record(Event.MEMBER_REACTIVATED, member, by=by, at=at)
    return member


def forget_second_step(*, member: Membership, membership: Membership, by: Actor, at: datetime) -> bool:
    """For somebody who lost their phone: they set up another after their password. Sessions end at once.

    Returns whether there was one. It guarded every clinic they work at, so each has a line in its trail.
    """
    with transaction.atomic():
        member = _locked(member)
        require(policies.may_change(membership, member))
        gone, _each = Authenticator.objects.filter(user_id=member.user_id).delete()
        if gone:
            user = User.objects.select_for_update().get(pk=member.user_id)
            user.role_stamp += 1
            user.save(update_fields=["role_stamp"])
            works_at = Membership.objects.filter(Q(active=True) | Q(pk=member.pk), user_id=member.user_id)
            for each in works_at.select_related("site").order_by("pk"):
                _record(Event.SECOND_FACTOR_REMOVED, each, by=by, at=at)
    return bool(gone)


def _locked(member: Membership) -> Membership:
    found = Membership.objects.select_for_update(of=("self",)).select_related("user", "site")
    return found.get(pk=member.pk)


def _give_back(member: Membership, *, by: Actor, at: datetime) -> None:
    """Nobody else could release these before their time with the person ran out."""
    held = Case.objects.select_for_update().filter(site_id=member.site_id, claimed_by_id=member.user_id)
    for case in held.order_by("pk"):
        case.claimed_by = case.claimed_at = case.lease_until = None
        case.lock += 1
        case.save(update_fields=["claimed_by", "claimed_at", "lease_until", "lock"])
        record_about(Event.CASE_RELEASED, case, by=by, at=at)


def _record(event: Event, member: Membership, *, by: Actor, at: datetime, **detail: Any) -> None:
    record(event, by=by, at=at, site=member.site, detail={"member": member.pk, **detail})
