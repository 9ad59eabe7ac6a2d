"""Claim, check once more, send, write down. A crash at any line leaves rows that say what is known.

Two commits a message: the row says "being sent" before the network is touched and what became of it
afterwards. Whoever dies between the two leaves a row whose lease runs out, and `recover` decides.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import uuid
from collections.abc import Callable, Sequence

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.followup.delivery import Mailer
from screening.followup.models import Attempt, Heartbeat, Reminder, ReminderState, SendingHold
from screening.followup.replies import Result, Verdict, next_try
from screening.followup.services.checking import Later, Ready, Stop, check

log = structlog.get_logger(__name__)

REMINDERS = Actor.system("reminders")
BATCH = 50
SECONDS = 45
UNEXPECTED = Verdict(Result.RETRY, "unexpected_error")
LOST = "worker_lost"
Clock = Callable[[], dt.datetime]

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

TAKE = """
    WITH ours AS (
        UPDATE screening_reminder SET state = 'sending', lease_until = %(lease)s, attempts = attempts + 1
        WHERE id = %(id)s AND owner = %(owner)s AND state = 'claimed' AND lease_until > %(at)s
        RETURNING patient_id
    )
    SELECT pg_advisory_xact_lock(hashtextextended(patient_id::text, 0)) FROM ours
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


def fence(*, reminder_id: uuid.UUID, owner: str, at: dt.datetime) -> Ready | None:
    """The last check before the network. None: this one must not be sent, or not now, or not by us.

    One UPDATE asks whether the claim is still ours and the lease still runs; a worker that was paused
    for longer gets nothing. Then everything that could have changed since planning is read again.
    """
    with transaction.atomic():
        if not _take(reminder_id, owner=owner, at=at):
            return None
        held = SendingHold.objects.filter(site=OuterRef("site"), released_at__isnull=True)
        reminder = (
            Reminder.objects.select_related("case", "patient", "site", "schedule")
            .defer("schedule__content")
            .annotate(on_hold=Exists(held))
            .get(pk=reminder_id)
        )
        answer = Later(reminder.due_at) if reminder.on_hold else check(reminder, by=REMINDERS, at=at)
        match answer:
            case Ready():
                Attempt.objects.create(
                    reminder=reminder, number=reminder.attempts, owner=owner, started_at=at
                )
                return answer
            case Later():
                _put_back(reminder, due_at=answer.due_at)
            case Stop():
                state = ReminderState.FAILED if answer.failed else ReminderState.CANCELLED
                _close(reminder, state, answer.reason, at=at, attempts=reminder.attempts - 1)
    return None


def _take(reminder_id: uuid.UUID, *, owner: str, at: dt.datetime) -> bool:
    """Move our claim to "being sent", and let nobody else check a message to the same person meanwhile.

    The person is held by a lock of our own: locking their row would stand in the way of a patient
    who is just sending a form.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"id": reminder_id, "owner": owner, "at": at, "lease": at + lease()})
        return cursor.fetchone() is not None


def settle(*, ready: Ready, owner: str, verdict: Verdict, at: dt.datetime) -> None:
    """Write down what became of a try.

    That it was sent is true even when our lease ran out meanwhile, unless somebody has tried again
    since; anything else counts only while the row is still ours.
    """
    with transaction.atomic():
        row = (
            Reminder.objects.select_for_update(of=("self",))
            .select_related("case", "site")
            .get(pk=ready.reminder_id)
        )
        Attempt.objects.filter(reminder=row, number=ready.number, owner=owner).update(
            finished_at=at, result=verdict.result, reply_code=verdict.reply[:20]
        )
        if row.attempts != ready.number:
            return
        if verdict.result is Result.SENT:
            row.sent_at = at
            _close(row, ReminderState.SENT, "", at=at, attempts=row.attempts)
        elif row.state == ReminderState.SENDING and row.owner == owner:
            _after_trouble(row, verdict, at=at)


def recover(*, at: dt.datetime) -> int:
    """Take back what workers left behind when their lease ran out. Returns how many.

    What was only claimed is due again. What was being sent may have arrived: it is tried once more if
    a repeat does no harm, else staff are told that nobody knows.
    """
    count = 0
    while True:
        with transaction.atomic():
            row = (
                Reminder.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("case", "site")
                .filter(state__in=[ReminderState.CLAIMED, ReminderState.SENDING], lease_until__lte=at)
                .order_by("lease_until")
                .first()
            )
            if row is None:
                return count
            if row.state == ReminderState.CLAIMED:
                _put_back(row, due_at=row.due_at, tried=row.attempts)
            else:
                Attempt.objects.filter(reminder=row, number=row.attempts).update(
                    finished_at=at, result=Result.AMBIGUOUS, reply_code=LOST
                )
                _after_trouble(row, Verdict(Result.AMBIGUOUS, LOST), at=at, soon=True)
            count += 1


def send_due(*, now: Clock, owner: str, seconds: float = SECONDS, limit: int = BATCH) -> dict[str, int]:
    """Send what is due until there is nothing left or the time is up. Counts what became of it."""
    counts: dict[str, int] = {}
    until = now() + dt.timedelta(seconds=seconds)
    with Mailer() as mailer:
        while now() < until and (batch := claim(owner=owner, at=now(), limit=limit)):
            for place, reminder_id in enumerate(batch):
                if now() >= until:
                    _release(batch[place:], owner=owner)
                    break
                became = _send_one(reminder_id, mailer, owner=owner, now=now)
                counts[became] = counts.get(became, 0) + 1
    return counts


def beat(*, process: str, at: dt.datetime) -> None:
    """This process has finished a round of work."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": at})


