"""Which of HL7's tests the subset is measured by: the share that passes, file by file.

In scope is each case of the files below that uses no interval, Long, time of day or quantity that is not one
of time. Cases that are refused or disputed are in scope and have not passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from screening.cql.quantities import UCUM_UNITS

if TYPE_CHECKING:
    from screening.cql.conformance import Result

AREAS = {
    "logical": ("CqlLogicalOperatorsTest",),
    "nullological": ("CqlNullologicalOperatorsTest",),
    "conditional": ("CqlConditionalOperatorsTest",),
    "comparison": ("CqlComparisonOperatorsTest",),
    "arithmetic": ("CqlArithmeticFunctionsTest",),
    "aggregate": ("CqlAggregateFunctionsTest", "CqlAggregateTest"),
    "list": ("CqlListOperatorsTest",),
    "string": ("CqlStringOperatorsTest",),
    "query": ("CqlQueryTests",),
    "type": ("CqlTypeOperatorsTest", "CqlTypesTest"),
    "literal": ("ValueLiteralsAndSelectors",),
}
DATE_TIME = "CqlDateTimeOperatorsTest"  # measured whole
LEAST, LEAST_OF_DATE_TIME = 0.95, 0.70
_OUTSIDE = re.compile(r"\bInterval\b|\bLong\b|\b\d+L\b|\bTo(Long|Time)\b|@T|\bTime\b|\bTimeOfDay\b")
_QUANTITY_OR_TEXT = re.compile(r"\d\s*'([^']*)'|'(?:\\.|[^'\\])*'")
_QUANTITY_IN_TEXT = re.compile(r"\d\s*\\'([^\\']*)\\'")


def in_scope(expression: str) -> bool:
    found = _QUANTITY_OR_TEXT.finditer(expression)
    units = [match[1] for match in found if match[1] is not None] + _QUANTITY_IN_TEXT.findall(expression)
    return _OUTSIDE.search(expression) is None and all(unit in UCUM_UNITS for unit in units)


def shares(results: Iterable[Result]) -> Iterator[tuple[str, int, int]]:
    """For each area, for all of them together and for dates and times: how many in scope and passed."""
    done = list(results)
    counted = {
        area: [result for result in done if result.case.file in files and in_scope(result.case.expression)]
        for area, files in AREAS.items()
    }
    counted["together"] = [result for found in counted.values() for result in found]
    counted["date and time"] = [result for result in done if result.case.file == DATE_TIME]
    for area, found in counted.items():
        yield area, len(found), sum(result.outcome == "passed" for result in found)
