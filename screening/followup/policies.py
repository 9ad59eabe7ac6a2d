"""Who may do what about one reminder. A No is the sentence on the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership
from accounts.permissions import Permission
from screening.followup.models import Reminder, ReminderState

WAITING = frozenset({ReminderState.SCHEDULED, ReminderState.RETRY})
ENDED = frozenset({ReminderState.FAILED, ReminderState.AMBIGUOUS, ReminderState.CANCELLED})


def may_cancel(membership: Membership, reminder: Reminder) -> Yes | No:
    allowed = may(membership, Permission.RELEASE_SENDING)
    if allowed and reminder.state not in WAITING:
        return No(_("Only what is planned can be cancelled: %(state)s.") % {"state": _state(reminder)})
    return allowed


def may_send_again(membership: Membership, reminder: Reminder) -> Yes | No:
    allowed = may(membership, Permission.RELEASE_SENDING)
    if allowed and reminder.state not in ENDED:
        return No(
            _("Only what has ended without arriving can be tried again: %(state)s.")
            % {"state": _state(reminder)}
        )
    return allowed


def _state(reminder: Reminder) -> str:
    return str(reminder.get_state_display()).lower()
