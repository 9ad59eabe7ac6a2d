"""Columns: the same value of very many rows, kept so that equal ones are computed once.

Most answers are one of a few. So a column is an array of small numbers into a list of the values that
occur, an operation is computed once for each combination of values that occurs together, and what it gave
is spread over the rows. Lists and tuples are kept in parts for as long as nothing asks for them whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from screening.cql.dates import Date
from screening.cql.grouping import Rows, grouped, spans
from screening.cql.quantities import Uncertainty

Mask = npt.NDArray[np.bool_]
FEW = 64  # so few values are computed rather than looked for among the rows

_HASHED = frozenset({bool, int, str, type(None), Date, Uncertainty})


class Column:
    """One value for each row. Null is a value like any other."""

    __slots__ = ()

    def take(self, rows: Rows) -> Column:
        """The same for these rows, in this order; a row may come more than once."""
        raise NotImplementedError

    def boxed(self) -> Coded:
        """As whole values."""
        raise NotImplementedError

    @property
    def known(self) -> Mask:
        """Where there is a value."""
        raise NotImplementedError


@dataclass(slots=True, eq=False)
class Coded(Column):
    """Row r holds `values[codes[r]]`. A value may be there twice, or for no row at all."""

    codes: Rows
    values: list[Any]

    def take(self, rows: Rows) -> Coded:
        return Coded(self.codes[rows], self.values)

    def boxed(self) -> Coded:
        return self

    @property
    def known(self) -> Mask:
        return self.where(lambda value: value is not None)

    def where(self, test: Callable[[Any], bool]) -> Mask:
        """The rows whose value passes."""
        passed = np.fromiter(map(test, self.values), np.bool_, len(self.values))
        return passed[self.codes]

    @property
    def true(self) -> Mask:
        return self.where(lambda value: value is True)

    def listed(self) -> list[Any]:
        """The values of all rows."""
        return list(map(self.values.__getitem__, self.codes.tolist()))


class Ragged(Column):
    """A list for each row: its length, -1 where it is null, and all elements one after another."""

    __slots__ = ("elements", "lengths")

    def __init__(self, lengths: Rows, elements: Column) -> None:
        self.lengths = lengths
        self.elements = elements

    @property
    def counts(self) -> Rows:
        return np.maximum(self.lengths, 0)

    @property
    def owners(self) -> Rows:
        """The row of each element."""
        return np.repeat(np.arange(len(self.lengths)), self.counts)

    def take(self, rows: Rows) -> Ragged:
        counts = self.counts
        starts = np.cumsum(counts) - counts
        return Ragged(self.lengths[rows], self.elements.take(spans(starts[rows], counts[rows])))

    def boxed(self) -> Coded:
        """Rows with lists of one length are put together at once."""
        elements, counts = self.elements.boxed(), self.counts
        starts = np.cumsum(counts) - counts
        codes = np.zeros(len(counts), np.intp)
        lists: list[Any] = []
        for length in np.unique(self.lengths).tolist():
            rows = np.flatnonzero(self.lengths == length)
            parts = [elements.take(starts[rows] + place) for place in range(length)]
            numbers, first = grouped(parts, len(rows))
            codes[rows] = numbers + len(lists)
            found = np.array([part.codes[first] for part in parts], np.intp).T.tolist()
            whole: list[Any] = [[elements.values[code] for code in each] for each in found]
            lists += whole or [None if length < 0 else []]
        return Coded(codes, lists)

    @property
    def known(self) -> Mask:
        return self.lengths >= 0

    def held(self) -> Rows:
        """How many elements that are not null each row has; none where it has no list."""
        return np.bincount(self.owners[self.elements.known], minlength=len(self.lengths))


class Record(Column):
    """A tuple for each row, by field. A field is null wherever the tuple is."""

    __slots__ = ("_fields", "_known", "_rows", "_taken")

    def __init__(self, known: Mask, fields: Mapping[str, Column], rows: Rows | None = None) -> None:
        self._known = known
        self._fields = fields
        self._rows = rows
        self._taken: dict[str, Column] = {}

    @property
    def known(self) -> Mask:
        return self._known

    def field(self, name: str) -> Column:
        """Taken when somebody reads it: a query passes on far more fields than it looks at."""
        if self._rows is None:
            return self._fields[name]
        if name not in self._taken:
            self._taken[name] = self._fields[name].take(self._rows)
        return self._taken[name]

    def take(self, rows: Rows) -> Record:
        return Record(self._known[rows], self._fields, rows if self._rows is None else self._rows[rows])

    def boxed(self) -> Coded:
        names = [*self._fields]
        known = Coded(self._known.astype(np.intp), [False, True])
        return computed(
            lambda known, *values: dict(zip(names, values, strict=True)) if known else None,
            [known, *(self.field(name).boxed() for name in names)],
            len(self._known),
        )


def blanked(column: Column, rows: Mask) -> Column:
    """The same with null in these rows."""
    if isinstance(column, Ragged):
        kept = np.flatnonzero(~rows[column.owners])
        return Ragged(np.where(rows, -1, column.lengths), column.elements.take(kept))
    whole = column.boxed()
    return Coded(np.where(rows, len(whole.values), whole.codes), [*whole.values, None])


def constant(value: Any, size: int) -> Coded:
    return Coded(np.zeros(size, np.intp), [value])


def coded(values: Sequence[Any]) -> Coded:
    """A value for each row, one by one."""
    kinds = set(map(type, values)) - {type(None)}
    if len(kinds) < 2 and kinds <= _HASHED:  # then values that are equal are the same
        keys: Sequence[Any] = values
        if Date in kinds:  # its parts say all of it, and are hashed more quickly
            keys = [value and value.parts for value in values]
        value_of = dict(zip(keys, values, strict=True))
        code_of = dict(zip(value_of, range(len(value_of)), strict=True))
        codes = np.fromiter(map(code_of.__getitem__, keys), np.intp, len(values))
        return Coded(codes, [*value_of.values()])
    kept = Values()
    return Coded(np.fromiter(map(kept.code, values), np.intp, len(values)), kept.values)


class Values:
    """Values that are given a number each, equal ones of one type the same."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._codes: dict[Any, int] = {}

    def code(self, value: Any) -> int:
        kind = type(value)
        if kind is Decimal:  # 1.0 and 1.00 are equal, but not the same
            key: Any = (kind, str(value))
        elif kind in _HASHED:
            key = (kind, value)
        else:
            self.values.append(value)
            return len(self.values) - 1
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = len(self.values)
            self.values.append(value)
        return code


