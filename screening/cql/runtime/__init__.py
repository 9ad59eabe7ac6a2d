"""What the operators do. One plain function for each run-time operation of the signature table, but for
those that are always written into the generated source (see `inline.py`).

Every function takes and gives Python values (None is null), reads nothing else and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import isfunction
from typing import Any

from screening.cql.runtime import (
    aggregates,
    arithmetic,
    calendar,
    comparison,
    conversions,
    durations,
    lists,
    logic,
    membership,
    numbers,
    strings,
    timing,
    uncertain,
)

_MODULES = (
    logic, comparison, membership, arithmetic, numbers, uncertain, aggregates, lists, strings, timing,
    calendar, durations, conversions,
)  # fmt: skip

OPERATIONS: dict[str, Callable[..., Any]] = {
    name: function
    for module in _MODULES
    for name, function in vars(module).items()
    if isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
}
