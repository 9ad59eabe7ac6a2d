"""Who may put a case back, pass it on or take it over. A No is the sentence on the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership
from accounts.permissions import Permission
from audit.selectors import Opening
from screening.cases.models import ORDINARY_RANK, Case, Patient, RedFlag
from screening.cases.workflow import CLOSED, State
from screening.review.desk.models import Call
from screening.review.policies import has_seen_flags, holds, lapsed

Answer = Yes | No


def may_release(
    membership: Membership,
    case: Case,
    *,
    at: datetime,
    urgent: Sequence[RedFlag],
    opened: Opening | None,
    called_at: datetime | None,
) -> Answer:
    """Put a case back. An urgent one was opened before, and somebody rang, both since the answer.

    `urgent`: the urgent answers that stand.
    """
    if not holds(membership, case, at=at):
        return No(_("Only the person working on a case can put it back."))
    if not urgent:
        return Yes()
    if not has_seen_flags(urgent, opened):
        return No(
            _("An urgent answer came in that you have not opened. Open it, or hand the case to a colleague.")
        )
    if called_at is None or called_at < max(flag.raised_at for flag in urgent):
        return No(
            _("This case is urgent and no call is recorded. Record it, or hand the case to a colleague.")
        )
    return Yes()


def may_hand_over(membership: Membership, case: Case, *, at: datetime) -> Answer:
    allowed = may(membership, Permission.CLAIM_CASE)
    if not allowed:
        return allowed
    if not holds(membership, case, at=at):
        return No(_("Only the person working on a case can hand it over."))
    return Yes()


def may_take_over(membership: Membership, case: Case, *, at: datetime) -> Answer:
    """Take a case out of the hands of a colleague who is away, before their time for it is over."""
    allowed = may(membership, Permission.CLAIM_CASE)
    if not allowed:
        return allowed
    if case.state in CLOSED and case.rank == ORDINARY_RANK:
        return No(_("This case is closed."))
    if case.claimed_by_id == membership.user_id:
        return No(_("You are working on this case already."))
    if case.claimed_by_id is None or lapsed(case, at=at):
        return No(_("Nobody is working on this case. Press “Work on this case”."))
    return Yes()


def may_record_call(membership: Membership, case: Case) -> Answer:
    """A call that was made can always be written down, whoever holds the case and wherever it stands."""
    allowed = may(membership, Permission.RECORD_CALL)
    if not allowed:
        return allowed
    if not case.red_flags.exists():
        return No(_("There is no urgent answer in this case to ring about. Write a note instead."))
    return Yes()


def may_add_task(membership: Membership, case: Case) -> Answer:
    allowed = may(membership, Permission.ADD_NOTE)
    if not allowed:
        return allowed
    if case.state in (State.WITHDRAWN, State.EXPIRED):
        return No(_("The patient took the form back, so there is nothing left to do."))
    return Yes()


def may_finish_task(membership: Membership) -> Answer:
    return may(membership, Permission.ADD_NOTE)


def may_join(membership: Membership, case: Case, mate: Case | None, *, joined: set[UUID]) -> Answer:
    """Say that two cases are of one person. `joined` are the records joined with this one already."""
    allowed = may(membership, Permission.JOIN_RECORDS)
    if not allowed:
        return allowed
    if mate is None:
        return No(_("There is no other case with this reference here."))
    if mate.patient_id in joined:
        return No(_("These two are joined already."))
    if not _alike(case.patient, mate.patient):
        return No(_("Neither the NHS number agrees, nor surname and date of birth. They stay two records."))
    return Yes()


def may_part(membership: Membership) -> Answer:
    return may(membership, Permission.JOIN_RECORDS)


def _alike(one: Patient, other: Patient) -> bool:
    number = one.nhs_number_hash
    name = (one.family_name_hash, one.date_of_birth_hash)
    same_number = bool(number) and number == other.nhs_number_hash
    return same_number or (all(name) and name == (other.family_name_hash, other.date_of_birth_hash))


def may_rest_on(case: Case, call: Call | None, *, no_call: str, standing_since: datetime | None) -> Answer:
    """Clearing rests on a call about this case, or says why there was none. Exactly one of the two.

    A call from before the newest answer was about something else.
    """
    if (call is not None) == bool(no_call.strip()) or (call is not None and call.case_id != case.pk):
        return No(_("Say which call this rests on, or why there was none."))
    if call is not None and (standing_since is None or call.made_at < standing_since):
        return No(_("A safety answer came in after this call. Ring again, or say why there was no call."))
    return Yes()
