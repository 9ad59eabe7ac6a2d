"""The last word: the statement that says of one message that it leaves now, committed before the network."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

from screening.followup.services.checking import Ready
from screening.followup.services.claiming import lease
from screening.followup.services.settling import Tried

# Nothing that would stop the message may have happened since it was checked: a case that moved on, a new
# address or number, a hold, a person who wants no more. Whatever did: it is checked again. What bears a time
# that is further off than a lease was written by a clock that is ahead: it would keep the message until then.
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
        WHERE r.id = %(id)s AND r.owner = %(owner)s
          -- in a CASE, so that the row is found by its key: the index of leases holds its whole group
          AND CASE r.state WHEN 'sending' THEN r.lease_until > %(at)s END
          AND c.id = r.case_id AND c.lock = %(lock)s
          AND p.id = r.patient_id AND p.email_hash = %(email_hash)s
          AND hashtextextended(p.phone, 0) IS NOT DISTINCT FROM %(phone_mark)s::bigint
          AND p.deceased_at IS NULL AND p.withdrawn_at IS NULL AND p.safeguarding_since IS NULL
          AND CASE r.channel WHEN 'sms' THEN p.contact_by_sms ELSE p.contact_by_email END
          AND NOT EXISTS (
              SELECT 1 FROM screening_sendinghold h WHERE h.site_id = r.site_id AND h.released_at IS NULL)
          AND NOT EXISTS (
              SELECT 1 FROM screening_suppression s WHERE s.patient_id = p.id AND s.ended_at IS NULL)
          AND NOT EXISTS (
              SELECT 1 FROM screening_optout o
              WHERE o.patient_id = p.id AND o.ended_at IS NULL
              AND o.at > %(checked_at)s AND o.at < %(lease)s)
          AND NOT EXISTS (  -- reading changes nothing that staff work on, so the case does not move on
              SELECT 1 FROM screening_message m
              WHERE m.case_id = c.id AND m.author_id IS NOT NULL
              AND m.read_at > %(checked_at)s AND m.read_at < %(lease)s)
          AND NOT EXISTS (  -- nor does moving, cancelling or missing an appointment
              SELECT 1 FROM screening_appointment a
              WHERE a.case_id = c.id AND a.settled_at > %(checked_at)s AND a.settled_at < %(lease)s)
        RETURNING r.attempts
    )
    INSERT INTO screening_attempt (reminder_id, number, owner, started_at, result, reply_code)
    SELECT %(id)s, attempts, %(owner)s, %(at)s, '', '' FROM leaving, quick RETURNING id, number
"""


def leave(*, ready: Ready, owner: str, at: dt.datetime, before: Tried | None = None) -> Ready | None:
    """Write down that this one is handed to the network now. None: not ours any more, or check it again.

    `before` was taken by the other side, and is not settled yet: it is in doubt no more.
    """
    with _prepared() as cursor:  # one statement, and so one transaction
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


def forget_plans() -> None:
    """What the server planned while a table was small must not serve it when it is large."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


@contextmanager
def _prepared() -> Iterator[CursorWrapper]:
    """A cursor whose statements the server parses once for each connection: to plan one takes it longer
    than to do it. Django's own write the values into the statement, so that none is ever the same.
    """
    connection.ensure_connection()
    connection.connection.prepare_threshold = 0
    with CursorWrapper(psycopg.Cursor(connection.connection), connection) as cursor:
        yield cursor
