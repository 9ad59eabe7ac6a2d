"""Runs HL7's CQL tests: `python -m screening.cql.conformance DIR [--json]`.

Each test is an expression and the literal it should give, so both are evaluated here and the values
compared as written, precision included. A test marked invalid passes when the text is refused or fails
when it runs. A refusal that names a construct outside the subset counts as unsupported, never as passed,
unless the test is about invalid text; any other refusal is a failure of ours.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from screening.cql.conformance_scope import shares
from screening.cql.disputed import DISPUTED
from screening.cql.errors import CqlError
from screening.cql.literals import to_cql_literal
from screening.cql.program import compile_library

PASSED, FAILED, UNSUPPORTED, DISPUTE = "passed", "failed", "unsupported", "disputed"
TODAY = dt.date(2026, 3, 1)
_BOUNDS = re.compile(r"\s*Interval\s*\[\s*(-?\d+)\s*,\s*(-?\d+)\s*\]\s*")
# Errors of the author in any CQL engine; every other construct that we refuse is one we do not support.
_AUTHORS_ERRORS = frozenset(("type", "name", "syntax", "string", "date", "Integer", "Decimal", "maximum"))
_REFUSED_BY_TYPE = frozenset(("~", "!~", "=", "!="))


@dataclass(frozen=True)
class Case:
    """One test of a file."""

    file: str
    group: str
    name: str
    expression: str
    expected: str | None
    invalid: bool


@dataclass(frozen=True)
class Result:
    case: Case
    outcome: str
    got: str = ""
    construct: str = ""


def read_cases(path: Path) -> Iterator[Case]:
    """The tests of one file, whatever namespace it uses."""
    for group in ET.parse(path).getroot().iterfind("{*}group"):  # noqa: S314  # files we were given
        for test in group.iterfind("{*}test"):
            expression = test.find("{*}expression")
            if expression is None or expression.text is None:
                continue
            outputs = [output.text or "" for output in test.iterfind("{*}output")]
            yield Case(
                path.stem,
                group.get("name", ""),
                test.get("name", ""),
                expression.text.strip(),
                outputs[0].strip() if outputs else None,
                expression.get("invalid", "false") != "false",
            )


def evaluate(text: str) -> tuple[Any, str]:
    """The value of an expression, or the sentence of its run-time error."""
    program = compile_library(f"define Result:\n{text}")
    evaluation = program.evaluate({}, today=TODAY)
    bounds = evaluation.bounds("Result")
    return (bounds if bounds else evaluation["Result"]), evaluation.errors.get("Result", "")


def run_case(case: Case) -> Result:
    try:
        value, error = evaluate(case.expression)
    except CqlError as refusal:
        if case.invalid and refusal.construct in _AUTHORS_ERRORS | _REFUSED_BY_TYPE:
            return Result(case, PASSED, str(refusal))
        if refusal.construct in _AUTHORS_ERRORS | _REFUSED_BY_TYPE and not _is_outside(refusal):
            return _judged(case, FAILED, str(refusal))
        return Result(case, UNSUPPORTED, str(refusal), refusal.construct)
    if case.invalid and case.expected is None:
        return _judged(case, PASSED if error else FAILED, error or shown(value))
    if error:
        return _judged(case, FAILED, error)
    try:
        return _judged(case, PASSED if is_expected(value, str(case.expected)) else FAILED, shown(value))
    except CqlError as refusal:
        return Result(case, UNSUPPORTED, shown(value), refusal.construct)


def _judged(case: Case, outcome: str, got: str) -> Result:
    if outcome == FAILED and (case.file, case.name) in DISPUTED:
        outcome = DISPUTE
    return Result(case, outcome, got)


def _is_outside(refusal: CqlError) -> bool:
    return "outside the subset" in str(refusal)


def is_expected(value: Any, expected: str) -> bool:
    bounds = _BOUNDS.fullmatch(expected)
    if bounds:
        return bool(value == (int(bounds[1]), int(bounds[2])))
    return same(value, evaluate(expected)[0])


def same(a: Any, b: Any) -> bool:
    """As written: 1 is not 1.0, and a date of another precision is another date."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    return type(a) is type(b) and bool(a == b)


def shown(value: Any) -> str:
    return to_cql_literal(value)


def run(folder: Path) -> list[Result]:
    return [run_case(case) for path in sorted(folder.glob("*.xml")) for case in read_cases(path)]


def report(results: list[Result]) -> Iterator[str]:
    """For people: each file, the sum, the share of what is in scope, then everything that did not pass."""
    files = sorted({result.case.file for result in results})
    outcomes = (PASSED, FAILED, DISPUTE, UNSUPPORTED)
    yield f"{'file':<36}" + "".join(f"{outcome:>13}" for outcome in outcomes)
    for name in [*files, "all"]:
        counts = Counter(result.outcome for result in results if name in (result.case.file, "all"))
        yield f"{name:<36}" + "".join(f"{counts[outcome]:>13}" for outcome in outcomes)
    yield f"{'':<36}{'in scope':>13}{PASSED:>13}{'share':>13}"
    for area, count, passed in shares(results):
        yield f"{area:<36}{count:>13}{passed:>13}" + (f"{passed / count:>12.1%}" if count else "")
    for result in results:
        case, label = result.case, f"{result.case.file}/{result.case.name}"
        if result.outcome in (FAILED, DISPUTE):
            expected = "an error" if case.invalid else case.expected
            yield f"{result.outcome}: {label}: {case.expression}: expected {expected}, got {result.got}"
            if result.outcome == DISPUTE:
                yield f"    {DISPUTED[case.file, case.name]}"
    for result in results:
        if result.outcome == UNSUPPORTED:
            yield f"unsupported: {result.case.file}/{result.case.name}: {result.construct}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Runs HL7's CQL tests against this engine.")
    parser.add_argument("folder", type=Path, help="the folder with the XML files")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")
    options = parser.parse_args(arguments)
    results = run(options.folder)
    if not results:
        sys.stderr.write(f"There are no tests in {options.folder}.\n")
        return 2
    if options.json:
        sys.stdout.write(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(report(results)) + "\n")
    return 1 if any(result.outcome == FAILED for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
