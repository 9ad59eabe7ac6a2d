"""Checks the expressions of a definition and goes on after the first mistake.

Each expression is read by itself, so that every text that is not CQL is named. Then all are typed together;
one that does not fit is named, set aside and the rest is typed again. What remains is a library whose trees
the further checks read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

from screening.cql import CqlError, parse_library, quote_identifier
from screening.cql.check import check_library
from screening.cql.tree import Library
from screening.rules import library
from screening.rules.library import DefinitionError, Fragment
from screening.rules.questionnaire import Item, Questionnaire
from screening.rules.remarks import Remark, error
from screening.rules.ruleset import RuleSet

MOST_MISTAKES = 20
_KINDS = {
    "name": "unknown-name",
    "property": "unknown-name",
    "circular definition": "circular",
}  # all else is a matter of types


@dataclass(frozen=True, slots=True)
class Piece:
    """A named expression of a definition. `ahead` is the number of lines before the author's text begins."""

    fragment: Fragment
    name: str = ""
    ahead: int = 0

    @property
    def height(self) -> int:
        return self.fragment.text.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Checked:
    """A library that holds together, and which part of the definition each of its lines comes from."""

    library: Library
    pieces: tuple[Piece, ...]
    ends: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", tuple(accumulate(piece.height for piece in self.pieces)))

    def place_of(self, line: int) -> str:
        number, line = self.at(line)
        piece = self.pieces[number]
        return f"{piece.fragment.where}, line {max(line - piece.ahead, 1)}"

    def at(self, line: int) -> tuple[int, int]:
        """The number of the piece that a line of the library is in, and the line of that piece."""
        number = bisect_left(self.ends, line)
        return number, line - (self.ends[number - 1] if number else 0)


def check_journey(questionnaire: Questionnaire, remarks: list[Remark]) -> Checked | None:
    """The questionnaire's own expressions."""
    return _typed([*_journey_pieces(questionnaire, remarks)], remarks)


def check_entry(group: Item, remarks: list[Remark]) -> Checked | None:
    """The expressions inside one entry of a group, which see the questions of that entry only."""
    pieces = [Piece(part) for part in library.parameters(group.items)]
    for item in group.items:
        where = f"item {group.id}.{item.id}"
        if item.show_when is not None:
            name = library.asked_name(item.id)
            pieces.append(_expression(name, item.show_when, f"{where}, show when", remarks))
        for number, check in enumerate(item.checks, start=1):
            name = library.check_name(item.id, number)
            pieces.append(_expression(name, check.check, f"{where}, check {number}", remarks))
    return _typed(pieces, remarks)


def check_ruleset(questionnaire: Questionnaire, ruleset: RuleSet, remarks: list[Remark]) -> Checked | None:
    """The rule set with the questionnaire it judges, of which the same is said as where that is checked."""
    pieces = [*_journey_pieces(questionnaire, remarks)]
    for name, table in ruleset.tables.items():
        try:
            pieces.append(Piece(library.table_text(name, table), name))
        except (ValueError, TypeError, ArithmeticError) as fault:
            remarks.append(error("type", f"table {name}", f"A cell cannot be written as CQL: {fault}"))
            pieces.append(_set_aside(name))
    try:
        definitions = library.author_definitions(ruleset.definitions)
    except DefinitionError as fault:
        remarks.append(_of_definition_error(fault))
        return None
    pieces += _definitions(definitions.text)
    for rule in ruleset.rules:
        try:
            parts = [*library.rule_fragments(questionnaire, rule)]
        except DefinitionError as fault:
            kind = "syntax" if isinstance(fault.__cause__, CqlError) else "unknown-name"
            remarks.append(error(kind, fault.where, fault.sentence))
            continue
        pieces += [Piece(part, library.rule_name(rule.code), ahead=1) for part in parts]
    for output, expression in ruleset.outputs.items():
        pieces.append(_expression(library.output_name(output), expression, f"output {output}", remarks))
    return _typed(pieces, remarks)


def _journey_pieces(questionnaire: Questionnaire, remarks: list[Remark]) -> Iterator[Piece]:
    yield from (Piece(part) for part in library.parameters(questionnaire.items()))
    for score in questionnaire.scores:
        yield _expression(score.id, score.expression, f"score {score.id}", remarks)
    for page in questionnaire.pages:
        opens = f"{library.asked_name('page')} {page.id}"
        if page.show_when is not None:
            yield _expression(opens, page.show_when, f"page {page.id}, show when", remarks)
        for item in page.items:
            if library.conditional(page, item):
                text = item.show_when or quote_identifier(opens)
                yield _expression(library.asked_name(item.id), text, f"item {item.id}, show when", remarks)
            for number, check in enumerate(item.checks, start=1):
                name = library.check_name(item.id, number)
                yield _expression(name, check.check, f"item {item.id}, check {number}", remarks)


def _expression(name: str, text: str, where: str, remarks: list[Remark]) -> Piece:
    try:
        return Piece(library.define(name, text, where=where), name, 1)
    except DefinitionError as fault:
        remarks.append(error("syntax", where, fault.sentence))
        return _set_aside(name)


def _definitions(text: str) -> Iterator[Piece]:
    """One piece for each definition, so that one that does not fit can be set aside."""
    found = parse_library(text)
    declared = sorted(
        [(part.line, name, False) for name, part in found.definitions.items()]
        + [(part.line, name, True) for name, part in found.functions.items()]
    )
    lines = text.split("\n")
    ends = [*(line - 1 for line, _, _ in declared[1:]), len(lines)]
    on_lines = {line for line, _, _ in declared}
    if not declared or len(on_lines) < len(declared):  # two on a line cannot be told apart
        yield Piece(Fragment("definitions", text))
        return
    for (line, name, is_function), end in zip(declared, ends, strict=True):
        body = "\n".join(lines[line - 1 : end])
        yield Piece(Fragment(f"definitions, {name}", body), "" if is_function else name, 1 - line)


def _typed(pieces: list[Piece], remarks: list[Remark]) -> Checked | None:
    """Type all pieces together; those that do not fit become null, and the rest is typed again."""
    for _ in range(MOST_MISTAKES):
        checked = Checked(Library(None, None, {}, {}, {}), tuple(pieces))
        try:
            whole = parse_library("\n".join(piece.fragment.text for piece in pieces))
            check_library(whole)
        except CqlError as fault:
            if fault.construct == "size":  # of the whole: it has no line
                remarks.append(error("type", "definitions", fault.message))
                return None
            kind = _KINDS.get(fault.construct, "type")
            remarks.append(error(kind, checked.place_of(fault.line), _said(fault)))
            number, _ = checked.at(fault.line)
            wrong = pieces[number]
            if not wrong.name:
                return None
            pieces[number] = _set_aside(wrong.name)
            continue
        return replace(checked, library=whole)
    return None


def _set_aside(name: str) -> Piece:
    """The same name for nothing, so that what refers to it is not wrong as well."""
    return Piece(Fragment(name, f"define {quote_identifier(name)}:\nnull\n"))


def _said(fault: CqlError) -> str:
    return f"Column {fault.column}: {fault.message} {fault.suggestion}".strip()


def _of_definition_error(fault: DefinitionError) -> Remark:
    cause = fault.__cause__
    is_repeated = isinstance(cause, CqlError) and cause.construct == "name"
    return error("repeated" if is_repeated else "syntax", fault.where, fault.sentence)
