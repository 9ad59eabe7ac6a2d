"""Kleene's three-valued logic: true, false and unknown."""

from __future__ import annotations

Verdict = bool | None


def not_(a: Verdict) -> Verdict:
    return None if a is None else not a


def and_(*operands: Verdict) -> Verdict:
    """False if anything is false, else unknown if anything is unknown."""
    if all(operands):
        return True
    return False if any(operand is False for operand in operands) else None


def or_(*operands: Verdict) -> Verdict:
    """True if anything is true, else unknown if anything is unknown."""
    if any(operands):
        return True
    return None if any(operand is None for operand in operands) else False


def xor(a: Verdict, b: Verdict) -> Verdict:
    return None if a is None or b is None else a is not b


def implies(a: Verdict, b: Verdict) -> Verdict:
    return or_(not_(a), b)


def coalesce(*operands: object) -> object:
    """The first that is known. With a single list, the first known element."""
    if len(operands) == 1 and isinstance(operands[0], list | tuple):
        operands = tuple(operands[0])
    return next((operand for operand in operands if operand is not None), None)
