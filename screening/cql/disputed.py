"""HL7 tests that contradict the specification: (file, test), and the paragraph that we follow instead.

"Reference" is Appendix B of CQL 1.5, the CQL Reference, with the heading under which the sentence stands.
"""

from __future__ import annotations

_WIDER = (
    "Reference, Types, Decimal: 28 digits in all, 8 of them after the point, so the range ends at "
    "99999999999999999999.99999999, which is also what DecimalMaxValue expects of `maximum Decimal`. The "
    "literal here has 28 digits before the point; an engine may support more than the range, and need not."
)

DISPUTED: dict[tuple[str, str], str] = {
    ("CqlArithmeticFunctionsTest", "FloorIntegerGreaterThanMaxInteger"): (
        "Reference, Types, Integer: the range is -2^31 to 2^31 - 1, so 2147483648 is no Integer to take the "
        "Floor of. Integer2Pow31 and CeilingIntegerGreaterThanMaxInteger mark the same literal as invalid."
    ),
    ("CqlDateTimeOperatorsTest", "DateTimeDurationBetweenUncertainInterval"): (
        "Reference, Date and Time Operators, Duration: whole periods, fractions are dropped; Types, "
        "DateTime: without a time, some instant of the day. From late on 15 January to the start of "
        "1 February are 16 whole days, not 17; UncertainAdd expects 32 and UncertainMultiply 256 of the same."
    ),
    ("ValueLiteralsAndSelectors", "Decimal10Pow28ToZeroOneStepDecimalMaxValue"): _WIDER,
    ("ValueLiteralsAndSelectors", "DecimalPos10Pow28ToZeroOneStepDecimalMaxValue"): _WIDER,
    ("ValueLiteralsAndSelectors", "DecimalNeg10Pow28ToZeroOneStepDecimalMinValue"): _WIDER,
}
