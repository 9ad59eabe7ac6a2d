"""The reading by columns gives every row what the generated source gives it alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.cql import INTEGER, Date, Program, columnar_queries, compile_library
from screening.cql.columnar import Columnar, _is_accepted
from screening.cql.columns import Coded, Column, Ragged, Record, blanked, coded, computed, constant, merged
from screening.cql.grouping import grouped
from screening.cql.reading import Reading
from screening.cql.types import ListType, TupleType, Type
from screening.cql.values import hand_out
from tests.cql import test_arithmetic, test_comparison, test_dates, test_lists, test_logic, test_strings
from tests.cql.evaluating import TODAY

Made = Callable[[list[Any], Type], Column]
MODULES = (test_arithmetic, test_comparison, test_dates, test_lists, test_logic, test_strings)


def tables() -> list[str]:
    """Every expression of the tables that the other tests are made of."""
    found: list[str] = []
    for module in MODULES:
        for name, table in vars(module).items():
            if name.isupper() and isinstance(table, list):
                found += [row[0] for row in table if isinstance(row, tuple) and isinstance(row[0], str)]
    return found


def whole(values: list[Any], _: Type) -> Column:
    return coded(values)


def in_parts(values: list[Any], type_: Type) -> Column:
    """As a pack hands them in: the elements of lists as rows of their own, and each field of a tuple."""
    if isinstance(type_, ListType):
        lengths = np.array([-1 if each is None else len(each) for each in values], np.intp)
        elements = [element for each in values if each is not None for element in each]
        return Ragged(lengths, in_parts(elements, type_.element))
    if isinstance(type_, TupleType):
        known = np.array([each is not None for each in values], np.bool_)
        fields = {name: in_parts([each and each[name] for each in values], kind) for name, kind in type_}
        return Record(known, fields)
    return coded(values)


def by_columns(
    program: Program, rows: list[dict[str, Any]], made: Made = whole
) -> tuple[Columnar, dict[str, list[Any]]]:
    size, types = len(rows), program.parameters
    parameters = {name: made([row.get(name) for row in rows], type_) for name, type_ in types.items()}
    columns = Columnar(Reading(program), parameters, constant(Date.of(TODAY), size), size)
    values = {name: columns.column(name).boxed().listed() for name in program.definitions}
    return columns, {name: [hand_out(value) for value in each] for name, each in values.items()}


def assert_same(program: Program, rows: list[dict[str, Any]], made: Made = whole) -> None:
    columns, values = by_columns(program, rows, made)
    for place, row in enumerate(rows):
        evaluation = program.evaluate(row, today=TODAY)
        assert bool(columns.failed[place]) == bool(evaluation.errors), (row, evaluation.errors)
        if evaluation.errors:
            continue
        for name in program.definitions:
            assert exact(values[name][place]) == exact(evaluation[name]), (name, row)


def exact(value: Any) -> Any:
    """As something in which 1, true and 1.0 differ, and the order of a tuple's elements means nothing."""
    if isinstance(value, dict):
        return {name: exact(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [exact(each) for each in value]
    return type(value), str(value)


def test_there_are_tables_to_read() -> None:
    assert len(tables()) > 300


@pytest.mark.parametrize("expression", tables())
def test_a_table_of_another_test_reads_the_same(expression: str) -> None:
    try:
        program = compile_library(f"define Result: {expression}")
    except ValueError:
        pytest.skip("it reads parameters of its own, or is refused")
    assert_same(program, [{}, {}, {}])


LIBRARY = compile_library(
    """
parameter n Integer
parameter m Integer
parameter s String
parameter d Date
parameter e Date
parameter flags List<String>
parameter tries List<Tuple{kind String, lasted Integer, began Date}>

define table: {
  Tuple{kind: 'a', least: 2, word: null as String}, Tuple{kind: 'b', least: 6, word: 'x'},
  Tuple{kind: 'b', least: null as Integer, word: 'y'} }
define T: n + 1
define function least(kind String): First(table R where R.kind = kind return all R.least)
define function above(low Integer): exists (tries X where X.lasted > low + Coalesce(n, 0))
define function named(T String): T + s
define judged: tries T return all Tuple{kind: T.kind, enough: T.lasted >= least(T.kind), since: T.began}
define shadowed: tries T return all named(T.kind)
define counted: judged J where J.enough return J.kind
define many: Count(counted)
define any_of: exists tries
define all_of: tries is not null and flags is null
define none_of: tries is null and First(tries) is null
define pairs: exists (tries A where exists (tries B
  where A.kind = B.kind and A.lasted != B.lasted and days between A.began and B.began < B.lasted * 7))
define words: table R where exists (flags F where PositionOf(R.word, F) >= 0) return R.kind
define calls: if n > 2 then above(3) else if m is null then null else above(0)
define graded: case when n < 0 then 'low' when n < m then 'some' when m is null then null else s end
define chosen: case s when 'a' then 1 when s then n else m end
define known: Coalesce(n, m, Count(flags), 0)
define apart: months between d and e
define aged: months between d and Today() >= n
define settled: d before e or d same or after Today() or n = m
define moved: d + 3 months
define ordered: tries T sort by lasted desc, kind
define first_kind: First(ordered).kind
define folded: tries T aggregate R starting 0: R + Coalesce(T.lasted, 1)
define folded_few: flags F where F != 'a' aggregate distinct R: Coalesce(R, '') + F
define crossed: from tries A, flags F, (n) N where A.kind = F and A.lasted >= N
define crossed_kinds: from tries A, table R where A.kind = R.kind and A.lasted >= R.least return all R.word
define crossed_sum: from tries A, flags F where F != s aggregate R starting n: R + A.lasted
define crossed_few: from flags F, flags G aggregate distinct R: Coalesce(R, '') + F + G
define crossed_order: from tries A, tries B where A.began before B.began return A sort by lasted desc, kind
define crossed_one: from (n) N, (m) M where N < M return N + M
define crossed_sum_of_one: from (n) N, (s) S aggregate R starting m: R + N
define function over(low Integer): exists (from tries A, (low) L where A.lasted > L)
define crossed_called: from flags F, (n) N where over(N) return F
define crossed_inside: tries A where exists (from flags F, table A where F = A.kind) return all A.lasted
define once: n N where N > 1 return N * 2
define total: Sum(tries T return all T.lasted)
define shared: flags intersect {'a', 'x'}
define inside: n in Interval[1, m] or d during Interval[@2020, e]
define text: ToString(n) + s
define alike: {n, m} = {m, n}
define nested: { Tuple{a: n, b: flags}, Tuple{a: 1, b: {'a'}} }
define alone: singleton from (flags F where F = s)
define divided: n / m
define guarded: n > 3 and exists (tries T where T.lasted > m) and Length(s) > n
define risky: n > 3 and Coalesce(singleton from flags, '') = 'a' or n = 2
define opened: n > 3 or exists (tries T where T.lasted > m) or Length(s) > n
"""
)
texts = st.none() | st.sampled_from(["a", "b", "x", "ax", ""])
numbers = st.none() | st.integers(-1, 8)
days = st.none() | st.builds(
    lambda day, parts: Date(*Date.of(day).parts[:parts]),
    st.dates(dt.date(2019, 1, 1), dt.date(2026, 12, 31)),
    st.integers(1, 3),
)
entries = st.fixed_dictionaries({"kind": texts, "lasted": numbers, "began": days})
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "n": numbers,
            "m": numbers,
            "s": texts,
            "d": days,
            "e": days,
            "flags": st.none() | st.lists(texts, max_size=3),
            "tries": st.none() | st.lists(entries, max_size=3),
        }
    ),
    min_size=1,
    max_size=12,
)
EXAMPLES = settings(max_examples=150, deadline=None, derandomize=True)


