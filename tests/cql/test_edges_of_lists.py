"""Both sides of each edge of lists and texts: empty, one, the last, one too many."""

from __future__ import annotations

from decimal import Decimal

import pytest

from screening.cql import Date, DateTime
from screening.cql.errors import EvaluationFailure
from screening.cql.runtime.lists import product
from tests.cql.evaluating import assert_same, evaluate, value_of

LISTS = [
    # expression, expected, why
    ("First(null as List<Integer>)", "null", "no list"),
    ("First({1, 2})", "1", "the first"),
    ("Last(null as List<Integer>)", "null", "no list"),
    ("Last({} as List<Integer>)", "null", "nothing is last"),
    ("Last({1, 2, 3})", "3", "the last, not the second"),
    ("Length({} as List<Integer>)", "0", "none"),
    ("distinct (null as List<Integer>)", "null", "no list"),
    ("distinct (null as List<Date>)", "null", "no list"),
    ("distinct {@2019, @2019, null, null}", "{@2019, null}", "each once"),
    ("distinct {{1}, {1}, {2}}", "{{1}, {2}}", "lists in lists"),
    ("distinct {Tuple{a: 1}, Tuple{a: 1}, Tuple{a: 2}}", "{Tuple{a: 1}, Tuple{a: 2}}", "tuples"),
    ("distinct {Tuple{a: {1}}, Tuple{a: {2}}}", "{Tuple{a: {1}}, Tuple{a: {2}}}", "lists in tuples"),
    ("flatten (null as List<List<Integer>>)", "null", "no list"),
    ("flatten {{1, null}, {}}", "{1, null}", "nulls inside are kept"),
    ("{1} union (null as List<Integer>)", "{1}", "no list adds nothing"),
    ("(null as List<Integer>) union {1}", "{1}", "either way round"),
    ("{@2019} union {@2019, @2020}", "{@2019, @2020}", "each once"),
    ("(null as List<Date>) union {@2019}", "{@2019}", "no list adds nothing"),
    ("{@2019} union (null as List<Date>)", "{@2019}", "no list adds nothing"),
    ("(null as List<Integer>) intersect {1}", "null", "unknown"),
    ("{1, 2, 1} intersect {1}", "{1}", "each once"),
    ("(null as List<Date>) intersect {@2019}", "null", "unknown"),
    ("{@2019} intersect (null as List<Date>)", "null", "unknown"),
    ("{@2019, @2020, @2019} intersect {@2019}", "{@2019}", "each once"),
    ("(null as List<Integer>) except {1}", "null", "unknown"),
    ("{1, 1, 2} except (null as List<Integer>)", "{1, 2}", "nothing is removed"),
    ("(null as List<Date>) except {@2019}", "null", "unknown"),
    ("{@2019, @2020, @2020} except {@2019}", "{@2020}", "each once"),
    ("{@2019} except (null as List<Date>)", "{@2019}", "nothing is removed"),
    ("IndexOf(null as List<Integer>, 1)", "null", "no list"),
    ("IndexOf({1}, null)", "null", "nothing to look for"),
    ("IndexOf({1, 2, 1}, 1)", "0", "the first place"),
    ("IndexOf({} as List<Integer>, 1)", "-1", "nowhere"),
    ("{1, 2}[0]", "1", "counted from 0"),
    ("{1, 2}[null]", "null", "nowhere"),
    ("(null as List<Integer>)[0]", "null", "no list"),
    ("Skip({1, 2, 3}, 0)", "{1, 2, 3}", "none"),
    ("Skip({1, 2, 3}, 3)", "{} as List<Integer>", "all"),
    ("Skip({1, 2, 3}, -1)", "{1, 2, 3}", "fewer than none is none"),
    ("Skip({1, 2, 3}, null)", "{1, 2, 3}", "none was said"),
    ("Skip(null as List<Integer>, 1)", "null", "no list"),
    ("Take({1, 2, 3}, 0)", "{} as List<Integer>", "none"),
    ("Take({1, 2, 3}, 9)", "{1, 2, 3}", "as many as there are"),
    ("Take({1, 2, 3}, -1)", "{} as List<Integer>", "fewer than none is none"),
    ("Take({1, 2, 3}, null)", "{} as List<Integer>", "none was said"),
    ("Take(null as List<Integer>, 1)", "null", "no list"),
    ("Tail({1})", "{} as List<Integer>", "nothing is left"),
    ("Tail(null as List<Integer>)", "null", "no list"),
    ("singleton from (null as List<Integer>)", "null", "no list"),
    ("(5) x aggregate total starting 1: total + x", "6", "a fold of a single value"),
    ("(5) x aggregate total: Coalesce(total, 2) + x", "7", "starting from null"),
    ("(5) x where x > 9 aggregate total starting 1: total + x", "null", "of nothing"),
    ("(null as Integer) x aggregate total starting 1: total + x", "null", "of nothing"),
    ("({3, 1, 2}) x sort asc", "{1, 2, 3}", "in order"),
    ("({3, 1, 2}) x sort desc", "{3, 2, 1}", "turned round"),
    ("({'b', null, 'a'}) x sort asc", "{null, 'a', 'b'}", "texts"),
    (
        "({Tuple{a: 1, b: 2}, Tuple{a: 1, b: 1}, Tuple{a: 0, b: 3}}) x sort by a, b",
        "{Tuple{a: 0, b: 3}, Tuple{a: 1, b: 1}, Tuple{a: 1, b: 2}}",
        "the first key first",
    ),
    (
        "({Tuple{a: 1, b: 2}, Tuple{a: 1, b: 1}, Tuple{a: 1, b: 3}}) x sort by a",
        "{Tuple{a: 1, b: 2}, Tuple{a: 1, b: 1}, Tuple{a: 1, b: 3}}",
        "equals keep their order",
    ),
]

