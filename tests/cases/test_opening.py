"""When a clinic is open: hours, weekends, bank holidays, nights with a clock change."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.cases.opening import LONDON, Opening

WEEK = frozenset({1, 2, 3, 4, 5})
HOURS = Opening(WEEK, dt.time(9), dt.time(17), frozenset({dt.date(2026, 12, 25), dt.date(2026, 12, 28)}))
NEVER = Opening(frozenset(), dt.time(9), dt.time(17))


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("at", "is_open", "next_open"),
    [
        ("2026-06-15 08:59", False, "2026-06-15 09:00"),
        ("2026-06-15 09:00", True, "2026-06-15 09:00"),
        ("2026-06-15 16:59", True, "2026-06-15 16:59"),
        ("2026-06-15 17:00", False, "2026-06-16 09:00"),
        ("2026-06-19 18:00", False, "2026-06-22 09:00"),  # Friday evening
        ("2026-12-24 17:30", False, "2026-12-29 09:00"),  # Christmas, a weekend, the day off after it
        ("2026-10-25 12:00", False, "2026-10-26 09:00"),  # the clocks went back that night
    ],
)
def test_when_it_is_open_and_when_next(at: str, is_open: bool, next_open: str) -> None:
    assert HOURS.is_open(london(at)) is is_open
    assert HOURS.next_open(london(at)) == london(next_open)


@pytest.mark.parametrize(
    ("at", "hours", "until"),
    [
        ("2026-06-15 10:00", 1, "2026-06-15 11:00"),
        ("2026-06-15 16:30", 1, "2026-06-16 09:30"),
        ("2026-06-19 23:00", 1, "2026-06-22 10:00"),
        ("2026-12-24 16:59", 2, "2026-12-29 10:59"),
        ("2026-06-15 09:00", 17, "2026-06-17 10:00"),
    ],
)
def test_opening_hours_are_counted(at: str, hours: int, until: str) -> None:
    assert HOURS.hours_after(london(at), hours) == london(until)


@pytest.mark.parametrize(
    ("at", "days", "until"),
    [
        ("2026-06-15 10:00", 0, "2026-06-15 17:00"),
        ("2026-06-15 06:00", 0, "2026-06-15 17:00"),
        ("2026-06-15 17:00", 0, "2026-06-16 17:00"),
        ("2026-06-19 10:00", 1, "2026-06-22 17:00"),
        ("2026-06-19 18:00", 1, "2026-06-22 17:00"),
        ("2026-06-20 10:00", 1, "2026-06-22 17:00"),
        ("2026-06-20 10:00", 2, "2026-06-23 17:00"),
        ("2026-06-15 06:00", 1, "2026-06-16 17:00"),
        ("2026-12-24 18:00", 1, "2026-12-29 17:00"),
    ],
)
def test_working_days_end_when_the_clinic_closes(at: str, days: int, until: str) -> None:
    assert HOURS.days_after(london(at), days) == london(until)


def test_a_clinic_without_an_opening_day_has_no_next_one() -> None:
    at = london("2026-06-15 10:00")
    assert (NEVER.is_open(at), NEVER.next_open(at), NEVER.hours_after(at, 1)) == (False, None, None)


@given(st.integers(0, 3 * 365 * 24 * 60), st.integers(1, 30))
def test_the_next_opening_is_open_and_more_hours_are_never_sooner(minutes: int, hours: int) -> None:
    at = london("2026-01-01 00:00") + dt.timedelta(minutes=minutes)
    comes = HOURS.next_open(at)
    assert comes is not None
    assert comes >= at
    assert HOURS.is_open(comes)
    ends = [HOURS.hours_after(at, number) for number in (hours, hours + 1)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert comes < ends[0] < ends[1]


@given(st.integers(0, 60 * 24 * 40), st.integers(0, 60 * 24 * 30))
def test_days_spent_are_days_after_turned_round(minutes: int, later: int) -> None:
    since = london("2026-12-01 00:00") + dt.timedelta(minutes=minutes)
    at = since + dt.timedelta(minutes=later)
    spent = HOURS.days_between(since, at)
    ends = [HOURS.days_after(since, days) for days in (spent - 1, spent)]
    assert ends[1] is not None
    assert at <= ends[1]
    assert spent == 0 or (ends[0] is not None and ends[0] < at)
    assert NEVER.days_between(since, at) == 0
