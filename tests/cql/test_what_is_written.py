"""The source that both ways write, word for word: what is written out, what is called, what is asked first.

Values alone cannot tell these apart, since a way that is not taken leaves the same value to a slower one.
"""

from __future__ import annotations

import pytest

from tests.cql.written_expressions import LIBRARIES
from tests.cql.written_golden import expressions, of_expression, of_library, read_golden

GOLDEN = read_golden()


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_is_written_as_it_was_read(expression: str) -> None:
    assert of_expression(expression) == GOLDEN[expression]


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_is_written_as_it_was_read(name: str) -> None:
    assert of_library(LIBRARIES[name]) == GOLDEN[name]


def test_nothing_is_kept_that_is_no_longer_written() -> None:
    assert list(GOLDEN) == [*expressions(), *LIBRARIES]
