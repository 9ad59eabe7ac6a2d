"""Dates, above all those of which only a part is known."""

from __future__ import annotations

import pytest

from tests.cql.evaluating import assert_same, evaluate, value_of

ARITHMETIC = [
    # expression, expected, why
    ("@2024-01-31 + 1 month", "@2024-02-29", "the last of a shorter month"),
    ("@2023-01-31 + 1 month", "@2023-02-28", "in a common year"),
    ("@2024-02-29 + 1 year", "@2025-02-28", "no 29 February"),
    ("@2024-02-29 + 4 years", "@2028-02-29", "unless there is one"),
    ("@2024-03-31 - 1 month", "@2024-02-29", "backwards as well"),
    ("@2024-12-31 + 1 day", "@2025-01-01", "over the year"),
    ("@2024-03-01 - 1 day", "@2024-02-29", "over a leap day"),
    ("@2024-01-01 + 2 weeks", "@2024-01-15", "weeks are seven days"),
    ("@2024-01-01 + 1.9 days", "@2024-01-02", "fractions of a day are cut off"),
    ("@2024-01-01 + 36 hours", "@2024-01-02", "hours become whole days"),
    ("@2014 + 25 months", "@2016", "to the known precision, the rest cut off"),
    ("@2014 - 25 months", "@2012", "towards zero"),
    ("@2014-06 + 33 days", "@2014-07", "a month counts 30 days"),
    ("@2014-06 + 29 days", "@2014-06", "less than that is none"),
    ("@2014 + 364 days", "@2014", "a year counts 365"),
    ("@2014 + 52 weeks", "@2014", "364 days"),
    ("null + 3 months", "null", "no date"),
    ("@2024-01-01 + (null as Quantity)", "null", "no amount"),
    ("@2024-01-01T10:30 + 45 minutes", "@2024-01-01T11:15", "times"),
    ("@2024-01-01T10 + 90 minutes", "@2024-01-01T11", "cut off to the hour that is known"),
    ("successor of @2024-02-28", "@2024-02-29", "the next of the smallest known part"),
    ("predecessor of @2024-01", "@2023-12", "the one before"),
]

COMPARISON = [
    ("@2019 < @2020-01-01", "true", "the year decides"),
    ("@2019 < @2019-05", "null", "may or may not be"),
    ("@2019-05 = @2019-05", "true", "equally known"),
    ("@2019-05 = @2019-05-03", "null", "may be"),
    ("@2019-05 = @2019-06-03", "false", "cannot be"),
    ("@2019-05 ~ @2019-05-03", "false", "equivalence decides"),
    ("@2019-05 same year as @2019-08-01", "true", "looked at to the year"),
    ("@2019-05 same day as @2019-05-03", "null", "no day to look at"),
    ("@2019-05 same day as @2019-05", "null", "no day to look at on either side"),
    ("@2019-05 before day of @2019-05", "null", "nor here, though both are the same"),
    ("@2019-05 same day or after @2019-05", "null", "nor here"),
    ("@2019-05 same month or after @2019-05", "true", "a month to look at on both sides"),
    ("@2019-05-01 before @2019-05-02", "true", "before"),
    ("@2019-05-01 before month of @2019-05-02", "false", "not by the month"),
    ("@2019-05-01 after @2019-05-01", "false", "not after itself"),
    ("@2019-05-01 same or after @2019-05-01", "true", "but on it"),
    ("@2019-05-01 on or before @2019-05-01", "true", "another spelling"),
    ("@2019-05-01 before or on day of @2019-05-01", "true", "a third"),
    ("@2019 same or before @2019-05", "null", "open"),
    ("null before @2019", "null", "no date"),
    ("@2024-01-01T12:00+02:00 = @2024-01-01T10:00Z", "true", "one moment, two offsets"),
]

DURATIONS = [
    ("years between @1980-03-02 and @2026-03-01", "45", "the birthday is tomorrow"),
    ("years between @1980-03-01 and @2026-03-01", "46", "the birthday is today"),
    ("years between @2012-02-29 and @2014-02-28", "1", "born on a leap day"),
    ("years between @2012-02-29 and @2014-03-01", "2", "the day after"),
    ("months between @2024-01-31 and @2024-02-29", "0", "31 was not reached"),
    ("months between @2024-01-31 and @2024-03-31", "2", "reached"),
    ("days between @2024-02-28 and @2024-03-01", "2", "over a leap day"),
    ("weeks between @2024-01-01 and @2024-01-14", "1", "thirteen days"),
    ("days between @2024-03-01 and @2024-02-28", "-2", "backwards"),
    ("difference in months between @2024-01-31 and @2024-02-01", "1", "one border crossed"),
    ("difference in years between @2023-12-31 and @2024-01-01", "1", "one border"),
    ("difference in weeks between @2026-02-28 and @2026-03-01", "1", "weeks begin on Sunday"),
    ("months between @2019 and @2024-05-01", "null", "somewhere from 52 to 64"),
    ("months between @2019 and @2024-05-01 > 36", "true", "but more than 36 for certain"),
    ("months between @2019 and @2024-05-01 > 60", "null", "not certain"),
    ("months between @2019 and @2024-05-01 > 70", "false", "certainly not"),
    ("months between @2019 and @2024-05-01 between 40 and 70", "true", "certain"),
    ("Coalesce(months between @2019 and @2024-05-01, 0) > 60", "null", "uncertain is not null, nor 0"),
    ("(months between @2019 and @2024-05-01) + 10 > 60", "true", "bounds add up: 62 to 74"),
    ("(months between @2019 and @2024-05-01) in {1, 2}", "false", "cannot be"),
    ("(months between @2019 and @2024-05-01) in {1, 60}", "null", "may be"),
    ("years between null and @2024", "null", "no date"),
    ("years between @2019 and @2024 is null", "false", "something is known"),
]

PARTS = [
    ("year from @2019-05", "2019", "known"),
    ("month from @2019-05", "5", "known"),
    ("day from @2019-05", "null", "not known"),
    ("hour from ToDateTime(@2014-01-01)", "null", "a date is not midnight"),
    ("date from @2014-01-02T10:00", "@2014-01-02", "the date of a moment"),
    ("Date(2019, 5)", "@2019-05", "made from parts"),
    ("Date(2019, null, null)", "@2019", "as far as they are known"),
    ("Date(null)", "null", "no year, no date"),
    ("Today()", "@2026-03-01", "the day that was given"),
    ("Today() - 3 months", "@2025-12-01", "counted from it"),
    ("timezoneoffset from @2024-01-01T12:00+01:30", "1.5", "in hours"),
]


@pytest.mark.parametrize(("expression", "expected", "why"), ARITHMETIC + COMPARISON + DURATIONS + PARTS)
def test_dates(expression: str, expected: str, why: str) -> None:
    assert_same(expression, expected)


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("@9999-12-31 + 1 day", "outside the years"),
        ("@0001-01-01 - 1 month", "outside the years"),
        ("@2024-01-01 + 9999999 years", "outside the years"),
        ("Date(2023, 2, 29)", "not a possible day"),
        ("Date(2023, null, 1)", "month is missing"),
        ("@2024-01-01 + 1 'mo'", "not a calendar unit"),
    ],
)
def test_impossible_dates_are_errors_that_are_seen(expression: str, sentence: str) -> None:
    value, error = evaluate(expression)
    assert value is None
    assert sentence in str(error)


def test_an_uncertain_number_shows_its_bounds() -> None:
    assert value_of("Count({months between @2019 and @2020})") == 0