@EXAMPLES
@given(rows=ROWS)
def test_any_rows_get_what_they_get_alone(rows: list[dict[str, Any]]) -> None:
    assert_same(LIBRARY, rows)


@settings(EXAMPLES, max_examples=40)
@given(rows=ROWS)
def test_little_at_a_time_gives_the_same(rows: list[dict[str, Any]]) -> None:
    at_once = columnar_queries.AT_ONCE
    columnar_queries.AT_ONCE = 2
    try:
        assert_same(LIBRARY, rows)
    finally:
        columnar_queries.AT_ONCE = at_once


@settings(EXAMPLES, max_examples=60)
@given(rows=ROWS)
def test_lists_that_come_in_parts_give_the_same(rows: list[dict[str, Any]]) -> None:
    assert_same(LIBRARY, rows, in_parts)


def test_a_row_on_which_something_fails_is_named_and_no_other() -> None:
    program = compile_library("parameter a List<Integer> define one: singleton from a")
    columns, values = by_columns(program, [{"a": [1]}, {"a": [1, 2]}, {"a": []}, {"a": [1, 2]}])
    assert columns.failed.tolist() == [False, True, False, True]
    assert values["one"][0] == 1


def test_a_branch_that_is_not_taken_cannot_fail() -> None:
    program = compile_library(
        "parameter n Integer parameter a List<Integer> "
        "define r: if n > 1 then singleton from a else 0 "
        "define q: (a X where X > 5 return singleton from {X, X})"
    )
    rows = [{"n": 1, "a": [1, 2]}, {"n": 2, "a": [1, 2]}, {"n": 2, "a": [6]}, {"n": 2, "a": [3]}]
    columns, _ = by_columns(program, rows)
    assert columns.failed.tolist() == [False, True, True, False]


