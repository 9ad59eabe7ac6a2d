"""A condition as rows a person can fill in (question, comparison, answers), and the CQL that says the same.

    Condition("and", (Row("helper", "is", ("helping",)),), skips=True)
    Coalesce(helper = 'helping', false)

What the rows cannot say has no rows: `read` answers None and the CQL stands alone. `skips` is what a
missing answer means: the condition is then not met, instead of unknown, and an unknown branch is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from screening.cql import CqlError, Date, Node, parse_expression, quote_if_needed, to_cql_literal, type_of
from screening.cql.tree import If, ListLiteral, Operation, Reference
from screening.cql.tree import Literal as Value
from screening.rules.questionnaire import Item

Join = Literal["and", "or"]
ORDERED: Final = {"less": "<", "at_most": "<=", "more": ">", "at_least": ">="}
DATED: Final = {"before": "before", "after": "after"}
BLANKS: Final = {"answered": "is not null", "blank": "is null"}
_SIGNS: Final = {sign: name for names in (ORDERED, DATED) for name, sign in names.items()}
_BLANK_SIGNS: Final = {sign: name for name, sign in BLANKS.items()}


@dataclass(frozen=True)
class Row:
    """One question compared. Values are codes of options, numbers or days, as text."""

    question: str
    comparison: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    join: Join
    rows: tuple[Row, ...]
    skips: bool = False


class Unwritable(ValueError):
    """A row whose value does not fit its question. `str()` is what is wrong with the value."""


def comparisons_for(item: Item) -> tuple[str, ...]:
    """What an answer of this type may be compared by."""
    blanks = tuple(BLANKS)
    if item.type == "choice":
        return ("includes", "excludes", *blanks) if item.repeats else ("is", "is_not", *blanks)
    if item.type == "boolean":
        return ("is", *blanks)
    if item.type in ("integer", "decimal"):
        return ("is", "is_not", *ORDERED, *blanks)
    return (*DATED, *blanks) if item.type == "date" else blanks


def write(condition: Condition, items: Mapping[str, Item]) -> str:
    """The CQL of the rows. Raises KeyError for an unknown question and Unwritable for an odd value."""
    parts = [_written(row, items[row.question], skips=condition.skips) for row in condition.rows]
    return f"\n{condition.join} ".join(parts)


def _written(row: Row, item: Item, *, skips: bool) -> str:
    name = quote_if_needed(item.id)
    if row.comparison in BLANKS:
        return f"({name} {BLANKS[row.comparison]})"
    literals = [_literal_of(value, item) for value in row.values]
    if row.comparison == "includes" and skips:  # to CQL a blank list contains nothing
        return f"({_any_of('contains', name, literals)})"
    if row.comparison == "is" and skips and item.type == "choice":
        default = f"Coalesce({name}, '')"
        several = f"{default} in {{{', '.join(literals)}}}"
        return f"({default} = {literals[0]})" if len(literals) == 1 else f"({several})"
    text = _compared(row.comparison, name, literals)
    return f"Coalesce({text}, false)" if skips else f"({text})"


def _compared(comparison: str, name: str, literals: list[str]) -> str:
    match comparison:
        case "is":
            return _any_of("=", name, literals)
        case "is_not":
            return f"not ({_compared('is', name, literals)})"
        case "includes" | "excludes":
            found = _any_of("contains", name, literals)
            said = f"({found})" if comparison == "includes" else f"not ({found})"
            return f"if {name} is null then null else {said}"
        case _:
            return f"{name} {(ORDERED | DATED)[comparison]} {literals[0]}"


def _any_of(sign: str, name: str, literals: list[str]) -> str:
    return " or ".join(f"{name} {sign} {literal}" for literal in literals)


def _literal_of(text: str, item: Item) -> str:
    """Refused where it is no value for this question, or one that the language cannot hold."""
    try:
        literal = to_cql_literal(_value(text, item))
        type_of(literal)
    except (ValueError, InvalidOperation, KeyError, CqlError) as error:
        raise Unwritable(text) from error
    return literal


def _value(text: str, item: Item) -> object:
    match item.type:
        case "choice":
            return text
        case "integer":
            return int(text)
        case "decimal":
            return _decimal(text)
        case "date":
            return Date.parse(text)
        case _:
            return {"true": True, "false": False}[text]


def _decimal(text: str) -> Decimal:
    """As a person types it: 1e999999999 is short, and written out it would fill the memory."""
    if "e" in text.lower():
        raise ValueError(text)
    return Decimal(text)


def read(text: str, items: Mapping[str, Item]) -> Condition | None:
    """The rows that say the same as this CQL, or None where there are none."""
    try:
        tree = parse_expression(text)
    except CqlError:
        return None
    leaf = _leaf(tree)
    join: Join = "and"
    leaves = [leaf]
    if leaf is None and isinstance(tree, Operation) and tree.name in ("and", "or"):
        join = "or" if tree.name == "or" else "and"
        leaves = [_leaf(operand) for operand in tree.operands]
    found = [leaf for leaf in leaves if leaf is not None]
    if len(found) < len(leaves) or not all(_fits(row, items) for row, _skips in found):
        return None
    decided = {skips for row, skips in found if row.comparison not in BLANKS}
    if len(decided) > 1:
        return None
    return Condition(join, tuple(row for row, _skips in found), skips=decided == {True})


def _fits(row: Row, items: Mapping[str, Item]) -> bool:
    item = items.get(row.question)
    return item is not None and row.comparison in comparisons_for(item)


Leaf = tuple[Row, bool]


def _leaf(node: Node) -> Leaf | None:
    """One row and whether a blank counts as not met."""
    if isinstance(node, If):
        return _unless_blank(node)
    if not isinstance(node, Operation):
        return None
    if node.name == "Coalesce" and len(node.operands) == 2:
        inner, default = node.operands
        found = _leaf(inner)
        return (found[0], True) if found and _literal(default) == "false" else None
    if node.name in _BLANK_SIGNS and isinstance(node.operands[0], Reference):
        return Row(node.operands[0].name, _BLANK_SIGNS[node.name]), False
    if node.name == "not":
        return _negated(_leaf(node.operands[0]))
    if node.name == "or":
        return _alternatives([_leaf(operand) for operand in node.operands])
    return _comparison(node)


def _comparison(node: Operation) -> Leaf | None:
    if len(node.operands) != 2:
        return None
    subject, value = node.operands
    found = _subject(subject)
    if found is None:
        return None
    name, is_default = found
    if node.name == "in" and isinstance(value, ListLiteral) and is_default:
        values = tuple(_literal(one) for one in value.items)
        return (Row(name, "is", values), True) if values and all(values) else None
    text = _literal(value)
    if not text:
        return None
    if node.name == "contains":
        return Row(name, "includes", (text,)), not is_default
    if node.name == "=":
        return Row(name, "is", (text,)), is_default
    if is_default or node.name not in (*_SIGNS, "!=") or node.precision:
        return None
    return Row(name, _SIGNS.get(node.name, "is_not"), (text,)), False


def _subject(node: Node) -> tuple[str, bool] | None:
    """The question compared, and whether a blank was replaced by '' before: `Coalesce(q, '')`."""
    if isinstance(node, Reference):
        return node.name, False
    if isinstance(node, Operation) and node.name == "Coalesce" and len(node.operands) == 2:
        first, default = node.operands
        if isinstance(first, Reference) and isinstance(default, Value) and default.value == "":
            return first.name, True
    return None


def _negated(found: Leaf | None) -> Leaf | None:
    """A row turned round. One that skips blanks would be met by them, which no row says."""
    if found is None or found[0].comparison != "is" or found[1]:
        return None
    return Row(found[0].question, "is_not", found[0].values), False


def _alternatives(leaves: list[Leaf | None]) -> Leaf | None:
    """`q = 'a' or q = 'b'` as one row with two answers."""
    found = [leaf for leaf in leaves if leaf is not None]
    same = {(row.question, row.comparison, skips) for row, skips in found}
    if len(found) < len(leaves) or len(same) != 1 or any(len(row.values) != 1 for row, _skips in found):
        return None
    question, comparison, skips = same.pop()
    if comparison not in ("is", "includes"):
        return None
    return Row(question, comparison, tuple(row.values[0] for row, _skips in found)), skips


def _unless_blank(node: If) -> Leaf | None:
    """`if q is null then null else (q contains 'a')`: a blank list stays unknown."""
    said, turned = node.otherwise, False
    if isinstance(said, Operation) and said.name == "not":
        said, turned = said.operands[0], True
    found, nothing = _leaf(said), isinstance(node.then, Value) and node.then.value is None
    if found is None or found[0].comparison != "includes" or not nothing:
        return None
    row = found[0]
    if _leaf(node.condition) != (Row(row.question, "blank"), False):
        return None
    return (Row(row.question, "excludes", row.values) if turned else row), False


def _literal(node: Node) -> str:
    if not isinstance(node, Value) or node.value is None:
        return ""
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return str(node.value) if isinstance(node.value, str | int | Decimal | Date) else ""
