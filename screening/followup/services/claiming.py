"""Who holds a reminder: claimed with a lease, given back, taken back from workers that fell silent."""

from __future__ import annotations

import datetime as dt
import os
import socket
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Q, Value, When

from screening.cases.lookups import among
from screening.followup.models import Attempt, Reminder, ReminderState
from screening.followup.replies import Result, Verdict
from screening.followup.services.settling import after_trouble, close, put_back

BATCH = 500
LOST = "worker_lost"

CLAIM = """
    WITH due AS (
        SELECT r.id FROM screening_reminder r
        WHERE r.state IN ('scheduled', 'retry') AND r.due_at <= %(at)s
          AND NOT EXISTS (
              SELECT 1 FROM screening_sendinghold h WHERE h.site_id = r.site_id AND h.released_at IS NULL
          )
        ORDER BY r.due_at LIMIT %(limit)s FOR UPDATE OF r SKIP LOCKED
    )
    UPDATE screening_reminder r SET state = 'claimed', owner = %(owner)s, lease_until = %(lease)s
    FROM due WHERE r.id = due.id RETURNING r.id, r.due_at
"""


def new_owner() -> str:
    """A name nobody had before: a worker that wakes up late must not pass for another."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


def lease() -> dt.timedelta:
    return dt.timedelta(seconds=settings.REMINDER_LEASE_SECONDS)


def claim(*, owner: str, at: dt.datetime, limit: int = BATCH) -> list[uuid.UUID]:
    """Take up to `limit` due reminders, oldest first; nobody else can until the lease runs out."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"at": at, "limit": limit, "owner": owner, "lease": at + lease()})
        return [row[0] for row in sorted(cursor.fetchall(), key=lambda row: row[1])]


def still_claimed(*, reminder_ids: Sequence[uuid.UUID], owner: str, at: dt.datetime) -> list[uuid.UUID]:
    """Those of a batch that nobody has looked at yet, oldest first."""
    mine = Reminder.objects.filter(
        among("pk", reminder_ids), owner=owner, state=ReminderState.CLAIMED, lease_until__gt=at
    )
    return list(mine.order_by("due_at").values_list("pk", flat=True))


def check_again(*, reminder_ids: Sequence[uuid.UUID], owner: str) -> None:
    """What was checked and has not left yet is only claimed again: too long ago, or something changed."""
    mine = Reminder.objects.filter(among("pk", reminder_ids), owner=owner, state=ReminderState.SENDING)
    mine.update(state=ReminderState.CLAIMED)


def release(*, reminder_ids: Sequence[uuid.UUID], owner: str) -> None:
    """Give back what we have claimed and not begun, for whoever comes next."""
    mine = Reminder.objects.filter(among("pk", reminder_ids), owner=owner, state=ReminderState.CLAIMED)
    mine.update(
        state=Case(When(attempts=0, then=Value(ReminderState.SCHEDULED)), default=Value(ReminderState.RETRY)),
        owner="",
        lease_until=None,
    )


def left_behind(at: dt.datetime) -> Q:
    """The lease has run out; or it ends later than any that is given now: a clock that was ahead gave it.

    Else what such a worker held when it died would wait until the day its clock showed. Clocks may differ by
    as much as a lease is long.
    """
    return Q(lease_until__lte=at) | Q(lease_until__gt=at + 2 * lease())


def recover(*, at: dt.datetime) -> int:
    """Take back what workers left behind when their lease ran out. Returns how many.

    What never left is due again, and what is known to have been taken is sent. What was handed to the
    network may have arrived: it is tried once more if a repeat does no harm, else staff are told that
    nobody knows.
    """
    count = 0
    while True:
        with transaction.atomic():
            row = (
                Reminder.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("case", "site")
                .filter(left_behind(at), state__in=[ReminderState.CLAIMED, ReminderState.SENDING])
                .order_by("lease_until")
                .first()
            )
            if row is None:
                return count
            _recover_one(row, at=at)
            count += 1


def _recover_one(row: Reminder, *, at: dt.datetime) -> None:
    # Of this worker alone: an earlier try may have been taken, and have come back.
    left = Attempt.objects.filter(reminder=row, number=row.attempts, owner=row.owner)
    taken = left.filter(result=Result.SENT).first()
    if row.state == ReminderState.SENDING and taken is not None and taken.finished_at is not None:
        row.sent_at = taken.finished_at
        close(row, ReminderState.SENT, "", at=at)
    elif row.state == ReminderState.SENDING and left.filter(finished_at=None).update(
        finished_at=at, result=Result.AMBIGUOUS, reply_code=LOST
    ):
        after_trouble(row, Verdict(Result.AMBIGUOUS, LOST), at=at, soon=True)
    else:
        put_back(row, due_at=row.due_at)
