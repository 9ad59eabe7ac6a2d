"""The interface that the rest of the product uses."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import screening.cql
from screening.cql import (
    INTEGER,
    Date,
    compile_library,
    parse_expression,
    parse_library,
    parse_type,
    type_of,
)
from screening.cql.check import check_expression
from screening.cql.tree import Call, Convert, Operation, Reference

TODAY = dt.date(2026, 3, 1)
LIBRARY = """
library Example version '1.2'
parameter age Integer
parameter "pain now" Decimal
parameter onset Date
parameter flags List<String>
parameter trials List<Tuple{class String, "weeks" Integer}>

define Adult: age >= 18
define "In Pain": "pain now" > 4
define Chronic: months between onset and Today() >= 3
define function adequate(weeks_taken Integer): weeks_taken >= 6
define Adequate: (trials) t where adequate(t."weeks") return t.class
define Eligible: Adult and "In Pain" and Chronic
define Broken: singleton from flags
define "Rests On Broken": Broken = 'a'
"""


@pytest.fixture(scope="module")
def program() -> screening.cql.Program:
    return compile_library(LIBRARY)


def test_what_a_program_says_of_itself(program: screening.cql.Program) -> None:
    assert (program.name, program.version) == ("Example", "1.2")
    assert str(program.parameters["trials"]) == 'List<Tuple{class String, "weeks" Integer}>'
    assert program.definitions[:2] == ("Adult", "In Pain")
    assert str(program.types["Adequate"]) == "List<String>"


def test_a_whole_evaluation(program: screening.cql.Program) -> None:
    evaluation = program.evaluate(
        {
            "age": 44,
            "pain now": Decimal("6.5"),
            "onset": Date(2025, 10),
            "flags": ("a",),
            "trials": [{"class": "nsaid", "weeks": 8}, {"class": "snri", "weeks": None}],
        },
        today=TODAY,
    )
    assert evaluation["Eligible"] is True
    assert evaluation["Adequate"] == ("nsaid",)
    assert evaluation["Rests On Broken"] is True
    assert evaluation.errors == {}


def test_what_is_missing_is_unknown(program: screening.cql.Program) -> None:
    evaluation = program.evaluate({}, today=TODAY)
    assert [evaluation[name] for name in ("Adult", "Eligible", "Adequate", "Broken")] == [None] * 4
    assert evaluation.errors == {}


def test_a_failure_is_seen_and_the_others_go_on(program: screening.cql.Program) -> None:
    evaluation = program.evaluate({"flags": ["a", "b"], "age": 18}, today=TODAY)
    assert evaluation["Adult"] is True
    assert evaluation["Broken"] is None
    assert evaluation.errors["Broken"] == "One element was expected, but the list has 2."
    assert "It needs Broken" in evaluation.errors["Rests On Broken"]
    assert "Adult" not in evaluation.errors


@pytest.mark.parametrize("value", ["44", 44.0, True, 2**31, [44], object()])
def test_a_parameter_of_another_type_fails_what_reads_it_and_nothing_else(
    program: screening.cql.Program, value: object
) -> None:
    evaluation = program.evaluate({"age": value, "pain now": 5}, today=TODAY)
    assert evaluation["In Pain"] is True
    assert evaluation["Adult"] is None
    assert "Parameter age" in evaluation.errors["Adult"]


def test_the_trace_has_a_verdict_for_every_boolean_node() -> None:
    program = compile_library(
        "parameter a Boolean parameter b Integer "
        "define A: a and b > 1 "
        "define B: if a then b = 1 else b = 2 "
        "define C: cast (b as Any) as Boolean"
    )
    assert [name for name, _ in program.traced] == ["A"] * 3 + ["B"] * 4
    trace = program.evaluate({"a": True, "b": 2}, today=TODAY).trace
    assert list(trace[:3]) == [1, 1, 1]
    assert list(trace[3:]) == [0, 1, 0, 4]
    assert list(program.evaluate({}, today=TODAY).trace) == [2, 2, 2, 2, 2, 4, 2]


def test_nodes_of_a_failed_definition_are_traced_as_errors() -> None:
    program = compile_library(
        "parameter x List<Integer> define A: (singleton from x) = 1 define B: true = true"
    )
    assert list(program.evaluate({"x": [1, 2]}, today=TODAY).trace) == [3, 1]
    assert list(program.evaluate({"x": [1]}, today=TODAY).trace) == [1, 1]


def test_the_trace_is_as_long_as_the_list_of_nodes(program: screening.cql.Program) -> None:
    assert len(program.evaluate({}, today=TODAY).trace) == len(program.traced)


def test_references_go_through_definitions_and_functions(program: screening.cql.Program) -> None:
    assert program.references("Eligible") == {"age", "pain now", "onset"}
    assert program.references("Adequate") == {"trials"}
    assert program.references("Rests On Broken") == {"flags"}
    with pytest.raises(KeyError):
        program.references("Nobody")


def test_a_function_may_read_parameters_and_definitions() -> None:
    program = compile_library(
        "parameter base Integer define Twice: base * 2 "
        "define function plus(x Integer): x + base + Twice "
        "define function more(x Integer): plus(x) + 1 "
        "define A: more(1)"
    )
    assert program.evaluate({"base": 10}, today=TODAY)["A"] == 32
    assert program.references("A") == {"base"}
    with pytest.raises(KeyError):
        program.references("plus")


def test_an_alias_hides_an_outer_name() -> None:
    program = compile_library("parameter x Integer define A: ({1, 2}) x return x + 1 define B: x")
    evaluation = program.evaluate({"x": 7}, today=TODAY)
    assert evaluation["A"] == (2, 3)
    assert program.references("A") == frozenset()


def test_the_tree_is_checked_and_has_places(program: screening.cql.Program) -> None:
    tree = program.tree("Eligible")
    assert isinstance(tree, Operation)
    assert (tree.name, len(tree.operands), str(tree.type)) == ("and", 3, "Boolean")
    assert isinstance(tree.children[0], Reference)
    assert tree.children[0].kind == "definition"
    assert (tree.line, tree.column) == (14, 18)
    inner = list(program.tree("Adequate").walk())
    assert any(isinstance(node, Call) for node in inner)


def test_silent_conversions_are_marked() -> None:
    tree = compile_library("parameter a Integer define A: a = 1.5").tree("A")
    converted = tree.children[0]
    assert isinstance(converted, Convert)
    assert converted.implicit


def test_definitions_may_come_in_any_order_and_be_thousands_deep() -> None:
    text = "".join(f"define d{number}: d{number + 1} + 1 " for number in range(3000)) + "define d3000: 0"
    assert compile_library(text).evaluate({}, today=TODAY)["d0"] == 3000


def test_no_text_of_an_author_reaches_the_generated_source() -> None:
    program = compile_library(
        'parameter "import os" String define "__class__": "import os" = \'exec\' '
        "define function evil(x Integer): x"
    )
    words = set(re.findall(r"[A-Za-z_]+", program.source))
    assert not words & {"os", "import", "exec", "evil", "__class__"}
    assert not re.search(r"['\"]", program.source)


def test_an_author_cannot_keep_a_process_busy() -> None:
    many = "{" + ", ".join(["1"] * 5000) + "}"
    program = compile_library(
        f"define A: {many} "
        "define B: Count((A) a return all Count((A) b return all Count((A) c return all a + b + c))) "
        "define C: (A) a return A "
        "define F0: 'xxxxxxxxxxxxxxxx' " + "".join(f"define F{n}: F{n - 1} + F{n - 1} " for n in range(1, 40))
    )
    evaluation = program.evaluate({}, today=TODAY)
    assert {"B", "C", "F39"} <= evaluation.errors.keys()
    assert "steps" in evaluation.errors["B"]


def test_functions_that_double_their_work_are_stopped() -> None:
    text = "define function f0(x Integer): x " + "".join(
        f"define function f{n}(x Integer): f{n - 1}(x) + f{n - 1}(x) " for n in range(1, 40)
    )
    evaluation = compile_library(f"{text} define A: f39(0)").evaluate({}, today=TODAY)
    assert "steps" in evaluation.errors["A"]


def test_what_is_handed_out_cannot_change_the_program() -> None:
    program = compile_library("define A: Tuple{a: {1, 2}}")
    first = program.evaluate({}, today=TODAY)["A"]
    first["a"] = "changed"
    assert program.evaluate({}, today=TODAY)["A"] == {"a": (1, 2)}


def test_bounds_of_an_uncertain_number() -> None:
    program = compile_library("define A: months between @2025 and Today() define B: 5")
    evaluation = program.evaluate({}, today=TODAY)
    assert (evaluation["A"], evaluation.bounds("A"), evaluation.bounds("B")) == (None, (2, 14), None)


def test_types_can_be_asked_for() -> None:
    assert str(type_of("1 + 1.5")) == "Decimal"
    assert str(type_of("List<String>")) == "List<String>"
    assert type_of("age >= 18", {"age": screening.cql.INTEGER}) == screening.cql.BOOLEAN
    text = 'List<Tuple{class String, "weeks" Integer}>'
    assert str(parse_type(text)) == text


def test_importing_the_language_imports_neither_django_nor_the_database() -> None:
    root = Path(screening.cql.__file__).parents[2]
    code = (
        "import sys; sys.modules['django'] = None; import screening.cql;"
        "print([name for name in sys.modules if name.startswith(('django.', 'psycopg', 'celery'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_only_one_module_compiles_source() -> None:
    folder = Path(screening.cql.__file__).parent
    callers = {
        path.name
        for path in folder.rglob("*.py")
        if re.search(r"(?<![\w.])(exec|eval|compile)\(", path.read_text(encoding="utf-8"))
    }
    assert callers == {"compile.py"}


def test_what_is_read_twice_is_two_trees() -> None:
    """The checker writes into a tree, and a text that was read before is not read anew."""
    text = "case when x > 1 then { Tuple { a: 1 } } else ({1, 2.0}) y return Tuple { a: y } end"
    first, second = parse_expression(text), parse_expression(text)
    before = [type(node) for node in second.walk()]
    assert not {id(node) for node in first.walk()} & {id(node) for node in second.walk()}
    check_expression(first, {"x": INTEGER})
    assert [type(node) for node in second.walk()] == before
    assert {str(node.type) for node in second.walk()} == {"Any"}
    library = "define function f(x Integer): x + 1 define A: f(1) parameter P Integer"
    one, other = parse_library(library), parse_library(library)
    del one.definitions["A"], one.functions["f"].operands["x"], one.parameters["P"]
    assert list(other.definitions) == ["A"]
    assert (other.functions["f"].operands, other.parameters) == ({"x": INTEGER}, {"P": INTEGER})


def test_parameters_looked_at_once_serve_any_program_that_declares_the_same() -> None:
    """Parts of a library read fewer of them, in another order; other types are looked at anew."""
    whole = compile_library(
        "parameter a String parameter b Integer parameter c Date define x: a = 'yes' and b = 1"
    )
    given = whole.accept({"a": "yes", "b": 1, "c": Date(2026)})
    for text, expected in (
        ("define x: 1", 1),
        ("parameter b Integer define x: b = 1", True),
        ("parameter c Date parameter a String define x: a = 'no' or c before @2027", True),
        ("parameter b Decimal define x: b = 1.0", True),
        ("parameter a String parameter d String define x: d is null and a = 'yes'", True),
    ):
        part = compile_library(text)
        assert part.evaluate(given, today=TODAY)["x"] == expected
        assert whole.evaluate(given, today=TODAY)["x"] is True
        assert part.evaluate(dict(given), today=TODAY)["x"] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, True), (2, False), (None, None), (7, False), (8, False), (-1, True), (2**31 - 1, False)],
)
def test_a_whole_number_that_is_asked_for_values(value: int | None, expected: bool | None) -> None:
    program = compile_library(
        "parameter n Integer define x: n = 1 or n = -1 define y: n != 2 and n in {2, 7}"
    )
    said = program.evaluate({"n": value}, today=TODAY)
    assert said["x"] is expected
    assert said["y"] is (value == 7)
    assert program.evaluate({"n": True}, today=TODAY).errors.keys() == {"x", "y"}
