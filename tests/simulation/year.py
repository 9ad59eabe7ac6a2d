"""Turns the clock: rounds by day and night, killed workers, two at once, lost ticks, a clock that jumps."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable
from unittest import mock

from django.db import connection

from screening.followup.models import Reminder
from screening.followup.services import (
    REMINDERS,
    hold_sending,
    new_owner,
    plan,
    recover,
    release_sending,
    send_due,
    sending,
)
from tests.simulation.brief import LONDON
from tests.simulation.checker import Name, Round, Year
from tests.simulation.life import DAY, HOUR, Happening, life, traits
from tests.simulation.post import Killed, Post
from tests.simulation.world import World

MINUTE = dt.timedelta(minutes=1)
Say = Callable[[int, int], None]


class Clock:
    """Every look at it takes a moment, and in that moment something may happen to somebody."""

    def __init__(self, world: World, happenings: list[Happening], at: dt.datetime) -> None:
        self.world, self.happenings, self.time = world, happenings, at
        self.diary: list[tuple[int, Happening]] = []
        self.seq = self.place = 0
        self.still = False  # while a message is handed over, or two workers look at once
        self.lock = threading.RLock()

    def __call__(self) -> dt.datetime:
        with self.lock:
            self.time += dt.timedelta(milliseconds=20)
            if not self.still:
                self.live()
            return self.time

    def next(self) -> int:
        with self.lock:
            self.seq += 1
            return self.seq

    def live(self) -> None:
        while self.place < len(self.happenings) and self.happenings[self.place].at <= self.time:
            one = self.happenings[self.place]
            self.place += 1
            self.world.happen(one)
            self.diary.append((self.next(), one))


class Simulation:
    def __init__(self, *, people: int, start: dt.datetime, days: int, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 (a year that can be lived again)
        self.chance, self.start, self.days = chance, start, days
        self.traits = {person: traits(chance) for person in range(people)}
        self.last = start + days * DAY
        lives = [each for p in range(people) for each in life(p, chance, start=start, end=self.last)]
        self.world = World(self.traits, at=start - DAY)
        self.clock = Clock(self.world, sorted(lives, key=lambda each: each.at), start)
        self.post = Post(random.Random(seed + 1))  # noqa: S311
        self.post.clock = self.clock
        self.rounds: list[Round] = []
        self.holds: list[tuple[int, int]] = []
        self.counts = {"rounds": 0, "ticks lost": 0, "two workers": 0, "clock jumps": 0, "workers killed": 0}

    @property
    def letters(self) -> int:
        """How many messages arrived so far."""
        return len(self.post.letters)

    def run(self, say: Say = lambda day, days: None) -> Year:
        leave = sending.leave

        def watched(**given: object) -> object:
            found = leave(**given)  # type: ignore[arg-type]
            self.clock.still = self.clock.still or found is not None
            return found

        with mock.patch.object(sending, "Mailer", self.post), mock.patch.object(sending, "leave", watched):
            for day in range(self.days):
                say(day, self.days)
                self._day(day)
        return self._year()

    def _day(self, number: int) -> None:
        date = (self.start + number * DAY).astimezone(LONDON).date()
        hours = [9.02, self.chance.uniform(10, 18.9)]
        if self.chance.random() < 0.25:
            hours += [self.chance.uniform(19.1, 23.5), self.chance.uniform(0.1, 8.9)]
        if number % 130 == 60:  # the clinic holds sending for a day and a half
            hold = hold_sending(site=self.world.site, reason="x", by=REMINDERS, at=self.clock.time)
            self.holds.append((self.clock.next(), 10**12))
            self.hold = hold
        if number % 130 == 62:
            release_sending(hold=self.hold, reason="x", by=REMINDERS, at=self.clock.time)
            self.holds[-1] = (self.holds[-1][0], self.clock.next())
        for hour in sorted(hours):
            at = dt.datetime.combine(date, dt.time(0), LONDON) + hour * HOUR
            self._moment(at.astimezone(dt.UTC), lost=number % 90 in (40, 41, 42))

    def _moment(self, at: dt.datetime, *, lost: bool) -> None:
        fate = self.chance.random()
        if lost or fate < 0.05:  # the broker has lost the tick, or is down for three days
            self.counts["ticks lost"] += 1
            return
        if fate < 0.09:
            at += self.chance.choice([-HOUR, HOUR, HOUR, DAY])
            self.counts["clock jumps"] += 1
        killed = self._tick(at, two=fate > 0.9)
        while killed:  # the next ticks: the lease has run out after five minutes
            at += 6 * MINUTE
            killed = self._tick(at, two=False)

    def _tick(self, at: dt.datetime, *, two: bool) -> bool:
        self.counts["rounds"] += 1
        clock, crashes = self.clock, self.post.crashes
        clock.time, clock.still = at, False
        begins = clock.next()
        clock()
        clock.still = two
        if two:
            self.counts["two workers"] += 1
            threads = [threading.Thread(target=self._work, args=[True]) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        else:
            self._work(False)
        killed = self.post.crashes > crashes
        self.counts["workers killed"] += killed
        on_hold = bool(self.holds) and self.holds[-1][1] == 10**12
        if not killed and not on_hold:
            self.rounds.append(Round(begins, clock.next(), at))
        return killed

    def _work(self, beside: bool) -> None:
        """One tick of one worker, as screening.followup.tasks has it."""
        clock = self.clock
        try:
            plan(as_of=clock(), by=REMINDERS)
            recover(at=clock())
            send_due(now=clock if beside else self._looking(), owner=new_owner(), seconds=10**6, limit=40)
        except Killed:
            pass
        finally:
            if beside:
                connection.close()

    def _looking(self) -> Callable[[], dt.datetime]:
        """The clock of a worker alone: once a message is handed over, the world turns again."""
        clock, post = self.clock, self.post
        seen = {"given": -1}

        def now() -> dt.datetime:
            given = len(post.letters) + len(post.refused) + post.put_off + post.doubts
            if given != seen["given"]:
                seen["given"], clock.still = given, False
            return clock()

        return now

    def _year(self) -> Year:
        people = {case: person for person, case in self.world.cases.items()}
        names = {}
        for row in Reminder.objects.filter(case_id__in=people):
            token, _, after = row.occurrence.rpartition("/")
            names[str(row.pk)] = Name(people[row.case_id], row.step, token, after)
        tokens = {(p, "case", 0): str(case) for p, case in self.world.cases.items()}
        tokens |= {key: str(value) for key, value in self.world.keys.items()}
        post = self.post
        return Year(
            self.clock.diary, self.traits, post.letters, post.refused, self.rounds, self.holds, names, tokens,
            min(self.last, self.clock.time),
        )  # fmt: skip
