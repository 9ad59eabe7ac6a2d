"""Note what is left to do about a case, and that it was done."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import No, Yes
from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from screening.cases.models import Case
from screening.cases.services import locked
from screening.cases.trail import record_about
from screening.review.desk import policies
from screening.review.desk.models import Task
from screening.review.desk.selectors import colleagues
from screening.review.services import require


class DoneAlready(Exception):
    """Somebody else did this task first. `task` says who and when."""

    def __init__(self, task: Task) -> None:
        super().__init__("the task is done already")
        self.task = task


def add_task(
    *,
    case: Case,
    key: UUID,
    text: str,
    for_user: int | None,
    due_on: date,
    membership: Membership,
    by: Actor,
    at: datetime,
) -> Task:
    """`for_user` is the user id of a colleague of the site, or None for anybody.

    The same sent twice from one page (`key`) is one task; what is changed there and sent again is another.
    """
    told = "\n".join((str(for_user), due_on.isoformat(), text))
    with transaction.atomic():
        case = locked(case)
        require(policies.may_add_task(membership, case))
        known = for_user is None or for_user in {each.user_id for each in colleagues(site=case.site)}
        require(Yes() if known else No(_("This colleague cannot work on cases of this site.")))
        task, new = case.tasks.get_or_create(
            pk=uuid5(key, told),
            defaults={
                "text": text,
                "for_user_id": for_user,
                "due_on": due_on,
                "made_by_id": membership.user_id,
                "made_at": at,
            },
        )
        if new:
            record_about(Event.TASK_ADDED, case, by=by, at=at)
    return task


def note_task(*, case: Case, key: UUID, text: str, due_on: date, by: Actor, at: datetime) -> Task:
    """The service itself notes something for whoever of the site comes first. The same key is one task."""
    with transaction.atomic():
        task, new = case.tasks.get_or_create(pk=key, defaults={"text": text, "due_on": due_on, "made_at": at})
        if new:
            record_about(Event.TASK_ADDED, case, by=by, at=at)
    return task


def close_task(*, task: Task, by: Actor, at: datetime) -> bool:
    """What the service noted itself is needed no more. False when somebody was first."""
    with transaction.atomic():
        closed = Task.objects.filter(pk=task.pk, made_by=None, done_at=None).update(done_at=at)
        if closed:
            record_about(Event.TASK_CLOSED, task.case, by=by, at=at)
    return bool(closed)


def finish_task(*, task: Task, membership: Membership, by: Actor, at: datetime) -> Task:
    """Somebody did it. Whoever comes second is told by DoneAlready who was first."""
    with transaction.atomic():
        task = (
            Task.objects.select_for_update(of=("self",))
            .select_related("case__site", "done_by")
            .get(pk=task.pk)
        )
        require(policies.may_finish_task(membership))
        if task.done_at is not None:
            raise DoneAlready(task)
        task.done_by_id, task.done_at = membership.user_id, at
        task.save(update_fields=["done_by", "done_at"])
        record_about(Event.TASK_DONE, task.case, by=by, at=at)
    return task
