"""Dates, times and amounts as Python makes, reads and writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from screening.cql import Date, DateTime, Quantity
from screening.cql.runtime.calendar import add_months


@pytest.mark.parametrize(
    ("text", "parts", "offset"),
    [
        ("2024T", (2024,), None),
        ("2024-01-31T10", (2024, 1, 31, 10), None),
        ("2024-01-31T10:30:05.2", (2024, 1, 31, 10, 30, 5, 200), None),
        ("2024-01-31T10:30:05.25999", (2024, 1, 31, 10, 30, 5, 259), None),
        ("2024-01-31T10:30+01:30", (2024, 1, 31, 10, 30), 90),
        ("2024-01-31T10:30-01:30", (2024, 1, 31, 10, 30), -90),
        ("2024-01-31T10:30Z", (2024, 1, 31, 10, 30), 0),
        ("2024-01-31T10:30+14:00", (2024, 1, 31, 10, 30), 840),
        ("2024-01-31T10:30+00:59", (2024, 1, 31, 10, 30), 59),
    ],
)
def test_a_time_is_read_part_by_part(text: str, parts: tuple[int, ...], offset: int | None) -> None:
    read = DateTime.parse(text)
    assert (read.parts, read.offset) == (parts, offset)


@pytest.mark.parametrize(
    "text", ["2024-01-31T10:30+14:01", "2024-01-31T10:30-14:01", "2024-01-31T10:30+01:60", "2024-01T10:30"]
)
def test_an_impossible_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        DateTime.parse(text)


def test_a_time_has_at_most_seven_parts() -> None:
    with pytest.raises(ValueError, match="at most seven"):
        DateTime(2024, 1, 1, 1, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (DateTime(2024, offset=90), "2024T+01:30"),
        (DateTime(2024, 1, 1, 10, offset=-90), "2024-01-01T10-01:30"),
        (DateTime(2024, 1, 1, 10, 5, offset=0), "2024-01-01T10:05Z"),
        (DateTime(24, 1, 1, 1, 2, 3, 4), "0024-01-01T01:02:03.004"),
        (Date(24, 1), "0024-01"),
    ],
)
def test_each_part_has_its_width(value: Date | DateTime, text: str) -> None:
    assert str(value) == text


def test_what_python_shows_of_a_time_can_be_read_back() -> None:
    assert repr(DateTime(2024, 1)) == "DateTime.parse('2024-01T')"
    assert repr(Date(2024, 1)) == "Date(2024, 1)"


def test_equal_dates_have_equal_hashes_and_others_differ() -> None:
    assert hash(Date(2024, 5)) == hash(Date(2024, 5))
    assert hash(DateTime(2024, 5)) == hash(DateTime(2024, 5))
    assert DateTime(2024, 5) == DateTime(2024, 5)
    assert DateTime(2024, 5) != DateTime(2024, 6)
    assert DateTime(2024, 5) != DateTime(2024, 5, offset=0)
    assert DateTime(2024) != Date(2024)
    assert {Date(2024, 5): 1}[Date(2024, 5)] == 1


def test_a_change_is_refused_in_words() -> None:
    with pytest.raises(AttributeError, match="A Date cannot be changed"):
        Date(2024).parts = (2025,)


def test_a_day_of_the_calendar_is_known_to_the_day() -> None:
    date = Date.of(dt.date(2024, 2, 29))
    assert (date.parts, date.precision) == ((2024, 2, 29), "day")
    assert date.to_date() == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("date", "months", "moved"),
    [
        (Date(1, 2, 1), -1, Date(1, 1, 1)),
        (Date(9999, 11, 30), 1, Date(9999, 12, 30)),
        (Date(2024, 1, 31), 1, Date(2024, 2, 29)),
    ],
)
def test_a_day_moves_by_months_as_far_as_the_calendar_goes(date: Date, months: int, moved: Date) -> None:
    assert add_months(date, months) == moved


def test_a_quantity_knows_its_unit() -> None:
    for given, unit, calendar, definite in [
        ("months", "month", "month", False),
        ("week", "week", "week", False),
        ("milliseconds", "millisecond", "millisecond", False),
        ("a", "a", "year", True),
        ("mo", "mo", "month", True),
        ("wk", "wk", "week", True),
        ("d", "d", "day", True),
        ("h", "h", "hour", True),
        ("min", "min", "minute", True),
        ("s", "s", "second", True),
        ("ms", "ms", "millisecond", True),
    ]:
        quantity = Quantity(Decimal(1), given)
        assert (quantity.unit, quantity.calendar, quantity.is_definite) == (unit, calendar, definite)


def test_the_amount_of_a_quantity_is_a_decimal() -> None:
    quantity = Quantity(3, "days")  # type: ignore[arg-type]
    assert isinstance(quantity.value, Decimal)
    assert quantity == Quantity(Decimal(3), "day")
    assert str(Quantity(Decimal("1.5"), "days")) == "1.5 days"
    assert str(Quantity(Decimal(-1), "days")) == "-1 day"
    assert str(Quantity(Decimal(2), "d")) == "2 'd'"
