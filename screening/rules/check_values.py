"""Comparisons that can never be true: an answer that no option has, a number beyond what can be given."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from screening.cql.tree import Operation
from screening.rules.check import Checked
from screening.rules.questionnaire import Item
from screening.rules.remarks import Remark, error
from screening.rules.shapes import ListOf, Scalar, Shape, Shapes, SpanOf

MOST_NEVER = 200


class _Judge:
    """Collects what each comparison can be. One in a function is met once for each call."""

    def __init__(self) -> None:
        self.never: dict[int, tuple[Operation, str]] = {}
        self.possible: set[int] = set()

    def __call__(self, node: Operation, shapes: list[Shape]) -> None:
        if len(shapes) < 2:
            return
        key = id(node.operands[1])
        if len(self.never) >= MOST_NEVER and key not in self.never:
            return
        sentence = _impossible(node, shapes)
        if sentence is None:
            self.possible.add(key)
        else:
            self.never[key] = (node, sentence)


def check_values(checked: Checked, items: Iterable[Item]) -> list[Remark]:
    judge = _Judge()
    trees = {name: definition.expression for name, definition in checked.library.definitions.items()}
    shapes = Shapes(items, trees, checked.library.functions, judge)
    for name in trees:
        shapes.of_definition(name)
    if shapes.room < 0:  # not every call was looked at, so what is never so in those that were may be so
        functions = checked.library.functions.values()
        judge.possible |= {id(node) for function in functions for node in function.walk()}
    remarks = [
        error("never-true", checked.place_of(node.line), sentence)
        for key, (node, sentence) in judge.never.items()
        if key not in judge.possible
    ]
    return list(dict.fromkeys(remarks))


def _impossible(node: Operation, shapes: list[Shape]) -> str | None:
    """Why this comparison is never true, or None if it can be or nothing is known."""
    first, second = shapes[0], shapes[1]
    match node.name:
        case "=" | "~":
            return _apart(first, second)
        case "in" | "during" if isinstance(second, SpanOf):
            return _outside(first, second.low, second.high, closed=second.closed)
        case "in":
            return _apart(first, second.element) if isinstance(second, ListOf) else None
        case "contains":
            return _apart(first.element, second) if isinstance(first, ListOf) else None
        case "<" | "<=":
            return _above(first, second, ends_differ=node.name == "<")
        case ">" | ">=":
            return _above(second, first, ends_differ=node.name == ">")
        case "between":
            return _outside(first, second, shapes[2], closed=(True, True))
    return None


def _outside(value: Shape, low: Shape, high: Shape, *, closed: tuple[bool, bool]) -> str | None:
    """A value that lies between two ends is below neither and above neither."""
    return _above(low, value, ends_differ=not closed[0]) or _above(value, high, ends_differ=not closed[1])


def _apart(one: Shape, other: Shape) -> str | None:
    """Two values that cannot be equal."""
    if not isinstance(one, Scalar) or not isinstance(other, Scalar):
        return None
    if one.codes and other.codes:
        stray = _stray(one, other) or _stray(other, one)
        if stray is not None:
            return stray
        return None if one.codes & other.codes else "These two can never be the same."
    if _lower(one.high, other.low) or _lower(other.high, one.low):
        return f"This is never so: {_range(one)} and {_range(other)} have nothing in common."
    return None


def _stray(one: Scalar, other: Scalar) -> str | None:
    """A code on the other side that the question does not have."""
    if one.item is None or other.item is not None or not one.codes or not other.codes:
        return None
    for code in sorted(other.codes - one.codes - {""}):
        option = one.item.option(code)
        if option is not None and option.unknown:
            return f"The answer {code} of {one.item.id} counts as unknown, so this is never so."
        if one.codes - {""} <= set(one.item.option_codes()):
            return f"{one.item.id} has no answer {code}, so this is never so."
    return None


def _above(one: Shape, other: Shape, *, ends_differ: bool) -> str | None:
    """Why the one always lies above the other, or at its end where the ends have to differ."""
    if not isinstance(one, Scalar) or not isinstance(other, Scalar):
        return None
    if one.low is None or other.high is None:
        return None
    if one.low > other.high or (ends_differ and one.low == other.high):
        return f"This is never so: one side is {_range(one)}, the other {_range(other)}."
    return None


def _lower(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and one < other


def _range(shape: Scalar) -> str:
    words = [] if shape.item is None else [shape.item.id]
    if shape.low is not None and shape.low == shape.high:
        words.append(f"{shape.low}")
    else:
        words += [] if shape.low is None else [f"from {shape.low}"]
        words += [] if shape.high is None else [f"to {shape.high}"]
    return " ".join(words)
