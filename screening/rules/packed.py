"""Answer documents by columns: what very many of them say, each distinct answer written once.

A pack is made from documents as they were judged and says nothing else: `document` gives each back. It
holds the items that it was asked to hold. Entries of a repeating group are rows of their own, so that a
treatment is read as its class, its weeks, its outcome. What has another shape than its question could have
given is kept as it is.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from screening.cql.columns import Coded
from screening.cql.grouping import Rows

LAYOUT = 1
_WIDTHS = ("<u1", "<u2", "<u4")
_QUICKEST = 1  # of zlib's levels: the others take longer than reading what they save


class Document(NamedTuple):
    """What is judged, and the name by which a move is reported."""

    name: str
    answers: Mapping[str, Any]
    as_of: dt.date
    standing_red_flags: tuple[tuple[str, int], ...] = ()
    cleared: tuple[tuple[str, str], ...] = ()


class UnreadableError(ValueError):
    """Bytes that are no pack, or one of another layout: it has to be made again."""


@dataclass
class Entries:
    """The entries of a group: how many each row has (-1 where it has no list), and each field by entry."""

    lengths: Rows
    fields: dict[str, Coded]

    def __post_init__(self) -> None:
        counts = np.maximum(self.lengths, 0)
        self.total = int(counts.sum())
        self.starts = np.cumsum(counts) - counts


@dataclass
class Pack:
    """Row r of everything is one document. Values are JSON as they were stored; None is no answer."""

    names: list[str]
    days: Coded
    standing: Coded
    cleared: Coded
    answers: dict[str, Coded]
    groups: dict[str, Entries] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.names)

    @property
    def items(self) -> frozenset[str]:
        return frozenset(self.answers)

    def documents(self) -> Iterator[Document]:
        return map(self.document, range(self.size))

    def document(self, row: int) -> Document:
        answers = {name: value for name in self.answers if (value := self._answer(name, row)) is not None}
        standing = tuple((item, tier) for item, tier in _at(self.standing, row))
        cleared = tuple((item, answer) for item, answer in _at(self.cleared, row))
        day = dt.date.fromisoformat(_at(self.days, row))
        return Document(self.names[row], answers, day, standing, cleared)

    def _answer(self, name: str, row: int) -> Any:
        group = self.groups.get(name)
        if group is None or group.lengths[row] < 0:
            return _at(self.answers[name], row)
        start = int(group.starts[row])
        return [
            {
                inner: value
                for inner, column in group.fields.items()
                if (value := _at(column, place)) is not None
            }
            for place in range(start, start + int(group.lengths[row]))
        ]

    # --- as bytes -------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        arrays: list[bytes] = []

        def told(column: Coded) -> list[Any]:
            width = next(each for each in _WIDTHS if len(column.values) <= 256 ** int(each[-1]))
            arrays.append(column.codes.astype(width).tobytes())
            return [width, column.values]

        head = {
            "layout": LAYOUT,
            "names": self.names,
            "days": told(self.days),
            "standing": told(self.standing),
            "cleared": told(self.cleared),
            "answers": {name: told(column) for name, column in self.answers.items()},
            "groups": {
                name: [
                    told(Coded(group.lengths + 1, [None] * (int(group.lengths.max(initial=0)) + 2))),
                    {inner: told(column) for inner, column in group.fields.items()},
                ]
                for name, group in self.groups.items()
            },
        }
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        return zlib.compress(b"".join([len(text).to_bytes(4, "little"), text, *arrays]), _QUICKEST)

    @classmethod
    def from_bytes(cls, data: bytes) -> Pack:
        """Raises UnreadableError."""
        try:
            return cls._read(zlib.decompress(data))
        except (zlib.error, ValueError, LookupError, TypeError) as problem:
            raise UnreadableError("These bytes are no pack of this layout.") from problem

    @classmethod
    def _read(cls, data: bytes) -> Pack:
        place = 4 + int.from_bytes(data[:4], "little")
        head = json.loads(data[4:place])
        if head["layout"] != LAYOUT:
            raise ValueError("another layout")

        def heard(told: list[Any], size: int) -> Coded:
            nonlocal place
            kind = np.dtype(told[0])
            codes = np.frombuffer(data, kind, size, place).astype(np.intp)
            place += size * kind.itemsize
            return Coded(codes, told[1])

        names = head["names"]
        days, standing, cleared = (heard(head[part], len(names)) for part in ("days", "standing", "cleared"))
        answers = {name: heard(told, len(names)) for name, told in head["answers"].items()}
        groups = {}
        for name, (lengths, fields) in head["groups"].items():
            many = heard(lengths, len(names)).codes - 1
            total = int(np.maximum(many, 0).sum())
            groups[name] = Entries(many, {inner: heard(told, total) for inner, told in fields.items()})
        return cls(names, days, standing, cleared, answers, groups)


def _at(column: Coded, row: int) -> Any:
    return column.values[int(column.codes[row])]


class _Writer:
    """One column while it grows. JSON values are told apart as JSON tells them: 1, 1.0 and true are three."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.codes: list[int] = []
        self.values: list[Any] = [None]
        self._code_of: dict[Any, int] = {}

    def add(self, row: int, value: Any) -> None:
        """The value of a row; there is none in the rows that are left out."""
        key = value if type(value) is str else _key(value)
        code = self._code_of.get(key)
        if code is None:
            code = self._code_of[key] = len(self.values)
            self.values.append(value)
        self.rows.append(row)
        self.codes.append(code)

    def column(self, size: int) -> Coded:
        codes = np.zeros(size, np.intp)
        codes[self.rows] = self.codes
        return Coded(codes, self.values)


