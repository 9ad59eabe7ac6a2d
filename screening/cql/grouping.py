"""Rows that are alike, found by the numbers that stand for their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from screening.cql.columns import Coded

Rows = npt.NDArray[np.intp]
_LARGEST_KEY = 2**62


def grouped(columns: Sequence[Coded], size: int) -> tuple[Rows, Rows]:
    """For each row the number of its combination of values, and for each combination a row that has it."""
    several = [(column.codes, len(column.values)) for column in columns if len(column.values) > 1]
    if not several:
        return np.zeros(size, np.intp), np.zeros(min(size, 1), np.intp)
    (key, reach), *others = several
    for codes, many in others:
        if reach * many > _LARGEST_KEY:
            first, key = _numbered(key, reach, size)
            reach = len(first)
        key = key * many + codes
        reach *= many
    first, numbers = _numbered(key, reach, size)
    return numbers, first


def _numbered(key: Rows, reach: int, size: int) -> tuple[Rows, Rows]:
    """A row for each key that occurs, and the keys as numbers without gaps."""
    if reach > 4 * size + 1024:
        _, first, numbers = np.unique(key, return_index=True, return_inverse=True)
        return first, numbers
    row_of = np.full(reach, -1, np.intp)
    row_of[key] = np.arange(size)
    found = np.flatnonzero(row_of >= 0)
    number_of = np.zeros(reach, np.intp)
    number_of[found] = np.arange(len(found))
    return row_of[found], number_of[key]


def spans(starts: Rows, counts: Rows) -> Rows:
    """Every number from each start on, as many as its count: 3, 4, 5 and then 9 of (3, 9) and (3, 1)."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    places: Rows = np.repeat(starts - ends + counts, counts) + np.arange(total)
    return places
