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
MAIL, BOTH = ("email",), ("email", "sms")
SERIES: dict[str, tuple[str, list[tuple[str, tuple[str, ...]]], frozenset[str], int]] = {
    "FU01": (
        "activity",
        [("24h", BOTH), ("3d", BOTH), ("7d", BOTH)],
        frozenset({"submit", "expire", "opted_out"}),
        0,
    ),
    "FU02": ("activity", [("23d", MAIL)], frozenset({"submit", "expire", "opted_out"}), 0),
    "FU03": (
        "submit",
        [("2d", MAIL), ("7d", ("sms", "email")), ("14d", MAIL)],
        frozenset({"documents", "close", "opted_out"}),
        0,
    ),
    "FU04": (
        "asked",
        [("0h", MAIL), ("3d", MAIL), ("7d", ("sms", "email")), ("14d", MAIL)],
        frozenset({"answered", "close"}),
        0,
    ),
    "FU04-message": ("message", [("0h", BOTH)], frozenset({"read"}), 0),
    "FU06": ("close", [("0h", MAIL)], frozenset(), 0),
    "FU10": ("treated", [("7d", MAIL), ("9d", ("sms", "email"))], frozenset(), 0),
    "FU11": ("treated", [("27d", MAIL), ("33d", BOTH), ("37d", BOTH)], frozenset({"opted_out"}), 44),
    "FU12": ("treated", [("84d", MAIL), ("94d", BOTH), ("98d", BOTH)], frozenset({"opted_out"}), 119),
    "FU13": (
        "treated",
        [("175d", MAIL), ("185d", BOTH), ("189d", BOTH)],
        frozenset({"opted_out"}),
        210,
    ),
}
STOPS = {step: row[2] for step, row in SERIES.items()} | {
    "FU05": frozenset({"close"}),
    "FU08": frozenset({"opted_out"}),
    "FU14": frozenset({"opted_out"}),
}
TWO_WAYS = ("FU07-booked", "FU09")  # by email and by text
UNCAPPED = ("FU07", "FU09", "FU10")
ENDS = frozenset({"died", "withdrew"})
GIVEN_UP = 14 * DAY
ENOUGH = 2  # fair rounds after which a message that did not come was forgotten


def is_open(nation: str, at: dt.datetime) -> bool:
    local = at.astimezone(LONDON)
    day = local.date()
    return day.weekday() < 6 and day not in HOLIDAYS[nation] and OPENS <= local.hour < CLOSES


def when(after: str, anchor: dt.datetime, nation: str) -> dt.datetime:
    """When a message should leave: hours on the clock of the wall, or nine o'clock so many days later."""
    local, amount = anchor.astimezone(LONDON), int(after[:-1])
    if after.endswith("h"):
        naive = local.replace(tzinfo=None) + amount * HOUR
    else:
        naive = dt.datetime.combine(local.date() + amount * DAY, dt.time(OPENS))
    at = max(naive.replace(tzinfo=LONDON).astimezone(dt.UTC), anchor)
    while not is_open(nation, at):
        day = at.astimezone(LONDON).date()
        opening = dt.datetime.combine(day, dt.time(OPENS), LONDON).astimezone(dt.UTC)
        at = (
            opening
            if opening > at
            else dt.datetime.combine(day + DAY, dt.time(OPENS), LONDON).astimezone(dt.UTC)
        )
    return at
