"""What can be done with a case now, and for what cannot, the sentence that says why not."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from accounts.access import No
from accounts.models import Membership
from audit.selectors import Opening
from screening.cases.models import ORDINARY_RANK, Case, RedFlag
from screening.cases.workflow import State
from screening.review import policies
from screening.review.decision import policies as deciding
from screening.review.desk import policies as desk
from screening.review.desk.selectors import called_at, urgent_flags
from screening.review.patient_side import to_the_patient

# What is done on a page of its own, and only while the page of the case has a button for it.
OFFERED: Final = frozenset(
    {
        "case-ask",
        "case-call",
        "case-clear",
        "case-decide",
        "case-hand-over",
        "case-second",
        "case-take-over",
        "case-third",
    }
)


@dataclasses.dataclass(frozen=True)
class Button:
    """Something that can be done, or the sentence that says why not."""

    text: str
    url_name: str
    refused: str = ""
    posts: bool = False


def buttons_of(
    case: Case, membership: Membership, *, flags: list[RedFlag], at: datetime, opened: Opening | None
) -> list[Button]:
    standing = [flag for flag in flags if flag.cleared_at is None]
    state = State(case.state)
    held = policies.holds(membership, case, at=at)
    offered = []
    if held:
        offered.append(
            (
                _("Put it back on the list"),
                "case-release",
                desk.may_release(
                    membership,
                    case,
                    at=at,
                    urgent=urgent_flags(case),
                    opened=opened,
                    called_at=called_at(case),
                ),
                True,
            )
        )
        may_pass = desk.may_hand_over(membership, case, at=at)
        offered.append((_("Hand over"), "case-hand-over", may_pass, False))
    elif case.closed_at is None or case.rank < ORDINARY_RANK:
        offered.append(
            (_("Work on this case"), "case-claim", policies.may_claim(membership, case, at=at), True)
        )
        if case.claimed_by_id is not None and not policies.lapsed(case, at=at):
            may_take = desk.may_take_over(membership, case, at=at)
            offered.append((_("Take over"), "case-take-over", may_take, False))
    if flags:
        offered.append((_("Record a call"), "case-call", desk.may_record_call(membership, case), False))
    if standing:
        may_clear = policies.may_clear(membership, case, at=at, standing=standing, opened=opened)
        offered.append((_("Record what was done"), "case-clear", may_clear, False))
    if state in (State.AWAITING_REVIEW, State.AWAITING_INFO, State.URGENT_HOLD):
        may_decide = deciding.may_decide(membership, case, at=at, standing=len(standing), opened=opened)
        offered.append((_("Record your decision"), "case-decide", may_decide, False))
        offered.append((_("Ask the patient"), "case-ask", policies.may_ask(membership, case, at=at), False))
    if state == State.CLINICIAN_REVIEWED:
        may_second = deciding.may_review_second(membership, case, opened=opened)
        offered.append((_("Second review"), "case-second", may_second, False))
    if state == State.DISPUTED:
        may_settle = deciding.may_settle(membership, case, opened=opened)
        offered.append((_("Third review"), "case-third", may_settle, False))
    offered += to_the_patient(case, membership, opened=opened)
    return [
        Button(text, url, answer.reason if isinstance(answer, No) else "", posts)
        for text, url, answer, posts in offered
    ]
