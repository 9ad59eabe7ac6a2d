"""The clock that the product is given: at every look a moment has passed, and anything may have happened."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import threading

from tests.simulation.life import Happening
from tests.simulation.world import World

LOOK = dt.timedelta(milliseconds=8)
NAP, SLEEP = dt.timedelta(seconds=6), dt.timedelta(minutes=6)  # longer than a check is good for, than a lease


class Killed(BaseException):
    """kill -9, as near as one process comes to it: nothing of the sender runs after it."""


class Clock:
    """Nothing happens to anybody while a message is handed over, or while two workers look at once.

    A worker that looks may be killed by it, or be put to sleep: longer than its lease, if need be.
    """

    def __init__(
        self, world: World, happenings: list[Happening], at: dt.datetime, chance: random.Random
    ) -> None:
        self.world, self.happenings, self.time, self.chance = world, happenings, at, chance
        self.diary: list[tuple[int, Happening]] = []
        self.seq = self.place = self.killed = self.naps = 0
        self.still = self.alone = False
        self.dawdling = False  # whether some of what is overdue waits for the middle of the tick
        self.lock = threading.RLock()

    def begin(self, at: dt.datetime, *, still: bool, jumped: bool) -> None:
        """A tick begins at this time. Where two look at once, all that is overdue happens first."""
        self.time, self.still, self.dawdling = at, False, not (still or jumped)
        self.live()
        self.still, self.alone = still, not still

    def handing_over(self) -> None:
        """From the last word until it is handed over nothing can stop a message any more."""
        self.still = True

    def handed_over(self) -> None:
        self.still = not self.alone

    def look(self) -> dt.datetime:
        """What a worker sees. Killed here, it has done what came before and nothing of what follows."""
        with self.lock:
            fate = self.chance.random()
            if fate < 0.0005:
                self.killed += 1
                raise Killed
            self.time += LOOK
            if fate > 0.9995:
                self.naps += 1
                self.time += SLEEP if self.still else self.chance.choice([NAP, SLEEP])
            if not self.still:
                self.live(late=True)
            return self.time

    def of_database(self) -> dt.datetime:
        """It jumps with the worker's, as on one machine: a jump of one of them is caught at the door."""
        return self.time

    def next(self) -> int:
        with self.lock:
            self.seq += 1
            return self.seq

    def live(self, *, late: bool = False) -> None:
        """What is overdue happens, in order; in the middle of a tick it happens now."""
        while self.place < len(self.happenings) and self.happenings[self.place].at <= self.time:
            if self.dawdling and self.chance.random() < 0.2:
                return
            one = self.happenings[self.place]
            self.place += 1
            if late:
                one = dataclasses.replace(one, at=self.time)
            self.world.happen(one)
            self.diary.append((self.next(), one))
