"""Dates, quantities and literals as Python sees them."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from decimal import Decimal

import pytest

from screening.cql import CqlError, Date, DateTime, Quantity, quote_identifier, to_cql_literal
from tests.cql.evaluating import value_of


@pytest.mark.parametrize("text", ["2024", "2024-01", "2024-01-31", "0001", "9999-12-31"])
def test_a_date_is_written_as_it_is_read(text: str) -> None:
    assert str(Date.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["2024T", "2024-01-31T10", "2024-01-31T10:30:05.250+01:00", "2024-01-31T10:30Z"]
)
def test_a_time_is_written_as_it_is_read(text: str) -> None:
    assert str(DateTime.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "24", "2024-1", "2024-13", "2023-02-29", "2024-01-01T10", "0000", "２０２４"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Date.parse(text)


@pytest.mark.parametrize(
    "text", ["2024-01T10", "2024-01-01T25", "2024-01-01T10:60", "2024-01-01T10+25:00", "x"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        DateTime.parse(text)


def test_parts_and_precision() -> None:
    date = Date(2024, 5)
    assert (date.year, date.month, date.day, date.precision) == (2024, 5, None, "month")
    assert repr(date) == "Date(2024, 5)"


def test_a_day_without_a_month_is_refused() -> None:
    with pytest.raises(ValueError, match="month is missing"):
        Date(2024, None, 5)


def test_python_equality_is_equality_of_what_is_written() -> None:
    assert Date(2024) == Date(2024)
    assert Date(2024) != Date(2024, 1)
    assert Date(2024) != DateTime(2024)
    assert len({Date(2024), Date(2024), DateTime(2024), DateTime(2024, offset=0)}) == 3


def test_a_date_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Date(2024).parts = (1999,)
    with pytest.raises(AttributeError):
        DateTime(2024).offset = 5


def test_dates_can_be_copied_and_pickled() -> None:
    for value in (Date(2024, 5), DateTime.parse("2024-05-01T10:00+01:00")):
        assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301
        assert copy.deepcopy(value) == value


def test_between_python_and_cql() -> None:
    assert Date.of(dt.date(2024, 5, 1)).to_date() == dt.date(2024, 5, 1)
    with pytest.raises(ValueError, match="known to the month"):
        Date(2024, 5).to_date()


def test_a_quantity_has_a_unit_of_time() -> None:
    assert str(Quantity(Decimal(3), "months")) == "3 months"
    assert Quantity(Decimal(1), "month") == Quantity(Decimal(1), "months")
    with pytest.raises(ValueError, match="unit of time"):
        Quantity(Decimal(3), "mg")


LITERALS = [
    (None, "null"),
    (True, "true"),
    (5, "5"),
    (-5, "-5"),
    (Decimal("1.50"), "1.50"),
    (Decimal(3), "3.0"),
    (Decimal("1E-8"), "0.00000001"),
    ("it's a \\ \n test", "'it\\'s a \\\\ \\n test'"),
    ("\u0000\u202e", "'\\u0000\u202e'"),
    ("'; define X: 1", "'\\'; define X: 1'"),
    (Date(2024, 1), "@2024-01"),
    (dt.date(2024, 1, 2), "@2024-01-02"),
    (DateTime(2024), "@2024T"),
    (Quantity(Decimal(3), "month"), "3 months"),
    ([1, None], "{1, null}"),
    ((), "{}"),
    ({"class": "a", "weeks": 1, "b c": None}, 'Tuple{class: \'a\', "weeks": 1, "b c": null}'),
]


@pytest.mark.parametrize(("value", "text"), LITERALS)
def test_a_value_is_written_as_cql_and_read_back(value: object, text: str) -> None:
    assert to_cql_literal(value) == text
    read = value_of(text)
    if isinstance(value, list):
        value = tuple(value)
    assert read == (Date.of(value) if isinstance(value, dt.date) else value)


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}, dt.datetime(2024, 1, 1, tzinfo=dt.UTC), b"x"])
def test_a_value_without_a_literal_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError):
        to_cql_literal(value)


@pytest.mark.parametrize("name", ["a", "two words", 'a "quoted" name', "back\\slash", "define", "ünïcode\n"])
def test_any_name_can_be_quoted(name: str) -> None:
    assert value_of(f"Tuple{{{quote_identifier(name)}: 1}}") == {name: 1}


def test_str_of_an_error_names_the_place() -> None:
    error = CqlError("No.", line=3, column=7, suggestion="Try yes.")
    assert str(error) == "Line 3, column 7: No. Try yes."


def test_there_is_no_date_without_a_year() -> None:
    for kind in (Date, DateTime):
        with pytest.raises(ValueError, match="at least a year"):
            kind(None)  # type: ignore[arg-type]
