"""One expression of a draft by itself: what is wrong with it, and what it says in English.

The rest of the draft may be unfinished: only its questions and scores have to be readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from screening.cql import BOOLEAN, DECIMAL, INTEGER, CqlError, Type, parse_expression
from screening.rules import library
from screening.rules.library import DefinitionError
from screening.rules.phrases import sentence
from screening.rules.questionnaire import Item, Score
from screening.rules.reader import OUTSIDE, Reader

NAME = "this expression"
NUMBERS = (INTEGER, DECIMAL)


@dataclass(frozen=True)
class Said:
    """`fault` is a sentence with line and column, `english` the reading; one of them is empty."""

    fault: str = ""
    english: str = ""


def said_of(
    text: str, items: Sequence[Item], scores: Sequence[Score] = (), *, wanted: Iterable[Type] = (BOOLEAN,)
) -> Said:
    """Type the expression among these questions and read it out."""
    try:
        parse_expression(text)
    except CqlError as error:
        return Said(fault=str(error))
    before = [*library.parameters(items)]
    try:
        before += [library.define(each.id, each.expression, where=each.id) for each in scores]
        program = library.compiled([*before, library.define(NAME, text, where=NAME)])[1]
    except DefinitionError as error:
        if error.where == NAME:
            return Said(fault=_sentence(error, before))
        return said_of(text, items, wanted=wanted) if scores else Said()
    found, allowed = program.types[NAME], tuple(wanted)
    if found not in allowed:
        kinds = " or ".join(str(each) for each in allowed)
        return Said(fault=f"This should come to {kinds}; it is {found}.")
    reader = Reader(items, program, scores=scores)
    return Said(english=sentence(reader.clause(program.tree(NAME), OUTSIDE)))


def _sentence(error: DefinitionError, before: Sequence[library.Fragment]) -> str:
    """With the line of the author's text: ours are the fragments before it and the line with its name."""
    cause = error.__cause__
    if not isinstance(cause, CqlError):
        return error.sentence
    ours = sum(part.text.count("\n") + 1 for part in before) + 1
    place = f"Line {max(cause.line - ours, 1)}, column {cause.column}"
    return f"{place}: {cause.message} {cause.suggestion}".strip()
