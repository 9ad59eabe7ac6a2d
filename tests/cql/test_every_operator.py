"""No operator of the subset without rows of its own, in this table or another, nor without one about null."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import tests.cql
from screening.cql import CqlError, compile_library
from screening.cql.signatures import OVERLOADS
from screening.cql.tree import Convert, Literal, Node, Operation
from tests.cql.evaluating import assert_same

NULLS = [
    # expression, expected, why
    ("1 >= null", "null", "unknown"),
    ("null >= null", "null", "two unknowns may be anything"),
    ("null is not null", "false", "a test never gives null"),
    ("Power(null, 2)", "null", "null in, null out"),
    ("Power(2, null)", "null", "on either side"),
    ("Sum(null as List<Integer>)", "null", "of no list, nothing"),
    ("Product(null as List<Decimal>)", "null", "of no list, nothing"),
    ("Product({null, 3})", "3", "nulls are skipped"),
    ("Min(null as List<Date>)", "null", "of no list, nothing"),
    ("Max(null as List<String>)", "null", "of no list, nothing"),
    ("Max({null, 1})", "1", "nulls are skipped"),
    ("Avg(null as List<Decimal>)", "null", "of no list, nothing"),
    ("Avg({null, 1.0, 2.0})", "1.5", "nulls are not counted"),
    ("Median(null as List<Decimal>)", "null", "of no list, nothing"),
    ("Median({null, 1.0, 2.0})", "1.5", "nulls have no place in the middle"),
    ("Mode(null as List<Integer>)", "null", "of no list, nothing"),
    ("Mode({null, null, 1})", "1", "however many nulls there are"),
    ("GeometricMean(null as List<Decimal>)", "null", "of no list, nothing"),
    ("GeometricMean({null, 2.0, 8.0})", "4.0", "nulls are skipped"),
    ("Variance(null as List<Decimal>)", "null", "of no list, nothing"),
    ("Variance({null, 1.0, 3.0})", "2.0", "nulls are skipped"),
    ("Variance({1.0})", "null", "one value of a sample has no spread"),
    ("StdDev(null as List<Decimal>)", "null", "of no list, nothing"),
    ("StdDev({null, 1.0, 3.0})", "1.41421356", "nulls are skipped"),
    ("PopulationVariance(null as List<Decimal>)", "null", "of no list, nothing"),
    ("PopulationVariance({null, 5.0})", "0.0", "of all there are, one is enough"),
    ("PopulationStdDev(null as List<Decimal>)", "null", "of no list, nothing"),
    ("PopulationStdDev({null, 1.0, 3.0})", "1.0", "nulls are skipped"),
    ("AnyTrue(null as List<Boolean>)", "false", "of no list, nothing is true"),
    ("Matches(null, 'a')", "null", "null in, null out"),
    ("Matches('a', null)", "null", "on either side"),
    ("ReplaceMatches(null, 'a', 'b')", "null", "null in, null out"),
    ("ReplaceMatches('a', 'a', null)", "null", "on any side"),
    ("SplitOnMatches(null, ',')", "null", "null in, null out"),
    ("SplitOnMatches('a', null)", "{'a'}", "nothing separates"),
]

OPERATORS = [
    ("2 included in {1, 2}", "true", "one element"),
    ("3 included in {1, null}", "false", "a null does not make it unknown"),
    ("(null as Integer) included in {1, null}", "true", "null is found where there is one"),
    ("null included in {1, null}", "null", "a null of no type is read as a list"),
    ("{1, 2} includes 2", "true", "turned round"),
    ("{1, 2} includes 3", "false", "is not there"),
    ("{1, null} includes (null as Integer)", "true", "null is found where there is one"),
    ("Power(2, 3)", "8", "whole numbers stay whole"),
    ("Power(2, 31)", "null", "overflow"),
    ("Power(46340, 2)", "2147395600", "the largest square that fits"),
    ("Power(46341, 2)", "null", "and the next, which does not"),
    ("Power(0, 0)", "1", "by convention"),
    ("Power(-1, 1000000001)", "-1", "however large the exponent"),
    ("Matches('1,2three', '\\\\d,\\\\d\\\\w+')", "true", "the specification's example"),
    ("Matches('abc', '^b')", "false", "a part is enough, but not any"),
    ("ReplaceMatches('All that glitters', '\\\\s', '\\\\$')", "'All$that$glitters'", "HL7's example"),
    ("SplitOnMatches('a1b22c', '\\\\d+')", "{'a', 'b', 'c'}", "the parts between"),
    ("StdDev({null as Quantity})", "null", "of amounts, only the spread of nothing"),
    ("PopulationVariance({null as Quantity})", "null", "the same"),
    ("PopulationStdDev({null as Quantity})", "null", "the same"),
    ("ToString('a')", "'a'", "is one already"),
    ("ToBoolean(false)", "false", "is one already"),
    ("ToInteger(-5)", "-5", "is one already"),
    ("ToDate(@2019)", "@2019", "is one already"),
    ("ToQuantity(3 months)", "3 months", "is one already"),
]


@pytest.mark.parametrize(("expression", "expected", "why"), NULLS + OPERATORS)
def test_operators(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)


def _rows() -> Iterator[Node]:
    """The nodes of every expression in the tables of this folder."""
    for module in pkgutil.iter_modules(tests.cql.__path__):
        if not module.name.startswith("test_"):
            continue
        for table in vars(importlib.import_module(f"tests.cql.{module.name}")).values():
            for row in table if isinstance(table, list) else ():
                if isinstance(row, tuple) and len(row) == 3 and all(isinstance(cell, str) for cell in row):
                    yield from _nodes(row[0])


def _nodes(expression: str) -> Iterator[Node]:
    try:
        yield from compile_library(f"define A: {expression}").tree("A").walk()
    except CqlError:
        return


def _is_null(node: Node) -> bool:
    while isinstance(node, Convert):
        node = node.operand
    return isinstance(node, Literal) and node.value is None


def test_every_operator_has_rows_of_its_own_and_one_about_null() -> None:
    met, with_null = set[tuple[str, str]](), set[str]()
    for node in _rows():
        if isinstance(node, Operation):
            met.add((node.name, node.symbol))
            if any(_is_null(operand) for operand in node.operands):
                with_null.add(node.name)
    every = {(name, overload.symbol) for name, overloads in OVERLOADS.items() for overload in overloads}
    assert every - met == set()
    assert {name for name, symbol in every} - with_null == {"Today"}
