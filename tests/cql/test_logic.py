"""Three-valued logic, null tests, conditions: each row is a sentence somebody may rely on."""

from __future__ import annotations

import pytest

from tests.cql.evaluating import assert_same, evaluate, value_of

LOGIC = [
    # expression, expected, why
    ("true and null", "null", "one unknown leaves a conjunction open"),
    ("false and null", "false", "one false decides it"),
    ("null and false", "false", "on either side"),
    ("null or true", "true", "one true decides a disjunction"),
    ("null or false", "null", "otherwise unknown stays unknown"),
    ("not null", "null", "unknown is not no"),
    ("null xor true", "null", "xor always needs both"),
    ("true xor true", "false", "both is not one or the other"),
    ("false implies null", "true", "from the false anything follows"),
    ("null implies true", "true", "whatever the condition is, the conclusion holds"),
    ("null implies false", "null", "open"),
    ("true implies null", "null", "open"),
    ("true or false and false", "true", "and binds tighter than or"),
    ("not true or true", "true", "not binds tightest"),
    ("not false = false", "false", "tighter even than =, as the specification says: (not false) = false"),
    ("not (false = false)", "false", "brackets say what was meant"),
    ("(true and null) or (null and false)", "null", "unknown or false"),
    ("null is null", "true", "a test never gives null"),
    ("1 is not null", "true", "known"),
    ("(null as Boolean) is true", "false", "unknown is not true"),
    ("(null as Boolean) is not true", "true", "and so is not"),
    ("false is false", "true", "known to be false"),
    ("(null as Boolean) is false", "false", "unknown is not false either"),
    ("(null as Boolean) is not false", "true", "and so is not"),
    ("IsNull(null)", "true", "the function spelling"),
    ("Coalesce(null, 2, 3)", "2", "the first that is known"),
    ("Coalesce(null, null)", "null", "nothing is known"),
    ("Coalesce({null, 5})", "5", "a single list is looked into"),
    ("Coalesce({null}, {1})", "{null}", "a list of null is itself not null"),
    ("Coalesce(null, 1.5, 2)", "1.5", "the common type is Decimal"),
]

CONDITIONS = [
    ("if true then 1 else 2", "1", "the condition holds"),
    ("if null then 1 else 2", "2", "an unknown condition takes the other branch"),
    ("if true then 1 else 2.5", "1.0", "both branches have the common type"),
    ("if false then 1 else null", "null", "null fits every type"),
    ("1 + if true then 2 else 3 + 10", "3", "else takes all that follows"),
    ("case when null then 1 when true then 2 else 3 end", "2", "the first that is true"),
    ("case when false then 1 else null end", "null", "none is"),
    ("case 2 when 1 then 'a' when 2 then 'b' else 'c' end", "'b'", "the first that is equal"),
    ("case null when null then 1 else 2 end", "2", "null is not equal to null"),
    ("case 1.0 when 1 then 'x' else 'y' end", "'x'", "compared as the common type"),
    ("if 1 = 1 then null else {1}", "null", "null as a list"),
]


@pytest.mark.parametrize(("expression", "expected", "why"), LOGIC + CONDITIONS)
def test_logic(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)


def test_a_branch_that_is_not_taken_is_not_computed() -> None:
    assert value_of("if true then 1 else singleton from {1, 2}") == 1
    assert value_of("case when true then 1 else singleton from {1, 2} end") == 1
    assert value_of("Coalesce(1, singleton from {1, 2})") == 1


def test_a_branch_that_is_taken_may_fail() -> None:
    assert "One element was expected" in str(evaluate("if false then 1 else singleton from {1, 2}")[1])


def test_a_case_may_have_more_branches_than_python_allows_levels() -> None:
    branches = " ".join(f"when {number} then {number * 10}" for number in range(300))
    assert value_of(f"case 299 {branches} else 0 end") == 2990


def test_a_chain_of_and_is_one_operation_however_long() -> None:
    assert value_of(" and ".join(["true"] * 1000 + ["null"])) is None
    assert value_of(" or ".join(["false"] * 1000 + ["true"])) is True
