"""The words of the language: which are reserved, which may also be names, which we refuse and why."""

from __future__ import annotations

import re

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

# Never a name unless quoted (the specification's reservedWord).
_RESERVED_WORDS = """aggregate all and as after before between case cast Choice collapse convert day days
    difference distinct duration during else exists expand false flatten from if in is hour hours
    Interval let List maximum millisecond milliseconds minimum minute minutes month months not null
    occurs of on or per point predecessor return same second seconds singleton sort starting
    successor such that then time timezone to true Tuple union week weeks when where width with
    within without xor year years"""
RESERVED = frozenset(_RESERVED_WORDS.split())

# Words of the language that may be the name of a tuple element without quotes (keywordIdentifier).
_KEYWORD_NAME_WORDS = """asc ascending by called code codesystem codesystems concept contains context date
    default define desc descending display div end ends except fluent function implies include included
    includes intersect library meets mod overlaps parameter private properly public start starts
    timezoneoffset using valueset version"""
KEYWORD_NAMES = frozenset(_KEYWORD_NAME_WORDS.split())
KEYWORDS = RESERVED | KEYWORD_NAMES

_QUERY = "Use `exists` of a nested query in its `where`."
_INTERVAL = "Compare the two ends with `>=` and `<=`, or use `in Interval[a, b]`."
_DATA_MODEL = "Everything a rule may read is a parameter."

# Words of CQL outside the subset: (the construct's name, what to do instead).
REFUSED: dict[str, tuple[str, str]] = {
    "using": ("using declaration", _DATA_MODEL),
    "include": ("include declaration", "Write the definitions into this library."),
    "codesystem": ("codesystem declaration", "Use lists of strings."),
    "codesystems": ("codesystem declaration", "Use lists of strings."),
    "valueset": ("valueset declaration", "Use lists of strings."),
    "code": ("code declaration", "Use strings."),
    "concept": ("concept declaration", "Use strings."),
    "context": ("context declaration", "A rule set always speaks about one person; leave the line out."),
    "public": ("access modifier", "Leave it out: every definition is public."),
    "private": ("access modifier", "Leave it out: every definition is public."),
    "fluent": ("fluent function", "Define an ordinary function."),
    "default": ("parameter default", "A missing parameter is null: use Coalesce where it is read."),
    "let": ("let clause", "Repeat the expression, or move it into a definition."),
    "with": ("with clause", _QUERY),
    "without": ("without clause", _QUERY),
    "such": ("such that", _QUERY),
    "expand": ("expand operator", _INTERVAL),
    "collapse": ("collapse operator", _INTERVAL),
    "overlaps": ("overlaps operator", _INTERVAL),
    "meets": ("meets operator", _INTERVAL),
    "starts": ("starts operator", _INTERVAL),
    "ends": ("ends operator", _INTERVAL),
    "start": ("start of operator", _INTERVAL),
    "end": ("end of operator", _INTERVAL),
    "width": ("width of operator", _INTERVAL),
    "point": ("point from operator", _INTERVAL),
    "occurs": ("occurs phrase", "Leave the word out."),
    "within": ("within phrase", "Use `days between a and b <= 3`."),
    "Choice": ("choice type", "Give the value one type."),
    "time": ("time of day", "Times of day are outside the subset."),
    "timezone": ("timezone component", "Use `timezoneoffset from`."),
    "per": ("per clause", _INTERVAL),
}


def quote_identifier(name: str) -> str:
    """A name in double quotes, escaped: what may always be written where a name is expected."""
    return '"' + "".join(_escape(character, '"') for character in name) + '"'


def quote_if_needed(name: str) -> str:
    """The name as it is when CQL would read it as a name, otherwise in quotes."""
    return name if _PLAIN_NAME.fullmatch(name) and name not in KEYWORDS else quote_identifier(name)


def quote_string(text: str) -> str:
    """A string literal. Whatever the text is, reading the literal gives it back."""
    return "'" + "".join(_escape(character, "'") for character in text) + "'"


_NAMED_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}


def _escape(character: str, quote: str) -> str:
    if character in _NAMED_ESCAPES:
        return _NAMED_ESCAPES[character]
    if character == quote:
        return "\\" + quote
    if ord(character) < 32 or 0x7F <= ord(character) < 0xA0 or 0xD800 <= ord(character) < 0xE000:
        return f"\\u{ord(character):04X}"
    return character
