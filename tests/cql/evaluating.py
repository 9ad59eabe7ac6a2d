"""Evaluates one expression, for tests that are tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from screening.cql import compile_library

TODAY = dt.date(2026, 3, 1)


def evaluate(expression: str, **parameters: tuple[str, object]) -> tuple[Any, str | None]:
    """The value, and the sentence of a run-time error. Parameters are given as (type, value)."""
    declared = "".join(f"parameter {name} {type_}\n" for name, (type_, _) in parameters.items())
    program = compile_library(f"{declared}define Result: {expression}")
    evaluation = program.evaluate({name: value for name, (_, value) in parameters.items()}, today=TODAY)
    return evaluation["Result"], evaluation.errors.get("Result")


def value_of(expression: str, **parameters: tuple[str, object]) -> Any:
    value, error = evaluate(expression, **parameters)
    assert error is None, f"{expression}: {error}"
    return value


def assert_same(expression: str, expected: str) -> None:
    """Both texts give one value, of one Python type."""
    got, wanted = value_of(expression), value_of(expected)
    assert got == wanted, expression
    assert type(got) is type(wanted), expression
