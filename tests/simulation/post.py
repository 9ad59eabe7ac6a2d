"""The mail server of the simulated year: takes, puts off, refuses, leaves one in doubt, kills its caller."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import threading
from typing import Any, Self

from screening.followup.messages import Outgoing
from screening.followup.replies import Result, Verdict


class Killed(BaseException):
    """kill -9, as near as one process comes to it: nothing of the sender runs after it."""


@dataclasses.dataclass(frozen=True)
class Letter:
    """One message that was taken. `seq` orders it among the happenings."""

    seq: int
    at: dt.datetime
    name: str
    to: str
    channel: str
    recipients: int = 1


class Post:
    """Stands in for the real Mailer. `chance` decides what becomes of each message."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.letters: list[Letter] = []
        self.refused: list[Letter] = []
        self.crashes = self.doubts = self.put_off = 0
        self.clock: Any = None
        self.lock = threading.Lock()

    def __call__(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, outgoing: Outgoing) -> Verdict:
        name = outgoing.message_id.strip("<>").partition("@")[0]
        with self.lock:
            fate = self.chance.random()
            letter = Letter(self.clock.next(), self.clock.time, name, outgoing.to, outgoing.channel)
            if fate < 0.008:
                self.crashes += 1
                if fate < 0.004:
                    self.letters.append(letter)
                raise Killed
            if fate < 0.03:
                self.put_off += 1
                return Verdict(Result.RETRY, "not_now", "451")
            if fate < 0.034:
                self.doubts += 1
                self.letters.append(letter)
                return Verdict(Result.AMBIGUOUS, "no_answer_after_text", "no reply")
            if fate < 0.038:
                self.refused.append(letter)
                return Verdict(Result.FAILED, "address_refused", "550")
            self.letters.append(letter)
            return Verdict(Result.SENT, "accepted", "250")
