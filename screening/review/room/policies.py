"""What a patient may do in their room, and what staff may do about it. A No is the sentence on the page."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership, Role
from accounts.permissions import Permission
from audit.selectors import Opening
from screening.cases.models import Case
from screening.cases.workflow import CLOSED, FINAL, Move, State, moves_from
from screening.review.policies import has_seen_the_answers

Answer = Yes | No
# Whoever reads records as a clinician is named to the patient; everybody else is shown by their role.
NAMED = frozenset({Role.CLINICIAN, Role.LEAD_CLINICIAN})


def may_amend(case: Case) -> Answer:
    """Correct an answer, answer a question put back, send a document."""
    if case.submitted_at is None:
        return No(_("You have not sent your form yet. Change your answers in the form."))
    if case.state in (State.WITHDRAWN, State.EXPIRED):
        return No(_("You took your form back. To put something right, call us."))
    return Yes()


def may_write(case: Case) -> Answer:
    if case.state in (State.WITHDRAWN, State.EXPIRED):
        return No(_("You took your form back. To ask us something, call us."))
    return Yes()


def may_ask_for_look(case: Case, *, open_look: bool) -> Answer:
    if case.state not in FINAL:
        return No(_("You can ask for another look when we have made a decision."))
    if open_look:
        return No(_("You have asked already. A different clinician is looking again."))
    return Yes()


def may_withdraw(case: Case) -> Answer:
    if case.submitted_at is None:
        return No(_("You have not sent your form yet. You can delete it instead."))
    if case.state in CLOSED:
        return No(_("This case is closed already, so there is nothing to take back."))
    return Yes()


def may_erase(case: Case) -> Answer:
    if case.state != State.DRAFT:
        return No(_("A form that was sent is part of a health record, so it cannot be deleted here."))
    return Yes()


def is_named(role: str) -> bool:
    return role in NAMED


def may_write_to_patient(membership: Membership, case: Case) -> Answer:
    allowed = may(membership, Permission.MESSAGE_PATIENT)
    if not allowed:
        return allowed
    if case.state in (State.WITHDRAWN, State.EXPIRED):
        return No(_("The patient took the form back, so no message would reach them."))
    return Yes()


def may_settle_news(membership: Membership, case: Case, *, open_look: bool) -> Answer:
    allowed = may(membership, Permission.MESSAGE_PATIENT)
    if not allowed:
        return allowed
    if case.news_at is None:
        return No(_("There is nothing new from the patient."))
    if open_look:
        return No(_("The patient waits for another look. Record it first."))
    return Yes()


def may_answer_look(
    membership: Membership, case: Case, *, deciders: Collection[int], opened: Opening | None
) -> Answer:
    """Look again at a decision: somebody who took no part in it, and who has opened the answers."""
    allowed = may(membership, Permission.DECIDE_CASE)
    if not allowed:
        return allowed
    if Move.REOPEN not in moves_from(State(case.state)):
        return No(_("This case has no decision to look at again."))
    if membership.user_id in deciders:
        return No(_("You took part in this decision. A different clinician has to look again."))
    return has_seen_the_answers(case, opened=opened)
