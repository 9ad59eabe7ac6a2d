"""Texts made to take very long or to fill the memory: refused, or a failure of one definition, soon."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from screening.cql import CqlError, Evaluation, compile_library, parse_library
from screening.cql.references import direct_references, in_order, of_bits, parameters_read
from screening.cql.scope import close_to
from tests.soon import small, soon

DAY = dt.date(2026, 3, 1)
MEGABYTE = 2**20


def tower(name: str, height: int, inside: str) -> str:
    """Each definition holds the one before it twice: small as it is kept, far too large written out."""
    first = f"define {name}0: {{1}}\n" if inside.startswith("{{") else f"define {name}0: Tuple{{a: 1}}\n"
    rest = (f"define {name}{n}: {inside.format(f'{name}{n - 1}')}\n" for n in range(1, height + 1))
    return first + "".join(rest)


def evaluated(text: str, **given: object) -> Evaluation:
    return compile_library(text).evaluate(given, today=DAY)


def test_tuples_in_tuples_are_refused_before_they_are_too_many_to_be_compared() -> None:
    two = tower("t", 22, "Tuple{{a: {0}, b: {0}}}") + tower("u", 22, "Tuple{{a: {0}, b: {0}}}")
    with soon(), pytest.raises(CqlError, match="stand inside one another"):
        compile_library(f"{two}define alike: t22 = u22")


def test_lists_in_lists_are_refused_before_they_are_too_deep_for_python() -> None:
    with soon(), pytest.raises(CqlError, match="stand inside one another"):
        compile_library(tower("l", 1000, "{{{0}}}"))
    assert evaluated(tower("l", 50, "{{{0}}}") + "define number: Count(l50)")["number"] == 1


def test_a_list_that_is_too_large_written_out_has_no_value_and_an_error() -> None:
    text = tower("l", 22, "{{{0}, {0}}}")
    with soon():
        found = evaluated(text)
        assert found["l22"] is None
    assert found.errors == {"l22": "Written out, this has more than a million elements."}
    assert found.values(("l0", "l1", "l22")) == [(1,), ((1,), (1,)), None]


@pytest.mark.parametrize(
    "compared", ["{l24, l24} = {m24, m24}", "Tuple{a: l24} = Tuple{a: m24}", "(l24 as Any) = (m24 as Any)"]
)
def test_comparing_lists_inside_something_else_costs_what_they_hold(compared: str) -> None:
    text = tower("l", 24, "{{{0}, {0}}}") + tower("m", 24, "{{{0}, {0}}}") + "define alike: " + compared
    with soon():
        assert evaluated(text)["alike"] is None


def test_a_list_behind_a_null_is_paid_for_as_well() -> None:
    text = tower("l", 21, "{{null as List<Any>, {0}, {0}}}").replace("{1}", "List<Any>{1}")
    found = evaluated(f"{text}define alike: l21 = {{l21}}[0]")
    assert found.errors.keys() == {"alike"}


def test_texts_made_in_a_loop_are_paid_for_by_their_length() -> None:
    hundred = "{" + ", ".join(map(str, range(100))) + "}"
    start = f"define n: {hundred}\ndefine long: '{'x' * 60_000}'\n"
    for made in ("long & ToString(A)", "Substring(long, A)", "Upper(long)", "Split(long, 'x')"):
        compiled = compile_library(f"{start}define many: from n A, n B return all {made}")
        with small(400 * MEGABYTE):
            found = compiled.evaluate({}, today=DAY)
        assert found.errors["many"] == "This takes more than 10000000 steps.", made


def test_what_fails_at_the_beginning_of_a_long_chain_is_told_briefly() -> None:
    chain = "".join(f"define d{n}: d{n - 1} + 1\n" for n in range(1, 500))
    errors = evaluated(f"define d0: singleton from {{1, 2}}\n{chain}").errors
    assert len(errors) == 500
    why = "It needs d0, which could not be computed: One element was expected, but the list has 2."
    assert errors["d1"] == errors["d499"] == why


def test_what_a_long_chain_of_definitions_reads_fits_into_the_memory() -> None:
    many = 2000
    text = "".join(f"parameter p{n} Boolean\n" for n in range(many)) + "define d0: p0\n"
    library = parse_library(text + "".join(f"define d{n}: d{n - 1} or p{n}\n" for n in range(1, many)))
    references = direct_references(library)
    order = in_order(library, references)
    with small(4 * MEGABYTE):
        read = parameters_read(library, references, order)
    assert of_bits(read["d2"], library.parameters) == {"p0", "p1", "p2"}
    assert len(of_bits(read[f"d{many - 1}"], library.parameters)) == many


def test_functions_that_read_too_much_through_one_another_are_refused() -> None:
    many = 1200
    text = "".join(f"parameter p{n} Boolean\n" for n in range(many)) + "define function f0(x Boolean): p0\n"
    text += "".join(f"define function f{n}(x Boolean): f{n - 1}(x) or p{n}\n" for n in range(1, many))
    with soon(), pytest.raises(CqlError, match="functions read too much"):
        compile_library(text)


def test_a_long_chain_of_functions_is_not_too_deep_for_python() -> None:
    text = "parameter p List<Integer>\ndefine function f0(x Integer): x > 1\n"
    text += "".join(f"define function f{n}(x Integer): f{n - 1}(x)\n" for n in range(1, 600))
    assert evaluated(f"{text}define any: exists (p X where f5(X))", p=[2])["any"] is True
    compile_library(f"{text}define any: exists (p X where f599(X))")


def test_only_short_names_are_compared_with_what_somebody_may_have_meant() -> None:
    signs = [chr(0x4E00 + number % 120) for number in range(20_000)]
    chance = random.Random(1)  # noqa: S311
    mixed = ["".join(chance.sample(signs, len(signs))) for _ in range(5)]
    with soon():
        assert close_to(mixed[0], mixed[1:]) == ""
    assert close_to("treatment", [*mixed, "treatments"]) == "treatments"
