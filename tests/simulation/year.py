"""Lives the year: real ticks, killed workers, two at once, lost ticks, a clock that jumps."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import connection

from accounts import machine_clock
from screening.followup import tasks
from screening.followup.models import Reminder
from screening.followup.services import REMINDERS, hold_sending, release_sending, sending
from tests.simulation.brief import LONDON
from tests.simulation.clock import Clock
from tests.simulation.life import DAY, life, traits
from tests.simulation.lived import Name, Round, Year
from tests.simulation.moments import EVERY, HELD, Moment, moments
from tests.simulation.post import Killed, Post
from tests.simulation.world import World

AFTER_A_CRASH = dt.timedelta(minutes=6)
# A tick that took longer was cut short: what it did not come to is for the next.
WHOLE = dt.timedelta(seconds=14)
FOR_EVER = 10**12
Say = Callable[[int, int], None]


class Simulation:
    def __init__(self, *, people: int, start: dt.datetime, days: int, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 (a year that can be lived again)
        self.chance, self.start, self.days = chance, start, days
        self.traits = {person: traits(chance) for person in range(people)}
        self.last = start + days * DAY
        lives = [each for p in range(people) for each in life(p, chance, start=start, end=self.last)]
        self.world = World(self.traits, at=start - DAY)
        lives.sort(key=lambda each: each.at)
        self.clock = Clock(self.world, lives, start, random.Random(seed + 2))  # noqa: S311
        self.post = Post(random.Random(seed + 1), self.clock)  # noqa: S311
        self.rounds: list[Round] = []
        self.holds: list[tuple[int, int]] = []
        self.tries: dict[str, list[tuple[int, dt.datetime]]] = defaultdict(list)
        self.troubles: Counter[str] = Counter()
        self.hand = threading.local()  # what a worker is handing over
        self.counts = Counter({"ticks": 0})

    @property
    def letters(self) -> int:
        """How many messages arrived so far."""
        return len(self.post.letters)

    def run(self, say: Say = lambda day, days: None) -> Year:
        with (
            mock.patch.object(sending, "Mailer", self.post),
            mock.patch.object(sending, "leave", self._watch(sending.leave)),
            mock.patch.object(tasks, "timezone", SimpleNamespace(now=self.clock.look)),
            mock.patch.object(machine_clock, "clock_of_database", self.clock.of_database),
            mock.patch.object(tasks, "time", SimpleNamespace(monotonic=lambda: 0.0)),
        ):
            for day in range(self.days):
                say(day, self.days)
                self._day(day)
        return self._year()

    def _day(self, number: int) -> None:
        date = (self.start + number * DAY).astimezone(LONDON).date()
        if number % EVERY == HELD[0]:
            hold = hold_sending(site=self.world.site, reason="x", by=REMINDERS, at=self.clock.time)
            self.holds.append((self.clock.next(), FOR_EVER))
            self.hold = hold
        if self.holds and number % EVERY == HELD[-1] + 1:
            release_sending(hold=self.hold, reason="x", by=REMINDERS, at=self.clock.time)
            self.holds[-1] = (self.holds[-1][0], self.clock.next())
        for moment in moments(date, number, self.chance):
            self._moment(moment)

    def _moment(self, moment: Moment) -> None:
        if moment.lost:  # the broker has lost the tick, or is down
            self.counts["ticks lost"] += 1
            return
        self.counts["clock jumps"] += moment.jumped
        self.counts["two workers at once"] += moment.two
        self.counts["ticks delivered twice"] += moment.twice
        at, killed = moment.at, self._tick(moment.at, moment)
        while killed or moment.twice:
            at += AFTER_A_CRASH if killed else dt.timedelta(0)
            moment = Moment(at, jumped=moment.jumped)
            killed = self._tick(at, moment)

    def _tick(self, at: dt.datetime, moment: Moment) -> bool:
        self.counts["ticks"] += 1
        clock, killed = self.clock, self.counts["workers killed"]
        begins = clock.next()
        clock.begin(at, still=moment.two, jumped=moment.jumped)
        if moment.two:
            threads = [threading.Thread(target=self._beside) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        else:
            self._work()
        died = self.counts["workers killed"] > killed
        on_hold = bool(self.holds) and self.holds[-1][1] == FOR_EVER
        if not died and not on_hold and clock.time < at + WHOLE:
            self.rounds.append(Round(begins, clock.next(), at))
        return died

    def _work(self) -> None:
        """One tick of one worker: the task itself."""
        self.hand.what = None
        try:
            tasks.tick()
        except Killed:
            with self.clock.lock:
                self.counts["workers killed"] += 1
                if self.hand.what is not None:  # perhaps it left, perhaps not
                    self.troubles[self.hand.what] += 1

    def _beside(self) -> None:
        try:
            self._work()
        finally:
            connection.close()

    def _watch(self, leave: Callable[..., Any]) -> Callable[..., Any]:
        def watched(**given: Any) -> Any:
            self.hand.what = None
            found = leave(**given)
            if found is not None:
                self.clock.handing_over()
                self.hand.what = str(found.reminder_id)
                self.tries[self.hand.what].append((self.clock.next(), given["at"]))
            return found

        return watched

    def _year(self) -> Year:
        people = {case: person for person, case in self.world.cases.items()}
        names = {}
        for row in Reminder.objects.filter(case_id__in=people):
            token, _, after = row.occurrence.rpartition("/")
            names[str(row.pk)] = Name(people[row.case_id], row.step, token, after)
        tokens = {(p, "case", 0): str(case) for p, case in self.world.cases.items()}
        tokens |= {key: str(value) for key, value in self.world.keys.items()}
        return Year(
            diary=self.clock.diary,
            traits=self.traits,
            letters=self.post.letters,
            refused=self.post.refused,
            rounds=self.rounds,
            holds=self.holds,
            names=names,
            tokens=tokens,
            last=min(self.last, self.clock.time),
            tries=self.tries,
            troubles=self.troubles + self.post.doubts,
            wrong=self.post.wrong,
        )