TEXTS = [
    ("null + 'a'", "null", "null in, null out"),
    ("null & 'a'", "'a'", "& reads null as nothing"),
    ("(null as String) & (null as String)", "''", "on both sides"),
    ("'a' & 'b'", "'ab'", "one after the other"),
    ("Combine({'a', 'b'}, null)", "null", "no separator"),
    ("Combine({null as String})", "null", "nothing to combine"),
    ("Combine(null as List<String>)", "null", "no list"),
    ("Combine({'a'}, '-')", "'a'", "nothing to separate"),
    ("Split(null, ',')", "null", "no text"),
    ("Split('a,b', null)", "{'a,b'}", "nothing separates nothing"),
    ("Length(null as String)", "null", "no text"),
    ("Length('')", "0", "none"),
    ("'abc'[0]", "'a'", "counted from 0"),
    ("'abc'[3]", "null", "beyond the end"),
    ("'abc'[-1]", "null", "before the beginning"),
    ("'abc'[null]", "null", "nowhere"),
    ("(null as String)[0]", "null", "no text"),
    ("Lower(null)", "null", "no text"),
    ("Upper(null)", "null", "no text"),
    ("Upper('ab')", "'AB'", "capitals"),
    ("StartsWith('abc', 'bc')", "false", "at the end"),
    ("StartsWith('abc', '')", "true", "nothing is at the beginning of all"),
    ("StartsWith(null, 'a')", "null", "no text"),
    ("StartsWith('a', null)", "null", "nothing to look for"),
    ("EndsWith('abc', 'bc')", "true", "at the end"),
    ("EndsWith(null, 'a')", "null", "no text"),
    ("EndsWith('a', null)", "null", "nothing to look for"),
    ("PositionOf('z', 'abc')", "-1", "nowhere"),
    ("PositionOf('a', 'aba')", "0", "the first"),
    ("PositionOf(null, 'a')", "null", "nothing to look for"),
    ("PositionOf('a', null)", "null", "no text"),
    ("LastPositionOf('z', 'abc')", "-1", "nowhere"),
    ("LastPositionOf(null, 'a')", "null", "nothing to look for"),
    ("LastPositionOf('a', null)", "null", "no text"),
    ("Substring('abc', 0)", "'abc'", "from the beginning"),
    ("Substring('abc', 2)", "'c'", "the last"),
    ("Substring('abc', -1)", "null", "before the beginning"),
    ("Substring('abc', 0, 1)", "'a'", "one"),
    ("Substring('abc', 1, 0)", "''", "none"),
    ("Substring('abc', 1, -1)", "''", "fewer than none is none"),
    ("Substring('abc', 1, null)", "null", "how many is unknown"),
    ("Substring('abc', null)", "null", "from where is unknown"),
    ("Substring(null, 1)", "null", "no text"),
]


@pytest.mark.parametrize(("expression", "expected", "why"), [*LISTS, *TEXTS])
def test_edges_of_lists(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)


LIMIT = 64 * 1024


def test_values_of_two_types_are_two_values() -> None:
    mixed = ("Any", [True, 1, Decimal("1.0"), "1", Date(2019), DateTime(2019), Date(2019)])
    assert value_of("distinct (x as List<Any>)", x=mixed) == (True, 1, "1", Date(2019), DateTime(2019))
    assert value_of("Count(distinct (x as List<Any>))", x=mixed) == 5
    assert value_of("(x as List<Any>) is List<Integer>", x=("Any", [1, "a"])) is False


def test_a_text_may_have_64_kibi_characters_and_no_more() -> None:
    half = ("String", "x" * (LIMIT // 2))
    assert len(value_of("a + a", a=half)) == LIMIT
    assert "grew beyond 65536" in str(evaluate("a + a + 'x'", a=half)[1])
    assert len(value_of("Combine({a, b})", a=half, b=("String", "x" * (LIMIT // 2)))) == LIMIT
    assert "grew beyond 65536" in str(evaluate("Combine({a, a, 'x'})", a=half)[1])
    assert "grew beyond 65536" in str(evaluate("Combine({a, a}, 'x')", a=half)[1])
    assert len(value_of("Substring(a + a, 0)", a=half)) == LIMIT


def test_a_flattened_list_may_have_a_million_elements_and_no_more() -> None:
    kind = "List<List<Integer>>"
    half = [1] * 500_000
    assert value_of("Count(flatten lists)", lists=(kind, [half, None, half])) == 1_000_000
    assert "beyond a million" in str(evaluate("Count(flatten lists)", lists=(kind, [half, half, [1]]))[1])


def test_combinations_are_paid_for_before_they_are_made() -> None:
    """Three of two parts each, at four steps for a part."""
    budget = [24]
    made = [{"a": 1, "b": 5}, {"a": 2, "b": 5}, {"a": 3, "b": 5}]
    assert product({"a": [1, 2, 3], "b": 5}, ("a",), budget) == made
    assert budget == [0]
    with pytest.raises(EvaluationFailure, match="too many combinations"):
        product({"a": [1, 2, 3], "b": 5}, ("a",), [23])


def test_there_may_be_a_million_combinations_and_no_more() -> None:
    lots = [None] * 1000
    assert len(product({"a": lots, "b": lots}, ("a", "b"), [8_000_000])) == 1_000_000
    with pytest.raises(EvaluationFailure, match="too many combinations"):
        product({"a": [*lots, None], "b": lots}, ("a", "b"), [10**9])
