"""Text. Null in, null out; places count from 0."""

from __future__ import annotations

from screening.cql.errors import EvaluationFailure
from screening.cql.matching import matches_in, search
from screening.cql.pattern_syntax import PatternError, read_substitution
from screening.cql.patterns import Pattern, read_pattern

Text = str | None
LENGTH_LIMIT = 64 * 1024


def concatenate(a: Text, b: Text) -> Text:
    if a is None or b is None:
        return None
    if len(a) + len(b) > LENGTH_LIMIT:
        raise EvaluationFailure(f"A text grew beyond {LENGTH_LIMIT} characters.")
    return a + b


def join_strings(a: Text, b: Text) -> Text:
    """`&` reads null as an empty text."""
    return concatenate(a or "", b or "")


def combine(items: list[Text] | None, separator: Text = "") -> Text:
    known = [item for item in items or () if item is not None]
    if not known or separator is None:
        return None
    if sum(map(len, known)) + len(separator) * len(known) > LENGTH_LIMIT:
        raise EvaluationFailure(f"A text grew beyond {LENGTH_LIMIT} characters.")
    return separator.join(known)


def split(text: Text, separator: Text) -> list[str] | None:
    if text is None:
        return None
    return text.split(separator) if separator else [text]


def string_length(text: Text) -> int | None:
    return None if text is None else len(text)


def string_index(text: Text, place: int | None) -> Text:
    if text is None or place is None or not 0 <= place < len(text):
        return None
    return text[place]


def lower(text: Text) -> Text:
    return None if text is None else text.lower()


def upper(text: Text) -> Text:
    return None if text is None else text.upper()


def starts_with(text: Text, beginning: Text) -> bool | None:
    return None if text is None or beginning is None else text.startswith(beginning)


def ends_with(text: Text, ending: Text) -> bool | None:
    return None if text is None or ending is None else text.endswith(ending)


def last_position_of(pattern: Text, text: Text) -> int | None:
    return None if pattern is None or text is None else text.rfind(pattern)


def substring(text: Text, start: int | None, length: int | None = LENGTH_LIMIT) -> Text:
    if text is None or start is None or length is None or not 0 <= start < len(text):
        return None
    return text[start : start + max(length, 0)]


def matches(text: Text, pattern: Text, budget: list[int]) -> bool | None:
    """Whether a part of the text matches; `^` and `$` bind a pattern to the whole."""
    if text is None or pattern is None:
        return None
    return search(_read(pattern), text, 0, budget) is not None


def replace_matches(text: Text, pattern: Text, substitution: Text, budget: list[int]) -> Text:
    """Every match replaced; `$1` in the substitution stands for the first group, `$0` for the match."""
    if text is None or pattern is None or substitution is None:
        return None
    read = _read(pattern)
    try:
        parts = read_substitution(substitution, read.groups)
    except PatternError as problem:
        raise EvaluationFailure(str(problem)) from None
    made, size, end = [], len(text), 0
    for places in matches_in(read, text, budget):
        new = "".join(
            part if isinstance(part, str) else text[max(places[2 * part], 0) : max(places[2 * part + 1], 0)]
            for part in parts
        )
        made += [text[end : places[0]], new]
        end = places[1]
        size += len(new)
        if size > 2 * LENGTH_LIMIT:
            break
    result = "".join((*made, text[end:]))
    if len(result) > LENGTH_LIMIT:
        raise EvaluationFailure(f"A text grew beyond {LENGTH_LIMIT} characters.")
    return result


def split_on_matches(text: Text, pattern: Text, budget: list[int]) -> list[str] | None:
    """The parts between the matches. A match of nothing separates nothing."""
    if text is None:
        return None
    if pattern is None:
        return [text]
    parts, start = [], 0
    for places in matches_in(_read(pattern), text, budget):
        if places[1] > places[0]:
            parts.append(text[start : places[0]])
            start = places[1]
    return [*parts, text[start:]]


def _read(pattern: str) -> Pattern:
    try:
        return read_pattern(pattern)
    except PatternError as problem:
        raise EvaluationFailure(str(problem)) from None
