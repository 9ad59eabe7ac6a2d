"""The follow-up of the clinical brief, section 5, written down by hand: imports nothing that is tested."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from tests.simulation.life import DAY, HOUR

LONDON = ZoneInfo("Europe/London")
HOLIDAYS: dict[str, set[dt.date]] = {
    nation: set(days)
    for nation, days in yaml.safe_load(
        (Path(__file__).parents[2] / "seed/schedules/follow-up.yml").read_text()
    )["quiet"]["bank_holidays"].items()
}
OPENS, CLOSES = 9, 19
# The brief, section 5.2, by hand: anchor, offsets with their channels, what ends it, days it stays open.
MAIL, BOTH, TEXT = ("email",), ("email", "sms"), ("sms", "email")
MEASURED = frozenset({"measured", "opted_out"})
Offsets = list[tuple[str, tuple[str, ...]]]
SERIES: dict[str, tuple[str, Offsets, frozenset[str], int]] = {
    "FU01": (
        "activity",
        [("24h", BOTH), ("3d", BOTH), ("7d", BOTH)],
        frozenset({"submit", "expire", "opted_out"}),
        0,
    ),
    "FU02": ("activity", [("23d", MAIL)], frozenset({"submit", "expire", "opted_out"}), 0),
    "FU03": (
        "submit",
        [("2d", MAIL), ("7d", TEXT), ("14d", MAIL)],
        frozenset({"documents", "close", "opted_out"}),
        0,
    ),
    "FU04": (
        "asked",
        [("0h", MAIL), ("3d", MAIL), ("7d", TEXT), ("14d", MAIL)],
        frozenset({"answered", "close"}),
        0,
    ),
    "FU04-message": ("message", [("0h", BOTH)], frozenset({"read"}), 0),
    "FU05": ("submit", [("5wd", MAIL)], frozenset({"close"}), 0),
    "FU06": ("close", [("0h", MAIL)], frozenset(), 0),
    "FU07-booked": ("booked", [("0h", BOTH)], frozenset({"cancelled", "missed"}), 0),
    "FU07": (
        "appointment",
        [("-7d", MAIL), ("-48h", MAIL), ("-24h", TEXT)],
        frozenset({"cancelled", "missed"}),
        0,
    ),
    "FU08": (
        "appointment",
        [("-5d", MAIL), ("-2d", MAIL)],
        frozenset({"cancelled", "missed", "opted_out"}),
        0,
    ),
    "FU09": ("missed", [("1wd", BOTH)], frozenset(), 0),
    "FU10": ("treated", [("7d", MAIL), ("9d", TEXT)], frozenset({"measured"}), 26),
    "FU11": (
        "treated",
        [("27d", MAIL), ("33d", BOTH), ("37d", BOTH)],
        MEASURED,
        44,
    ),
    "FU12": (
        "treated",
        [("84d", MAIL), ("94d", BOTH), ("98d", BOTH)],
        MEASURED,
        119,
    ),
    "FU13": (
        "treated",
        [("175d", MAIL), ("185d", BOTH), ("189d", BOTH)],
        MEASURED,
        210,
    ),
    "FU14": (
        "review",
        [("-28d", MAIL), ("-14d", MAIL), ("0d", MAIL), ("14d", BOTH)],
        frozenset({"opted_out"}),
        60,
    ),
}
STOPS = {step: row[2] for step, row in SERIES.items()}
# What ends one question, message, appointment or later form ends no other; what it was about, by its kind.
ABOUT = {"answered": "asked", "read": "message", "cancelled": "appointment", "missed": "appointment"}
TWO_WAYS = ("FU07-booked", "FU09")  # by email and by text
UNCAPPED = ("FU07", "FU09", "FU10")
ENDS = frozenset({"died", "withdrew"})
GIVEN_UP = 14 * DAY
ON_ITS_WAY = dt.timedelta(seconds=5)  # what begins so shortly before the window closes may leave after it
ENOUGH = 2  # fair rounds after which a message that did not come was forgotten
# After a try that was put off, the next: so many minutes later, then every twelve hours, for three days
# and six times at least.
AGAIN = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
THEN, NO_MORE, LEAST_TRIES = 12 * HOUR, 3 * DAY, 6


def is_open(nation: str, at: dt.datetime) -> bool:
    local = at.astimezone(LONDON)
    return _sends_on(nation, local.date()) and OPENS <= local.hour < CLOSES


def when(after: str, anchor: dt.datetime, nation: str) -> dt.datetime:
    """When a message should leave: hours on the clock of the wall, or nine o'clock so many days later.

    A message about something that is still to come leaves before it, the evening it waits for or not.
    """
    local, unit = anchor.astimezone(LONDON), after.lstrip("-0123456789")
    amount = int(after.removesuffix(unit))
    if unit == "h":
        at = (local.replace(tzinfo=None) + amount * HOUR).replace(tzinfo=LONDON).astimezone(dt.UTC)
    else:
        day = local.date() + amount * DAY
        if unit == "wd":
            day = _working_days_after(local.date(), amount, nation)
        at = _opening(day)
    if amount >= 0:
        return _next_open(max(at, anchor), nation)
    later = _next_open(at, nation)
    return later if later < anchor else _opening_before(anchor, nation)


def again(tries: list[dt.datetime]) -> dt.datetime:
    """When the next try is due after these."""
    return tries[-1] + (AGAIN[len(tries) - 1] if len(tries) <= len(AGAIN) else THEN)


def _sends_on(nation: str, day: dt.date) -> bool:
    return day.weekday() < 6 and day not in HOLIDAYS[nation]


def _opening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(OPENS), LONDON).astimezone(dt.UTC)


def _next_open(at: dt.datetime, nation: str) -> dt.datetime:
    while not is_open(nation, at):
        day = at.astimezone(LONDON).date()
        at = _opening(day) if _opening(day) > at else _opening(day + DAY)
    return at


def _opening_before(at: dt.datetime, nation: str) -> dt.datetime:
    day = at.astimezone(LONDON).date()
    while not _sends_on(nation, day) or _opening(day) >= at:
        day -= DAY
    return _opening(day)


def _working_days_after(day: dt.date, amount: int, nation: str) -> dt.date:
    while amount:
        day += DAY
        amount -= day.weekday() < 5 and day not in HOLIDAYS[nation]
    return day