def computed(
    function: Callable[..., Any],
    columns: Sequence[Coded],
    size: int,
    failed: Callable[[Rows], None] | None = None,
) -> Coded:
    """The function of each row's values, called once for each combination, or for each value of a short list.

    Where it raises the row becomes null and is reported to `failed`; without that the error is raised.
    """
    if len(columns) == 1 and len(columns[0].values) <= FEW:
        numbers, arguments = columns[0].codes, [columns[0].values]
    else:
        numbers, first = grouped(columns, size)
        arguments = [column.take(first).listed() for column in columns]
    try:
        results = list(map(function, *arguments))
    except Exception:
        if failed is None:
            raise
        results, wrong = _one_by_one(function, zip(*arguments, strict=True))
        failed(np.flatnonzero(np.isin(numbers, wrong)))
    found = coded(results)
    return Coded(found.codes[numbers], found.values)


def _one_by_one(
    function: Callable[..., Any], combinations: Iterable[tuple[Any, ...]]
) -> tuple[list[Any], list[int]]:
    """What each gives, null where it raises, and the places where it does."""
    results: list[Any] = []
    wrong: list[int] = []
    for place, combination in enumerate(combinations):
        try:
            results.append(function(*combination))
        except Exception:  # noqa: BLE001  whatever it is, the row is judged by itself and fails there visibly
            results.append(None)
            wrong.append(place)
    return results, wrong


def merged(pieces: Sequence[tuple[Rows, Column]], size: int) -> Column:
    """One column out of pieces, each with the rows that it is of; together they are all rows."""
    pieces = [(rows, column) for rows, column in pieces if len(rows)]
    if len(pieces) == 1:
        return pieces[0][1]
    kept = Values()
    codes = np.zeros(size, np.intp)
    for rows, column in pieces:
        whole = column.boxed()
        renamed = np.fromiter(map(kept.code, whole.values), np.intp, len(whole.values))
        codes[rows] = renamed[whole.codes]
    return Coded(codes, kept.values)


def ragged(column: Column) -> Ragged:
    """Lists as their elements."""
    if isinstance(column, Ragged):
        return column
    whole = column.boxed()
    lengths = np.array([-1 if value is None else len(value) for value in whole.values], np.intp)
    counts = np.maximum(lengths, 0)
    starts = np.cumsum(counts) - counts
    kept = Values()
    renamed = [kept.code(item) for value in whole.values if value is not None for item in value]
    places = spans(starts[whole.codes], counts[whole.codes])
    return Ragged(lengths[whole.codes], Coded(np.array(renamed, np.intp)[places], kept.values))