def _key(value: Any) -> Any:
    """Equal for values that JSON writes alike. The usual kinds are not written for it: that takes longest."""
    kind = type(value)
    if kind is int or kind is bool:
        return kind, value
    if kind is list and all(type(each) is str for each in value):
        return kind, *value
    return (json.dumps(value, sort_keys=True),)


def pack(documents: Iterable[Document], *, items: Iterable[str], groups: Iterable[str]) -> Pack:
    """The documents with their answers to these items; `groups` are those that hold lists of entries."""
    columns = {name: _Writer() for name in items}
    opened = {name: _OpenGroup(columns[name]) for name in groups if name in columns}
    adding = {name: opened.get(name, column).add for name, column in columns.items()}
    names: list[str] = []
    days, standing, cleared = _Writer(), _Writer(), _Writer()
    for row, document in enumerate(documents):
        names.append(document.name)
        days.add(row, document.as_of.isoformat())
        standing.add(row, [list(pair) for pair in document.standing_red_flags])
        cleared.add(row, [list(pair) for pair in document.cleared])
        for name, value in document.answers.items():
            if value is not None and (add := adding.get(name)) is not None:
                add(row, value)
    size = len(names)
    return Pack(
        names,
        days.column(size),
        standing.column(size),
        cleared.column(size),
        {name: column.column(size) for name, column in columns.items()},
        {name: group.entries(size) for name, group in opened.items()},
    )


def _is_entry(value: Any) -> bool:
    """With a null written out it could not be told from one without that field."""
    return type(value) is dict and None not in value.values()


class _OpenGroup:
    """The entries of a group while they come. What is no list of entries goes whole into its column."""

    def __init__(self, whole: _Writer) -> None:
        self._whole = whole
        self._rows: list[int] = []
        self._lengths: list[int] = []
        self._fields: dict[str, _Writer] = {}
        self._total = 0

    def add(self, row: int, value: Any) -> None:
        if type(value) is not list or not all(map(_is_entry, value)):
            self._whole.add(row, value)
            return
        self._rows.append(row)
        self._lengths.append(len(value))
        for entry in value:
            for name, inner in entry.items():
                column = self._fields.get(name)
                if column is None:
                    column = self._fields[name] = _Writer()
                column.add(self._total, inner)
            self._total += 1

    def entries(self, size: int) -> Entries:
        lengths = np.full(size, -1, np.intp)
        lengths[self._rows] = self._lengths
        fields = {name: column.column(self._total) for name, column in self._fields.items()}
        return Entries(lengths, fields)
