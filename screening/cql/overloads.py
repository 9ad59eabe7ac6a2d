"""Chooses the overload of an operator that fits its operands best."""

from __future__ import annotations

from screening.cql.signatures import Overload, T
from screening.cql.types import ANY, ListType, Type, common_type, conversion_cost


def resolve(overloads: list[Overload], operands: list[Type]) -> tuple[Overload, list[Type], Type] | None:
    """The overload, the types its operands are to be converted to and its result; None if nothing fits."""
    best: tuple[int, Overload, list[Type], Type] | None = None
    for overload in overloads:
        if not overload.required <= len(operands) <= len(overload.operands):
            continue
        found = _fit(overload, operands)
        if found is not None and (best is None or found[0] < best[0]):
            best = (found[0], overload, found[1], found[2])
    return None if best is None else best[1:]


def _fit(overload: Overload, operands: list[Type]) -> tuple[int, list[Type], Type] | None:
    bound: Type | None = None
    for pattern, operand in zip(overload.operands, operands, strict=False):
        part = _part_at_variable(pattern, operand)
        if part is not None:
            bound = part if bound is None else common_type(bound, part)
            if bound is None:
                return None
    wanted = [_substitute(pattern, bound or ANY) for pattern in overload.operands[: len(operands)]]
    costs = [conversion_cost(operand, target) for operand, target in zip(operands, wanted, strict=True)]
    if any(cost is None for cost in costs):
        return None
    # An operand that is a list is a collection rather than an element, where null leaves both open.
    total = sum(cost for cost in costs if cost) + isinstance(bound, ListType)
    return total, wanted, _substitute(overload.result, bound or ANY)


def _part_at_variable(pattern: Type, operand: Type) -> Type | None:
    """What stands where the pattern has its variable; None if the pattern has none or does not match."""
    if pattern == T:
        return operand
    if isinstance(pattern, ListType) and isinstance(operand, ListType):
        return _part_at_variable(pattern.element, operand.element)
    return None


def _substitute(pattern: Type, bound: Type) -> Type:
    if pattern == T:
        return bound
    return ListType(_substitute(pattern.element, bound)) if isinstance(pattern, ListType) else pattern
