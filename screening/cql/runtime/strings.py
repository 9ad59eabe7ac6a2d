"""Text. Null in, null out; places count from 0."""

from __future__ import annotations

from screening.cql.errors import EvaluationFailure

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


def position_of(pattern: Text, text: Text) -> int | None:
    return None if pattern is None or text is None else text.find(pattern)


def last_position_of(pattern: Text, text: Text) -> int | None:
    return None if pattern is None or text is None else text.rfind(pattern)


def substring(text: Text, start: int | None, length: int | None = LENGTH_LIMIT) -> Text:
    if text is None or start is None or length is None or not 0 <= start < len(text):
        return None
    return text[start : start + max(length, 0)]
