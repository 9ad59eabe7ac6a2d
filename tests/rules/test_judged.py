"""Judgements in short: what two of the same documents differ in, and what is counted."""

from __future__ import annotations

import numpy as np
import pytest

from screening.rules.judged import KEPT, Counts, Judged, Replay, Short
from tests.rules.test_changes import judged

MILD = Short("flagged_review", "flagged_review", None, frozenset({"A"}))
OPEN = Short("more_info", "more_info", None, frozenset({"A"}))
URGENT = Short("urgent", "more_info", 1, frozenset({"A"}))


@pytest.mark.parametrize(
    ("before", "after", "changed", "milder"),
    [
        (URGENT, URGENT, 0, 0),
        (URGENT, URGENT._replace(tier=2), 1, 1),
        (URGENT._replace(tier=2), URGENT, 1, 0),
        (URGENT, URGENT._replace(underlying="flagged_review"), 1, 1),
        (URGENT, URGENT._replace(underlying="not_currently"), 1, 0),
        (OPEN, MILD, 1, 1),
        (MILD, OPEN, 1, 0),
        (URGENT, OPEN, 1, 1),
        (OPEN, URGENT, 1, 0),
        (MILD, MILD._replace(codes=frozenset({"A", "B"})), 1, 0),
        (MILD, MILD._replace(codes=frozenset()), 1, 0),
    ],
)
def test_anything_that_differs_is_a_change_even_with_the_same_reasons(
    before: Short, after: Short, changed: int, milder: int
) -> None:
    replay = Replay.of(["D", "E"], judged(before, MILD), judged(after, MILD))
    assert (replay.changed, replay.milder) == (changed, milder)
    assert replay.before.total == replay.after.total == 2


def test_the_first_that_moved_are_named_and_all_are_counted() -> None:
    many = KEPT + 50
    before, after = Judged(many), Judged(many)
    after.urgent(1, np.ones(many, np.bool_))
    replay = Replay.of([f"D{number}" for number in range(many)], before, after)
    move = ("flagged_review", "urgent")
    assert replay.moved == {move: many}
    assert replay.names[move] == [f"D{number}" for number in range(200)]
    replay.merge(Replay.of(["one more"], judged(MILD), judged(URGENT)))
    assert replay.moved[move] == many + 1
    assert len(replay.names[move]) == 200


def test_what_is_merged_is_counted_together() -> None:
    one = Replay.of(["D"], judged(URGENT), judged(MILD._replace(codes=frozenset({"B"}))))
    other = Replay.of(["E", "F"], judged(URGENT, OPEN), judged(URGENT, MILD))
    one.merge(other)
    assert (one.before.total, one.changed, one.milder) == (3, 2, 2)
    assert one.before.outcomes == {"urgent": 2, "more_info": 1}
    assert one.before.underlying == {"more_info": 3}
    assert (one.before.tiers, one.after.tiers) == ({1: 2}, {1: 1})
    assert one.after.codes == {"B": 1, "A": 2}
    assert (one.gained, one.lost) == ({"B": 1}, {"A": 1})
    assert one.moved == {("urgent", "flagged_review"): 1, ("more_info", "flagged_review"): 1}
    assert one.names == {("urgent", "flagged_review"): ["D"], ("more_info", "flagged_review"): ["F"]}


def test_judged_one_by_one_or_together_the_counts_are_the_same_and_none_is_of_nothing() -> None:
    shorts = (URGENT, OPEN, MILD, URGENT._replace(tier=2))
    together = judged(*shorts)
    together.found("NEVER", np.zeros(4, np.bool_))
    counts = Counts()
    for short in shorts:
        counts.add(short)
    assert counts == Counts.of(together)
    assert set(Counts.of(together).codes) == {"A"}
    assert [together.short(row) for row in range(4)] == [*shorts]


def test_by_one_rule_set_documents_are_counted_and_none_has_moved() -> None:
    replay = Replay.of(["D", "E"], judged(URGENT, OPEN), None)
    assert replay == Replay(Counts.of(judged(URGENT, OPEN)))
    assert (replay.before.total, replay.after.total, replay.changed, replay.names) == (2, 0, 0, {})
