"""What happens to one made-up person, and when. Nothing here knows how reminders work."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@dataclasses.dataclass(frozen=True)
class Happening:
    """`number` tells one question, message, appointment or later form of a person from another."""

    person: int
    at: dt.datetime
    kind: str
    number: int = 0


@dataclasses.dataclass(frozen=True)
class Traits:
    """What a person has and chose from the beginning."""

    phone: bool
    by_sms: bool
    by_email: bool
    nation: str


def traits(chance: random.Random) -> Traits:
    phone = chance.random() < 0.5
    by_sms = phone and chance.random() < 0.8
    return Traits(
        phone=phone,
        by_sms=by_sms,
        by_email=not by_sms or chance.random() < 0.85,
        nation=chance.choices(["england", "scotland", "wales", "northern_ireland"], [6, 2, 1, 1])[0],
    )


# From booking to the appointment.
BOOKED_BEFORE = 12 * DAY
# By then the clinic has said that nobody came; longer than ticks may be away, with whom the story waits.
NOTED_AFTER = 6 * DAY
# The later forms, by number, and when they are open: days after the start.
LATER_FORMS = {10: (7, 20), 11: (27, 44), 12: (84, 119), 13: (175, 210)}
RATES = {"opted_out": 0.08, "died": 0.03, "complaint": 0.03, "withdrew": 0.03, "moved": 0.1}


class _Diary:
    def __init__(self, person: int, chance: random.Random) -> None:
        self.person, self.chance = person, chance
        self.found: list[Happening] = []

    def note(self, kind: str, at: dt.datetime, number: int = 0) -> dt.datetime:
        self.found.append(Happening(self.person, at, kind, number))
        return at

    def later(self, after: dt.datetime, days: float) -> dt.datetime:
        return after + dt.timedelta(seconds=round(self.chance.expovariate(1 / (days * 86400))))

    def some(self, *counts: int) -> range:
        return range(self.chance.choice(counts))


def life(person: int, chance: random.Random, *, start: dt.datetime, end: dt.datetime) -> list[Happening]:
    """Everything that happens to a person between two times, in order."""
    diary = _Diary(person, chance)
    began = at = diary.note("begin", start + (end - start) * 0.8 * chance.random())
    for _ in diary.some(0, 0, 1, 2):
        at = diary.note("activity", diary.later(at, 2))
    if chance.random() < 0.75:
        _sent(diary, diary.note("submit", diary.later(at, chance.choice([0.3, 3, 9]))))
    else:
        diary.note("expire", at + 30 * DAY)
    for kind, rate in RATES.items():
        if chance.random() < rate:
            happened = diary.note(kind, diary.later(began, 40))
            if kind == "complaint":
                diary.note("complaint_over", diary.later(happened, 20))
    return sorted((each for each in diary.found if each.at < end), key=lambda each: each.at)


def _sent(diary: _Diary, sent: dt.datetime) -> None:
    """What may happen to a form that was sent."""
    chance = diary.chance
    if chance.random() < 0.6:
        diary.note("documents", diary.later(sent, 6))
    for number in diary.some(0, 0, 1, 2):
        asked = diary.note("asked", diary.later(sent, 10), number)
        if chance.random() < 0.7:
            diary.note("answered", diary.later(asked, 5), number)
    for number in diary.some(0, 0, 1):
        wrote = diary.note("message", diary.later(sent, 15), number)
        if chance.random() < 0.7:
            diary.note("read", diary.later(wrote, 2), number)
    if chance.random() < 0.7:
        closed = diary.note("close", diary.later(sent, 25))
        if chance.random() < 0.5:
            _treated(diary, diary.note("treated", diary.later(closed, 20)))
            _seen(diary, closed)


def _treated(diary: _Diary, began: dt.datetime) -> None:
    for number, (opens, closes) in LATER_FORMS.items():
        if diary.chance.random() < 0.6:
            sent = diary.later(began + opens * DAY, 8)
            if sent < began + closes * DAY:
                diary.note("measured", sent, number)


def _seen(diary: _Diary, closed: dt.datetime) -> None:
    """Appointments: some are cancelled, and one that nobody came to is the last."""
    booked = sorted(diary.later(closed, 15) for _ in diary.some(0, 1, 2))
    for number, at in enumerate(booked):
        diary.note("appointment", at, number)
        fate, starts = diary.chance.random(), appointment_time(at)
        if fate < 0.2 and (cancelled := diary.later(at, 5)) < starts:
            diary.note("cancelled", cancelled, number)
        elif fate < 0.4 and number == len(booked) - 1:
            diary.note("missed", starts + NOTED_AFTER, number)


def appointment_time(booked: dt.datetime) -> dt.datetime:
    """When an appointment is that was booked then: a whole hour, so many days on."""
    return booked.replace(minute=0, second=0, microsecond=0) + BOOKED_BEFORE
