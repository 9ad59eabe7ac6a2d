"""The quick way through a library gives what the careful one gives: values, errors and every verdict."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.documents import default_rules, documents
from screening.cql import Date
from screening.cql.check import check_library
from screening.cql.compile import Compiled
from screening.cql.outcome import ERROR, FALSE, TRUE, Rows
from screening.cql.parser import parse_library
from screening.rules.journey import Journey

TODAY = dt.date(2026, 6, 15)
DECLARED = """
parameter flag Boolean
parameter other Boolean
parameter number Integer
parameter share Decimal
parameter word String
parameter begun Date
parameter ended Date
parameter words List<String>
parameter numbers List<Integer>
parameter rows List<Tuple{kind String, lasted Integer, since Date, ok Boolean}>
define kinds: {
  Tuple{code: 'a', least: 3, good: true}, Tuple{code: 'b', least: null as Integer, good: false},
  Tuple{code: 'c', least: 6, good: null as Boolean}
}
define function enough(kind String, had Integer):
  First(kinds K where K.code = kind return all K.least) <= had
define function good(kind String): exists (kinds K where K.code = kind and K.good)
define function twice(n Integer): n + n
define fine: rows R where R.ok and enough(R.kind, R.lasted) return R.kind
define usual: Coalesce(number, 7)
"""


class Both(Compiled):
    """Both ways, and the names of the parameters in the order in which they are taken."""

    def __init__(self, text: str) -> None:
        library = parse_library(text)
        super().__init__(check_library(library))
        self.names, self.definitions = tuple(library.parameters), tuple(library.definitions)
        assert self.quick is not None, "Python does not take what was written"


Outcome = tuple[dict[str, tuple[type, Any]], dict[str, str], bytes]


def outcome(library: Both, row: Any, errors: dict[str, str], rows: Rows) -> Outcome:
    """Everything that an evaluation tells, with the types of values: 1 is not true."""
    values = {name: rows.value(row, name) for name in library.definitions}
    return {name: (type(value), value) for name, value in values.items()}, errors, rows.trace(row)


def compare(library: Both, parameters: dict[str, Any], day: dt.date = TODAY) -> None:
    expected = outcome(library, *library.run_carefully(parameters, day))
    assert outcome(library, *library.run(parameters, day)) == expected
    assert len(expected[2]) == len(library.written.traced)
    try:
        taken = library.take(parameters)
    except Exception:  # noqa: BLE001 - what does not fit is not taken, however it fails
        return
    assert outcome(library, *library.run(parameters, day, taken)) == expected


# --- expressions of every type, over the parameters above ---------------------------------------------------


def combined(a: dict[str, str], b: dict[str, str], c: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """One more operator around expressions, by type: each of the three has one text for each type."""
    booleans = (
        f"({a['B']} and {b['B']})", f"({a['B']} or {b['B']} or {c['B']})", f"(not {a['B']})",
        f"({a['B']} implies {b['B']})", f"({a['B']} xor {b['B']})", f"({a['I']} < {b['I']})",
        f"({a['I']} = {b['I']})", f"({a['S']} = {b['S']})", f"({a['D']} before {b['D']})",
        f"({a['D']} same or after {b['D']})", f"({a['D']} = {b['D']})", f"(({a['B']}) is true)",
        f"({a['S']} is null)", f"({a['S']} in {a['L']})", f"exists (({a['L']}) X where X != {b['S']})",
        f"exists (rows R where R.ok and R.lasted > {a['I']})", f"good({a['S']})",
        f"enough({a['S']}, {b['I']})",
        f"exists (rows R where R.since before {a['D']} or {b['B']})",
        f"(years between {a['D']} and {b['D']} >= 1)",
        f"exists (from ({a['L']}) X, ({b['L']}) Y where X = Y or {c['B']})",
        f"exists (from rows R, ({a['L']}) X, kinds K where R.kind = X and K.code = X and enough(X, K.least))",
        f"exists (rows R where exists (from ({a['L']}) X, ({b['S']}) R where X = R))",
        f"exists (({a['L']}) X where exists (({b['L']}) Y where Y = X and PositionOf(X, {c['S']}) >= 0))",
        f"(PositionOf({a['S']}, {b['S']}) < 0)", f"({a['L']} contains {b['S']})",
        f"(if {a['B']} then {b['B']} else {c['B']})", f"Coalesce({a['B']}, {b['B']})",
        f"(case when {a['B']} then {b['B']} when {c['B']} then {a['B']} else {b['B']} end)",
        f"(case {a['S']} when 'a' then {b['B']} when {c['S']} then true else {a['B']} end)",
    )  # fmt: skip
    integers = (
        f"({a['I']} + {b['I']})", f"({a['I']} * {b['I']})", f"({a['I']} - {b['I']})", f"twice({a['I']})",
        f"Count({a['L']})", f"(if {a['B']} then {b['I']} else 3)", f"Coalesce({a['I']}, {b['I']})",
        f"successor of {a['I']}",
        f"(from ({a['I']}) X, ({b['I']}) Y where {c['B']} return X + Y)",
        f"(from numbers X, ({b['I']}) Y aggregate A starting {c['I']}: A + X * Y)",
        "(from numbers X, numbers Y where X > Y aggregate distinct A: Coalesce(A, 0) + Y)",
        f"Count(from ({a['L']}) X, ({b['L']}) Y)",
        f"({a['I']} div {b['I']})", f"First(kinds K where K.code = {a['S']} return all K.least)",
        f"Sum(rows R where {a['B']} return all R.lasted)", f"(days between {a['D']} and {b['D']})",
    )  # fmt: skip
    texts = (
        f"Lower({a['S']})", f"({a['S']} + {b['S']})", f"First({a['L']})", f"Coalesce({a['S']}, 'c')",
        f"(if {a['B']} then {b['S']} else null)",
    )  # fmt: skip
    dates = (
        f"({a['D']} + 3 months)", f"({a['D']} + 1 year)", f"({a['D']} - 40 days)",
        f"LowBoundary({a['D']}, 8)",
        f"HighBoundary({a['D']}, 8)", f"Coalesce({a['D']}, {b['D']})", "Today()",
    )  # fmt: skip
    lists = (
        f"(({a['L']}) X where X = {b['S']})", f"(({a['L']}) X where X is not null return Lower(X))",
        f"({a['L']} union {b['L']})", f"({a['L']} except {b['L']})", "fine", f"{{{a['S']}, {b['S']}}}",
        f"(from ({a['L']}) X, ({b['L']}) Y where X != Y return X + Y sort desc)",
        f"(from rows R, ({a['S']}) X where R.ok return all R.kind + X)",
        f"((from ({a['L']}) X, ({b['L']}) Y sort by Y, X desc) P return all P.X)",
        f"(rows R where R.ok or {a['B']} return all R.kind)", f"(({a['L']}) X return all X + {a['S']})",
    )  # fmt: skip
    return {"B": booleans, "I": integers, "S": texts, "D": dates, "L": lists}


def _grow(inner: st.SearchStrategy[dict[str, str]]) -> st.SearchStrategy[dict[str, str]]:
    def build(a: dict[str, str], b: dict[str, str], c: dict[str, str], n: int) -> dict[str, str]:
        return {kind: texts[n % len(texts)] for kind, texts in combined(a, b, c).items()}

    return st.builds(build, inner, inner, inner, st.integers(0, 10_000))


leaves = st.fixed_dictionaries(
    {
        "B": st.sampled_from(["flag", "other", "true", "(null as Boolean)", "flag"]),
        "I": st.sampled_from(["number", "usual", "5", "0", "2000000000"]),
        "S": st.sampled_from(["word", "'a'", "'b'", "''"]),
        "D": st.sampled_from(["begun", "ended", "@2024", "@2024-02-29", "Today()"]),
        "L": st.sampled_from(["words", "{'a', 'b'}", "fine"]),
    }
)
expressions = st.recursive(leaves, _grow, max_leaves=12)
full_days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)) | st.dates(
    dt.date(2023, 1, 1), dt.date(2026, 12, 31)
)
days = st.builds(lambda day, parts: Date(*Date.of(day).parts[:parts]), full_days, st.integers(1, 3))
texts = st.sampled_from(["a", "b", "c", "A b", "", "z"])
wrong: st.SearchStrategy[Any] = st.sampled_from([True, 1.5, "7", 2**31, ["a"], {}, object, 5])


FAILING = (
    "define One: singleton from (numbers N where N > 0) define Late: begun + 8000 years define Two: One + 1"
)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values | values | values


integers = st.integers(-3, 9) | st.integers(-(2**31), 2**31 - 1)
entries = st.fixed_dictionaries(
    {"kind": maybe(texts), "lasted": maybe(integers), "since": maybe(days), "ok": maybe(st.booleans())}
)
answers = st.fixed_dictionaries(
    {
        "flag": maybe(st.booleans()),
        "other": maybe(st.booleans()),
        "number": maybe(integers),
        "share": maybe(st.decimals(-100, 100, places=2)),
        "word": maybe(texts),
        "begun": maybe(days),
        "ended": maybe(days),
        "words": maybe(st.lists(maybe(texts), max_size=3)),
        "numbers": maybe(st.lists(integers, max_size=2)),
        "rows": maybe(st.lists(entries, max_size=3)),
    }
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(expressions, min_size=2, max_size=4),
    st.lists(answers, min_size=4, max_size=8),
    st.sampled_from(["", "", FAILING]),
)
def test_any_library_over_any_answers(
    made: list[dict[str, str]], given_answers: list[dict[str, Any]], failing: str
) -> None:
    """A failure anywhere gives up the quick way, so most libraries hold nothing that often fails."""
    defined = [
        f"define {kind}{number}: {text} " for number, one in enumerate(made) for kind, text in one.items()
    ]
    library = Both(DECLARED + "".join(defined) + failing)
    for parameters in given_answers:
        compare(library, parameters)


SIMPLE = Both(DECLARED + "define A: number > 3 or flag define B: word in words define C: Count(rows)")


@settings(deadline=None)
@given(
    answers, st.sampled_from(["flag", "number", "word", "begun", "words", "rows"]), wrong, st.integers(0, 3)
)
def test_parameters_that_do_not_fit(parameters: dict[str, Any], name: str, value: Any, left_out: int) -> None:
    library = SIMPLE
    changed = dict(list({**parameters, name: value}.items())[left_out:])
    expected = outcome(library, *library.run_carefully(changed, TODAY))
    assert outcome(library, *library.run(changed, TODAY)) == expected


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        {"kind": "a"},
        {"kind": 1, "lasted": 1, "since": None, "ok": True},
        "x",
        {"kind": "a", "more": 2},
    ],
)
def test_entries_that_do_not_fit(entry: Any) -> None:
    compare(
        Both(DECLARED + "define A: Count(rows) define B: exists (rows R where R.kind = 'a')"),
        {"rows": [entry]},
    )


# --- the default rules, over whole documents ----------------------------------------------------------------


@pytest.mark.parametrize("blank", [0, 0.1, 0.5])
def test_the_default_rules(blank: float) -> None:
    rules = default_rules()
    library = Both(rules.library_text)
    journey = Journey(rules.questionnaire)
    for document in documents(rules, 60, seed=int(blank * 100), blank=blank):
        values = dict(journey.active(document, TODAY).values)
        compare(library, values)
        assert library.run(values, TODAY)[2] is library.written.rows, "the quick way was not taken"


def test_an_alias_may_be_called_like_a_function() -> None:
    library = Both(
        "parameter x List<Integer> define function twice(n Integer): n + n "
        "define A: x twice return all twice(twice) define B: from x twice, x n return all twice(twice) + n"
    )
    for numbers in ([1, 2], [], [None], None):
        compare(library, {"x": numbers})


def test_an_alias_of_several_sources_hides_what_is_outside_of_the_query() -> None:
    """The quick way reads some things before a loop: not what only the loop knows."""
    library = Both(
        "parameter words List<String> parameter rows List<Tuple{kind String}> "
        "define A: from rows R, ({words, {'z'}}) words where exists (words X where X = 'z') return R.kind "
        "define B: from rows R, ({words}) W where exists (W X where X = R.kind) return R.kind "
        "define C: rows R where exists (from words W, ({Tuple{more: 'a'}}) R where R.more = W)"
    )
    for rows in ([{"kind": "a"}, {"kind": "z"}], [], None):
        for words in (["a"], ["z", None], [], None):
            given = {"rows": rows, "words": words}
            compare(library, given)
            assert library.run(given, TODAY)[2] is library.written.rows, "the quick way was not taken"


def test_one_failure_leaves_the_other_definitions_as_they_are() -> None:
    library = Both(
        "parameter x List<Integer> define A: (singleton from x) = 1 define B: x is null or Count(x) > 1"
    )
    row, errors, rows = library.run({"x": [1, 2]}, TODAY)
    assert errors.keys() == {"A"}
    assert [rows.value(row, name) for name in ("A", "B")] == [None, True]
    assert list(rows.trace(row)) == [ERROR, TRUE, FALSE, TRUE]
    compare(library, {"x": [1, 2]})


def test_a_trace_of_more_nodes_than_codes_fit_a_table() -> None:
    text = "".join(f"define D{n}: n > {n} or (w = '{n}' and n < {n}) " for n in range(150))
    library = Both(f"parameter n Integer parameter w String define Z: w = 'z' {text} define Y: w != '3'")
    for parameters in ({"n": 70, "w": "99"}, {"n": None, "w": "z"}, {"n": 3}, {"w": "3"}):
        compare(library, parameters)
