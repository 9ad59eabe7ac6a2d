"""One way to write a value as bytes, so that a hash means the same on every machine and in ten years."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8; dates and decimals as strings, no infinities.

    Decimals are written as strings because a database may hand `6.0` back as `6`; a string stays itself.
    """
    text = json.dumps(
        value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
    )
    return text.encode("utf-8")


def sha256_of(content: object) -> str:
    return hashlib.sha256(canonical_json(content)).hexdigest()


def _plain(value: Any) -> object:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be written as canonical JSON")
