"""From one type to another. What cannot be converted is null, never an error."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from screening.cql.dates import Date, DateTime, PartialDate
from screening.cql.quantities import UCUM_UNITS, Quantity, calendar_unit
from screening.cql.runtime.numbers import as_decimal, as_integer

_INTEGER = re.compile(r"[+-]?\d{1,10}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,28}(\.\d{1,28})?", re.ASCII)
_QUANTITY = re.compile(r"([+-]?\d{1,28}(?:\.\d{1,28})?)\s*(?:'([^']*)'|([a-z]+))", re.ASCII)
_TRUE = frozenset(("true", "t", "yes", "y", "1"))
_FALSE = frozenset(("false", "f", "no", "n", "0"))


def to_string(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, DateTime):
        return str(value).removesuffix("T")
    return str(value)


def decimal_text(value: Decimal) -> str:
    """A Decimal always shows its point, so that it is read back as one."""
    text = f"{value:f}"
    return text if "." in text else f"{text}.0"


def to_boolean(value: str | int | Decimal | None) -> bool | None:
    if isinstance(value, str):
        word = value.lower()
        return True if word in _TRUE else False if word in _FALSE else None
    return None if value not in (0, 1) else value == 1


def to_integer(value: Any) -> int | None:
    if isinstance(value, str):
        return as_integer(int(value)) if _INTEGER.fullmatch(value) else None
    return None if value is None else int(value)


def to_decimal(value: Any) -> Decimal | None:
    if isinstance(value, str):
        return as_decimal(Decimal(value)) if _DECIMAL.fullmatch(value) else None
    return None if value is None else Decimal(int(value))


def integer_to_decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def to_date(value: str | PartialDate | None) -> Date | None:
    if isinstance(value, PartialDate):
        return Date(*value.parts[:3])
    try:
        return None if value is None else Date.parse(value)
    except ValueError:
        return None


def date_to_date_time(value: Date | None) -> DateTime | None:
    """The time stays unknown: a date is not midnight."""
    return None if value is None else DateTime(*value.parts)


def to_date_time(value: str | None) -> DateTime | None:
    try:
        return None if value is None else DateTime.parse(value)
    except ValueError:
        return None


def to_quantity(value: str | None) -> Quantity | None:
    match = None if value is None else _QUANTITY.fullmatch(value)
    if match is None:
        return None
    number, code, word = match.groups()
    amount = as_decimal(Decimal(number))
    known = code in UCUM_UNITS if code is not None else calendar_unit(word)
    return Quantity(amount, code or word) if known and amount is not None else None
