"""The careful way through a library: each definition by itself, so that a failure stays where it happened."""

from __future__ import annotations

from screening.cql.check import Checker
from screening.cql.dates import Date, DateTime
from screening.cql.emit import Source
from screening.cql.generate import Generator
from screening.cql.layout import Layout, lay_out, reads_today
from screening.cql.outcome import ERROR
from screening.cql.quantities import Quantity
from screening.cql.types import Type
from screening.cql.values import PYTHON_TYPES


def write_careful(checker: Checker, source: Source) -> dict[str, int]:
    """Adds `_careful`, a function of parameters, day and budget: verdicts, values, and errors.

    Gives the place of each definition's value; the verdicts of all nodes come first.
    """
    library = checker.library
    known = lay_out(checker, source)
    failed = source.constant(ERROR)
    verdicts: dict[str, str] = {}
    with source.block("def _careful(_in, _today, _budget):"):
        source.add("_errors = {}")
        if reads_today(library):
            source.add("_today = _day(_today)")
        for name, type_ in library.parameters.items():
            _parameter(source, known.names[name], name, type_)
        for place, name in enumerate(checker.order):
            if name in library.definitions and name not in known.constants:
                verdicts[name] = f"_t{place}"
                _definition(checker, source, known, name, verdicts[name], failed)
        varying = [name for name in library.definitions if name in verdicts]
        trace = "".join(f"*{verdicts[name]}, " for name in varying)
        values = "".join(f"{known.names[name]}, " for name in varying)
        source.add(f"return (({trace}), {values}), _errors")
    return {name: place for place, name in enumerate(varying, start=1)}


def _parameter(source: Source, variable: str, name: str, type_: Type) -> None:
    """A value of exactly the right Python type is taken as it is; anything else is looked at."""
    key = source.constant(name)
    source.add(f"{variable} = _in.get({key})")
    expected = PYTHON_TYPES.get(type_)
    unless = ""
    if expected in (bool, str, Date, DateTime, Quantity):
        unless = f" and type({variable}) is not {source.constant(expected)}"
    elif expected is int:
        within = f"{-(2**31)} <= {variable} <= {2**31 - 1}"
        unless = f" and not (type({variable}) is {source.constant(expected)} and {within})"
    with source.block(f"if {variable} is not None{unless}:"):
        source.add(f"{variable} = _taken(_errors, {key}, {source.constant(type_)}, {variable})")


def _definition(checker: Checker, source: Source, layout: Layout, name: str, trace: str, failed: str) -> None:
    names, reads = layout.names, layout.reads[name]
    generator = Generator(source, names, layout.extras)
    with source.block("try:"):
        if reads:
            with source.block("if _errors:"):
                source.add(f"_need(_errors, {source.constant(reads)})")
        source.add(f"{names[name]} = {generator.generate(checker.library.definitions[name].expression)}")
        source.add(f"{trace} = ({''.join(f'{operand}, ' for _, operand in generator.traced)})")
    with source.block("except Exception as _problem:"):
        source.add(f"{names[name]} = None")
        source.add(f"{trace} = ({failed},) * {len(generator.traced)}")
        source.add(f"_failed(_errors, {source.constant(name)}, _problem)")
