"""From text to syntax tree. What is outside the subset is refused here, with its place and name."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import cast

from lark import Lark, Token
from lark.exceptions import UnexpectedInput, UnexpectedToken

from screening.cql.build import Build
from screening.cql.errors import CqlError
from screening.cql.lexer import CqlLexer
from screening.cql.tree import Library, Node, copied
from screening.cql.types import Type
from screening.cql.words import KEYWORDS, REFUSED

EXPRESSION_LIMIT = 64 * 1024
LIBRARY_LIMIT = 1024 * 1024
KEPT_EXPRESSION, KEPT_LIBRARY = 4 * 1024, 256 * 1024  # characters; longer ones are read anew each time

_TUPLE = "A tuple is written Tuple{name: value}."
# Tokens with which something outside the subset begins: (construct, message, suggestion).
_LITERALS = {
    "LONG_LITERAL": ("Long", "Long integers are outside the subset.", "Leave the L out, or use a Decimal."),
    "TIME_LITERAL": ("Time", "Times of day are outside the subset.", "Use a date, or minutes as an Integer."),
}
_SYMBOLS = {
    "[": (
        "retrieve",
        "Retrieves from a data model are outside the subset.",
        "Everything a rule may read is a parameter.",
    ),
    ":": ("ratio", "A colon is not expected here: ratios are outside the subset.", _TUPLE),
    "{": ("instance selector", "Instances of a class are outside the subset.", _TUPLE),
}
_GRAMMAR = files("screening.cql").joinpath("grammar.lark").read_text(encoding="utf-8")
_LARK = Lark(
    _GRAMMAR,
    start=["expression", "library", "type"],
    parser="lalr",
    lexer=CqlLexer,
    keep_all_tokens=True,  # a keyword at the beginning of a construct is its place
    maybe_placeholders=True,
)


def parse_expression(text: str) -> Node:
    """The tree of one expression. Names in it are not looked up yet."""
    return copied(_expression(text)) if len(text) <= KEPT_EXPRESSION else _expression.__wrapped__(text)


def parse_library(text: str) -> Library:
    """The tree of a library: parameters, definitions and functions, in their order."""
    return copied(_library(text)) if len(text) <= KEPT_LIBRARY else _library.__wrapped__(text)


def parse_type(text: str) -> Type:
    """A type as CQL writes it, for example `List<Tuple{class String}>`."""
    return cast("Type", _parse(text, "type", EXPRESSION_LIMIT))


# Definitions are read again and again while they are written and checked, and reading is the slow part.
# What is kept is never handed out, since the checker writes into a tree.


@lru_cache(maxsize=1024)
def _expression(text: str) -> Node:
    return cast("Node", _parse(text, "expression", EXPRESSION_LIMIT))


@lru_cache(maxsize=4)
def _library(text: str) -> Library:
    return cast("Library", _parse(text, "library", LIBRARY_LIMIT))


def _parse(text: str, start: str, limit: int) -> object:
    size = len(text.encode("utf-8", "replace"))
    if size > limit:
        raise CqlError(
            f"The text has {size} bytes; at most {limit} are read.",
            construct="size",
            suggestion="Move a part of it into definitions of its own.",
        )
    try:
        return cast("object", Build(len(text)).transform(_LARK.parse(text, start=start)))
    except UnexpectedToken as unexpected:
        raise _refusal(unexpected.token, start) from None
    except UnexpectedInput as unexpected:  # pragma: no cover  # our lexer speaks for itself
        raise CqlError(
            "This cannot be read.", line=unexpected.line, column=unexpected.column, construct="syntax"
        ) from None


def _refusal(token: Token, start: str) -> CqlError:
    construct, message, suggestion = _reason(token, start)
    return CqlError(
        message, line=token.line or 1, column=token.column or 1, construct=construct, suggestion=suggestion
    )


def _reason(token: Token, start: str) -> tuple[str, str, str]:
    word = str(token)
    if token.type == "$END":
        missing = "Something is missing, for example a closing bracket or `end`."
        return "syntax", "The text ends too early.", missing
    if token.type in _LITERALS or word in _SYMBOLS:
        return _LITERALS.get(token.type) or _SYMBOLS[word]
    if word in REFUSED:
        construct, suggestion = REFUSED[word]
        return construct, f"The {construct} is outside the subset.", suggestion
    if word == "define" and start == "expression":
        return "definition", "One expression is expected here, not a definition.", ""
    quoted = f'`{word}` is a word of the language: as a name it is written "{word}".'
    return "syntax", f"{word[:40]!r} is not expected here.", quoted if word in KEYWORDS else ""
