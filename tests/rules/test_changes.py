"""What a change of the rules does to one document: from which judgement to which."""

from __future__ import annotations

import pytest

from screening.rules.changes import Change
from screening.rules.judged import Short


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [(None, None, False), (None, 1, False), (1, 1, False), (2, 1, False), (1, 2, True), (1, None, True)],
)
def test_less_urgent_is_a_milder_tier_or_none(was: int | None, now: int | None, expected: bool) -> None:
    change = Change.between(
        *(Short("urgent" if tier else "more_info", "more_info", tier, frozenset()) for tier in (was, now))
    )
    assert change.less_urgent is expected
