"""What the quick way is allowed to cost: the calls, the questions what is known, and the loops.

Values alone cannot tell: a way that is not taken leaves the same value to a slower one. A row may become
cheaper, and is then written down as it is.
"""

from __future__ import annotations

import re

import pytest

from tests.cql.test_two_ways import Both

DECLARED = """
parameter a Boolean parameter b Boolean parameter c Boolean
parameter n Integer parameter m Integer parameter d Decimal
parameter s String parameter t String parameter e Date parameter f Date
parameter texts List<String> parameter numbers List<Integer>
parameter rows List<Tuple{kind String, lasted Integer, since Date, ok Boolean}>
define kinds: {
  Tuple{code: 'a', least: 3, good: true}, Tuple{code: 'b', least: null as Integer, good: false}
}
define function twice(x Integer): x * 2 + x
"""
COSTS = [
    # expression, operations called, how many in any case, how often it is asked what is known, loops
    ("n < m", "", 0, 2, 0),
    ("n <= 3", "", 0, 1, 0),
    ("n > m", "", 0, 2, 0),
    ("n >= 3", "", 0, 1, 0),
    ("n = m", "", 0, 2, 0),
    ("n != 3", "", 0, 0, 0),
    ("d < 1.5", "", 0, 1, 0),
    ("s = t", "", 0, 2, 0),
    ("s != 'x'", "", 0, 0, 0),
    ("a = b", "", 0, 2, 0),
    ("e < f", "less", 0, 2, 0),
    ("e <= f", "less_or_equal", 0, 2, 0),
    ("e > f", "greater", 0, 2, 0),
    ("e >= f", "greater_or_equal", 0, 2, 0),
    ("e before Today()", "before", 0, 1, 0),
    ("e after f", "after", 0, 2, 0),
    ("e same or before f", "same_or_before", 0, 2, 0),
    ("e same or after f", "same_or_after", 0, 2, 0),
    ("e same day as f", "same_as", 1, 0, 0),
    ("e = f", "equal", 0, 2, 0),
    ("n between 1 and 5", "", 0, 1, 0),
    ("n between m and 5", "between", 1, 0, 0),
    ("n + 1", "as_integer", 0, 1, 0),
    ("n - m", "as_integer", 0, 2, 0),
    ("n * 3", "as_integer", 0, 1, 0),
    ("n div 2", "div_integer", 1, 0, 0),
    ("-n", "negate_integer", 1, 0, 0),
    ("a and b", "", 0, 2, 0),
    ("a or b", "", 0, 2, 0),
    ("a and (s is null)", "", 0, 1, 0),
    ("a or (s is null)", "", 0, 1, 0),
    ("a and b and (s is null)", "", 0, 3, 0),
    ("a or b or (s is null)", "", 0, 3, 0),
    ("(n is null) and (s is null)", "", 0, 2, 0),
    ("(n is null) or (s is null)", "", 0, 2, 0),
    ("not a", "", 0, 1, 0),
    ("not (s is null)", "", 0, 0, 0),
    ("not (n = 3)", "", 0, 0, 0),
    ("a implies b", "", 0, 3, 0),
    ("a xor b", "xor", 1, 0, 0),
    ("a is true", "", 0, 1, 0),
    ("a is not false", "", 0, 1, 0),
    ("n is null", "", 0, 0, 0),
    ("n is not null", "", 0, 0, 0),
    ("s = 'x' or s = t", "", 0, 5, 0),
    ("s in texts", "", 0, 1, 0),
    ("texts contains s", "", 0, 1, 0),
    ("s in {'a', 'b'}", "", 0, 0, 0),
    ("n in numbers", "", 0, 1, 0),
    ("PositionOf(s, t) >= 0", "", 0, 3, 0),
    ("PositionOf('x', s)", "", 0, 1, 0),
    ("Lower(s)", "lower", 1, 0, 0),
    ("s + t", "concatenate", 1, 0, 0),
    ("Length(s)", "string_length", 1, 0, 0),
    ("Count(texts)", "", 0, 1, 0),
    ("Count(rows)", "", 0, 1, 0),
    ("exists texts", "exists", 1, 0, 0),
    ("exists rows", "", 0, 0, 0),
    ("First(texts)", "first", 1, 0, 0),
    ("exists (texts X where X = s)", "", 0, 4, 1),
    ("exists (rows R where R.ok)", "", 0, 1, 1),
    ("exists (rows R where R.ok and R.lasted > n)", "", 0, 3, 1),
    ("Count(rows R where R.ok)", "", 0, 2, 1),
    ("First(rows R where R.ok return R.kind)", "distinct_plain first", 2, 1, 1),
    ("texts X where X is not null return Lower(X)", "distinct_plain lower", 2, 2, 1),
    ("rows R where R.ok return R.kind", "distinct_plain", 1, 1, 1),
    ("exists (kinds K where K.code = s)", "", 0, 0, 0),
    ("exists (kinds K where K.code = s and K.good)", "", 0, 0, 0),
    ("First(kinds K where K.code = s return all K.least)", "", 0, 0, 0),
    ("First(kinds K where s = K.code return all K.least)", "", 0, 0, 0),
    ("exists (kinds K where s = K.code)", "", 0, 0, 0),
    ("exists (kinds K where K.good and s = K.code)", "", 0, 0, 0),
    ("exists (kinds K where K.least = n)", "", 0, 0, 0),
    ("First(kinds K where n = K.least return all K.code)", "", 0, 0, 0),
    ("First(kinds K where K.code = s return all K.least) <= n", "", 0, 2, 0),
    ("exists (rows R where exists (kinds K where K.code = R.kind and K.good))", "", 0, 1, 1),
    ("exists (texts X where exists (rows R where R.kind = X and R.since before e))", "before", 0, 7, 2),
    ("if a then n else m", "", 0, 0, 0),
    ("if a then n + 1 else m", "as_integer", 0, 1, 0),
    ("if s is null then 1 else 2", "", 0, 1, 0),
    ("case when a then 1 when b then 2 else 3 end", "", 0, 0, 0),
    ("case s when 'a' then n else m end", "", 0, 1, 0),
    ("Coalesce(n, 3)", "", 0, 1, 0),
    ("Coalesce(n, m, 3)", "", 0, 2, 0),
    ("Coalesce(a, b)", "", 0, 1, 0),
    ("Coalesce(n, 3) > 4", "", 0, 1, 0),
    ("twice(n)", "as_integer", 0, 3, 0),
    ("twice(n) > m", "as_integer", 0, 5, 0),
    ("exists (numbers N where twice(N) > 4)", "as_integer", 0, 6, 1),
    ("e + 3 months", "add_months", 1, 0, 0),
    ("e - 1 year", "subtract_from_date", 1, 0, 0),
    ("e + 5 days", "add_to_date", 1, 0, 0),
    ("LowBoundary(e, 8)", "low_boundary_date", 0, 1, 0),
    ("HighBoundary(e, 8) before f", "before high_boundary_date", 0, 3, 0),
    ("months between e and f", "duration_between", 1, 0, 0),
    ("months between e and f >= 3", "duration_between greater_or_equal", 1, 1, 0),
    ("years between e and Today() < 18", "duration_between less", 1, 1, 0),
    ("distinct texts", "distinct_plain", 1, 0, 0),
    ("texts union texts", "union_plain", 1, 0, 0),
    ("texts except {'a'}", "except_plain", 1, 0, 0),
    ("texts intersect {'a'}", "intersect_plain", 1, 0, 0),
    ("Sum(numbers)", "sum_integer", 1, 0, 0),
    ("Max(numbers)", "maximum", 1, 0, 0),
    ("n ~ m", "equivalent", 1, 0, 0),
]


