"""The source that both ways write, word for word: what is written out, what is called, what is asked first.

Values alone cannot tell these apart, since a way that is not taken leaves the same value to a slower one.
"""

from __future__ import annotations

import dis
from types import CodeType

import pytest

from screening.cql.check import check_library
from screening.cql.compile import Compiled
from screening.cql.parser import parse_library
from tests.cql.test_cost_of_the_quick_way import DECLARED
from tests.cql.written_expressions import LIBRARIES, OF_ALL_KINDS
from tests.cql.written_golden import expressions, of_expression, of_library, read_golden

GOLDEN = read_golden()
TOGETHER = 25
LOOPS = "define A: exists (rows R where R.kind = s or R.lasted > n) define B: First(kinds K where K.code = s)"
SOME = [expressions()[start : start + TOGETHER] for start in range(0, len(expressions()), TOGETHER)]


@pytest.mark.parametrize("some", SOME, ids=lambda some: some[0])
def test_expressions_are_written_as_they_were_read(some: list[str]) -> None:
    for expression in some:
        assert of_expression(expression) == GOLDEN[expression], expression


def test_libraries_are_written_as_they_were_read() -> None:
    for name, text in LIBRARIES.items():
        assert of_library(text) == GOLDEN[name], name


def words_of(code: CodeType) -> set[str]:
    """What a function, and each that is made inside it, looks for outside of itself."""
    words = {str(step.argval) for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
    return words.union(*(words_of(each) for each in code.co_consts if isinstance(each, CodeType)))


def test_every_word_that_is_written_is_there() -> None:
    """Of one that is not the quick way would tell nobody, and the careful one not what happened."""
    texts = [*LIBRARIES.values(), f"{OF_ALL_KINDS}{DECLARED}{LOOPS}"]
    for text in texts:
        library = Compiled(check_library(parse_library(text)))
        assert library.quick is not None
        for function in (library.quick, library.take, library.careful[0]):
            known = function.__globals__.keys() | function.__globals__["__builtins__"].keys()
            assert words_of(function.__code__) <= known


def test_nothing_is_kept_that_is_no_longer_written() -> None:
    assert list(GOLDEN) == [*expressions(), *LIBRARIES]
