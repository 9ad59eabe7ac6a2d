"""What is outside the subset, or means nothing, is refused before anything runs: with place and name."""

from __future__ import annotations

import pytest

from screening.cql import CqlError, compile_library, parse_expression

OUTSIDE = [
    # expression, construct
    ("[Condition: 'pain']", "retrieve"),
    ("@T10:30", "Time"),
    ("5L", "Long"),
    ("5 'mg'", "Quantity"),
    ("1 + Interval[1, 2]", "Interval"),
    ("x overlaps y", "overlaps operator"),
    ("start of x", "start of operator"),
    ("({1}) x let y: 2 return y", "let clause"),
    ("({1}) x with ({2}) y such that x = y", "with clause"),
    ("Matches('a', '(?=b)')", "regular expression"),
    ("ReplaceMatches('a', 'a', '$1')", "regular expression"),
    ("TimeOfDay()", "TimeOfDay"),
    ("Now()", "Now"),
    ("AgeInYears()", "AgeInYears"),
    ("Code { code: 'x' }", "instance selector"),
    ("5 as Choice<Integer, String>", "choice type"),
    ("null as Code", "Code"),
    ("null as Interval<Integer>", "Interval"),
    ("maximum Boolean", "maximum"),
    ("timezone from @2024-01-01T10:00Z", "timezone component"),
    ("3 days before day of Today()", "before"),
]

MEANINGLESS = [
    # expression, construct, what the sentence says
    ("", "syntax", "ends too early"),
    ("1 +", "syntax", "ends too early"),
    ("(1", "syntax", "ends too early"),
    ("1)", "syntax", "')'"),
    ("'open", "string", "never closed"),
    ('"open', "string", "never closed"),
    ("'\\q'", "string", "escape"),
    ("1 ? 2", "character", "'?'"),
    ("“a”", "character", "straight"),
    ("@2024-13-01", "date", "not a possible month"),
    ("@2023-02-29", "date", "not a possible day"),
    ("2147483648", "Integer", "too large"),
    ("-2147483649", "Integer", "too large"),
    ("0.123456789", "Decimal", "8 after"),
    ("1 + 'a'", "+", "cannot take"),
    ("1 = 'a'", "=", "cannot take"),
    ("not 1", "not", "cannot take"),
    ("1 and true", "type", "Boolean is needed"),
    ("if 1 then 2 else 3", "type", "Boolean is needed"),
    ("if true then 1 else 'a'", "condition", "one type"),
    ("{1, 'a'}", "list", "one type"),
    ("Coalesce(1, 'a')", "Coalesce", "one type"),
    ("Coalesce()", "Coalesce", "at least one"),
    ("Count(1)", "Count", "cannot take"),
    ("Count()", "Count", "cannot take nothing"),
    ("Tuple{a: 1}.b", "property", "no element 'b'"),
    ("({Tuple{a: 1}}).a", "property", "no elements with names"),
    ("Tuple{a: 1, a: 2}", "tuple", "twice"),
    ("unknown + 1", "name", "unknown"),
    ("Unknown(1)", "Unknown", "no function"),
    ("count({1})", "count", "no function"),
    ("5 as String", "as", "never a String"),
    ("5 as Decimal", "as", "never a Decimal"),
    ("({1}) x sort asc where x > 1", "query", "order"),
    ("({1}) x where true where true", "query", "repeated"),
    ("{1} x where true", "query", "brackets"),
    ("from ({1}) x, {2} y", "query", "brackets"),
    ("from ({1}) x, ({2}) y, ({3}) x", "query", "called 'x'"),
    ("from ({1}) x, (x) y return y", "name", "'x'"),
    ("from ({1}) x, ({2}) y aggregate n starting x: n", "name", "'x'"),
    ("from ({1}) x, ({2}) y return 1 sort by y", "name", "'y'"),
    ("from ({1}) x, ({2}) y sort asc", "sort", "no order"),
    ("from ({1}) x, ({2}) y return all x where true", "query", "order"),
    ("({1}) x, ({2}) y return x", "syntax", "','"),
    ("({Tuple{a: 1}}) x sort asc", "sort", "no order"),
    ("({1}) where where true", "syntax", "as a name"),
    ("hours between @2024-01-01 and @2024-01-02", "precision", "no hour"),
    ("@2024-01-01 same week as @2024-01-02", "precision", "not a part"),
    ("5 in day of Interval[1, 2]", "precision", "no day"),
    ("5 in Interval[1, 'a']", "Interval", "does not fit"),
    ("@2024-01-01 during 5", "during", "interval"),
    ("null as List<List<List<List<List<List<List<List<List<Integer>>>>>>>>>", "depth", "nested"),
]

