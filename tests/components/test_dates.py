"""Dates of which only a part may be known."""

import datetime as dt

import pytest
from django import forms

from screening.forms import DatePartsField


def typed(day="", month="", year=""):
    return {"day": day, "month": month, "year": year}


@pytest.mark.parametrize(
    ("precision", "given", "cleaned"),
    [
        ("day", typed("10", "1", "2024"), "2024-01-10"),
        ("day", typed("29", "2", "2024"), "2024-02-29"),
        ("month", typed("", "1", "2024"), "2024-01"),
        ("month", typed("9", "1", "2024"), "2024-01-09"),
        ("year", typed("", "", "2024"), "2024"),
        ("year", typed("", "12", "2024"), "2024-12"),
        ("year", typed("1", "March", "2024"), "2024-03-01"),
        ("year", typed("", "sept", "2024"), "2024-09"),
    ],
)
def test_keeps_as_much_of_the_date_as_was_given(precision, given, cleaned):
    assert DatePartsField(precision=precision).clean(given) == cleaned


@pytest.mark.parametrize(
    ("precision", "given", "message", "parts"),
    [
        ("day", typed("10", "1", ""), "The date must include a year", ("year",)),
        ("day", typed("", "1", "2024"), "The date must include a day", ("day",)),
        ("day", typed("", "", "2024"), "The date must include a day and a month", ("day", "month")),
        ("day", typed("4", "", ""), "The date must include a month and a year", ("month", "year")),
        ("year", typed("4", "", "2024"), "The date must include a month", ("month",)),
        ("month", typed("", "1", ""), "The date must include a year", ("year",)),
        ("day", typed("31", "6", "2024"), "There are only 30 days in June", ("day",)),
        ("day", typed("29", "2", "2023"), "There are only 28 days in February 2023", ("day",)),
        ("day", typed("32", "1", "2024"), "The day must be a number from 1 to 31", ("day",)),
        ("day", typed("0", "1", "2024"), "The day must be a number from 1 to 31", ("day",)),
        ("month", typed("", "13", "2024"), "The month must be a number from 1 to 12", ("month",)),
        ("month", typed("", "ma", "2024"), "The month must be a number from 1 to 12", ("month",)),
        ("year", typed("", "", "24"), "The year must have 4 numbers, like 2024", ("year",)),
        ("year", typed("", "", "٢٠٢٤"), "The year must have 4 numbers, like 2024", ("year",)),
        ("year", typed("", "", "1024"), "The year must be between 1900 and 2100", ("year",)),
    ],
)
def test_says_what_is_wrong_and_which_box_to_mend(precision, given, message, parts):
    with pytest.raises(forms.ValidationError) as refused:
        DatePartsField(precision=precision).clean(given)
    assert refused.value.messages == [message]
    assert refused.value.params["parts"] == parts


def test_an_exact_date_is_a_date():
    assert DatePartsField(exact=True).clean(typed("27", "3", "1984")) == dt.date(1984, 3, 27)


def test_nothing_given_is_required_or_empty():
    with pytest.raises(forms.ValidationError, match="Enter a date"):
        DatePartsField().clean(typed())
    assert DatePartsField(required=False).clean(typed()) == ""
    assert DatePartsField(required=False, exact=True).clean(typed()) is None


@pytest.mark.parametrize("stored", ["2024-01-10", "2024-01", "2024"])
def test_what_was_stored_comes_back_the_same(stored):
    field = DatePartsField(precision="year")
    assert field.clean(field.widget.format_value(stored)) == stored


def test_a_stored_date_shows_as_people_write_it():
    shown = DatePartsField().widget.format_value(dt.date(1984, 3, 7))
    assert shown == {"day": "7", "month": "3", "year": "1984"}


def test_the_same_date_written_otherwise_has_not_changed():
    field = DatePartsField(precision="year")
    assert not field.has_changed("2024-01-10", typed("10", "1", "2024"))
    assert field.has_changed("2024-01-10", typed("11", "1", "2024"))
