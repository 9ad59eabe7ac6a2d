"""What the quick way takes at once, so that nothing has to be looked at a second time."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from screening.cql import Date, DateTime, Quantity
from screening.cql.running import not_usual
from tests.cql.test_two_ways import TODAY, Both, compare

TAKEN = [
    # type, values that are taken as they are
    ("Boolean", [True, False]),
    ("Integer", [0, -7, 2**20]),
    ("Decimal", [Decimal("1.50"), Decimal(-3)]),
    ("String", ["", "a b"]),
    ("Date", [Date(2024), Date(2024, 2), Date(2024, 2, 29)]),
    ("DateTime", [DateTime(2024, 2, 29, 10)]),
    ("Quantity", [Quantity(Decimal(3), "month")]),
    ("List<String>", [[], ["a"], ["a", None, "b"]]),
    ("List<Integer>", [[], [1, 2]]),
    ("List<Boolean>", [[True, None]]),
    ("List<Date>", [[Date(2024, 2)]]),
    ("Tuple{a String, b Integer}", [{"a": "x", "b": 1}]),
    ("List<Tuple{a String, b Integer}>", [[], [{"a": "x", "b": 1}, {"a": None, "b": None}]]),
    ("List<Tuple{a List<String>}>", [[{"a": ["x"]}]]),
]


@pytest.mark.parametrize(("type_", "values"), TAKEN, ids=[row[0] for row in TAKEN])
def test_answers_of_every_type_are_taken_at_once(type_: str, values: list[Any]) -> None:
    library = Both(f"parameter x {type_} define Given: x define Blank: x is null")
    for value in [*values, None]:
        row, errors, rows = library.run({"x": value}, TODAY)
        assert rows is library.written.rows, (type_, value)
        assert errors == {}
        assert rows.value(row, "Given") == value
        assert rows.value(row, "Blank") is (value is None)
        compare(library, {"x": value})


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("others", ["", "parameter z Date define Z: z is null "])
def test_rows_about_so_many_questions_are_answered_at_once(count: int, others: str) -> None:
    text = "".join(f"parameter q{n} String define A{n}: q{n} = 'x' or q{n} = 'y' " for n in range(count))
    library = Both(others + text)
    for answer in ("x", "y", "z", None):
        given = {f"q{n}": answer for n in range(count)}
        row, _, rows = library.run(given, TODAY)
        assert rows is library.written.rows
        assert rows.value(row, "A0") is (None if answer is None else answer in "xy")
        compare(library, given)


def test_what_was_taken_once_is_not_looked_at_again() -> None:
    library = Both("parameter x Integer define A: x > 1")
    taken = library.take({"x": 3})
    library.take = not_usual
    row, _, rows = library.run({"x": 3}, TODAY, taken)
    assert (rows is library.written.rows, rows.value(row, "A")) == (True, True)


def test_what_is_written_knows_nothing_of_python_but_a_few_words() -> None:
    library = Both("parameter x Integer define A: x > 1")
    known = {"len", "type", "map", "Exception"}
    assert library.quick is not None
    assert set(library.quick.__globals__["__builtins__"]) == known
    assert set(library.careful[0].__globals__["__builtins__"]) == known


A, B, C = "a", "b", "c"
SURE = "(n is null)"
CONNECTED = [
    # with parts that may be unknown, that never are, and with both
    f"{A} and {SURE}",
    f"{SURE} and {A}",
    f"{A} and {SURE} and {B}",
    f"{A} and {B} and {SURE} and {C}",
    f"{SURE} and (n is not null) and {A}",
    f"{SURE} and (a is true)",
    f"{A} or {SURE}",
    f"{SURE} or {A}",
    f"{A} or {SURE} or {B}",
    f"{A} or {B} or {SURE} or {C}",
    f"{SURE} or (n is not null) or {A}",
    f"{SURE} or (a is true)",
    f"not {SURE} and {A}",
    f"not ({SURE} and {A})",
    f"({A} or {SURE}) and ({B} or not {SURE})",
    f"({A} and {SURE}) or ({B} and not {SURE})",
    f"{A} implies {SURE}",
    f"{SURE} implies {A}",
    f"{A} xor {SURE}",
    f"{A} and {B}",
    f"{A} or {B} or {C}",
]
TABLE = {True: 1.0, None: 0.5, False: 0.0}


def worked_out(text: str, given: dict[str, Any]) -> bool | None:
    """The same by minimum and maximum, as Kleene defined it."""

    class K:
        def __init__(self, value: float) -> None:
            self.value = value

        def __and__(self, other: K) -> K:
            return K(min(self.value, other.value))

        def __or__(self, other: K) -> K:
            return K(max(self.value, other.value))

        def __invert__(self) -> K:
            return K(1 - self.value)

        def __rshift__(self, other: K) -> K:
            return ~self | other

        def __xor__(self, other: K) -> K:
            return (self | other) & ~(self & other)

    for word, sign in (
        ("(n is null)", "N"), ("(n is not null)", "~N"), ("(a is true)", "T"), ("not ", "~"),
        (" and ", " & "), (" or ", " | "), (" implies ", " >> "), (" xor ", " ^ "),
    ):  # fmt: skip
        text = text.replace(word, sign)
    names = {name: K(TABLE[given[name]]) for name in "abc"}
    names |= {"N": K(TABLE[given["n"] is None]), "T": K(TABLE[given["a"] is True])}
    found = eval(text, {}, names).value  # noqa: S307 - the rows above
    return {value: truth for truth, value in TABLE.items()}[found]


@pytest.mark.parametrize("text", CONNECTED)
def test_conditions_are_joined_as_in_the_tables_of_three_values(text: str) -> None:
    """Whatever is known of the parts before: all their values, against the tables worked out here."""
    library = Both(
        "parameter a Boolean parameter b Boolean parameter c Boolean parameter n Integer "
        f"define Whole: {text} define Chosen: if {text} then 1 else 2 "
        f"define Cased: case when {text} then 'x' when b then 'y' else null end"
    )
    for a, b, c, n in product((True, None, False), (True, None, False), (True, None, False), (None, 1)):
        given = {"a": a, "b": b, "c": c, "n": n}
        row, _, rows = library.run(given, TODAY)
        expected = worked_out(text, given)
        assert rows is library.written.rows
        assert rows.value(row, "Whole") is expected, given
        assert rows.value(row, "Chosen") == (1 if expected else 2)
        assert rows.value(row, "Cased") == ("x" if expected else "y" if b else None)
    compare(library, {"a": True, "b": None, "c": False, "n": None})
    compare(library, {"a": None, "b": False, "c": True, "n": 1})


@pytest.mark.parametrize(
    "text",
    [
        "s = 'x' or s = t",
        "s = t or s = 'x'",
        "s = 'x' and s = t",
        "s = t and t = s",
        "s = 'x' or s = 'y' or t = 'x'",
        "(s = 'x' or s = 'y') and t = 'x'",
        "not (s = 'x') or s = t",
        "not (s = 'x' and s = 'y') and not (t = 'y')",
        "s != 'x' and s != 'y' or t is null",
        "s < 'y' or s >= t",
        "PositionOf('x', s) = 0 or PositionOf(t, s) = 0",
        "PositionOf('x', s) >= 0 and s = t",
        "(s = 'x') = (t = 'x')",
        "s = t or s != t",
    ],
)
def test_conditions_on_the_same_question_do_not_hide_what_another_leaves_open(text: str) -> None:
    library = Both(f"parameter s String parameter t String define Whole: {text} define Not: not ({text})")
    for s, t in product((None, "x", "y", "z"), repeat=2):
        compare(library, {"s": s, "t": t})
