"""The last check before the network, for a group of messages. The last word, for each, is in `leaving.py`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Value

from screening.cases.lookups import among
from screening.followup.histories import NOT_READ, SCHEDULE
from screening.followup.models import Reminder, ReminderState, SendingHold
from screening.followup.services.checking import Later, Ready, Stop, check
from screening.followup.services.claiming import check_again, lease
from screening.followup.services.settling import REMINDERS, close, put_back
from screening.review.desk.joining import groups_of

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
    RETURNING id, patient_id, due_at
"""

# People are held by a lock of our own: locking their rows would stand in the way of a patient who is
# just sending a form. Always in one order, so that two workers never wait for each other.
HOLD_PEOPLE = """
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended(record, 0) AS key FROM unnest(%(records)s::text[]) AS record
        ORDER BY key
    ) AS people
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
            Reminder.objects.filter(among("pk", taken))
            .select_related("case", "patient")
            .defer(*NOT_READ)
            .prefetch_related("site", SCHEDULE)
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


def _take(reminder_ids: Sequence[uuid.UUID], *, owner: str, at: dt.datetime) -> list[uuid.UUID]:
    """Move our claims to "being sent", and let nobody else check messages to the same people meanwhile.

    Somebody may have two records, each with a message: the later one is only claimed again.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"ids": list(reminder_ids), "owner": owner, "at": at, "lease": at + lease()})
        taken = {patient: pk for pk, patient, _due in sorted(cursor.fetchall(), key=lambda row: row[2])}
        if not taken:
            return []
        same = groups_of(taken)
        cursor.execute(HOLD_PEOPLE, {"records": [str(key) for key in {*taken, *same}]})
    first = {frozenset(same.get(patient, {patient})): pk for patient, pk in reversed(taken.items())}
    if len(first) < len(taken):
        check_again(reminder_ids=list({*taken.values()} - {*first.values()}), owner=owner)
    return list(first.values())
