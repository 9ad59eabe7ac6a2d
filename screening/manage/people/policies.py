"""Who may change what another person may do. The reason of a No is the sentence on the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership
from accounts.permissions import Permission


def may_invite(membership: Membership) -> Yes | No:
    return may(membership, Permission.MANAGE_PEOPLE)


def may_change(membership: Membership, member: Membership) -> Yes | No:
    """Nobody changes themselves, so that whoever changes somebody is left to look after people."""
    allowed = may(membership, Permission.MANAGE_PEOPLE)
    if allowed and member.user_id == membership.user_id:
        return No(_("You cannot change your own access. Ask another administrator."))
    return allowed


def may_send_again(membership: Membership, member: Membership) -> Yes | No:
    allowed = may_change(membership, member)
    if allowed and not (member.active and member.user.is_active):
        return No(_("Give this person access again first."))
    return allowed