LIBRARIES = [
    # text, construct, what the sentence says
    ("define A: A", "circular definition", "A → A"),
    ("define A: B define B: C define C: A", "circular definition", "A → B → C → A"),
    ("define function f(x Integer): f(x)", "circular definition", "f → f"),
    ("define A: 1 define A: 2", "name", "twice"),
    ("parameter a Integer define a: 1", "name", "twice"),
    ("define function Count(x Integer): x", "function", "already"),
    ("define function f(x Integer, x Integer): x", "function", "twice"),
    ("define function f(x Integer): x define A: f()", "function", "takes 1"),
    ("define function f(x Integer): x define A: f('a')", "type", "Integer is needed"),
    ("parameter a", "syntax", "ends too early"),
    ("parameter a Long", "Long", "not a type"),
    ("parameter a Integer default 1", "parameter default", "outside"),
    ("using FHIR", "using declaration", "outside"),
    ("include Common", "include declaration", "outside"),
    ("context Patient", "context declaration", "outside"),
    ("valueset \"a\": 'b'", "valueset declaration", "outside"),
    ("define private A: 1", "access modifier", "outside"),
    ("define sort: 1", "syntax", "as a name"),
    ("define A: Adutl define Adult: 1", "name", "Did you mean 'Adult'?"),
]


def refusal(expression: str) -> CqlError:
    with pytest.raises(CqlError) as caught:
        compile_library(f"define Result: {expression}")
    return caught.value


@pytest.mark.parametrize(("expression", "construct"), OUTSIDE)
def test_what_is_outside_the_subset_is_named(expression: str, construct: str) -> None:
    assert refusal(expression).construct == construct


@pytest.mark.parametrize(("expression", "construct", "sentence"), MEANINGLESS)
def test_what_means_nothing_is_refused(expression: str, construct: str, sentence: str) -> None:
    error = refusal(expression)
    assert error.construct == construct
    assert sentence in str(error)


@pytest.mark.parametrize(("text", "construct", "sentence"), LIBRARIES)
def test_a_library_that_cannot_work_is_refused(text: str, construct: str, sentence: str) -> None:
    with pytest.raises(CqlError) as caught:
        compile_library(text)
    assert caught.value.construct == construct
    assert sentence in str(caught.value)


def test_a_refusal_says_where() -> None:
    with pytest.raises(CqlError) as caught:
        compile_library("parameter age Integer\n\ndefine Adult:\n  age >= nineteen\n")
    error = caught.value
    assert (error.line, error.column) == (4, 10)
    assert str(error) == "Line 4, column 10: Nothing is called 'nineteen' here."


def test_a_refusal_inside_a_query_with_several_sources_says_where() -> None:
    places = {
        "from ({1}) x,\n  ({2}) x return x": (2, 4),
        "from ({1}) x,\n  (z) y return x": (2, 4),
        "from ({1}) x, ({2}) y\n  where x = y\n  return y + 'a'": (3, 10),
    }
    for expression, place in places.items():
        error = refusal(f"\n{expression}")
        assert (error.line - 1, error.column) == place, expression


def test_a_place_after_a_string_and_a_comment_of_several_lines_is_right() -> None:
    with pytest.raises(CqlError) as caught:
        parse_expression("'a\nb' + /* one\ntwo */ + ?")
    assert (caught.value.line, caught.value.column) == (3, 10)


def test_depth_is_bounded() -> None:
    assert refusal("not " * 64 + "true").construct == "depth"
    compile_library("define A: " + "not " * 60 + "true")


def test_brackets_are_not_depth() -> None:
    compile_library("define A: " + "(" * 5000 + "true" + ")" * 5000)


def test_size_is_bounded() -> None:
    with pytest.raises(CqlError) as caught:
        parse_expression("1 " * 40_000)
    assert caught.value.construct == "size"
    with pytest.raises(CqlError) as caught:
        compile_library("define A: '" + "x" * 70_000 + "'")
    assert caught.value.construct == "size"
    with pytest.raises(CqlError) as caught:
        compile_library("//" + "x" * 1024 * 1024)
    assert caught.value.construct == "size"


def test_nested_queries_are_bounded() -> None:
    text = "1"
    for number in range(9):
        text = f"(({{{number}}}) x{number} return {text})"
    assert refusal(text).construct == "query"


def test_sources_add_no_depth_of_their_own() -> None:
    compile_library("define A: from " + ", ".join(f"({{{n}}}) x{n}" for n in range(70)) + " return x0 + x69")
    text = "1"
    for number in range(9):
        text = f"(from ({{{number}}}) x{number}, (0) y return {text})"
    assert refusal(text).construct == "query"