def written(*definitions: str) -> str:
    """The source of the quick way without what is worked out beforehand."""
    text = "".join(f"define R{number}: {each} " for number, each in enumerate(definitions))
    return Both(DECLARED + text).source.split("def _quick(")[1]


def cost(source: str) -> tuple[set[str], int, int, int]:
    always = re.findall(r"= _o_", source)
    nulls = re.findall(r"is (?:not )?(?:None|False|True)", source)
    return set(re.findall(r"_o_(\w+)", source)), len(always), len(nulls), source.count("for ")


@pytest.mark.parametrize(("expression", "called", "always", "nulls", "loops"), COSTS)
def test_an_expression_costs_no_more_than_it_has_to(
    expression: str, called: str, always: int, nulls: int, loops: int
) -> None:
    found = cost(written(expression))
    assert found[0] <= {*called.split()}
    assert found[1] <= always
    assert found[2] <= nulls
    assert found[3] <= loops


@pytest.mark.parametrize(
    "expression",
    [
        "n + 1 > m * 3",
        "exists (rows R where R.ok)",
        "if n > 3 then n * m else n - m",
        "case when n * 7 > 1 then 1 else 2 end",
        "Count(rows R where R.ok and R.lasted > n)",
        "First(kinds K where K.code = s return all K.least)",
        "LowBoundary(e, 8) before f",
    ],
)
def test_what_stands_twice_is_worked_out_once(expression: str) -> None:
    once, again = cost(written(expression)), cost(written(expression, f"({expression}) is null"))
    assert again[0] == once[0]
    assert again[1] == once[1]
    assert again[2] <= once[2] + 1
    assert again[3] == once[3]
    assert written(expression, expression).count(" * ") == written(expression).count(" * ")


