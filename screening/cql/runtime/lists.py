"""Lists in, lists out. A list is never changed, and none grows beyond a bound."""

from __future__ import annotations

import itertools
import math
from typing import Any

from screening.cql.dates import PartialDate
from screening.cql.errors import EvaluationFailure
from screening.cql.quantities import Quantity, Uncertainty
from screening.cql.runtime.comparison import equal, identity, measure

Items = list[Any] | None
LENGTH_LIMIT = 1_000_000
# Steps for each part of each combination: to make them and tell them apart takes so much longer.
COST_OF_A_PART = 4


def first(items: Items) -> Any:
    return items[0] if items else None


def last(items: Items) -> Any:
    return items[-1] if items else None


def list_length(items: Items) -> int:
    return 0 if items is None else len(items)


def distinct(items: Items) -> Items:
    """Each value once, in the order of first appearance; nulls count as one value."""
    if items is None:
        return None
    seen: dict[object, Any] = {}
    for item in items:
        seen.setdefault(identity(item), item)
    return list(seen.values())


def flatten(items: Items) -> Items:
    if items is None:
        return None
    if sum(len(inner) for inner in items if inner is not None) > LENGTH_LIMIT:
        raise EvaluationFailure("A list grew beyond a million elements.")
    return [item for inner in items if inner is not None for item in inner]


def product(sources: dict[str, Any] | None, lists: tuple[str, ...], budget: list[int]) -> Any:
    """Every combination of one element of each of the lists and the single values; the first changes last.

    Null where a source is. Without lists the tuple is its only combination.
    """
    if sources is None or any(source is None for source in sources.values()):
        return None
    if not lists:
        return sources
    each = [source if name in lists else (source,) for name, source in sources.items()]
    size = math.prod(map(len, each))
    budget[0] -= COST_OF_A_PART * size * len(each)
    if size > LENGTH_LIMIT or budget[0] < 0:
        raise EvaluationFailure("The sources of a query have too many combinations.")
    return [dict(zip(sources, row, strict=True)) for row in itertools.product(*each)]


def union(a: Items, b: Items) -> Items:
    """What is in either, each once. Null counts as an empty list."""
    return distinct([*(a or ()), *(b or ())])


def intersect(a: Items, b: Items) -> Items:
    if a is None or b is None:
        return None
    kept = {identity(item) for item in b}
    return distinct([item for item in a if identity(item) in kept])


def except_(a: Items, b: Items) -> Items:
    if a is None:
        return None
    removed = {identity(item) for item in b or ()}
    return distinct([item for item in a if identity(item) not in removed])


# The same for numbers, texts and truth values, which are their own keys.


def distinct_plain(items: Items) -> Items:
    return None if items is None else list(dict.fromkeys(items))


def union_plain(a: Items, b: Items) -> Items:
    return list(dict.fromkeys([*(a or ()), *(b or ())]))


def intersect_plain(a: Items, b: Items) -> Items:
    if a is None or b is None:
        return None
    kept = set(b)
    return list(dict.fromkeys([item for item in a if item in kept]))


def except_plain(a: Items, b: Items) -> Items:
    if a is None:
        return None
    removed = set(b or ())
    return list(dict.fromkeys([item for item in a if item not in removed]))


def index_of(items: Items, value: Any) -> int | None:
    if items is None or value is None:
        return None
    return next((place for place, item in enumerate(items) if equal(item, value)), -1)


def list_index(items: Items, place: int | None) -> Any:
    """Counted from 0; null outside the list."""
    if items is None or place is None or not 0 <= place < len(items):
        return None
    return items[place]


def skip(items: Items, number: int | None) -> Items:
    return None if items is None else items[max(number or 0, 0) :]


def slice_list(items: Items, start: int | None = None, end: int | None = None) -> Items:
    """From `start` to before `end`; null is the first and the last; negative places count from the end."""
    return None if items is None else items[start:end]


def tail(items: Items) -> Items:
    return None if items is None else items[1:]


def take(items: Items, number: int | None) -> Items:
    return None if items is None else items[: max(number or 0, 0)]


def sort_by_keys(keyed: list[tuple[Any, ...]], descending: tuple[bool, ...]) -> list[Any]:
    """Stable; nulls come first when ascending, and the less precise of two dates before the other."""
    for place in reversed(range(len(descending))):
        keyed.sort(key=lambda entry: _sort_key(entry[place + 1]), reverse=descending[place])
    return [entry[0] for entry in keyed]


def _sort_key(value: Any) -> tuple[Any, ...]:
    if value is None:
        return (0,)
    if isinstance(value, PartialDate):
        return (1, value.utc_parts())
    if isinstance(value, Quantity):
        return (1, *measure(value))
    return (1, value.low if isinstance(value, Uncertainty) else value)


def singleton(items: Items) -> Any:
    if items and len(items) > 1:
        raise EvaluationFailure(f"One element was expected, but the list has {len(items)}.")
    return items[0] if items else None


def null_of_nulls(items: Items) -> None:
    """Spread of amounts of time: defined for a list without values only, everything else has two units."""
    if items and any(item is not None for item in items):
        raise EvaluationFailure("The spread of amounts of time is outside the subset; use numbers of days.")
