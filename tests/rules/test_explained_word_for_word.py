"""Every worked case, explained: the smallest cause, what would settle it, what was found, word for word."""

from __future__ import annotations

import pytest

from tests.rules.explanations_golden import BASELINE, answers_of_cases, explained, read_golden

GOLDEN = read_golden()
NAMES = list(answers_of_cases())
TOGETHER = 20
SOME = [NAMES[start : start + TOGETHER] for start in range(0, len(NAMES), TOGETHER)]


@pytest.mark.parametrize("some", SOME, ids=lambda some: some[0])
def test_cases_are_explained_as_they_were_read(some: list[str]) -> None:
    usual = set(GOLDEN[BASELINE])
    for name in some:
        lines = explained(answers_of_cases()[name])
        assert [line for line in lines if name == BASELINE or line not in usual] == GOLDEN[name], name


def test_nothing_is_kept_of_a_case_that_is_gone() -> None:
    assert list(GOLDEN) == list(answers_of_cases())
