"""What a change of the rules does to one document: from which judgement to which."""

from __future__ import annotations

import pytest

from screening.rules.changes import Change, changes
from screening.rules.judged import Judged, Short

MILD = Short("more_info", "more_info", None, frozenset({"A"}))
OTHER = MILD._replace(codes=frozenset({"A", "B"}))
URGENT = Short("urgent", "more_info", 2, frozenset({"A"}))


def judged(*shorts: Short) -> Judged:
    found = Judged(len(shorts))
    for row, short in enumerate(shorts):
        found.put(row, short)
    return found


def test_documents_are_named_by_what_differs_and_the_others_are_not() -> None:
    before = judged(MILD, MILD, URGENT, MILD, URGENT)
    after = judged(MILD, OTHER, MILD, OTHER, URGENT)
    assert changes(["one", "two", "three", "four", "five"], before, after) == {
        Change.between(MILD, OTHER): ["two", "four"],
        Change.between(URGENT, MILD): ["three"],
    }


def test_a_code_found_and_a_code_lost_are_two_changes() -> None:
    found = changes(["new", "gone"], judged(MILD, OTHER), judged(OTHER, MILD))
    assert {(change.gained, change.lost): names for change, names in found.items()} == {
        (("B",), ()): ["new"],
        ((), ("B",)): ["gone"],
    }


def test_a_code_parts_documents_only_where_it_was_found_or_lost() -> None:
    """All become less urgent; with one a code comes, with one it goes, with the others neither."""
    graver = URGENT._replace(tier=1)

    def with_b(short: Short) -> Short:
        return short._replace(codes=short.codes | {"B"})

    before = judged(graver, with_b(graver), graver, with_b(graver))
    after = judged(with_b(URGENT), URGENT, URGENT, with_b(URGENT))
    found = changes(["comes", "goes", "never", "stays"], before, after)
    assert {(change.gained, change.lost): names for change, names in found.items()} == {
        (("B",), ()): ["comes"],
        ((), ("B",)): ["goes"],
        ((), ()): ["never", "stays"],
    }


def test_where_nothing_differs_there_is_nothing_to_name() -> None:
    assert changes(["one"], judged(URGENT), judged(URGENT)) == {}


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [(None, None, False), (None, 1, False), (1, 1, False), (2, 1, False), (1, 2, True), (1, None, True)],
)
def test_less_urgent_is_a_milder_tier_or_none(was: int | None, now: int | None, expected: bool) -> None:
    change = Change.between(
        *(Short("urgent" if tier else "more_info", "more_info", tier, frozenset()) for tier in (was, now))
    )
    assert change.less_urgent is expected
