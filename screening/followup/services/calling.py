"""Opens the calls that the schedule asks of staff when a later form did not come."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction

from accounts.actors import Actor
from screening.cases.models import Case
from screening.followup.later import CallDue
from screening.review.desk.models import Task
from screening.review.desk.services.tasks import note_task

_CALLS = uuid.UUID("c1a7e2f4-2d43-4f0b-8f0e-7d0a9b1f6c52")


def note_calls(*, due: Mapping[Case, list[CallDue]], by: Actor, at: dt.datetime) -> int:
    """A task for each that has none yet, done or not. Returns how many are new."""
    keys = {uuid.uuid5(_CALLS, call.key): (case, call) for case, calls in due.items() for call in calls}
    if not keys:
        return 0
    known = set(Task.objects.filter(pk__in=keys).values_list("pk", flat=True))
    with transaction.atomic():
        for key in keys.keys() - known:
            case, call = keys[key]
            note_task(case=case, key=key, text=call.text, due_on=call.due_on, by=by, at=at)
    return len(keys) - len(known)
