"""The states of a case and its moves, as one table. Pure: no database, no clock.

The drawing in docs/reference/case-states.md is generated from this table.
The state names are those of the clinical brief, section 1.6.
"""

from __future__ import annotations

import dataclasses
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    URGENT_HOLD = "urgent_hold"
    AWAITING_INFO = "awaiting_info"
    AWAITING_REVIEW = "awaiting_review"
    CLINICIAN_REVIEWED = "clinician_reviewed"
    DISPUTED = "disputed"
    MDT_REVIEWED = "mdt_reviewed"
    OFFERED_ASSESSMENT = "offered_assessment"
    DECLINED = "declined_with_reasons"
    SIGNPOSTED = "signposted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Move(StrEnum):
    SUBMIT = "submit"
    HOLD = "hold"
    QUEUE = "queue"
    MISS = "miss"
    ASK = "ask"
    ANSWER = "answer"
    CLEAR = "clear"
    DECIDE = "decide"
    AGREE = "agree"
    DISAGREE = "disagree"
    SETTLE = "settle"
    RETURN = "return"
    OFFER = "offer"
    DECLINE = "decline"
    SIGNPOST = "signpost"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


FINAL = frozenset({State.OFFERED_ASSESSMENT, State.DECLINED, State.SIGNPOSTED})
CLOSED = FINAL | {State.WITHDRAWN, State.EXPIRED}
# What a clinician's list shows whatever its urgency. A draft joins it only while a red flag stands.
OPEN = frozenset(
    {
        State.SUBMITTED,
        State.URGENT_HOLD,
        State.AWAITING_INFO,
        State.AWAITING_REVIEW,
        State.CLINICIAN_REVIEWED,
        State.DISPUTED,
        State.MDT_REVIEWED,
    }
)
# Somebody has decided, and somebody else has to look before it counts.
UNDER_REVIEW = frozenset({State.CLINICIAN_REVIEWED, State.DISPUTED})
# Where a case keeps who has decided: in review those of this round, afterwards everybody who ever did.
DECIDED = UNDER_REVIEW | {State.MDT_REVIEWED} | FINAL

# move -> (states it may start from, state it leads to)
MOVES: dict[Move, tuple[frozenset[State], State]] = {
    Move.SUBMIT: (frozenset({State.DRAFT}), State.SUBMITTED),
    Move.HOLD: (
        frozenset({State.SUBMITTED, State.AWAITING_INFO, State.AWAITING_REVIEW}) | UNDER_REVIEW,
        State.URGENT_HOLD,
    ),
    Move.QUEUE: (frozenset({State.SUBMITTED, State.AWAITING_INFO}), State.AWAITING_REVIEW),
    Move.MISS: (frozenset({State.SUBMITTED}), State.AWAITING_INFO),
    Move.ASK: (frozenset({State.AWAITING_REVIEW, State.URGENT_HOLD}), State.AWAITING_INFO),
    Move.ANSWER: (frozenset({State.AWAITING_INFO}), State.AWAITING_REVIEW),
    Move.CLEAR: (frozenset({State.URGENT_HOLD}), State.AWAITING_REVIEW),
    Move.DECIDE: (frozenset({State.AWAITING_REVIEW, State.AWAITING_INFO}), State.CLINICIAN_REVIEWED),
    Move.AGREE: (frozenset({State.CLINICIAN_REVIEWED}), State.MDT_REVIEWED),
    Move.DISAGREE: (frozenset({State.CLINICIAN_REVIEWED}), State.DISPUTED),
    Move.SETTLE: (frozenset({State.DISPUTED}), State.MDT_REVIEWED),
    Move.RETURN: (UNDER_REVIEW, State.AWAITING_REVIEW),
    Move.OFFER: (frozenset({State.MDT_REVIEWED}), State.OFFERED_ASSESSMENT),
    Move.DECLINE: (frozenset({State.MDT_REVIEWED}), State.DECLINED),
    Move.SIGNPOST: (frozenset({State.MDT_REVIEWED}), State.SIGNPOSTED),
    Move.REOPEN: (FINAL, State.AWAITING_REVIEW),
    Move.WITHDRAW: (frozenset(State) - CLOSED, State.WITHDRAWN),
    Move.EXPIRE: (frozenset({State.DRAFT}), State.EXPIRED),
}


@dataclasses.dataclass(frozen=True)
class NotAllowed(Exception):
    """The move does not start from this state. `str()` is fit to log, not to show."""

    move: Move
    state: State

    def __str__(self) -> str:
        return f"{self.move} does not start from {self.state}"


def after(state: State, move: Move) -> State:
    """The state that `move` leads to, or NotAllowed."""
    starts, leads_to = MOVES[move]
    if state not in starts:
        raise NotAllowed(move, state)
    return leads_to


def moves_from(state: State) -> tuple[Move, ...]:
    return tuple(move for move, (starts, _) in MOVES.items() if state in starts)
