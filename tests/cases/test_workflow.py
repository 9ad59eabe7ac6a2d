"""The table of states and moves: what leads where, and what leads nowhere."""

from __future__ import annotations

import itertools

import pytest

from screening.cases import workflow
from screening.cases.workflow import CLOSED, FINAL, MOVES, Move, NotAllowed, State

HAPPY = [Move.SUBMIT, Move.QUEUE, Move.DECIDE, Move.AGREE, Move.OFFER]


def test_a_case_walks_from_draft_to_an_offer() -> None:
    state = State.DRAFT
    for move in HAPPY:
        state = workflow.after(state, move)
    assert state == State.OFFERED_ASSESSMENT


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_only_another_look_leaves_a_closed_state(state: State) -> None:
    assert workflow.moves_from(state) == ((Move.REOPEN,) if state in FINAL else ())


@pytest.mark.parametrize(("state", "move"), list(itertools.product(State, Move)))
def test_a_move_that_does_not_start_here_is_refused(state: State, move: Move) -> None:
    starts, leads_to = MOVES[move]
    if state in starts:
        assert workflow.after(state, move) == leads_to
    else:
        with pytest.raises(NotAllowed):
            workflow.after(state, move)


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached = {State.DRAFT}
    while True:
        further = {leads_to for starts, leads_to in MOVES.values() if starts & reached} - reached
        if not further:
            break
        reached |= further
    assert reached == set(State)


def test_a_final_state_is_entered_only_after_two_reviews() -> None:
    for move, (starts, leads_to) in MOVES.items():
        if leads_to in FINAL:
            assert starts == {State.MDT_REVIEWED}, move


def test_a_patient_may_withdraw_from_every_open_state() -> None:
    assert MOVES[Move.WITHDRAW][0] == frozenset(State) - CLOSED
