"""From text to syntax tree. What is outside the subset is refused here, with its place and name."""

from __future__ import annotations

from importlib.resources import files

from lark import Lark, Token
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

from screening.cql.build import Build
from screening.cql.errors import CqlError
from screening.cql.lexer import CqlLexer
from screening.cql.tree import Library, Node
from screening.cql.words import KEYWORDS, REFUSED

EXPRESSION_LIMIT = 64 * 1024
LIBRARY_LIMIT = 1024 * 1024

_GRAMMAR = files("screening.cql").joinpath("grammar.lark").read_text(encoding="utf-8")
_LARK = Lark(
    _GRAMMAR,
    start=["expression", "library"],
    parser="lalr",
    lexer=CqlLexer,
    propagate_positions=True,
    maybe_placeholders=True,
)


def parse_expression(text: str) -> Node:
    """The tree of one expression. Names in it are not looked up yet."""
    node = _parse(text, "expression", EXPRESSION_LIMIT)
    assert isinstance(node, Node)
    return node


def parse_library(text: str) -> Library:
    """The tree of a library: parameters, definitions and functions, in their order."""
    library = _parse(text, "library", LIBRARY_LIMIT)
    assert isinstance(library, Library)
    return library


def _parse(text: str, start: str, limit: int) -> Node | Library:
    size = len(text.encode("utf-8", "replace"))
    if size > limit:
        raise CqlError(
            f"The text has {size} bytes; at most {limit} are read.",
            construct="size",
            suggestion="Move a part of it into definitions of its own.",
        )
    try:
        return Build().transform(_LARK.parse(text, start=start))
    except UnexpectedToken as unexpected:
        raise _refusal(unexpected.token, start) from None
    except UnexpectedInput as unexpected:  # pragma: no cover  # our lexer speaks for itself
        raise CqlError(
            "This cannot be read.", line=unexpected.line, column=unexpected.column, construct="syntax"
        ) from None
    except VisitError as wrapped:
        raise wrapped.orig_exc from None


def _refusal(token: Token, start: str) -> CqlError:
    line, column = token.line or 1, token.column or 1
    construct, message, suggestion = "syntax", f"{str(token)!r} is not expected here.", ""
    if token.type == "$END":
        message = (
            "The text ends too early."
            if str(token) or line > 1 or column > 1
            else "There is nothing to read."
        )
        suggestion = "Something is missing, for example a closing bracket or `end`."
    elif token.type == "LONG_LITERAL":
        construct, message = "Long", "Long integers are outside the subset."
        suggestion = "Leave the L out, or use a Decimal."
    elif token.type == "TIME_LITERAL":
        construct, message = "Time", "Times of day are outside the subset."
        suggestion = "Use a date, or minutes as an Integer."
    elif token == "[":
        construct, message = "retrieve", "Retrieves from a data model are outside the subset."
        suggestion = "Everything a rule may read is a parameter."
    elif token == ":":
        construct, message = "ratio", "A colon is not expected here: ratios are outside the subset."
        suggestion = "A tuple is written Tuple{name: value}."
    elif token == "{":
        construct, message = "instance selector", "Instances of a class are outside the subset."
        suggestion = "A tuple is written Tuple{name: value}."
    elif token in REFUSED:
        construct, suggestion = REFUSED[str(token)]
        message = f"The {construct} is outside the subset."
    elif token == "define" and start == "expression":
        construct, message = "definition", "One expression is expected here, not a definition."
    elif token in KEYWORDS:
        suggestion = f'`{token}` is a word of the language: as a name it is written "{token}".'
    return CqlError(message, line=line, column=column, construct=construct, suggestion=suggestion)
