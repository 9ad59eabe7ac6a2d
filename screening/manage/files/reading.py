"""Reads a file that somebody brings: a small part of YAML, as plain JSON values and nothing else.

Only the events of the safe loader's scanner are used, so nothing in a file can name an object to be made.
What a definition never needs is refused with its line: anchors and aliases, tags, a name that stands
twice, several documents. Values are read as YAML 1.2 does: `yes` and `2026-01-01` stay the text they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from django.utils.translation import gettext as _

from screening.questionnaires.seed_files import SAFE

LARGEST = 1024 * 1024  # bytes of one file
DEEPEST = 40
MOST_VALUES = 30_000  # a questionnaire of 80 questions has about 5,000
LONGEST_NUMBER = 40  # digits
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
# A part of what YAML 1.1 takes for a number, so that whatever is written plain there is the same here.
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]*([eE][-+][0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
# PostgreSQL's jsonb holds no NUL; half of a pair of surrogates is no sign at all.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Unreadable(ValueError):
    """`str()` says what is wrong, `line` where (counted from 1; 0 when it is the file as a whole)."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.line = line


def read(raw: bytes) -> tuple[Any, Lines]:
    """The value of a file, and at which line each part of it stands. Raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable(_("The file is larger than 1 MB."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(_("This is not a text in UTF-8."), line) from error
    try:
        return _Reader(text).whole()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context or ""
        raise Unreadable(_("This is not YAML: %s.") % said, mark.line + 1 if mark else 0) from error
    except yaml.YAMLError as error:  # a sign that no text may hold
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        raise Unreadable(_("This holds a sign that no text may hold."), line) from error


Lines = dict[tuple[str | int, ...], int]


class _Reader:
    """One file, event by event: whatever is too much is refused before it is built."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=SAFE)
        self._values = 0
        self._lines: Lines = {}

    def whole(self) -> tuple[Any, Lines]:
        next(self._events)  # the stream begins
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise Unreadable(_("The file is empty."))
        value = self._value(next(self._events), ())
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise Unreadable(_("There is more than one document in this file."), _line(after))
        return value, self._lines

    def _value(self, event: Any, path: tuple[str | int, ...]) -> Any:
        line = _line(event)
        self._lines[path] = line
        self._values += 1
        if self._values > MOST_VALUES:
            raise Unreadable(_("There is more in this file than a definition can hold."), line)
        if len(path) > DEEPEST:
            raise Unreadable(_("The parts of this file are nested too deep."), line)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise Unreadable(_("Write the value out: references (& and *) are not read."), line)
        if event.tag is not None:
            raise Unreadable(_("A type (!) may not be named: %s.") % event.tag[:40], line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event, line)

    def _mapping(self, path: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            line = _line(key)
            if not isinstance(key, yaml.ScalarEvent) or key.tag is not None or key.anchor is not None:
                raise Unreadable(_("A name has to be a plain word."), line)
            name = _storable(key.value, line)
            if name in found:
                raise Unreadable(_("“%s” is there twice.") % name[:40], line)
            found[name] = self._value(next(self._events), (*path, name))
        return found

    def _sequence(self, path: tuple[str | int, ...]) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found


def _scalar(event: Any, line: int) -> Any:
    text: str = _storable(event.value, line)
    if not event.implicit[0]:  # it was quoted, or a block
        return text
    if text in _WORDS:
        return _WORDS[text]
    whole = _INTEGER.fullmatch(text)
    if not whole and not _DECIMAL.fullmatch(text):
        return text
    if len(text) > LONGEST_NUMBER:
        raise Unreadable(_("A number may have 40 digits at most."), line)
    number = int(text) if whole else float(text)
    if number in (float("inf"), float("-inf")):
        raise Unreadable(_("This number is too large."), line)
    return number


def _storable(text: str, line: int) -> str:
    if _UNSTORABLE.search(text):
        raise Unreadable(_("This holds a sign that no text may hold."), line)
    return text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
