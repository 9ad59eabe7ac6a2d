"""What a mail server's answer means for a message, and when it is tried again. Pure.

The basic reply code decides; the stage at which it came says whose trouble it is. What a server says
about us (sender, sign-in, greeting) is tried again, since the person did nothing wrong; what it says
about the recipient or the message is final when it begins with 5.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import IntEnum, StrEnum


class Stage(IntEnum):
    """How far the conversation with the server had come."""

    CONNECT = 0
    HELLO = 1
    SIGN_IN = 2
    SENDER = 3
    RECIPIENT = 4
    DATA = 5
    CONTENT = 6  # the text has left: without an answer nobody knows whether it was taken


class Result(StrEnum):
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What became of one try. `reason` is a code for staff, `reply` the server's code or a short name."""

    result: Result
    reason: str
    reply: str = ""


# The server says "mailbox full" (or too many recipients) for good, but RFC 5321 4.5.3.1.10 asks to try again.
FULL_MAILBOX = 552
GOING_AWAY = 421


def classify(stage: Stage, code: int | None) -> Verdict:
    """The verdict on a reply code, or on silence or a dropped line (`code` is None)."""
    reply = "no reply" if code is None else str(code)
    if code is None or not 200 <= code <= 599:
        if stage is Stage.CONTENT:
            return Verdict(Result.AMBIGUOUS, "no_answer_after_text", reply)
        return Verdict(Result.RETRY, "no_answer" if code is None else "strange_answer", reply)
    if code < 300 and stage is Stage.CONTENT:
        return Verdict(Result.SENT, "accepted", reply)
    if code < 400:  # a good answer to the wrong question
        if stage is Stage.CONTENT:
            return Verdict(Result.AMBIGUOUS, "strange_answer", reply)
        return Verdict(Result.RETRY, "strange_answer", reply)
    if code < 500:
        return Verdict(Result.RETRY, "server_going_away" if code == GOING_AWAY else "not_now", reply)
    if stage < Stage.RECIPIENT:
        return Verdict(Result.RETRY, "our_server_refused", reply)
    if stage is Stage.RECIPIENT:
        if code == FULL_MAILBOX:
            return Verdict(Result.RETRY, "mailbox_full", reply)
        return Verdict(Result.FAILED, "address_refused", reply)
    return Verdict(Result.FAILED, "message_refused", reply)


NO_PROVIDER = Verdict(Result.FAILED, "no_provider")

_MINUTES = (1, 5, 15, 60, 240)
_THEN_EVERY = dt.timedelta(hours=12)
_GIVE_UP = dt.timedelta(days=3)
# Nothing is tried outside the window: over Christmas three days hold hardly a try.
_LEAST_TRIES = 6


def next_try(*, tries: int, first_at: dt.datetime, at: dt.datetime) -> dt.datetime | None:
    """When to try again after `tries` tries, or None when three days, and six tries, have been enough."""
    wait = dt.timedelta(minutes=_MINUTES[tries - 1]) if tries <= len(_MINUTES) else _THEN_EVERY
    again = at + wait
    return again if tries < _LEAST_TRIES or again <= first_at + _GIVE_UP else None
