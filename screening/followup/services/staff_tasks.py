"""Opens the tasks that the schedule asks of staff, and closes those that are needed no more."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction

from accounts.actors import Actor
from screening.cases.models import Case
from screening.followup.staff_tasks import StaffTask
from screening.review.desk.models import Task
from screening.review.desk.services.tasks import close_task, note_task

_KEYS = uuid.UUID("c1a7e2f4-2d43-4f0b-8f0e-7d0a9b1f6c52")


def keep_staff_tasks(*, wanted: Mapping[Case, list[StaffTask]], by: Actor, at: dt.datetime) -> None:
    """A task for each that has none yet, done or not; and none is left open about what came."""
    keys = {uuid.uuid5(_KEYS, one.key): (case, one) for case, all_of in wanted.items() for one in all_of}
    if not keys:
        return
    known = {task.pk: task for task in Task.objects.filter(pk__in=keys)}
    with transaction.atomic():
        for key, (case, one) in keys.items():
            if key not in known and not one.over:
                note_task(case=case, key=key, text=one.text, due_on=one.due_on, by=by, at=at)
            elif key in known and one.over and known[key].done_at is None:
                close_task(task=known[key], by=by, at=at)
