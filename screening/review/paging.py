"""Keyset paging: a page starts after the last row of the one before, however deep it lies."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.lookups import GreaterThan, LessThan

from screening.cases.models import URGENCY, Case

SIGN = "~"


class Row(Func):
    """Several values compared as one, which an index over the same columns answers by itself."""

    template = "(%(expressions)s)"
    output_field = BooleanField()  # of no meaning: a row is only ever compared


@dataclasses.dataclass(frozen=True)
class Order:
    """The fields a list is sorted by, all in one direction. The last is the key: no two rows are equal."""

    names: tuple[str, ...]
    newest_first: bool = False

    @property
    def fields(self) -> list[str]:
        """As Django's order_by takes them."""
        return [f"-{name}" if self.newest_first else name for name in self.names]

    def mark(self, case: Case) -> str:
        """Where this case stands in the list, fit for an address."""
        values = [getattr(case, name) for name in self.names]
        return SIGN.join(value.isoformat() if isinstance(value, datetime) else str(value) for value in values)

    def beyond(self, mark: str) -> Q:
        """Rows after a mark. A mark that is no mark starts at the beginning: it came from the address."""
        values = self.values(mark)
        if values is None:
            return Q()
        comparison = LessThan if self.newest_first else GreaterThan
        return Q(comparison(Row(*map(F, self.names)), Row(*map(Value, values))))

    def values(self, mark: str) -> list[Any] | None:
        """What the row of this mark is sorted by; None when it is no mark."""
        parts = mark.split(SIGN)
        if len(parts) != len(self.names):
            return None
        try:
            return [READ[name](part) for name, part in zip(self.names, parts, strict=True)]
        except (ValueError, OverflowError):
            return None


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without its zone names no moment")
    return at


def _whole(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**31:
        raise ValueError("no row has such a number")
    return number


READ: Mapping[str, Callable[[str], Any]] = {
    "rank": _whole,
    "due_at": _moment,
    "waiting_since": _moment,
    "started_at": _moment,
    "submitted_at": _moment,
    "id": _whole,
}
MOST_URGENT = Order(URGENCY)
NEWEST = Order(("started_at", "id"), newest_first=True)
