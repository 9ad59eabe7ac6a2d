"""Every operator and function of the subset: what it takes, what it gives, which operation runs.

One line is one overload, `operands -> result | operation`. `T` stands for any one type, `?` marks an
operand that may be left out. The first of equally good overloads wins, so their order matters for null.
"""

from __future__ import annotations

from dataclasses import dataclass

from screening.cql.types import NAMED_TYPES, UNCERTAIN, ListType, SimpleType, Type

T = SimpleType("T")
_PATTERNS: dict[str, Type] = NAMED_TYPES | {"T": T, "Uncertain": UNCERTAIN}


@dataclass(frozen=True)
class Overload:
    operands: tuple[Type, ...]
    required: int
    result: Type
    symbol: str


_TABLE = """
not: Boolean -> Boolean | not_
xor: Boolean, Boolean -> Boolean | xor
implies: Boolean, Boolean -> Boolean | implies
is null: T -> Boolean | is_null
is not null: T -> Boolean | is_not_null
is true: Boolean -> Boolean | is_true
is not true: Boolean -> Boolean | is_not_true
is false: Boolean -> Boolean | is_false
is not false: Boolean -> Boolean | is_not_false
=: T, T -> Boolean | equal
!=: T, T -> Boolean | not_equal
~: T, T -> Boolean | equivalent
!~: T, T -> Boolean | not_equivalent
in: T, List<T> -> Boolean | in_list
contains: List<T>, T -> Boolean | contains
included in: List<T>, List<T> -> Boolean | included_in
included in: T, List<T> -> Boolean | in_list
includes: List<T>, List<T> -> Boolean | includes
includes: List<T>, T -> Boolean | contains
properly included in: T, List<T> -> Boolean | properly_in
properly included in: List<T>, List<T> -> Boolean | properly_included_in
properly includes: List<T>, T -> Boolean | properly_contains
properly includes: List<T>, List<T> -> Boolean | properly_includes
+: Integer, Integer -> Integer | add_integer
+: Uncertain, Uncertain -> Uncertain | add_uncertain
+: Decimal, Decimal -> Decimal | add_decimal
+: String, String -> String | concatenate
+: Date, Quantity -> Date | add_to_date
+: DateTime, Quantity -> DateTime | add_to_date
+: Quantity, Quantity -> Quantity | add_quantity
-: Integer, Integer -> Integer | subtract_integer
-: Uncertain, Uncertain -> Uncertain | subtract_uncertain
-: Decimal, Decimal -> Decimal | subtract_decimal
-: Date, Quantity -> Date | subtract_from_date
-: DateTime, Quantity -> DateTime | subtract_from_date
-: Quantity, Quantity -> Quantity | subtract_quantity
*: Integer, Integer -> Integer | multiply_integer
*: Uncertain, Uncertain -> Uncertain | multiply_uncertain
*: Decimal, Decimal -> Decimal | multiply_decimal
/: Decimal, Decimal -> Decimal | divide
div: Integer, Integer -> Integer | div_integer
div: Uncertain, Uncertain -> Uncertain | div_uncertain
div: Decimal, Decimal -> Decimal | div_decimal
mod: Integer, Integer -> Integer | mod_integer
mod: Decimal, Decimal -> Decimal | mod_decimal
^: Integer, Integer -> Integer | power_integer
^: Decimal, Decimal -> Decimal | power_decimal
&: String, String -> String | join_strings
negate: Integer -> Integer | negate_integer
negate: Uncertain -> Uncertain | negate_uncertain
negate: Decimal -> Decimal | negate_decimal
negate: Quantity -> Quantity | negate_quantity
plus: Integer -> Integer | same
plus: Decimal -> Decimal | same
plus: Quantity -> Quantity | same
Abs: Integer -> Integer | abs_integer
Abs: Decimal -> Decimal | abs_decimal
Abs: Quantity -> Quantity | abs_quantity
Ceiling: Decimal -> Integer | ceiling
Floor: Decimal -> Integer | floor
Truncate: Decimal -> Integer | truncate
Round: Decimal, Integer? -> Decimal | round_decimal
Exp: Decimal -> Decimal | exp
Ln: Decimal -> Decimal | ln
Log: Decimal, Decimal -> Decimal | log
Power: Integer, Integer -> Integer | power_integer
Power: Decimal, Decimal -> Decimal | power_decimal
Precision: Decimal -> Integer | decimal_precision
Precision: Date -> Integer | date_precision
Precision: DateTime -> Integer | date_precision
LowBoundary: Decimal, Integer -> Decimal | low_boundary_decimal
LowBoundary: Date, Integer -> Date | low_boundary_date
LowBoundary: DateTime, Integer -> DateTime | low_boundary_date
HighBoundary: Decimal, Integer -> Decimal | high_boundary_decimal
HighBoundary: Date, Integer -> Date | high_boundary_date
HighBoundary: DateTime, Integer -> DateTime | high_boundary_date
successor: Integer -> Integer | successor_integer
successor: Decimal -> Decimal | successor_decimal
successor: Date -> Date | successor_date
successor: DateTime -> DateTime | successor_date
predecessor: Integer -> Integer | predecessor_integer
predecessor: Decimal -> Decimal | predecessor_decimal
predecessor: Date -> Date | predecessor_date
predecessor: DateTime -> DateTime | predecessor_date
exists: List<T> -> Boolean | exists
Count: List<T> -> Integer | count
Sum: List<Integer> -> Integer | sum_integer
Sum: List<Decimal> -> Decimal | sum_decimal
Sum: List<Quantity> -> Quantity | sum_quantity
Product: List<Integer> -> Integer | product_integer
Product: List<Decimal> -> Decimal | product_decimal
Avg: List<Decimal> -> Decimal | average
Median: List<Decimal> -> Decimal | median
Mode: List<T> -> T | mode
GeometricMean: List<Decimal> -> Decimal | geometric_mean
Variance: List<Decimal> -> Decimal | variance
StdDev: List<Decimal> -> Decimal | standard_deviation
PopulationVariance: List<Decimal> -> Decimal | population_variance
PopulationStdDev: List<Decimal> -> Decimal | population_standard_deviation
Variance: List<Quantity> -> Quantity | null_of_nulls
StdDev: List<Quantity> -> Quantity | null_of_nulls
PopulationVariance: List<Quantity> -> Quantity | null_of_nulls
PopulationStdDev: List<Quantity> -> Quantity | null_of_nulls
AllTrue: List<Boolean> -> Boolean | all_true
AnyTrue: List<Boolean> -> Boolean | any_true
First: List<T> -> T | first
Last: List<T> -> T | last
Length: List<T> -> Integer | list_length
Length: String -> Integer | string_length
distinct: List<T> -> List<T> | distinct
flatten: List<List<T>> -> List<T> | flatten
union: List<T>, List<T> -> List<T> | union
intersect: List<T>, List<T> -> List<T> | intersect
except: List<T>, List<T> -> List<T> | except_
IndexOf: List<T>, T -> Integer | index_of
Indexer: List<T>, Integer -> T | list_index
Indexer: String, Integer -> String | string_index
Skip: List<T>, Integer -> List<T> | skip
Slice: List<T>, Integer?, Integer? -> List<T> | slice_list
Tail: List<T> -> List<T> | tail
Take: List<T>, Integer -> List<T> | take
singleton from: List<T> -> T | singleton
Combine: List<String>, String? -> String | combine
Lower: String -> String | lower
Upper: String -> String | upper
StartsWith: String, String -> Boolean | starts_with
EndsWith: String, String -> Boolean | ends_with
PositionOf: String, String -> Integer | position_of
LastPositionOf: String, String -> Integer | last_position_of
Substring: String, Integer, Integer? -> String | substring
Split: String, String -> List<String> | split
Matches: String, String -> Boolean | matches
ReplaceMatches: String, String, String -> String | replace_matches
SplitOnMatches: String, String -> List<String> | split_on_matches
ToString: String -> String | same
ToString: Boolean -> String | to_string
ToString: Integer -> String | to_string
ToString: Decimal -> String | to_string
ToString: Quantity -> String | to_string
ToString: Date -> String | to_string
ToString: DateTime -> String | to_string
ToBoolean: Boolean -> Boolean | same
ToBoolean: String -> Boolean | to_boolean
ToBoolean: Integer -> Boolean | to_boolean
ToBoolean: Decimal -> Boolean | to_boolean
ToInteger: Integer -> Integer | same
ToInteger: String -> Integer | to_integer
ToInteger: Boolean -> Integer | to_integer
ToDecimal: Decimal -> Decimal | same
ToDecimal: String -> Decimal | to_decimal
ToDecimal: Boolean -> Decimal | to_decimal
ToDate: Date -> Date | same
ToDate: String -> Date | to_date
ToDate: DateTime -> Date | to_date
ToDateTime: DateTime -> DateTime | same
ToDateTime: String -> DateTime | to_date_time
ToQuantity: Quantity -> Quantity | same
ToQuantity: String -> Quantity | to_quantity
Today: -> Date | today
Date: Integer, Integer?, Integer? -> Date | make_date
date from: DateTime -> Date | to_date
timezoneoffset from: DateTime -> Decimal | offset_from
duration between: Date, Date -> Uncertain | duration_between
duration between: DateTime, DateTime -> Uncertain | duration_between
difference between: Date, Date -> Uncertain | difference_between
difference between: DateTime, DateTime -> Uncertain | difference_between
"""
_ORDERED = ("Integer", "Uncertain", "Decimal", "String", "Date", "DateTime", "Quantity")
_ORDER_SYMBOLS = {"<": "less", "<=": "less_or_equal", ">": "greater", ">=": "greater_or_equal"}
_TIMING = ("before", "after", "same as", "same or before", "same or after")
_PARTS = ("year", "month", "day", "hour", "minute", "second", "millisecond")


