"""Cuts text into tokens.

Our own lexer instead of Lark's, for two reasons: whether a word is reserved never depends on where
it stands, so that `sort` is not taken for an alias where an alias would fit; and every bad character
gets a sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lark.lexer import Lexer, Token

from screening.cql.errors import CqlError
from screening.cql.words import KEYWORD_NAMES, KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lark.common import LexerConf

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<TIME_LITERAL>@T[0-9:.]*(?:Z|[+-]\d{2}:\d{2})?)
    |(?P<DATE_LITERAL>@\d{4}(?:-\d{2}(?:-\d{2})?)?(?:T(?:\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)
    |(?P<LONG_LITERAL>\d+L)
    |(?P<NUMBER>\d+(?:\.\d+)?)
    |(?P<STRING>'(?:[^'\\]|\\.)*')
    |(?P<QUOTED>"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<symbol><=|>=|!=|!~|[-+*/^&|=<>~(){}\[\].,:])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "\\": "\\", "/": "/", "'": "'", '"': '"', "`": "`"}


class CqlLexer(Lexer):
    """The lexer Lark calls. The names of keywords and symbols are taken from the grammar itself."""

    def __init__(self, lexer_conf: LexerConf) -> None:
        self._names = {
            terminal.pattern.value: terminal.name
            for terminal in lexer_conf.terminals
            if terminal.pattern.type == "str"
        }

    def lex(self, data: str) -> Iterator[Token]:  # type: ignore[override]  # Lark passes the plain text
        position, line, line_start = 0, 1, 0
        while position < len(data):
            match = _TOKEN.match(data, position)
            column = position - line_start + 1
            if match is None:
                raise _unreadable(data[position], line, column)
            text, kind = match.group(), match.lastgroup or ""
            position = match.end()
            first_line = line
            breaks = text.count("\n")
            if breaks:
                line += breaks
                line_start = match.start() + text.rindex("\n") + 1
            if kind != "space":
                type_ = self._type(kind, text)
                end = position - line_start + 1
                yield Token(type_, text, match.start(), first_line, column, line, end, position)

    def _type(self, kind: str, text: str) -> str:
        if kind == "symbol":
            return self._names.get(text, "SYMBOL")
        if kind != "word":
            return kind
        if text not in KEYWORDS:
            return "NAME"
        return self._names.get(text) or ("KEYWORD_NAME" if text in KEYWORD_NAMES else "RESERVED_WORD")


def unquote(token: Token) -> str:
    """The text inside a quoted token, with its escapes read."""

    def read(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) == 5:
            return chr(int(code[1:], 16))
        if code not in _ESCAPES:
            raise CqlError(
                f"\\{code} is not an escape sequence.",
                line=token.line or 1,
                column=token.column or 1,
                construct="string",
                suggestion="Write a backslash as \\\\.",
            )
        return _ESCAPES[code]

    return _ESCAPE.sub(read, token[1:-1]) if "\\" in token else token[1:-1]


def _unreadable(character: str, line: int, column: int) -> CqlError:
    if character in "'\"`":
        return CqlError(
            "A quotation mark is opened and never closed.", line=line, column=column, construct="string"
        )
    if character == "@":
        return CqlError(
            "This is not a date.", line=line, column=column, construct="date", suggestion="Write @2024-01-31."
        )
    suggestion = "Use straight quotation marks." if character in "“”‘’" else ""
    return CqlError(
        f"The character {character!r} means nothing here.",
        line=line,
        column=column,
        construct="character",
        suggestion=suggestion,
    )
