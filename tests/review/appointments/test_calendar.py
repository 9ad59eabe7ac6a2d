"""The calendar file: RFC 5545 to the letter, right on both sides of a clock change, and neutral."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest

from screening.review.appointments.calendar_files import Entry, calendar_file, escaped, folded
from tests.followup.times import london

ENTRY = Entry(
    uid="one@clinic.example",
    sequence=2,
    starts_at=london("2027-03-29 14:00"),
    minutes=45,
    stamp=london("2027-01-05 09:00"),
    title="Appointment with Riverside Clinic",
    text="Where it is, and how: open the link; or call 020 7946 0000.\nReply to nobody \\ here.",
)


def lines(entry: Entry) -> list[str]:
    """The lines as a calendar reads them: folded ones joined again."""
    text = calendar_file(entry).decode()
    return text.replace("\r\n ", "").split("\r\n")


def test_every_line_ends_in_crlf_and_none_is_longer_than_75_octets() -> None:
    raw = calendar_file(dataclasses.replace(ENTRY, title="Ünïcödé " * 40, text="🏥" * 100))
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    for line in raw.split(b"\r\n"):
        line.decode()  # no character is cut in two


@pytest.mark.parametrize("length", [74, 75, 76, 148, 149, 150])
def test_a_folded_line_reads_as_it_was(length: int) -> None:
    line = "x" * length
    assert folded(line).replace(b"\r\n ", b"").decode() == line + "\r\n"


def test_begins_and_ends_as_the_clock_on_the_wall_says() -> None:
    assert "DTSTART;TZID=Europe/London:20270329T140000" in lines(ENTRY)
    assert "DTEND;TZID=Europe/London:20270329T144500" in lines(ENTRY)
    winter = dataclasses.replace(ENTRY, starts_at=london("2027-01-29 14:00"))
    assert "DTSTART;TZID=Europe/London:20270129T140000" in lines(winter)


def test_an_hour_across_a_clock_change_is_an_hour() -> None:
    night = dataclasses.replace(ENTRY, starts_at=london("2027-03-28 00:30"), minutes=60)
    assert "DTEND;TZID=Europe/London:20270328T023000" in lines(night)


@pytest.mark.parametrize(("day", "hours"), [(dt.date(2027, 3, 28), 1), (dt.date(2027, 10, 31), 0)])
def test_the_zone_changes_when_the_clinics_clock_does(day: dt.date, hours: int) -> None:
    """The last Sunday of March and of October, as the rules in the file say."""
    assert day.weekday() == 6
    assert (day + dt.timedelta(days=7)).month != day.month
    noon = london(f"{day} 12:00")
    assert (12 - noon.hour) == hours
    rules = [line for line in lines(ENTRY) if line.startswith("RRULE")]
    assert rules == ["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"]


def test_no_text_begins_a_line_of_its_own() -> None:
    assert escaped("a\r\nATTENDEE:x;y,z\\") == "a\\nATTENDEE:x\\;y\\,z\\\\"
    hostile = dataclasses.replace(ENTRY, title="x\r\nEND:VEVENT\r\nBEGIN:VEVENT")
    assert sum(line == "END:VEVENT" for line in lines(hostile)) == 1


def test_what_every_entry_needs_is_there_once() -> None:
    named = [re.split("[:;]", line)[0] for line in lines(ENTRY)]
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "PRODID", "VERSION"):
        assert named.count(name) == (3 if name == "DTSTART" else 1), name  # two begin the clock's times
    assert "DTSTAMP:20270105T090000Z" in lines(ENTRY)
    assert "SEQUENCE:2" in lines(ENTRY)
    assert "STATUS:CANCELLED" in lines(dataclasses.replace(ENTRY, cancelled=True))
