"""The last check before the network, for a group of messages; and the last word, for each of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Value

from screening.followup.models import Reminder, ReminderState, SendingHold
from screening.followup.services.checking import Later, Ready, Stop, check
from screening.followup.services.claiming import lease
from screening.followup.services.settling import REMINDERS, Tried, close, put_back

# The number as it is stored: encrypted anew, it is another one, and the message is checked again.
PHONE_MARK = Func(
    F("patient__phone"), Value(0), function="hashtextextended", output_field=BigIntegerField(null=True)
)

# One message for each person, the oldest: what leaves counts for what else may.
TAKE = """
    UPDATE screening_reminder SET state = 'sending', lease_until = %(lease)s
    WHERE owner = %(owner)s AND state = 'claimed' AND lease_until > %(at)s AND id IN (
        SELECT DISTINCT ON (patient_id) id FROM screening_reminder
        WHERE id = ANY(%(ids)s) AND owner = %(owner)s AND state = 'claimed'
        ORDER BY patient_id, due_at, id
    )
    RETURNING id
"""

# People are held by a lock of our own: locking their rows would stand in the way of a patient who is
# just sending a form. Always in one order, so that two workers never wait for each other.
HOLD_PEOPLE = """
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended(patient_id::text, 0) AS key
        FROM screening_reminder WHERE id = ANY(%(ids)s) ORDER BY key
    ) AS people
"""

# Nothing that would stop the message may have happened since it was checked: a case that moved on, a new
# address or number, a hold, a person who wants no more. Whatever did: it is checked again.
#
# The same statement writes down that the one before was taken, so that whoever dies leaves one in doubt.
# Only a letter waits for the disk: what a dead worker has committed is kept all the same, and when the whole
# database server dies, its last half second of reminders may be repeated, which does no harm.
LEAVE = """
    WITH quick AS (
        SELECT set_config('synchronous_commit', CASE
            WHEN %(at_most_once)s THEN current_setting('synchronous_commit') ELSE 'off' END, true)
    ), taken AS (
        UPDATE screening_attempt SET finished_at = %(taken_at)s, result = 'sent', reply_code = %(reply)s
        WHERE id = %(taken)s
    ), leaving AS (
        UPDATE screening_reminder r
        SET attempts = r.attempts + 1, address_hash = %(address_hash)s, lease_until = %(lease)s
        FROM screening_case c, screening_patient p
        WHERE r.id = %(id)s AND r.owner = %(owner)s AND r.state = 'sending' AND r.lease_until > %(at)s
          AND c.id = r.case_id AND c.lock = %(lock)s
          AND p.id = r.patient_id AND p.email_hash = %(email_hash)s
          AND hashtextextended(p.phone, 0) IS NOT DISTINCT FROM %(phone_mark)s
          AND p.deceased_at IS NULL AND p.withdrawn_at IS NULL AND p.safeguarding_since IS NULL
          AND CASE r.channel WHEN 'sms' THEN p.contact_by_sms ELSE p.contact_by_email END
          AND NOT EXISTS (
              SELECT 1 FROM screening_sendinghold h WHERE h.site_id = r.site_id AND h.released_at IS NULL)
          AND NOT EXISTS (
              SELECT 1 FROM screening_suppression s WHERE s.patient_id = p.id AND s.ended_at IS NULL)
          AND NOT EXISTS (
              SELECT 1 FROM screening_optout o
              WHERE o.patient_id = p.id AND o.ended_at IS NULL AND o.at > %(checked_at)s)
          AND NOT EXISTS (  -- reading changes nothing that staff work on, so the case does not move on
              SELECT 1 FROM screening_message m
              WHERE m.case_id = c.id AND m.author_id IS NOT NULL AND m.read_at > %(checked_at)s)
        RETURNING r.attempts
    )
    INSERT INTO screening_attempt (reminder_id, number, owner, started_at, result, reply_code)
    SELECT %(id)s, attempts, %(owner)s, %(at)s, '', '' FROM leaving, quick RETURNING id, number
"""


def fence(*, reminder_ids: Sequence[uuid.UUID], owner: str, at: dt.datetime) -> list[Ready]:
    """Those that may leave now, one for each person at most.

    One UPDATE asks whether the claims are still ours and the lease still runs; a worker that was paused
    for longer gets nothing. Then everything that could have changed since planning is read again, and
    what must not leave, or not now, is written down.
    """
    with transaction.atomic():
        if not (taken := _take(reminder_ids, owner=owner, at=at)):
            return []
        held = SendingHold.objects.filter(site=OuterRef("site"), released_at__isnull=True)
        rows = (
            Reminder.objects.filter(pk__in=taken)
            .select_related("case", "patient", "site", "schedule")
            .defer("schedule__content")
            .annotate(on_hold=Exists(held), phone_mark=PHONE_MARK)
            .order_by("due_at", "pk")
        )
        going = [row for row in rows if not row.on_hold]
        answers = check(going, by=REMINDERS, at=at)
        for row in rows:
            match answers.get(row.pk, Later(row.due_at)):
                case Later() as later:
                    put_back(row, due_at=later.due_at)
                case Stop() as stop:
                    state = ReminderState.FAILED if stop.failed else ReminderState.CANCELLED
                    close(row, state, stop.reason, at=at)
        marks = {row.pk: row.phone_mark for row in rows}
        return [
            dataclasses.replace(answer, phone_mark=marks[answer.reminder_id])
            for answer in answers.values()
            if isinstance(answer, Ready)
        ]


def leave(*, ready: Ready, owner: str, at: dt.datetime, before: Tried | None = None) -> Ready | None:
    """Write down that this one is handed to the network now. None: not ours any more, or check it again.

    `before` was taken by the other side, and is not settled yet: it is in doubt no more.
    """
    with connection.cursor() as cursor:  # one statement, and so one transaction
        cursor.execute(
            LEAVE,
            {
                "taken": before.ready.attempt_id if before else 0,
                "taken_at": before.at if before else at,
                "reply": before.verdict.reply[:20] if before else "",
                "at_most_once": ready.at_most_once,
                "phone_mark": ready.phone_mark,
                "id": ready.reminder_id,
                "owner": owner,
                "at": at,
                "lease": at + lease(),
                "checked_at": ready.checked_at,
                "lock": ready.case_lock,
                "email_hash": ready.email_hash,
                "address_hash": ready.address_hash,
            },
        )
        row = cursor.fetchone()
    return None if row is None else dataclasses.replace(ready, attempt_id=row[0], number=row[1])


def _take(reminder_ids: Sequence[uuid.UUID], *, owner: str, at: dt.datetime) -> list[uuid.UUID]:
    """Move our claims to "being sent", and let nobody else check messages to the same people meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"ids": list(reminder_ids), "owner": owner, "at": at, "lease": at + lease()})
        taken = [row[0] for row in cursor.fetchall()]
        if taken:
            cursor.execute(HOLD_PEOPLE, {"ids": taken})
    return taken
