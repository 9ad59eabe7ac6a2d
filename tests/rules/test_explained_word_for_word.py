"""Every worked case, explained: the smallest cause, what would settle it, what was found, word for word."""

from __future__ import annotations

import pytest

from tests.rules.explanations_golden import BASELINE, answers_of_cases, explained, read_golden

GOLDEN = read_golden()


@pytest.mark.parametrize("name", list(answers_of_cases()))
def test_a_case_is_explained_as_it_was_read(name: str) -> None:
    usual = set(GOLDEN[BASELINE])
    lines = explained(answers_of_cases()[name])
    assert [line for line in lines if name == BASELINE or line not in usual] == GOLDEN[name]


def test_nothing_is_kept_of_a_case_that_is_gone() -> None:
    assert list(GOLDEN) == list(answers_of_cases())
