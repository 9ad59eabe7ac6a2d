"""Claim, check once more, send, write down. A crash at any line leaves rows that say what is known.

A batch is claimed, and checked in groups: what is read to check one message is read for all of them. Then
one commit a message, before the network is touched, that it leaves, which also says that the one before it
was taken; what became of them is written down together. Whoever dies on the way leaves one row in doubt,
however large the group; `recover` decides about it when the lease runs out.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Protocol, Self

import structlog
from django.db import transaction

from screening.cases.lookups import among
from screening.followup.delivery import Mailer
from screening.followup.messages import Outgoing
from screening.followup.models import Attempt, Heartbeat, Reminder, ReminderState
from screening.followup.replies import Result, Verdict
from screening.followup.services.checking import FRESH, Ready
from screening.followup.services.claiming import (
    BATCH,
    check_again,
    claim,
    lease,
    release,
    still_claimed,
)
from screening.followup.services.fencing import fence
from screening.followup.services.leaving import forget_plans, leave
from screening.followup.services.settling import Tried, after_trouble, settle

log = structlog.get_logger(__name__)

GROUP = 500
SECONDS = 45
# How often one batch is gone through: whatever keeps changing is left for the next tick.
ROUNDS = 20
UNEXPECTED = Verdict(Result.RETRY, "unexpected_error")
PAUSED = Verdict(Result.RETRY, "paused")
Clock = Callable[[], dt.datetime]
Send = Callable[..., Verdict]


@dataclasses.dataclass
class _Pace:
    """How many are checked together: few at first, more while they leave quickly.

    Where the database is slow, a large group would be too old to leave by the time its last one is checked,
    and so would the next: nothing would ever leave. Where the mail server is slow, most of a large group
    would be checked again, each time with a fresh link.
    """

    most: int
    size: int = 10

    def __post_init__(self) -> None:
        self.size = min(self.size, self.most)

    def took(self, time: dt.timedelta) -> None:
        self.size = max(1, self.size // 4) if time >= FRESH / 2 else min(self.most, self.size * 2)


class Post(Protocol):
    """What a `Mailer` is: opened for a batch, never raises, says what became of each message."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: Any) -> None: ...

    def send(self, outgoing: Outgoing) -> Verdict: ...


def send_due(
    *,
    now: Clock,
    owner: str,
    seconds: float = SECONDS,
    limit: int = BATCH,
    group: int = GROUP,
    post: Post | None = None,
) -> dict[str, int]:
    """Send what is due until there is nothing left or the time is up. Counts what became of it.

    `post` hands the messages over: the mail server of the settings, unless another is given.
    """
    counts: dict[str, int] = {}
    until, pace = now() + dt.timedelta(seconds=seconds), _Pace(group)
    with post or Mailer() as mailer:
        while now() < until and (batch := claim(owner=owner, at=now(), limit=limit)):
            forget_plans()
            for became in _send_batch(batch, mailer.send, owner=owner, now=now, until=until, pace=pace):
                counts[became] = counts.get(became, 0) + 1
            release(reminder_ids=batch, owner=owner)
    return counts


def beat(*, process: str, at: dt.datetime) -> None:
    """This process has finished a round of work."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": at})


def _send_batch(
    batch: Sequence[uuid.UUID], send: Send, *, owner: str, now: Clock, until: dt.datetime, pace: _Pace
) -> Iterator[str]:
    waiting = list(batch)
    for _ in range(ROUNDS):
        while waiting:
            if now() >= until:
                return
            some, waiting = waiting[: pace.size], waiting[pace.size :]
            took = yield from _send_group(some, send, owner=owner, now=now, until=until)
            pace.took(took)
        waiting = still_claimed(reminder_ids=batch, owner=owner, at=now())
        if not waiting:
            return


def _send_group(
    ids: Sequence[uuid.UUID], send: Send, *, owner: str, now: Clock, until: dt.datetime
) -> Generator[str, None, dt.timedelta]:
    """What became of each. Returns how long the check took, or half the time until the last had left."""
    began = now()
    ready, tripped = _checked(ids, owner=owner, now=now)
    took = now() - began
    yield from ["unexpected"] * tripped
    yield from ["dropped"] * (_gone(ids, owner=owner) - tripped)
    yield from _hand_over(ready, send, owner=owner, now=now, until=until)
    return max(took, (now() - began) / 2)


def _hand_over(
    ready: Sequence[Ready], send: Send, *, owner: str, now: Clock, until: dt.datetime
) -> Iterator[str]:
    tried: list[Tried] = []
    try:
        for place, one in enumerate(ready):
            moment = now()
            if moment >= until or moment >= one.checked_at + FRESH:
                check_again(reminder_ids=[each.reminder_id for each in ready[place:]], owner=owner)
                break
            leaving = leave(ready=one, owner=owner, at=moment, before=tried[-1] if tried else None)
            if leaving is None:
                check_again(reminder_ids=[one.reminder_id], owner=owner)
                continue
            verdict = send(leaving.outgoing) if now() < moment + lease() / 2 else PAUSED
            tried.append(Tried(leaving, verdict, now()))
            if verdict.result is not Result.SENT:  # the line of the next says only that one was taken
                settle(tried=tried, owner=owner)
                tried = []
            # Whoever slept between the last word and the network has sent nothing.
            yield "dropped" if verdict is PAUSED else _told(one, verdict)
    except Exception:
        settle(tried=tried, owner=owner)
        raise
    settle(tried=tried, owner=owner)


def _told(one: Ready, verdict: Verdict) -> str:
    log.info("reminder_tried", reminder=str(one.reminder_id), result=verdict.result, reason=verdict.reason)
    return verdict.result.value


def _checked(ids: Sequence[uuid.UUID], *, owner: str, now: Clock) -> tuple[list[Ready], int]:
    """What of a group may leave. One bad row costs the group nothing but time: it is found by itself."""
    try:
        return fence(reminder_ids=ids, owner=owner, at=now()), 0
    except Exception:
        if len(ids) > 1:
            log.warning("group_check_failed", reminders=len(ids))
            each = [_checked([one], owner=owner, now=now) for one in ids]
            return [one for found, _ in each for one in found], sum(tripped for _, tripped in each)
        log.exception("reminder_check_failed", reminder=str(ids[0]))
        _trip(ids[0], owner=owner, at=now())
        return [], 1


def _gone(ids: Sequence[uuid.UUID], *, owner: str) -> int:
    """How many of a group are ours no more: not needed, not now, or taken back."""
    return len(ids) - Reminder.objects.filter(among("pk", ids), owner=owner).count()


def _trip(reminder_id: uuid.UUID, *, owner: str, at: dt.datetime) -> None:
    """Counted as a try, so that one bad row cannot come round for ever."""
    with transaction.atomic():
        row = (
            Reminder.objects.select_for_update(of=("self",))
            .select_related("case", "site")
            .filter(pk=reminder_id, owner=owner, state=ReminderState.CLAIMED)
            .first()
        )
        if row is not None:
            row.attempts += 1
            row.save(update_fields=["attempts"])
            Attempt.objects.create(
                reminder=row,
                number=row.attempts,
                owner=owner,
                started_at=at,
                finished_at=at,
                result=UNEXPECTED.result,
                reply_code=UNEXPECTED.reason[:20],
            )
            after_trouble(row, UNEXPECTED, at=at)
