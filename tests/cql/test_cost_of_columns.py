"""What is computed for many rows, and how often: as kept in golden/columns.txt, and read there by people."""

from __future__ import annotations

import pytest

from tests.cql.columns_golden import computed_for, read_golden, usable

TOGETHER = 25
SOME = [usable()[start : start + TOGETHER] for start in range(0, len(usable()), TOGETHER)]


@pytest.mark.parametrize("some", SOME, ids=lambda some: some[0])
def test_no_more_is_computed_than_was_read(some: list[str]) -> None:
    for expression in some:
        assert computed_for(expression) == read_golden()[expression], expression


def test_nothing_is_kept_that_is_no_longer_computed() -> None:
    assert list(read_golden()) == usable()
