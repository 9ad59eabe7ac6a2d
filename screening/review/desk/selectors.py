"""What is known of the work on a case: whom it could be given to, who rang, what is left to do."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, Site
from accounts.permissions import Permission
from accounts.roles import roles_with
from screening.cases.models import TO_RING, Case, RedFlag
from screening.cases.workflow import State
from screening.review.desk.models import Call, Handover, Task

MOST_SHOWN = 200
RECENT = dt.timedelta(days=14)


def colleagues(*, site: Site, besides: int | None = None) -> list[Membership]:
    """Everybody who may work on a case of this site today, by name."""
    people = site.memberships.at_work().filter(role__in=roles_with(Permission.CLAIM_CASE))
    named = people.select_related("user").order_by("user__name", "pk")
    return [each for each in named if each.user_id != besides]


def standing_flags(case: Case) -> list[RedFlag]:
    """The answers that nobody has cleared, urgent or only waiting for a call."""
    return [flag for flag in case.red_flags.all() if flag.cleared_at is None]


def urgent_flags(case: Case) -> list[RedFlag]:
    """The urgent answers that nobody has cleared."""
    return [flag for flag in standing_flags(case) if flag.tier < TO_RING]


def called_at(case: Case) -> dt.datetime | None:
    """When somebody last rang about this case; None when nobody has."""
    return max((call.made_at for call in case.calls.all()), default=None)


def standing_since(case: Case) -> dt.datetime | None:
    """When the newest answer was given that waits for a call, urgent or not; None when none does."""
    return max((flag.raised_at for flag in standing_flags(case)), default=None)


def calls_about_what_stands(case: Case) -> list[Call]:
    """The calls that clearing may rest on: those made since the newest answer that still stands was given."""
    newest = standing_since(case)
    calls = case.calls.select_related("made_by")
    return [call for call in calls if newest is not None and call.made_at >= newest]


def changed_hands(*, site: Site, user_id: int, at: dt.datetime) -> list[Handover]:
    """What colleagues handed to this person, or took over from them, within the last two weeks."""
    mine = Q(taken=False, to_user=user_id) | Q(taken=True, from_user=user_id)
    found = Handover.objects.filter(mine, case__site=site, at__gt=at - RECENT)
    found = found.select_related("case__patient", "from_user", "to_user").order_by("-id")
    return list(found[:MOST_SHOWN])


def tasks_of(case: Case) -> list[Task]:
    """Open ones first, by their day."""
    return sorted(case.tasks.all(), key=lambda task: (task.done_at is not None, task.due_on, task.made_at))


def open_tasks(*, site: Site, user_id: int) -> QuerySet[Task]:
    """What is left for this person or for anybody: never of a case that is gone.

    What was for somebody who has left is for anybody.
    """
    gone = ~Exists(site.memberships.at_work().filter(user_id=OuterRef("for_user_id")))
    mine = Q(for_user=user_id) | Q(for_user__isnull=True) | gone
    tasks = Task.objects.filter(mine, case__site=site, done_at__isnull=True)
    return tasks.exclude(case__state__in=[State.WITHDRAWN, State.EXPIRED]).order_by("due_on", "made_at")


@dataclasses.dataclass(frozen=True)
class TasksLeft:
    count: int
    late: int


def tasks_left(*, site: Site, user_id: int, today: dt.date) -> TasksLeft:
    """How many tasks are left for this person or anybody, and how many of them are past their day."""
    late = Count("pk", filter=Q(due_on__lt=today))
    found = open_tasks(site=site, user_id=user_id).order_by().aggregate(count=Count("pk"), late=late)
    return TasksLeft(**found)


def task_list(*, site: Site, user_id: int) -> list[Task]:
    shown = open_tasks(site=site, user_id=user_id).select_related("case__patient", "for_user", "made_by")
    return list(shown[:MOST_SHOWN])
