"""Who may put an old record forward, and who says what becomes of it. A No is the sentence on the page."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership
from accounts.permissions import Permission
from screening.manage.retention.models import Disposal, Outcome
from screening.manage.retention.selectors import OldRecord


def may_put_forward(membership: Membership) -> Yes | No:
    return may(membership, Permission.PUT_FORWARD_RECORD)


def may_keep(membership: Membership, disposal: Disposal) -> Yes | No:
    """Also what a lead clinician had agreed to delete, for as long as it is there."""
    allowed = may(membership, Permission.SETTLE_RECORD)
    if not allowed:
        return allowed
    if disposal.outcome == Outcome.KEPT:
        return No(_("Somebody has said already that this record is kept longer."))
    if disposal.done_at is not None:
        return No(_("This record is deleted already."))
    if disposal.put_forward_by_id == membership.user_id:
        return No(_("You put this record forward. Somebody else has to look at it."))
    return Yes()


def may_delete(
    membership: Membership, disposal: Disposal, old: OldRecord | None, unopened: Collection[str]
) -> Yes | No:
    """`old` is the record as it is now, `unopened` the cases in it that this person has not opened since."""
    allowed = may_keep(membership, disposal)
    if not allowed:
        return allowed
    same = _is_as_it_was(disposal, old)
    if not same:
        return same
    if unopened:
        return No(_("Open %(cases)s first, and look at what is in it.") % {"cases": ", ".join(unopened)})
    return Yes()


def may_be_deleted(disposal: Disposal, old: OldRecord | None) -> Yes | No:
    """Two people have agreed, and nothing has happened meanwhile."""
    if not disposal.is_agreed:
        return No(_("Nobody has agreed to delete this record, or it is deleted already."))
    return _is_as_it_was(disposal, old)


def _is_as_it_was(disposal: Disposal, old: OldRecord | None) -> Yes | No:
    """Whether nothing has happened since it was put forward: `old` is the record as it is now."""
    if old is None or set(old.patients) != set(disposal.patients) or old.last_contact > disposal.last_contact:
        return No(_("Something has happened with this record since it was put forward. Keep it longer."))
    return Yes()
