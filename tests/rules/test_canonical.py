"""One value, one text, one hash."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from screening import cql
from screening.rules.assessment import ENGINE_VERSION
from screening.rules.canonical import canonical_json, sha256_of


def test_order_of_keys_and_spacing_mean_nothing() -> None:
    assert canonical_json({"b": 1, "a": [True, None]}) == b'{"a":[true,null],"b":1}'
    assert sha256_of({"b": 1, "a": 2}) == sha256_of(json.loads(' { "a" : 2, "b" : 1 } '))


def test_text_is_utf8_as_it_is() -> None:
    assert canonical_json("café") == '"café"'.encode()


def test_dates_and_decimals_are_text() -> None:
    assert canonical_json([dt.date(2026, 6, 15), Decimal("6.30")]) == b'["2026-06-15","6.30"]'


def test_what_has_no_order_is_written_in_one() -> None:
    assert canonical_json({"a": {"c", "b"}, "b": frozenset((3, 1, 2))}) == b'{"a":["b","c"],"b":[1,2,3]}'
    assert canonical_json(dt.time(9, 30)) == b'"09:30:00"'


def test_a_hash_that_was_once_written_stays() -> None:
    """Old decisions are recomputed byte for byte: if this changes, they no longer can be."""
    expected = "43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777"
    assert sha256_of({"b": 2, "a": 1}) == expected


def test_the_version_of_the_engine_is_as_it_was_stored() -> None:
    """It stands in every assessment: with another one, all that were stored would differ."""
    assert ENGINE_VERSION == "rules 1, cql 1.0"
    assert cql.ENGINE_VERSION == "1.0"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_what_has_no_one_text_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical_json(value)
