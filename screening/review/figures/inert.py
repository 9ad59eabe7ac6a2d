"""Tables as CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float
# What makes a spreadsheet run a cell, also behind blanks, which some programs drop (OWASP: CSV injection).
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(text: str) -> str:
    """The same words, with an apostrophe in front where a spreadsheet would run them."""
    return f"'{text}" if text.startswith(STARTS) or text.lstrip().startswith(STARTS) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Every cell quoted. A number stays a number, so a minus of ours is no formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()
