"""More operations written into the source, for straight-line code: whole numbers, dates and truth.

Where the usual case is short and the rare one is not, the rare one stays a call: a sum that may not fit
an Integer, dates of which only the month or the year is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from screening.cql.inline import ORDERED, PLAIN, guarded, inline, is_known, is_total
from screening.cql.quantities import Quantity
from screening.cql.runtime.comparison import MONTHS
from screening.cql.types import DATE, INTEGER, UNCERTAIN, ListType, Type

_SURELY_FITS = 2**30 - 1
_BOUNDARIES = ("low_boundary_date", "high_boundary_date")
_ARITHMETIC = {"add_integer": "+", "subtract_integer": "-", "multiply_integer": "*"}
_DATE_ORDER = {
    "before": "<",
    "less": "<",
    "after": ">",
    "greater": ">",
    "same_or_before": "<=",
    "less_or_equal": "<=",
    "same_or_after": ">=",
    "greater_or_equal": ">=",
    "same_as": "==",
    "equal": "==",
}
_GIVES = frozenset(
    [
        "equal",
        "not_equal",
        "less",
        "less_or_equal",
        "greater",
        "greater_or_equal",
        "between",
        "lower",
        "upper",
        "position_of",
    ]
)
_COMPARED = {
    "equal": "==",
    "not_equal": "!=",
    "less": "<",
    "less_or_equal": "<=",
    "greater": ">",
    "greater_or_equal": ">=",
}


def short(
    symbol: str, types: list[Type], operands: list[str], constants: Mapping[str, Any], filled: set[str]
) -> str | None:
    """The source of an operation, or None where `inline` has the word. `filled` names lists without nulls."""
    if symbol in _ARITHMETIC and types[0] == INTEGER:
        a, b = operands
        total = f"{a} {_ARITHMETIC[symbol]} {b}"
        fits = f"-{_SURELY_FITS} <= (_n := {total}) <= {_SURELY_FITS}"
        return guarded(f"_n if {fits} else _o_as_integer(_n)", operands)
    if symbol in _DATE_ORDER and types[0] == types[1] == DATE:
        return _dates(symbol, operands)
    if symbol in _BOUNDARIES and types[0] == DATE and constants.get(operands[1]) == 8:
        call = f"_o_{symbol}({operands[0]}, {operands[1]})"
        return guarded(f"{operands[0]} if len({operands[0]}.parts) == 3 else {call}", operands[:1])
    if symbol == "add_to_date" and types[0] == DATE:
        return _moved(operands[0], constants.get(operands[1]))
    if symbol in ("exists", "count", "first") and operands[0] in filled:
        return _of_filled(symbol, operands[0])
    if symbol == "count" and isinstance(types[0], ListType) and types[0].element in PLAIN:
        return f"0 if {operands[0]} is None else len({operands[0]}) - {operands[0]}.count(None)"
    if symbol in _COMPARED and types[0] == UNCERTAIN:
        certain = " and ".join(f"type({each}) is _int" for each in operands if not each.startswith("_k"))
        text = f"{operands[0]} {_COMPARED[symbol]} {operands[1]}"
        return guarded(f"{text} if {certain} else _o_{symbol}({', '.join(operands)})", operands)
    return _connected(symbol, operands)


def _dates(symbol: str, operands: list[str]) -> str:
    """Full dates are compared by their parts at once."""
    a, b = operands
    partial = " or ".join(f"len({each}.parts) != 3" for each in operands if each != "_today")
    text = f"{a}.parts {_DATE_ORDER[symbol]} {b}.parts"
    return guarded(f"_o_{symbol}({a}, {b}) if {partial} else {text}" if partial else text, operands)


def _moved(date: str, amount: object) -> str | None:
    if not isinstance(amount, Quantity) or amount.is_definite or amount.calendar not in MONTHS:
        return None
    return f"_o_add_months({date}, {int(amount.value) * MONTHS[amount.calendar]})"


def _of_filled(symbol: str, items: str) -> str:
    if symbol == "exists":
        return f"True if {items} else False"
    if symbol == "count":
        return f"0 if {items} is None else len({items})"
    return f"{items}[0] if {items} else None"


def _connected(symbol: str, operands: list[str]) -> str | None:
    """`and` and `or` of which some operands are never null, so that only the others are asked."""
    unsure = [operand for operand in operands if not is_known(operand)]
    sure = [operand for operand in operands if is_known(operand)]
    if symbol not in ("and_", "or_") or not sure or not unsure:
        return None
    if symbol == "and_":
        whole = unsure[0] if len(unsure) == 1 else inline(symbol, [], unsure)
        return f"({whole}) if {' and '.join(sure)} else False"
    if len(unsure) == 1:
        return f"True if {' or '.join(sure)} else {unsure[0]}"
    nulls = " or ".join(f"{operand} is None" for operand in unsure)
    return f"True if {' or '.join(operands)} else None if {nulls} else False"


def never_null(symbol: str, types: list[Type], operands: list[str]) -> bool:
    """Operations that give something whenever they are given something, and membership."""
    if symbol in ("in_list", "contains"):
        return types[0 if symbol == "in_list" else 1] in PLAIN
    return symbol in _GIVES and all(type_ in PLAIN for type_ in types) and all(map(is_known, operands))


def is_true(symbol: str, types: list[Type], operands: list[str]) -> str | None:
    """An expression that is truthy exactly when the operation is true, or None."""
    if symbol in _COMPARED and types[0] in (PLAIN if symbol in ("equal", "not_equal") else ORDERED):
        text = f"{operands[0]} {_COMPARED[symbol]} {operands[1]}"
        unknown = [operand for operand in operands if not is_known(operand)]
        if symbol == "equal" and len(unknown) < 2:  # null is equal to nothing that is known
            return text
        return " and ".join([*(f"{operand} is not None" for operand in unknown), text])
    if symbol == "not_":
        return f"not {operands[0]}" if is_known(operands[0]) else f"{operands[0]} is False"
    return inline(symbol, types, operands) if is_total(symbol) else None
