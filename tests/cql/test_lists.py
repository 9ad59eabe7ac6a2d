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

SEVERAL_SOURCES = [
    (
        "from ({1, 2}) x, ({'a', 'b'}) y",
        "{Tuple{x: 1, y: 'a'}, Tuple{x: 1, y: 'b'}, Tuple{x: 2, y: 'a'}, Tuple{x: 2, y: 'b'}}",
        "every combination, the last source changes first",
    ),
    ("from ({1, 1}) x, ({2, 2}) y", "{Tuple{x: 1, y: 2}}", "without return each once"),
    ("from ({1, 1}) x, ({2, 2}) y return x + y", "{3}", "return is distinct"),
    ("from ({1, 1}) x, ({2, 2}) y return all x + y", "{3, 3, 3, 3}", "unless it says all"),
    ("from ({1, 2}) x, ({1, 2}) y where x < y return Tuple{a: x, b: y}", "{Tuple{a: 1, b: 2}}", "where"),
    ("from ({1, null}) x, ({2}) y return x + y", "{3, null}", "a null in a list is an element"),
    ("from ({1, 2}) x, (10) y return all x + y", "{11, 12}", "a single value goes with each element"),
    ("from (10) x, ({1, 2}) y return all x + y", "{11, 12}", "also before the list"),
    ("from (1) x, (2) y", "Tuple{x: 1, y: 2}", "single values alone give a single value"),
    ("from (1) x, (2) y return x + y", "3", "and what is made of it"),
    ("from (1) x, (2) y where x > y", "null", "or nothing"),
    ("from (1) x, (2) y aggregate n starting 10: n + x + y", "13", "one step"),
    ("from ({} as List<Integer>) x, ({1}) y return x + y", "{} as List<Integer>", "nothing to combine"),
    ("from ({1}) x, (null as List<Integer>) y return x", "null as List<Integer>", "no list, no result"),
    ("from (null as List<Integer>) x, ({} as List<Integer>) y return x", "null as List<Integer>", "as well"),
    ("from ({1}) x, (null as Integer) y return x", "null as List<Integer>", "nor without a single value"),
    ("from ({1}) x, (null) y return x", "null as List<Integer>", "of whatever type"),
    ("from (null as Integer) x, (1) y return y", "null", "alone too"),
    ("from ({1}) x, (null as List<Integer>) y aggregate n starting 0: n + x", "null", "no list, no sum"),
    ("from ({1, 2}) x, ({10, 20}) y aggregate n starting 0: n + x * y", "90", "a fold over all"),
    ("from ({1, 2}) x, ({10, 20}) y where x > 1 aggregate n starting 0: n + y", "30", "of what is left"),
    ("from ({1, 2}) x, (4) y aggregate n: n + x + y", "null", "starting from null"),
    ("from ({1, 1}) x, ({2, 3}) y aggregate distinct n starting 0: n + x + y", "7", "each once"),
    ("from ({1, 1}) x, ({2, 3}) y aggregate all n starting 0: n + x + y", "14", "or all"),
    ("from ({1, 2}) x, ({5}) y sort by x desc", "{Tuple{x: 2, y: 5}, Tuple{x: 1, y: 5}}", "by a part"),
    ("from ({1, 2}) x, ({5, 6}) y return x * y sort desc", "{12, 10, 6, 5}", "by what is returned"),
    ("from ({1}) x, ({2}) y return all (({3, 4}) x return all x + y)", "{{5, 6}}", "an inner alias hides"),
    ("from ({1}) x, ({2}) y return all (({x, y}) z return all z + x)", "{{2, 3}}", "it sees the outer ones"),
    ("from ({1}) x, ({2}) y return all (({x}) x return x + y)", "{{3}}", "its source is outside of it"),
    (
        "from ({5}) x, ({2}) y return all (({Tuple{x: 1}, Tuple{x: 0}}) z sort by x + y)",
        "{{Tuple{x: 0}, Tuple{x: 1}}}",
        "in a sort the parts of an element hide an alias",
    ),
    ("from ({1, 2}) x, ({5}) y aggregate y starting 0: y + x", "3", "the result hides an alias"),
    (
        "from ({1, 2}) x, ({10}) y return all (from ({x}) z, ({y}) x return x + z)",
        "{{11}, {12}}",
        "several inside several",
    ),
    ("from ({{1, 2}, {3}}) x, ({0}) y return all Count(x)", "{2, 1}", "lists of lists"),
    (
        "from ({1, 2} as Any) x, (1) y return x is List<Integer>",
        "true",
        "a list of unknown type is one value",
    ),
    (
        'from ({1, 2}) "x, y", ({3}) y return all "x, y" + y',
        "{4, 5}",
        "any name",
    ),
]


@pytest.mark.parametrize(("expression", "expected", "why"), LISTS + QUERIES + SEVERAL_SOURCES)
def test_lists(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)


def test_singleton_of_two_is_an_error_that_is_seen() -> None:
    assert evaluate("singleton from {1, 2}") == (None, "One element was expected, but the list has 2.")


def test_too_many_combinations_are_an_error_that_is_seen() -> None:
    hundred = "({" + ", ".join(map(str, range(100))) + "})"
    sources = ", ".join(f"{hundred} x{place}" for place in range(60))
    assert evaluate(f"Count(from {sources})")[1] == "The sources of a query have too many combinations."


def test_combinations_are_paid_for() -> None:
    """A half of a million is within bounds; eleven times that is not."""
    lots = "List<Integer>", list(range(700))
    once = "exists (from lots x, lots y return all First({x, y}))"
    assert evaluate(once, lots=lots) == (True, None)
    again = f"({{{', '.join(['1'] * 11)}}}) n return all {once}"
    assert evaluate(again, lots=lots)[1] == "The sources of a query have too many combinations."


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
