"""Whether this person may do this to this case. The reason of a No is the sentence on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership
from accounts.permissions import Permission
from audit.selectors import Opening
from screening.cases.models import ORDINARY_RANK, Assessment, Case, RedFlag
from screening.cases.workflow import CLOSED, Move, State, moves_from
from screening.intake.models import Document, ScanState

Answer = Yes | No


def holds(membership: Membership, case: Case, *, at: datetime) -> bool:
    """Whether this person has claimed the case and the claim has not lapsed."""
    return case.claimed_by_id == membership.user_id and not lapsed(case, at=at)


def lapsed(case: Case, *, at: datetime) -> bool:
    return case.lease_until is None or case.lease_until <= at


def is_held(membership: Membership, case: Case, *, at: datetime) -> Answer:
    """Whether this person works on the case; the No says how they come to."""
    if holds(membership, case, at=at):
        return Yes()
    if case.claimed_by and not lapsed(case, at=at):
        name = case.claimed_by.name
        return No(_("%(name)s is working on this case. To do this yourself, take it over.") % {"name": name})
    return No(_("Take the case first: press “Work on this case”."))


def has_seen_flags(flags: Iterable[RedFlag], opened: Opening | None) -> bool:
    """Whether the page that was opened showed these safety answers. By the clock and by the key, as below."""
    return opened is not None and all(
        opened.at >= flag.raised_at and (opened.flag is None or opened.flag >= flag.pk) for flag in flags
    )


def has_seen_the_answers(case: Case, *, opened: Opening | None) -> Answer:
    """Whether the answers were opened as they are now, since the newest judgement was made of them."""
    if opened is None:
        return No(_("Open the answers before you decide."))
    judged = list(case.assessments.all())
    if judged and not _has_shown(opened, judged):
        return No(_("The answers changed after you opened them. Look at the case again."))
    return Yes()


def _has_shown(opened: Opening, judged: Sequence[Assessment]) -> bool:
    """By the clock and by the key: what was being changed as the page was read has the earlier time."""
    newest, made_at = max(each.pk for each in judged), max(each.made_at for each in judged)
    return opened.at >= made_at and opened.judgement in (None, newest)


def may_claim(membership: Membership, case: Case, *, at: datetime) -> Answer:
    allowed = may(membership, Permission.CLAIM_CASE)
    if not allowed:
        return allowed
    if case.state in CLOSED and case.rank == ORDINARY_RANK:
        return No(_("This case is closed."))
    if case.claimed_by and case.claimed_by_id != membership.user_id and not lapsed(case, at=at):
        return No(_("%(name)s is working on this case.") % {"name": case.claimed_by.name})
    return Yes()


def may_clear(
    membership: Membership,
    case: Case,
    *,
    at: datetime,
    standing: Iterable[RedFlag],
    opened: Opening | None,
) -> Answer:
    """Clearing the safety answers: a clinician who works on the case and has opened them all.

    `standing`: the answers that nobody has cleared.
    """
    allowed = may(membership, Permission.CLEAR_RED_FLAG)
    if not allowed:
        return allowed
    held = is_held(membership, case, at=at)
    if not held:
        return held
    if not has_seen_flags(standing, opened):
        return No(_("A safety answer came in that you have not opened. Look at the case again."))
    return Yes()


def may_let_back_in(membership: Membership, case: Case) -> Answer:
    """A new link, a code, or a locked one opened again. Sent forms count: their room opens the same way."""
    allowed = may(membership, Permission.ISSUE_LINK)
    if not allowed:
        return allowed
    if case.state in (State.WITHDRAWN, State.EXPIRED):
        return No(_("This form is closed, so no link opens it. The person can start a new one."))
    if not case.patient.date_of_birth_hash:
        return No(_("This form has no date of birth, so nobody can prove that it is theirs."))
    return Yes()


def may_open_document(document: Document, *, scanner: bool) -> Answer:
    """A virus is never served. With a scanner, nothing is served before it looked or was given up."""
    if document.scan == ScanState.INFECTED:
        return No(_("Blocked: a virus was found in this file. Ask the patient to send it again."))
    if scanner and document.scan == ScanState.NOT_SCANNED:
        return No(_("This file is being checked for viruses. Try again in a few minutes."))
    return Yes()


def may_ask(membership: Membership, case: Case, *, at: datetime) -> Answer:
    allowed = may(membership, Permission.MESSAGE_PATIENT)
    if not allowed:
        return allowed
    if Move.ASK not in moves_from(State(case.state)) and case.state != State.AWAITING_INFO:
        return No(_("The patient can be asked only before a decision is made."))
    return is_held(membership, case, at=at)