@pytest.mark.parametrize(
    "expression",
    [
        "s = 'x'",
        "s != 'x' and not (s = 'y')",
        "s in {'a', 'b'} or s is null",
        "(s = 'x') xor (s = 'y')",
        "(s = 'x') implies (s = 'y')",
        "(s = 'x') is true or (s = 'y') is false",
        "(s = 'x') is not true or (s = 'y') is not false",
        "s is not null",
        "Coalesce(s = 'x', false)",
        "if s = 'x' then true else s = 'y'",
        "case s when 'x' then true else null end",
        "n = 3 or n != 4",
    ],
)
def test_what_asks_one_question_is_known_beforehand(expression: str) -> None:
    """Nothing is computed beyond what is when nothing is asked at all."""
    computed = [line for line in written(expression).splitlines() if re.match(r" _[vs]\d+ =", line)]
    assert computed == []


def test_a_table_costs_nothing_where_nobody_looks_at_it() -> None:
    tables = "".join(f"define T{number}: {{Tuple{{a: {number}, b: 'x'}}}} " for number in range(9))
    with_tables = Both(DECLARED + tables + "define A: n > m").source.split("def _quick(")[1]
    without = Both(DECLARED + "define A: n > m").source.split("def _quick(")[1]
    assert len(with_tables.splitlines()) == len(without.splitlines())


def test_a_small_function_is_written_out_and_a_large_one_called() -> None:
    large = " + ".join(f"x * {number}" for number in range(2, 45))
    small = Both(DECLARED + "define A: twice(n)").source.split("def _quick(")[1]
    called = Both(DECLARED + f"define function large(x Integer): {large} define A: large(n)")
    assert "_f" not in small
    assert "_f1(" in called.source.split("def _quick(")[1]


def test_a_library_that_writes_out_very_much_calls_the_rest() -> None:
    terms = " + ".join(f"x * {number}" for number in range(2, 27))
    many = "".join(f"define D{number}: large(n + {number}) " for number in range(60))
    library = Both(DECLARED + f"define function large(x Integer): {terms} {many}")
    assert 15 < library.source.split("def _quick(")[1].count("_f1(") < 45