def _pattern(text: str) -> Type:
    text = text.strip()
    return ListType(_pattern(text[5:-1])) if text.startswith("List<") else _PATTERNS[text]


def _overload(signature: str, symbol: str) -> Overload:
    taken, _, result = signature.partition("->")
    names = [name.strip() for name in taken.split(",") if name.strip()]
    required = sum(not name.endswith("?") for name in names)
    return Overload(
        tuple(_pattern(name.rstrip("?")) for name in names), required, _pattern(result), symbol.strip()
    )


def _read() -> dict[str, list[Overload]]:
    table: dict[str, list[Overload]] = {}
    for line in _TABLE.strip().splitlines():
        name, _, rest = line.partition(": ")
        signature, _, symbol = rest.rpartition("|")
        table.setdefault(name, []).append(_overload(signature, symbol))
    for name in _ORDERED:
        for operator, symbol in _ORDER_SYMBOLS.items():
            table.setdefault(operator, []).append(_overload(f"{name}, {name} -> Boolean", symbol))
        table.setdefault("between", []).append(_overload(f"{name}, {name}, {name} -> Boolean", "between"))
        if name != "Uncertain":
            table.setdefault("Min", []).append(_overload(f"List<{name}> -> {name}", "minimum"))
            table.setdefault("Max", []).append(_overload(f"List<{name}> -> {name}", "maximum"))
    for kind in ("Date", "DateTime"):
        for operator in _TIMING:
            symbol = operator.replace(" ", "_")
            table.setdefault(operator, []).append(_overload(f"{kind}, {kind} -> Boolean", symbol))
        for part in _PARTS[: 3 if kind == "Date" else 7]:
            table.setdefault(f"{part} from", []).append(_overload(f"{kind} -> Integer", f"{part}_from"))
    parts = ", ".join(["Integer", *["Integer?"] * 6])
    table["DateTime"] = [_overload(f"{parts}, Decimal? -> DateTime", "make_date_time")]
    return table


OVERLOADS = _read()
# The second operand is a regular expression.
WITH_PATTERN = frozenset(("matches", "replace_matches", "split_on_matches"))
# What costs more than a step takes the budget too.
WITH_BUDGET = WITH_PATTERN | {"product"}
WITH_PRECISION = frozenset((*_TIMING, "duration between", "difference between"))
# Function spellings of what is an operator elsewhere; the tree always holds the operator.
ALIASES = {
    "Exists": "exists",
    "Flatten": "flatten",
    "Distinct": "distinct",
    "Concatenate": "+",
    "IsNull": "is null",
    "IsTrue": "is true",
    "IsFalse": "is false",
}
FUNCTIONS = frozenset({name for name in OVERLOADS if name[0].isupper()} | {"Coalesce", *ALIASES})
