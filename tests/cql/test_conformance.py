"""HL7's own tests, which are data with a licence of their own and not part of this repository.

The folder is named by CQL_TESTS; without it the folder beside the repository is tried.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from screening.cql.conformance import FAILED, PASSED, Case, Result, main, read_cases, run, run_case
from screening.cql.conformance_scope import LEAST as LEAST_SHARE
from screening.cql.conformance_scope import LEAST_OF_DATE_TIME as LEAST_SHARE_OF_DATE_TIME
from screening.cql.conformance_scope import in_scope, shares
from screening.cql.disputed import DISPUTED

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("CQL_TESTS") or ROOT.parent / "shared" / "reference" / "cql-tests")
# At least so many cases passed when this was written; fewer means that something was lost.
LEAST = {
    "CqlAggregateFunctionsTest": 30,
    "CqlArithmeticFunctionsTest": 135,
    "CqlComparisonOperatorsTest": 147,
    "CqlConditionalOperatorsTest": 8,
    "CqlDateTimeOperatorsTest": 172,
    "CqlListOperatorsTest": 141,
    "CqlLogicalOperatorsTest": 25,
    "CqlNullologicalOperatorsTest": 12,
    "CqlQueryTests": 7,
    "CqlStringOperatorsTest": 54,
    "CqlTypeOperatorsTest": 18,
    "CqlTypesTest": 11,
    "CqlAggregateTest": 5,
    "ValueLiteralsAndSelectors": 41,
}


@pytest.fixture(scope="module")
def results() -> list[Result]:
    if not FOLDER.is_dir():
        pytest.skip(f"HL7's tests are not here: set CQL_TESTS to their folder (tried {FOLDER}).")
    return run(FOLDER)


def test_nothing_that_we_support_fails(results: list[Result]) -> None:
    failed = [
        f"{result.case.file}/{result.case.name}: {result.got}"
        for result in results
        if result.outcome == FAILED
    ]
    assert failed == []


def test_no_less_is_supported_than_before(results: list[Result]) -> None:
    passed = Counter(result.case.file for result in results if result.outcome == PASSED)
    missing = {name: (passed[name], least) for name, least in LEAST.items() if passed[name] < least}
    assert missing == {}


def test_enough_of_what_is_in_scope_passes(results: list[Result]) -> None:
    share = {area: passed / count for area, count, passed in shares(results)}
    assert share["together"] >= LEAST_SHARE
    assert share["date and time"] >= LEAST_SHARE_OF_DATE_TIME


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 1", True),
        ("@2024 + 3 months = DateTime(2024)", True),
        ("1 'd' + 2 'ms'", True),
        ("Matches('1', '\\\\d')", True),
        ("5 in Interval[1, 9]", False),
        ("5L", False),
        ("ToLong('5')", False),
        ("@T10:30", False),
        ("Time(10)", False),
        ("time from X as Time", False),
        ("5 'cm'", False),
        ("1'cm':2'cm'", False),
        (r"ToQuantity('5.5 \'cm\'')", False),
    ],
)
def test_what_is_in_scope(expression: str, expected: bool) -> None:
    assert in_scope(expression) is expected


def test_every_unsupported_case_names_its_construct(results: list[Result]) -> None:
    assert [result for result in results if result.outcome == "unsupported" and not result.construct] == []


def test_every_disputed_case_exists_and_is_disputed(results: list[Result]) -> None:
    disputed = {(result.case.file, result.case.name) for result in results if result.outcome == "disputed"}
    assert disputed == DISPUTED.keys()
    assert len(DISPUTED) <= 10


FILE = """<?xml version="1.0"?>
<tests xmlns="http://hl7.org/fhirpath/tests" name="Own">
 <group name="G">
  <test name="Right"><expression>1 + 1</expression><output>2</output></test>
  <test name="Wrong"><expression>1 + 1</expression><output>2.0</output></test>
  <test name="Invalid"><expression invalid="true">1 + 'a' *</expression></test>
  <test name="Outside"><expression>5L</expression><output>5L</output></test>
  <test name="Bounds">
   <expression>months between @2019 and @2020</expression><output>Interval[ 0, 23 ]</output></test>
 </group>
</tests>
"""


def test_the_runner_can_tell_right_from_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Own.xml").write_text(FILE, encoding="utf-8")
    outcomes = {result.case.name: result.outcome for result in run(tmp_path)}
    assert outcomes == {
        "Right": "passed",
        "Wrong": "failed",
        "Invalid": "passed",
        "Outside": "unsupported",
        "Bounds": "passed",
    }
    assert main([str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "failed: Own/Wrong: 1 + 1: expected 2.0, got 2" in printed
    assert printed.count("in scope") == 1
    main([str(tmp_path), "--json"])
    assert len(json.loads(capsys.readouterr().out)) == 5


def test_an_empty_folder_is_not_a_success(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2


def test_a_valid_result_where_an_error_was_expected_fails() -> None:
    assert run_case(Case("F", "G", "N", "1 + 1", None, invalid=True)).outcome == FAILED


def test_cases_without_a_namespace_are_read(tmp_path: Path) -> None:
    path = tmp_path / "Plain.xml"
    path.write_text(FILE.replace(' xmlns="http://hl7.org/fhirpath/tests"', ""), encoding="utf-8")
    assert [case.name for case in read_cases(path)][:1] == ["Right"]
