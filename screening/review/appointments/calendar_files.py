"""An appointment as a calendar file (RFC 5545). Pure.

Calendars are shared with families and employers, so the file says when and with whom to speak, and neither
where nor why: that is read in the room. Moved or cancelled, it is the same entry with a higher number.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

from screening.cases.opening import LONDON

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST = 75  # octets of a line, RFC 5545 section 3.1
# The clock of the United Kingdom since 1996, so that a calendar without a table of zones is right too.
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE""".splitlines()


@dataclasses.dataclass(frozen=True)
class Entry:
    """What the file says. `uid` stays when it is moved; `stamp` is when it was booked or last changed."""

    uid: str
    sequence: int
    starts_at: dt.datetime
    minutes: int
    stamp: dt.datetime
    title: str
    text: str
    cancelled: bool = False


def calendar_file(entry: Entry) -> bytes:
    """The whole file: lines end in CRLF and none is longer than 75 octets."""
    return b"".join(folded(line) for line in _lines(entry))


def _lines(entry: Entry) -> Iterator[str]:
    start = entry.starts_at.astimezone(LONDON)
    # Minutes that pass, not hands of a clock: an hour across a clock change is an hour.
    end = (entry.starts_at + dt.timedelta(minutes=entry.minutes)).astimezone(LONDON)
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Threshold//Appointments//EN"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield from ZONE
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{entry.stamp.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;TZID=Europe/London:{start:%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID=Europe/London:{end:%Y%m%dT%H%M%S}"
    yield f"SUMMARY:{escaped(entry.title)}"
    yield f"DESCRIPTION:{escaped(entry.text)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def escaped(text: str) -> str:
    """A value of type TEXT: nothing in it can begin a line or a value of its own."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def folded(line: str) -> bytes:
    """One line, continued with a blank where it is too long, and never within a character."""
    parts, room = [b""], LONGEST
    for sign in line:
        octets = sign.encode()
        if len(parts[-1]) + len(octets) > room:
            parts.append(b"")
            room = LONGEST - 1  # the blank at the beginning counts
        parts[-1] += octets
    return b"\r\n ".join(parts) + b"\r\n"
