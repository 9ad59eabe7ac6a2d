"""Turns a checked library into one Python function. The only module that calls `compile` and `exec`.

The source is generated from the checked tree alone and contains no text of an author: names are
numbered, every literal is in the constants table. See `emit`, `generate` and `inline`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from screening.cql.check import Checker
from screening.cql.dates import Date, DateTime
from screening.cql.emit import Source
from screening.cql.errors import EvaluationFailure
from screening.cql.generate import Generator
from screening.cql.quantities import Quantity
from screening.cql.runtime import OPERATIONS
from screening.cql.tree import Convert, Library, ListLiteral, Literal, Node, Operation, TupleLiteral
from screening.cql.types import Type
from screening.cql.values import PYTHON_TYPES, accept

# Verdict codes of a trace. A node is not reached when it stands in a branch that was not taken.
FALSE, TRUE, NULL, ERROR, UNREACHED = range(5)
# Steps are lines of generated source and elements of lists: about a second of work.
BUDGET = 10_000_000
INTEGER_RANGE = f"{-(2**31)} <= {{0}} <= {2**31 - 1}"

Run = Callable[[Mapping[str, object], dt.date, list[int]], tuple[Any, dict[str, str], Any]]


@dataclass(frozen=True)
class Compiled:
    run: Run
    source: str
    traced: tuple[tuple[str, Node], ...]


class _Unreached:
    """The verdict of what was not computed; as a condition it would be a fault of ours."""


UNREACHED_MARK = _Unreached()


def charge(budget: list[int], steps: int) -> None:
    """Every loop and call pays before it runs, so that no rule can run for ever."""
    budget[0] -= steps + 1
    if budget[0] < 0:
        spent()


def spent() -> None:
    """The generated source counts for itself and calls this at the end of the budget."""
    raise EvaluationFailure(f"This takes more than {BUDGET} steps.")


def weigh(budget: list[int], value: Any) -> None:
    """Looking at a whole list costs its elements, and theirs."""
    if isinstance(value, list):
        charge(budget, len(value))
        if value and isinstance(value[0], list | dict):
            for item in value:
                weigh(budget, item)
    elif isinstance(value, dict):
        for item in value.values():
            weigh(budget, item)


def need(errors: dict[str, str], names: frozenset[str]) -> None:
    """A definition that reads something without a value has none either."""
    for name in sorted(names & errors.keys()):
        raise EvaluationFailure(f"It needs {name}, which could not be computed: {errors[name]}")


def failed(errors: dict[str, str], name: str, problem: Exception) -> None:
    """Whatever went wrong, the rule becomes unknown and visible; the others go on."""
    known = isinstance(problem, EvaluationFailure)
    errors[name] = str(problem) if known else f"It failed unexpectedly ({type(problem).__name__})."


def taken(errors: dict[str, str], name: str, type_: Type, value: object) -> object:
    """A parameter that is not of its declared type has no value, and an error."""
    try:
        return accept(value, type_)
    except EvaluationFailure as problem:
        errors[name] = f"Parameter {name}: {problem}"
    except RecursionError:
        errors[name] = f"Parameter {name}: it is nested too deeply."
    return None


def compile_checked(checker: Checker) -> Compiled:
    """The function that evaluates every definition of the library."""
    library, source = checker.library, Source()
    source.namespace |= {f"_o_{name}": function for name, function in OPERATIONS.items()}
    source.namespace |= {"_spent": spent, "_weigh": weigh, "_need": need, "_failed": failed}
    source.namespace |= {"_taken": taken, "_unreached": UNREACHED_MARK, "_day": Date.of}
    source.namespace["__builtins__"] = {"len": len, "type": type, "Exception": Exception}
    names = {name: f"_p{index}" for index, name in enumerate(library.parameters)}
    names |= {name: f"_d{index}" for index, name in enumerate(library.definitions)}
    names |= {name: f"_f{index}" for index, name in enumerate(library.functions)}
    constants = _constants(checker, source, names)
    reads = {name: read - constants for name, read in _values_read(checker).items()}
    extras = {name: [names[other] for other in sorted(reads[name])] for name in library.functions}
    for name in checker.order:
        if name in library.functions:
            _function(checker, source, names, extras, name)
    traces = {
        name: "()" if name in constants else f"_t{index}" for index, name in enumerate(library.definitions)
    }
    traced: dict[str, list[Node]] = {}
    with source.block("def _run(_in, _today, _budget):"):
        source.add("_errors = {}")
        if _reads_today(library):
            source.add("_today = _day(_today)")
        for name, type_ in library.parameters.items():
            _parameter(source, names[name], name, type_)
        for name in checker.order:
            if name in constants:
                traced[name] = []
            elif name in library.definitions:
                traced[name] = _definition(checker, source, names, extras, name, reads[name], traces[name])
        values = "".join(f"{names[name]}, " for name in library.definitions)
        verdicts = "".join(f"{trace}, " for trace in traces.values())
        source.add(f"return ({values}), _errors, ({verdicts})")
    exec(compile(source.source, "<cql>", "exec"), source.namespace)
    nodes = tuple((name, node) for name in library.definitions for node in traced[name])
    return Compiled(source.namespace["_run"], source.source, nodes)


def _constants(checker: Checker, source: Source, names: dict[str, str]) -> set[str]:
    """Definitions that say the same whatever was answered, tables above all: known before anything runs."""
    found: set[str] = set()
    for name in checker.order:
        definition = checker.library.definitions.get(name)
        if definition is not None and _is_literal(definition.expression):
            names[name] = Generator(source, names, {}).generate(definition.expression)
            found.add(name)
    return found


def _is_literal(node: Node) -> bool:
    """Made of literals alone, with the conversions that change nothing but what is known of a type."""
    if isinstance(node, Convert):
        is_null = isinstance(node.operand, Literal) and node.operand.value is None
        return (is_null or node.implicit) and _is_literal(node.operand)
    return isinstance(node, Literal | ListLiteral | TupleLiteral) and all(map(_is_literal, node.children))


def _reads_today(library: Library) -> bool:
    declared = (*library.definitions.values(), *library.functions.values())
    return any(
        isinstance(node, Operation) and node.symbol == "today" for item in declared for node in item.walk()
    )


def _values_read(checker: Checker) -> dict[str, frozenset[str]]:
    """Parameters and definitions that something mentions, itself or in the functions it calls."""
    functions, values = checker.library.functions, {*checker.library.parameters, *checker.library.definitions}
    read: dict[str, frozenset[str]] = {}
    for name in checker.order:
        mine = checker.references[name]
        read[name] = frozenset(mine & values).union(*(read[other] for other in mine & functions.keys()))
    return read


def _function(
    checker: Checker, source: Source, names: dict[str, str], extras: dict[str, list[str]], name: str
) -> None:
    function = checker.library.functions[name]
    operands = {operand: f"_a{index}" for index, operand in enumerate(function.operands)}
    generator = Generator(source, {**names, **operands}, extras)
    generator.repeated = 1
    every = ", ".join(["_budget", "_today", *extras[name], *operands.values()])
    with source.block(f"def {names[name]}({every}):"), source.charged("1"):
        source.add(f"return {generator.generate(function.expression)}")


def _parameter(source: Source, variable: str, name: str, type_: Type) -> None:
    """A value of exactly the right Python type is taken as it is; anything else is looked at."""
    key = source.constant(name)
    source.add(f"{variable} = _in.get({key})")
    expected = PYTHON_TYPES.get(type_)
    unless = ""
    if expected in (bool, str, Date, DateTime, Quantity):
        unless = f" and type({variable}) is not {source.constant(expected)}"
    elif expected is int:
        within = INTEGER_RANGE.format(variable)
        unless = f" and not (type({variable}) is {source.constant(expected)} and {within})"
    with source.block(f"if {variable} is not None{unless}:"):
        source.add(f"{variable} = _taken(_errors, {key}, {source.constant(type_)}, {variable})")


def _definition(
    checker: Checker,
    source: Source,
    names: dict[str, str],
    extras: dict[str, list[str]],
    name: str,
    reads: frozenset[str],
    trace: str,
) -> list[Node]:
    generator = Generator(source, names, extras)
    with source.block("try:"):
        if reads:
            with source.block("if _errors:"):
                source.add(f"_need(_errors, {source.constant(reads)})")
        source.add(f"{names[name]} = {generator.generate(checker.library.definitions[name].expression)}")
        source.add(f"{trace} = ({''.join(f'{operand}, ' for _, operand in generator.traced)})")
    with source.block("except Exception as _problem:"):
        source.add(f"{names[name]} = None")
        source.add(f"{trace} = {source.constant((ERROR,) * len(generator.traced))}")
        source.add(f"_failed(_errors, {source.constant(name)}, _problem)")
    return [node for node, _ in generator.traced]
