"""Python values written as CQL, so that data can be put into a rule's text without touching its meaning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from screening.cql.dates import Date, DateTime
from screening.cql.quantities import Quantity
from screening.cql.runtime.conversions import decimal_text
from screening.cql.words import quote_if_needed, quote_string


def to_cql_literal(value: object) -> str:
    """The literal that reads back as the value; a value CQL cannot write is a TypeError."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, str):
        return quote_string(value)
    if isinstance(value, Date | DateTime):
        return f"@{value}"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return f"@{value.isoformat()}"
    if isinstance(value, Quantity):
        return str(value)
    if isinstance(value, list | tuple):
        return "{" + ", ".join(map(to_cql_literal, value)) + "}"
    if isinstance(value, Mapping):
        elements = (f"{quote_if_needed(name)}: {to_cql_literal(item)}" for name, item in value.items())
        return "Tuple{" + ", ".join(elements) + "}"
    raise TypeError(f"CQL has no literal for a {type(value).__name__}.")
