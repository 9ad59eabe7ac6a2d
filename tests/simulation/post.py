"""The mail server of the simulated year: takes, puts off, refuses, leaves one in doubt, kills its caller."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import threading
from collections import Counter
from typing import Self

from screening.followup.delivery import _as_email
from screening.followup.messages import Outgoing
from screening.followup.replies import Result, Verdict
from tests.outgoing import complaints
from tests.simulation.clock import Clock, Killed


@dataclasses.dataclass(frozen=True)
class Letter:
    """One message that was taken. `seq` orders it among the happenings."""

    seq: int
    at: dt.datetime
    name: str
    to: str
    channel: str


class Post:
    """Stands in for the real Mailer. `chance` decides what becomes of each message."""

    def __init__(self, chance: random.Random, clock: Clock) -> None:
        self.chance, self.clock = chance, clock
        self.letters: list[Letter] = []
        self.refused: list[Letter] = []
        self.doubts: Counter[str] = Counter()
        self.put_off = 0
        self.wrong: list[str] = []
        self.lock = threading.Lock()

    def __call__(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, outgoing: Outgoing) -> Verdict:
        email = _as_email(outgoing)
        name = outgoing.message_id.strip("<>").partition("@")[0]
        with self.lock:
            self.wrong += complaints(email)
            self.clock.handed_over()
            fate, (to,) = self.chance.random(), email.recipients()
            to = to.removesuffix("@sms.invalid")
            letter = Letter(self.clock.next(), self.clock.time, name, to, outgoing.channel)
            if fate < 0.008:
                if fate < 0.004:
                    self.letters.append(letter)
                raise Killed
            if fate < 0.03:
                self.put_off += 1
                return Verdict(Result.RETRY, "not_now", "451")
            if fate < 0.034:
                self.doubts[name] += 1
                self.letters.append(letter)
                return Verdict(Result.AMBIGUOUS, "no_answer_after_text", "no reply")
            if fate < 0.038:
                self.refused.append(letter)
                return Verdict(Result.FAILED, "address_refused", "550")
            self.letters.append(letter)
            return Verdict(Result.SENT, "accepted", "250")