def test_what_is_equal_and_of_another_kind_stays_apart() -> None:
    values: list[Any] = [True, 1, Decimal("1.0"), Decimal("1.00"), "1", None, False, 0, True]
    column = coded(values)
    assert [(type(value), str(value)) for value in column.listed()] == [(type(v), str(v)) for v in values]
    assert len(column.values) == 8


def test_a_function_is_called_once_for_each_combination() -> None:
    calls: list[tuple[int, str]] = []

    def seen(number: int, word: str) -> str:
        calls.append((number, word))
        return word * number

    column = computed(seen, [coded([1, 2, 1, 2, 1]), coded(["a", "b", "a", "c", "a"])], 5)
    assert column.listed() == ["a", "bb", "a", "cc", "a"]
    assert sorted(calls) == [(1, "a"), (2, "b"), (2, "c")]


def test_very_many_combinations_are_still_told_apart() -> None:
    """More than one number can hold: what is counted beyond 2**64 begins again at nothing."""
    many: Any = range(2**40)
    columns = [Coded(np.array(codes), many) for codes in ([0, 2**24, 0, 2**24], [0, 0, 5, 0], [7, 7, 7, 7])]
    for some in (columns, [*columns, *columns[1:]], columns[::-1]):
        numbers, first = grouped(some, 4)
        assert len(first) == 3
        assert all((each.codes[first][numbers] == each.codes).all() for each in columns)


def test_pieces_are_put_together_in_their_places() -> None:
    whole = merged([(np.array([2, 0]), coded(["c", "a"])), (np.array([1]), coded([None]))], 3)
    assert whole.boxed().listed() == ["a", None, "c"]


def test_blanked_rows_are_null_and_the_others_keep_what_they_had() -> None:
    lists = blanked(Ragged(np.array([2, -1, 1, 0]), coded([1, 2, 3])), np.array([True, False, False, False]))
    assert isinstance(lists, Ragged), "it was put together without need"
    assert lists.boxed().listed() == [None, None, [3], []]
    assert blanked(coded([1, None, 2]), np.array([False, False, True])).boxed().listed() == [1, None, None]


def test_what_fails_is_told_where_somebody_wants_to_know_and_raised_where_not() -> None:
    def halved(value: int) -> int:
        return 10 // value

    some = coded([5, 0, 2])
    with pytest.raises(ZeroDivisionError):
        computed(halved, [some], 3)
    told: list[list[int]] = []
    found = computed(halved, [some], 3, lambda rows: told.append(rows.tolist()))
    assert (found.listed(), told) == ([2, None, 5], [[1]])


def test_an_entry_that_is_null_stays_null() -> None:
    program = compile_library(
        "parameter rows List<Tuple{a Integer, b String}> define First: First(rows) define Last: Last(rows) "
        "define Whole: rows define None: First(rows) is null define Same: First(rows) = Last(rows) "
        "define Known: rows R where R is not null"
    )
    one, other = {"a": 1, "b": "x"}, {"a": None, "b": None}
    lists: list[Any] = [[None], [None, one], [one, None, other], [other], [], None]
    assert_same(program, [{"rows": each} for each in lists])


@pytest.mark.parametrize(
    ("value", "taken"),
    [(-(2**31) - 1, False), (-(2**31), True), (2**31 - 1, True), (2**31, False), (None, True), (True, False)],
)
def test_only_an_integer_of_the_language_is_taken_as_it_is(value: Any, *, taken: bool) -> None:
    assert _is_accepted(value, INTEGER) == taken
