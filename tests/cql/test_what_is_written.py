"""The source that both ways write, word for word: what is written out, what is called, what is asked first.

Values alone cannot tell these apart, since a way that is not taken leaves the same value to a slower one.
"""

from __future__ import annotations

import pytest

from tests.cql.written_expressions import LIBRARIES
from tests.cql.written_golden import expressions, of_expression, of_library, read_golden

GOLDEN = read_golden()
TOGETHER = 25
SOME = [expressions()[start : start + TOGETHER] for start in range(0, len(expressions()), TOGETHER)]


@pytest.mark.parametrize("some", SOME, ids=lambda some: some[0])
def test_expressions_are_written_as_they_were_read(some: list[str]) -> None:
    for expression in some:
        assert of_expression(expression) == GOLDEN[expression], expression


def test_libraries_are_written_as_they_were_read() -> None:
    for name, text in LIBRARIES.items():
        assert of_library(text) == GOLDEN[name], name


def test_nothing_is_kept_that_is_no_longer_written() -> None:
    assert list(GOLDEN) == [*expressions(), *LIBRARIES]
