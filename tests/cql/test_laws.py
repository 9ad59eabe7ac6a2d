"""Laws that hold for all values, not only for those in a table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from screening.cql import Date, compile_library, quote_identifier, to_cql_literal
from screening.cql.runtime import OPERATIONS
from screening.cql.runtime.logic import and_, implies, not_, or_, xor
from tests.cql.evaluating import value_of

TODAY = dt.date(2026, 3, 1)
verdicts = st.sampled_from([True, False, None])
integers = st.integers(-(2**31), 2**31 - 1)
decimals = st.decimals(-(10**12), 10**12, places=4)
full_dates = st.dates(dt.date(1800, 1, 1), dt.date(2200, 12, 31)).map(Date.of)
dates = st.tuples(full_dates, st.integers(1, 3)).map(lambda pair: Date(*pair[0].parts[: pair[1]]))
scalars = st.one_of(st.none(), st.booleans(), integers, st.text(max_size=20), dates)

LOGIC = compile_library(
    "parameter a Boolean parameter b Boolean parameter c Boolean "
    "define AND: a and b and c define OR: a or b or c define XOR: a xor b define IMPLIES: a implies b "
    "define NOT: not a define MORGAN: not (not a or not b or not c) "
    "define NESTED: a and (b and c) define TWICE: not not a"
)


@given(verdicts, verdicts, verdicts)
def test_kleene(a: bool | None, b: bool | None, c: bool | None) -> None:
    evaluation = LOGIC.evaluate({"a": a, "b": b, "c": c}, today=TODAY)
    assert evaluation["AND"] is and_(a, b, c) is and_(c, b, a)
    assert evaluation["OR"] is or_(a, b, c) is or_(c, b, a)
    assert evaluation["MORGAN"] is evaluation["AND"]
    assert evaluation["NESTED"] is evaluation["AND"]
    assert evaluation["TWICE"] is a
    assert evaluation["XOR"] is xor(a, b) is and_(or_(a, b), not_(and_(a, b)))
    assert evaluation["IMPLIES"] is implies(a, b) is or_(not_(a), b)


@given(verdicts, verdicts)
def test_more_knowledge_never_contradicts(a: bool | None, b: bool | None) -> None:
    """What is decided while something is unknown stays decided when it becomes known."""
    for operation in (and_, or_, xor, implies):
        verdict = operation(a, b)
        if verdict is not None:
            for known_a in (a,) if a is not None else (True, False):
                for known_b in (b,) if b is not None else (True, False):
                    assert operation(known_a, known_b) is verdict


ORDER = compile_library(
    "parameter a Date parameter b Date "
    "define LT: a < b define GE: a >= b define EQ: a = b define NE: a != b define GT: b > a "
    "define EQUIV: a ~ b define MONTHS: months between a and b define DAYS: days between a and b "
)


@given(dates, dates)
def test_dates_in_order(a: Date, b: Date) -> None:
    evaluation = ORDER.evaluate({"a": a, "b": b}, today=TODAY)
    assert evaluation["LT"] is evaluation["GT"]
    assert evaluation["GE"] is not_(evaluation["LT"])
    assert evaluation["NE"] is not_(evaluation["EQ"])
    assert evaluation["EQUIV"] is (a == b)


def _possible(date: Date) -> tuple[dt.date, dt.date]:
    low = dt.date(*(*date.parts, 1, 1)[:3])
    year, month = date.year, date.month
    if month is None:
        return low, dt.date(year, 12, 31)
    if date.day is None:
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        return low, following - dt.timedelta(days=1)
    return low, low


@given(dates, dates)
def test_a_partial_date_is_compared_as_all_the_days_it_may_be(a: Date, b: Date) -> None:
    (low_a, high_a), (low_b, high_b) = _possible(a), _possible(b)
    evaluation = ORDER.evaluate({"a": a, "b": b}, today=TODAY)
    if evaluation["LT"] is True:
        assert high_a < low_b
    if evaluation["LT"] is False:
        assert low_a >= high_b or a == b
    low, high = evaluation.bounds("DAYS") or (evaluation["DAYS"],) * 2
    assert (low, high) == ((low_b - high_a).days, (high_b - low_a).days)


MOVE = compile_library(
    "parameter d Date parameter n Integer "
    "define Days: d + (ToQuantity(ToString(n) + ' days')) "
    "define Back: (d + (ToQuantity(ToString(n) + ' days'))) - (ToQuantity(ToString(n) + ' days')) "
    "define Months: d + (ToQuantity(ToString(n) + ' months'))"
)


@given(full_dates, st.integers(-3000, 3000))
def test_days_can_be_added_and_taken_away(date: Date, number: int) -> None:
    evaluation = MOVE.evaluate({"d": date, "n": number}, today=TODAY)
    assert evaluation["Days"].to_date() == date.to_date() + dt.timedelta(days=number)
    assert evaluation["Back"] == date
    months = evaluation["Months"]
    assert (months.year * 12 + months.month) - (date.year * 12 + (date.month or 0)) == number
    assert months.day <= (date.day or 0)


@given(integers, integers)
def test_whole_numbers(a: int, b: int) -> None:
    quotient, remainder = OPERATIONS["div_integer"](a, b), OPERATIONS["mod_integer"](a, b)
    if b == 0:
        assert quotient is remainder is None
    elif quotient is not None:
        assert quotient * b + remainder == a
        assert abs(remainder) < abs(b)
    total = OPERATIONS["add_integer"](a, b)
    assert total == (a + b if -(2**31) <= a + b < 2**31 else None)


@given(decimals, decimals)
def test_decimals_are_exact_to_the_eighth_place(a: Decimal, b: Decimal) -> None:
    product = OPERATIONS["multiply_decimal"](a, b)
    assert product is None or abs(product - a * b) <= Decimal("0.000000005")
    assert OPERATIONS["subtract_decimal"](OPERATIONS["add_decimal"](a, b), b) == a


@given(st.lists(st.one_of(st.none(), st.integers(0, 5))), st.lists(st.one_of(st.none(), st.integers(0, 5))))
def test_lists_as_collections(a: list[int | None], b: list[int | None]) -> None:
    union, both, rest = (OPERATIONS[name](a, b) for name in ("union", "intersect", "except_"))
    assert set(union) == set(a) | set(b)
    assert set(both) == set(a) & set(b)
    assert set(rest) == set(a) - set(b)
    assert len(union) == len(set(union))
    assert OPERATIONS["count"](a) == sum(item is not None for item in a)


@settings(max_examples=200)
@given(
    st.one_of(
        scalars, st.lists(integers, max_size=4), st.dictionaries(st.text(max_size=8), scalars, min_size=1)
    )
)
def test_any_value_can_be_written_and_read(value: object) -> None:
    expected = tuple(value) if isinstance(value, list) else value
    assert value_of(to_cql_literal(value)) == expected


@given(st.text(min_size=1, max_size=30))
def test_any_text_can_be_a_name(name: str) -> None:
    program = compile_library(
        f'parameter {quote_identifier(name)} Integer define "R 1": {quote_identifier(name)}'
    )
    assert program.evaluate({name: 5}, today=TODAY)["R 1"] == (5 if name != "R 1" else None)
