"""No text, however odd, gives anything but a program or a CqlError; no values give an exception."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from screening.cql import CqlError, Date, compile_library, parse_expression, type_of
from screening.cql.signatures import OVERLOADS
from screening.cql.words import KEYWORDS

TODAY = dt.date(2026, 3, 1)
_SYMBOLS = "( ) { } [ ] , . : + - * / ^ & = != < <= > >= ~ !~ |"
_ATOMS = """1 0 2.5 'a' '' null true false @2024 @2024-01-31 @2024-01-31T10:30 "w" x t n d 3 2147483647
    '(a|b)*c' '[^x]{2,}$' '(' '$1' '\\\\w+' 'aaaa'"""
_OPERATORS = "+ - * / div mod ^ & = != < <= > >= ~ and or xor implies in contains union except"
SYMBOLS, ATOMS, OPERATORS = _SYMBOLS.split(), _ATOMS.split(), _OPERATORS.split()
DECLARED = (
    "parameter x Integer parameter t List<Tuple{a Integer, b String}> parameter n Decimal parameter d Date "
)
words = st.sampled_from(
    [*sorted(KEYWORDS), *sorted(name for name in OVERLOADS if name.isalpha()), *SYMBOLS, *ATOMS]
)
values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.decimals(), st.dates(), st.binary(),
    st.just(Date(2024)), st.lists(st.integers()), st.lists(st.dictionaries(st.text(), st.integers())),
)  # fmt: skip

atoms = st.sampled_from(ATOMS)
binary = st.sampled_from(OPERATORS)
names = st.sampled_from(sorted(name for name in OVERLOADS if name[0].isupper()))


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, binary, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(names, st.lists(inner, max_size=3)).map(lambda parts: f"{parts[0]}({', '.join(parts[1])})"),
        st.lists(inner, max_size=3).map(lambda items: "{" + ", ".join(items) + "}"),
        st.tuples(inner, inner, inner).map(lambda parts: f"(if {parts[0]} then {parts[1]} else {parts[2]})"),
        st.tuples(inner, inner).map(lambda parts: f"(({parts[0]}) q where {parts[1]} = q return q)"),
        inner.map(lambda part: f"(not {part})"),
        inner.map(lambda part: f"(-{part})"),
        inner.map(lambda part: f"({part} is not null)"),
        inner.map(lambda part: f"(months between {part} and d)"),
        inner.map(lambda part: f"({part} + 3 months)"),
    )


def refusal_of(read: Callable[[str], object], text: str) -> CqlError | None:
    """What the text is refused with; anything but a CqlError goes on as the failure it is."""
    try:
        read(text)
    except CqlError as error:
        return error
    return None


expressions = st.recursive(atoms, _larger, max_leaves=12)


@settings(max_examples=200, deadline=None)
@given(st.text())
@example("\x00")
@example("/*")
@example("//")
@example("'\\u12'")
@example("@2024-99")
@example("\ud800")
@example("1" * 5000)
@example("1." + "1" * 5000)
@example("-" * 3000)
@example("(" * 3000)
@example("{" * 3000 + "}" * 3000)
@example("1" + "+1" * 3000)
@example("x" + ".x" * 3000)
@example("if true then " * 500)
@example("case " * 500)
@example("List<" * 3000)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse_expression, compile_library, type_of):
        refused = refusal_of(read, text)
        if refused is not None:
            assert refused.line >= 1
            assert refused.column >= 1
            assert refused.construct
            assert str(refused)


@settings(max_examples=200, deadline=None)
@given(st.lists(words, max_size=14).map(" ".join))
def test_any_words_are_read_or_refused(text: str) -> None:
    library = f"{DECLARED} define A: {text}"
    refused = refusal_of(compile_library, library)
    if refused is None:
        compile_library(library).evaluate({}, today=TODAY)
    else:
        assert refused.construct


@settings(max_examples=200, deadline=None)
@given(expressions, values, values, values, values)
def test_any_expression_that_is_accepted_can_be_evaluated(
    text: str, x: object, t: object, n: object, d: object
) -> None:
    try:
        program = compile_library(f"{DECLARED} define A: {text}")
    except CqlError:
        return
    evaluation = program.evaluate({"x": x, "t": t, "n": n, "d": d}, today=TODAY)
    assert len(evaluation.trace) == len(program.traced)
    assert "unexpectedly" not in evaluation.errors.get("A", ""), evaluation.errors
    assert evaluation["A"] is None or not evaluation.errors


SIZE = 64 * 1024 - 64  # as long as an expression may be
LONG = [
    "1" + "+1" * (SIZE // 2),
    "true" + " and true" * (SIZE // 9 - 1),
    "case" + " when true then 1" * (SIZE // 17 - 2) + " else 1 end",
    "Coalesce(" + "null," * (SIZE // 5 - 3) + "1)",
    "'" + "x" * SIZE + "'",
    "Matches('a', '" + "a*" * (SIZE // 2 - 8) + "')",
    "{" + "1," * 10_000 + "1}",
]


@pytest.mark.nightly
@settings(max_examples=10_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.text(max_size=200), st.lists(words, max_size=30).map(" ".join), expressions), values)
def test_ten_thousand_texts_take_less_than_a_second_each(text: str, value: object) -> None:
    _takes_less_than(1.0, f"{DECLARED} define A: {text}", value)


@pytest.mark.parametrize("text", LONG, ids=[text[:12] for text in LONG])
def test_the_longest_texts_take_seconds_at_most(text: str) -> None:
    _takes_less_than(5.0, f"define A: {text}", None)


def _takes_less_than(seconds: float, library: str, value: object) -> None:
    begun = time.process_time()
    try:
        program = compile_library(library)
    except CqlError:
        return
    finally:
        assert time.process_time() - begun < seconds, library
    begun = time.process_time()
    evaluation = program.evaluate({"x": value, "t": value, "n": value, "d": value}, today=TODAY)
    assert time.process_time() - begun < seconds, library
    assert "unexpectedly" not in evaluation.errors.get("A", ""), evaluation.errors