def _send_one(reminder_id: uuid.UUID, mailer: Mailer, *, owner: str, now: Clock) -> str:
    started = now()
    try:
        ready = fence(reminder_id=reminder_id, owner=owner, at=started)
    except Exception:  # counted as a try, so that one bad row cannot come round for ever
        log.exception("reminder_check_failed", reminder=str(reminder_id))
        _trip(reminder_id, owner=owner, at=now())
        return "unexpected"
    if ready is None:
        return "dropped"
    if now() >= started + lease() / 2:
        # We slept between the check and here. Nothing has left, so nothing is uncertain.
        settle(ready=ready, owner=owner, verdict=Verdict(Result.RETRY, "paused"), at=now())
        return "dropped"
    verdict = mailer.send(ready.outgoing)
    settle(ready=ready, owner=owner, verdict=verdict, at=now())
    log.info("reminder_tried", reminder=str(reminder_id), result=verdict.result, reason=verdict.reason)
    return verdict.result.value


def _after_trouble(row: Reminder, verdict: Verdict, *, at: dt.datetime, soon: bool = False) -> None:
    tries = row.attempt_rows.all()
    uncertain = verdict.result is Result.AMBIGUOUS
    if uncertain and (row.at_most_once or tries.filter(result=Result.AMBIGUOUS).count() > 1):
        _close(row, ReminderState.AMBIGUOUS, verdict.reason, at=at, attempts=row.attempts)
        return
    first = tries.order_by("id").values_list("started_at", flat=True).first() or at
    again = at if soon else next_try(tries=row.attempts, first_at=first, at=at)
    if verdict.result is Result.FAILED or again is None:
        _close(row, ReminderState.FAILED, verdict.reason, at=at, attempts=row.attempts)
    else:
        _put_back(row, due_at=again, tried=row.attempts)


def _trip(reminder_id: uuid.UUID, *, owner: str, at: dt.datetime) -> None:
    with transaction.atomic():
        row = (
            Reminder.objects.select_for_update(of=("self",))
            .select_related("case", "site")
            .filter(pk=reminder_id, owner=owner, state=ReminderState.CLAIMED)
            .first()
        )
        if row is not None:
            row.attempts += 1
            Attempt.objects.create(
                reminder=row,
                number=row.attempts,
                owner=owner,
                started_at=at,
                finished_at=at,
                result=UNEXPECTED.result,
                reply_code=UNEXPECTED.reason[:20],
            )
            _after_trouble(row, UNEXPECTED, at=at)


def _release(reminder_ids: Sequence[uuid.UUID], *, owner: str) -> None:
    mine = Reminder.objects.filter(pk__in=reminder_ids, owner=owner, state=ReminderState.CLAIMED)
    free = {"owner": "", "lease_until": None}
    mine.filter(attempts=0).update(state=ReminderState.SCHEDULED, **free)
    mine.filter(attempts__gt=0).update(state=ReminderState.RETRY, **free)


def _put_back(row: Reminder, *, due_at: dt.datetime, tried: int | None = None) -> None:
    """Due again. `tried` is how many tries count; without it the try that just began does not."""
    row.attempts = row.attempts - 1 if tried is None else tried
    row.state = ReminderState.RETRY if row.attempts else ReminderState.SCHEDULED
    row.due_at, row.owner, row.lease_until = due_at, "", None
    row.save(update_fields=["state", "due_at", "owner", "lease_until", "attempts"])


ENDINGS = {
    ReminderState.SENT: Event.REMINDER_SENT,
    ReminderState.FAILED: Event.REMINDER_FAILED,
    ReminderState.CANCELLED: Event.REMINDER_CANCELLED,
    ReminderState.AMBIGUOUS: Event.REMINDER_UNCERTAIN,
}


def _close(row: Reminder, state: ReminderState, reason: str, *, at: dt.datetime, attempts: int) -> None:
    row.state, row.closed_reason, row.attempts = state, reason, attempts
    row.owner, row.lease_until = "", None
    row.save(update_fields=["state", "closed_reason", "attempts", "owner", "lease_until", "sent_at"])
    record(
        ENDINGS[state],
        by=REMINDERS,
        at=at,
        site=row.site,
        case=row.case.reference,
        patient=row.patient_id,
        detail={"step": row.step, "channel": row.channel, "reason": reason},
    )
