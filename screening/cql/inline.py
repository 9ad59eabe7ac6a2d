"""Operations short enough to be written into the generated source instead of called.

A call costs more than a comparison, and most of a rule set is comparisons. Each template is text of
ours with places for operands, which are always names of ours.
"""

from __future__ import annotations

from screening.cql.types import BOOLEAN, DECIMAL, INTEGER, STRING, ListType, Type

# Null in, null out around these; they hold for types whose Python operators mean the same as CQL's.
_EQUALITY = {"equal": "{0} == {1}", "not_equal": "{0} != {1}"}
_ORDER = {
    "less": "{0} < {1}",
    "less_or_equal": "{0} <= {1}",
    "greater": "{0} > {1}",
    "greater_or_equal": "{0} >= {1}",
}
# These say themselves what null means.
_TOTAL = {
    "is_null": "{0} is None",
    "is_not_null": "{0} is not None",
    "is_true": "{0} is True",
    "is_not_true": "{0} is not True",
    "is_false": "{0} is False",
    "is_not_false": "{0} is not False",
    "implies": "True if {0} is False or {1} else None if {0} is None or {1} is None else False",
    "same": "{0}",
}
_FOR_PLAIN_LISTS = ("distinct", "union", "intersect", "except_")
ORDERED: tuple[Type, ...] = (INTEGER, DECIMAL, STRING)
PLAIN: tuple[Type, ...] = (*ORDERED, BOOLEAN)


# These are true or false whatever they are given.
_NEVER_NULL = frozenset({*_TOTAL, "exists", "equivalent", "not_equivalent"} - {"implies", "same"})


def is_known(operand: str) -> bool:
    """Constants are never null, nor is what was found never to be; null itself is written as None."""
    return operand.startswith(("_k", "_s")) or operand in ("True", "False", "_today")


def is_total(symbol: str) -> bool:
    """Whether an operation says itself what null means, and is true or false."""
    return symbol in _TOTAL and symbol not in ("implies", "same")


def is_sure(symbol: str, operands: list[str]) -> bool:
    """Whether an operation on these is never null."""
    return symbol in _NEVER_NULL or (symbol in ("and_", "or_", "not_") and all(map(is_known, operands)))


def guarded(text: str, operands: list[str]) -> str:
    """The expression, or null when one of its operands is."""
    checks = [f"{operand} is None" for operand in dict.fromkeys(operands) if not is_known(operand)]
    return f"None if {' or '.join(checks)} else {text}" if checks else text


def inline(symbol: str, types: list[Type], operands: list[str]) -> str | None:
    """The source of an operation, or None when it has to be called."""
    if symbol in _TOTAL:
        return _TOTAL[symbol].format(*operands)
    if symbol == "not_":
        return guarded(f"not {operands[0]}", operands)
    if symbol in ("and_", "or_") and all(map(is_known, operands)):
        return f" {symbol.removesuffix('_')} ".join(operands)
    if symbol == "and_":
        return f"True if {' and '.join(operands)} else {_any_is(operands, 'False')} else None"
    if symbol == "or_":
        return f"True if {' or '.join(operands)} else {_any_is(operands, 'None', 'None')} else False"
    if symbol in _EQUALITY and types[0] in PLAIN:
        return guarded(_EQUALITY[symbol].format(*operands), operands)
    if symbol in _ORDER and types[0] in ORDERED:
        return guarded(_ORDER[symbol].format(*operands), operands)
    if symbol == "between" and types[0] in ORDERED and is_known(operands[1]) and is_known(operands[2]):
        return guarded("{1} <= {0} <= {2}".format(*operands), operands)
    if symbol == "position_of":
        return guarded("{1}.find({0})".format(*operands), operands)
    if symbol == "in_list" and types[0] in PLAIN:
        return _membership(*operands)
    if symbol == "contains" and types[1] in PLAIN:
        return _membership(*reversed(operands))
    return None


def run_time_name(symbol: str, types: list[Type]) -> str:
    """The operation to call: lists of plain values have quicker ones that hash the values themselves."""
    first = types[0] if types else None
    if symbol in _FOR_PLAIN_LISTS and isinstance(first, ListType) and first.element in PLAIN:
        symbol = f"{symbol.removesuffix('_')}_plain"
    return f"_o_{symbol}"


def _any_is(operands: list[str], word: str, result: str = "False") -> str:
    return f"{result} if {' or '.join(f'{operand} is {word}' for operand in operands)}"


def _membership(value: str, items: str) -> str:
    """Python's own `in` agrees with CQL's for these types: None is found where the list holds a null."""
    text = f"{value} in {items}"
    return text if is_known(items) else f"False if {items} is None else {text}"
