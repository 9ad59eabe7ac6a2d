"""Amounts of time, such as `3 months`, and integers of which only the bounds are known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# Calendar words and the UCUM codes for definite durations; the canonical form is the singular word.
CALENDAR_UNITS = ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")
UCUM_UNITS = {"a": "year", "mo": "month", "wk": "week", "d": "day", "h": "hour", "min": "minute"}
UCUM_UNITS |= {"s": "second", "ms": "millisecond"}
_SINGULAR = {f"{unit}s": unit for unit in CALENDAR_UNITS} | {unit: unit for unit in CALENDAR_UNITS}


def calendar_unit(word: str) -> str | None:
    """`months` and `month` are both `month`; None for a word that is no calendar unit."""
    return _SINGULAR.get(word)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with a unit of time, `month` and `months` alike. Other units are refused."""

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in _SINGULAR and self.unit not in UCUM_UNITS:
            raise ValueError(f"{self.unit!r} is not a unit of time.")
        if not isinstance(self.value, Decimal):
            object.__setattr__(self, "value", Decimal(self.value))
        object.__setattr__(self, "unit", _SINGULAR.get(self.unit, self.unit))

    @property
    def calendar(self) -> str:
        """The calendar word nearest to the unit: `mo` and `months` are both `month`."""
        return UCUM_UNITS.get(self.unit, self.unit)

    @property
    def is_definite(self) -> bool:
        """A UCUM month is a fixed number of days, a calendar month is not: they can never be equal."""
        return self.unit in UCUM_UNITS

    def __str__(self) -> str:
        if self.is_definite:
            return f"{self.value:f} '{self.unit}'"
        return f"{self.value:f} {self.unit}{'' if abs(self.value) == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """A whole number somewhere from `low` to `high`: what "months since 2019" really is.

    It lives inside an evaluation only. Comparing it gives null where the bounds do not decide, and a
    definition whose value is still uncertain at the end is null to the caller.
    """

    low: int
    high: int
