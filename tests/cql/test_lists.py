"""Lists, tuples and queries."""

from __future__ import annotations

import pytest

from tests.cql.evaluating import assert_same, evaluate, value_of

LISTS = [
    # expression, expected, why
    ("distinct {1, 2, 1, null, null}", "{1, 2, null}", "each once, nulls are one value"),
    ("distinct {@2019, @2019-01}", "{@2019, @2019-01}", "what may be equal is not the same"),
    ("{1, 2} union {2, 3}", "{1, 2, 3}", "without repetition"),
    ("{1, 2} union null", "{1, 2}", "no list adds nothing"),
    ("{1, 2, 2} intersect {2, 3}", "{2}", "in both"),
    ("{1} intersect null", "null", "unknown"),
    ("{1, 2, 3} except {2}", "{1, 3}", "in the first only"),
    ("{1, null} except {null}", "{1}", "null is removed like a value"),
    ("flatten {{1}, {2, 3}, null}", "{1, 2, 3}", "one level"),
    ("First({})", "null", "nothing is first"),
    ("First({null, 1})", "null", "a null may be"),
    ("Last({1, 2})", "2", "the last"),
    ("{1, 2}[1]", "2", "counted from 0"),
    ("{1, 2}[2]", "null", "outside"),
    ("{1, 2}[-1]", "null", "nothing is before the first"),
    ("IndexOf({'a', 'b'}, 'b')", "1", "where it is"),
    ("IndexOf({'a'}, 'z')", "-1", "nowhere"),
    ("Length({1, null})", "2", "nulls have places"),
    ("Length(null as List<Integer>)", "0", "no list"),
    ("Skip({1, 2, 3}, 1)", "{2, 3}", "without the first"),
    ("Take({1, 2, 3}, 2)", "{1, 2}", "the first two"),
    ("Skip({1, 2}, 9)", "{}", "past the end"),
    ("Skip({1, 2}, -1)", "{1, 2}", "a negative number skips nothing"),
    ("Skip({1, 2}, null)", "{1, 2}", "nor does null"),
    ("Skip(null as List<Integer>, 1)", "null", "no list"),
    ("Take({1, 2}, 9)", "{1, 2}", "as many as there are"),
    ("Take({1, 2}, -1)", "{}", "a negative number takes nothing"),
    ("Take({1, 2}, null)", "{}", "nor does null"),
    ("Take(null as List<Integer>, 1)", "null", "no list"),
    ("Slice({1, 2, 3}, 1, 2)", "{2}", "up to before the second place"),
    ("Slice({1, 2, 3}, 1)", "{2, 3}", "to the end"),
    ("Slice({1, 2, 3}, null, -1)", "{1, 2}", "from the beginning, and places counted from the end"),
    ("Slice({1, 2, 3}, 5)", "{}", "past the end"),
    ("Slice(null as List<Integer>, 1)", "null", "no list"),
    ("Tail({1, 2})", "{2}", "without the first"),
    ("Tail({})", "{}", "of nothing, nothing"),
    ("Tail(null as List<Integer>)", "null", "no list"),
    ("singleton from {5}", "5", "the only one"),
    ("singleton from ({} as List<Integer>)", "null", "none"),
    ("{1, 2.5}", "{1.0, 2.5}", "one type for all"),
    ("List<Decimal>{1}", "{1.0}", "a type written out"),
    ('Tuple{a: 1, "weeks": 2}."weeks"', "2", "a reserved word as a name"),
    ("Tuple{date: 1}.date", "1", "a keyword that may be a name"),
    ("(null as Tuple{a Integer}).a", "null", "of nothing, nothing"),
    ("{Tuple{a: 1, b: null}, Tuple{a: null, b: 'x'}}[1].b", "'x'", "nulls take the type of the others"),
]

QUERIES = [
    ("({1, 2, 3}) x where x > 1", "{2, 3}", "those for which it holds"),
    ("({1, null, 3}) x where x > 1", "{3}", "not those for which it is unknown"),
    ("({1, 2}) x return x * 2", "{2, 4}", "something made of each"),
    ("({1, 1, 2}) x", "{1, 1, 2}", "without return nothing is removed"),
    ("({1, 1, 2}) x return x", "{1, 2}", "return is distinct"),
    ("({1, 1, 2}) x return distinct x", "{1, 2}", "also when it says so"),
    ("({1, 1, 2}) x return all x", "{1, 1, 2}", "unless it says all"),
    ("({2, null, 1}) x sort asc", "{null, 1, 2}", "null is lowest"),
    ("({2, null, 1}) x sort descending", "{2, 1, null}", "or last"),
    ("({Tuple{a: 2}, Tuple{a: 1}}) x sort by a", "{Tuple{a: 1}, Tuple{a: 2}}", "by an element"),
    (
        "({Tuple{a: 1, b: 'x'}, Tuple{a: 2, b: 'y'}, Tuple{a: 1, b: 'w'}}) x return x sort by a desc, b",
        "{Tuple{a: 2, b: 'y'}, Tuple{a: 1, b: 'w'}, Tuple{a: 1, b: 'x'}}",
        "by two keys",
    ),
    ("({1, 2, 3}) x aggregate total starting 0: total + x", "6", "a fold"),
    ("({1, 2, 3}) x where x > 1 aggregate total starting 10: total + x", "15", "of what is left"),
    ("({1, 2, 3}) x aggregate total: Coalesce(total, 0) + x", "6", "starting from null"),
    ("({1, 1}) x aggregate distinct n starting 0: n + x", "1", "each once"),
    ("(null as List<Integer>) x where x > 1", "null", "no list, no result"),
    ("(5) x return x + 1", "6", "a single value gives a single value"),
    ("(5) x where x > 9", "null", "or nothing"),
    ("exists ({1, 2}) x where x = 2 and x > 1", "true", "where takes the whole condition"),
    (
        "({1, 2, 3}) x where exists ({2, 3}) y where y = x",
        "{2, 3}",
        "a query inside another sees both names",
    ),
    ("({{1}, {2, 3}}) x return Count(x)", "{1, 2}", "lists of lists"),
    ("({'a'}) x return Tuple{n: x, l: Length(x)}", "{Tuple{n: 'a', l: 1}}", "tuples out of a query"),
]


@pytest.mark.parametrize(("expression", "expected", "why"), LISTS + QUERIES)
def test_lists(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)


def test_singleton_of_two_is_an_error_that_is_seen() -> None:
    assert evaluate("singleton from {1, 2}") == (None, "One element was expected, but the list has 2.")


def test_two_adequate_trials_of_different_classes() -> None:
    """The shape of the rule that decides most referrals."""
    trials = [
        {"class": "nsaid", "weeks": 8},
        {"class": "nsaid", "weeks": 12},
        {"class": "snri", "weeks": 6},
        {"class": "opioid", "weeks": None},
    ]
    kind = 'List<Tuple{class String, "weeks" Integer}>'
    rule = 'Count((trials) t where t."weeks" >= 6 return t.class) >= 2'
    assert value_of(rule, trials=(kind, trials)) is True
    assert value_of(rule, trials=(kind, trials[:2])) is False
    assert value_of(rule, trials=(kind, None)) is False
