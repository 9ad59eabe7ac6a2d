"""Sending hours, Sundays, bank holidays, nights with a clock change."""

from __future__ import annotations

import datetime as dt

import pytest

from screening.followup.window import Window
from tests.followup.times import SCHEDULE, london, wall

ENGLAND = Window(SCHEDULE.quiet, "england")
SCOTLAND = Window(SCHEDULE.quiet, "scotland")
IRELAND = Window(SCHEDULE.quiet, "northern_ireland")


@pytest.mark.parametrize(
    ("at", "opens", "why"),
    [
        ("2026-11-18 09:00", "2026-11-18 09:00", "the first minute is open"),
        ("2026-11-18 08:59", "2026-11-18 09:00", "a minute before, it waits for it"),
        ("2026-11-18 18:59", "2026-11-18 18:59", "the last minute is open"),
        ("2026-11-18 19:00", "2026-11-19 09:00", "seven o'clock is closed: next morning"),
        ("2026-11-18 00:30", "2026-11-18 09:00", "after midnight it is the same day's opening"),
        ("2026-11-21 12:00", "2026-11-21 12:00", "Saturday is a sending day"),
        ("2026-11-21 19:01", "2026-11-23 09:00", "Saturday evening waits over Sunday"),
        ("2026-11-22 12:00", "2026-11-23 09:00", "Sunday is closed all day"),
        ("2026-12-24 19:30", "2026-12-29 09:00", "Christmas, Boxing Day, Sunday, and the day in its place"),
        ("2027-03-25 20:00", "2027-03-27 09:00", "Good Friday"),
        ("2028-02-29 20:00", "2028-03-01 09:00", "a leap day"),
        ("2026-01-31 22:00", "2026-02-02 09:00", "the end of a month that is a Saturday"),
    ],
)
def test_a_closed_window_holds_until_it_opens_next(at: str, opens: str, why: str) -> None:
    assert wall(ENGLAND.next_open(london(at))) == wall(london(opens)), why


@pytest.mark.parametrize(
    ("window", "day", "sends"),
    [
        (ENGLAND, dt.date(2026, 11, 30), True),
        (SCOTLAND, dt.date(2026, 11, 30), False),
        (IRELAND, dt.date(2027, 3, 17), False),
        (ENGLAND, dt.date(2027, 3, 17), True),
        (SCOTLAND, dt.date(2027, 1, 2), False),
        (ENGLAND, dt.date(2027, 1, 2), True),
    ],
)
def test_each_nation_has_its_own_bank_holidays(window: Window, day: dt.date, sends: bool) -> None:
    assert window.sends_on(day) is sends


CHANGES = ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29"]


@pytest.mark.parametrize("sunday", CHANGES)
def test_nine_o_clock_is_nine_o_clock_before_and_after_a_clock_change(sunday: str) -> None:
    day = dt.date.fromisoformat(sunday)
    saturday, monday = day - dt.timedelta(days=1), day + dt.timedelta(days=1)
    openings = [ENGLAND.opening(d) for d in (saturday, monday)]
    assert [wall(o)[-5:] for o in openings] == ["09:00", "09:00"]
    # Two local days apart, which is 47 or 49 hours: nobody added 48.
    assert openings[1] - openings[0] in (dt.timedelta(hours=47), dt.timedelta(hours=49))


@pytest.mark.parametrize("sunday", CHANGES)
def test_no_quarter_of_an_hour_near_a_clock_change_is_sent_outside_the_window(sunday: str) -> None:
    start = london(f"{sunday} 00:00") - dt.timedelta(days=1)
    for quarter in range(4 * 24 * 3):
        moment = ENGLAND.next_open(start + dt.timedelta(minutes=15 * quarter))
        assert moment >= start + dt.timedelta(minutes=15 * quarter)
        assert ENGLAND.is_open(moment)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday to Monday
        ("2026-11-21", 1, "2026-11-23"),  # Saturday to Monday
        ("2026-12-24", 1, "2026-12-29"),  # over Christmas
        ("2026-12-21", 5, "2026-12-30"),
        ("2026-11-23", -1, "2026-11-20"),
        ("2026-11-23", 0, "2026-11-23"),
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(day: str, count: int, expected: str) -> None:
    assert ENGLAND.working_days_after(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(expected)
