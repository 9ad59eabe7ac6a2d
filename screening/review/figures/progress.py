"""How far the forms of a site have come, and what is past its target. Of one site."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.db.models.functions import TruncMonth

from accounts.models import Site
from audit.selectors import openings
from screening.cases.models import ON_WORKLIST, Case, Decision
from screening.cases.opening import LONDON
from screening.cases.services import local_date
from screening.cases.stages import Stage
from screening.cases.workflow import FINAL
from screening.review.figures.selectors import months_ago


@dataclasses.dataclass(frozen=True)
class Begun:
    """The forms that were begun in one month, and how many of them have come to each step by now."""

    month: dt.date
    begun: int
    sent: int
    opened: int
    decided: int
    closed: int


def funnel(*, site: Site, at: dt.datetime) -> list[Begun]:
    """Of the last twelve months. A form that was taken back after it was sent counts as sent."""
    looks = openings().filter(site_id=site.pk, case_reference=OuterRef("reference"))
    opened = Exists(looks.filter(at__gte=OuterRef("submitted_at")))
    decided = Exists(Decision.objects.filter(case=OuterRef("pk"), stage=Stage.FIRST))
    rows = (
        Case.objects.filter(site=site, started_at__gte=months_ago(at))
        .annotate(month=TruncMonth("started_at", tzinfo=LONDON), was_opened=opened, was_decided=decided)
        .values("month")
        .annotate(
            begun=Count("pk"),
            sent=Count("pk", filter=Q(submitted_at__isnull=False)),
            opened=Count("pk", filter=Q(was_opened=True)),
            decided=Count("pk", filter=Q(was_decided=True)),
            closed=Count("pk", filter=Q(state__in=sorted(FINAL))),
        )
        .order_by("month")
        .values_list("month", "begun", "sent", "opened", "decided", "closed")
    )
    return [Begun(local_date(month), *numbers) for month, *numbers in rows]


@dataclasses.dataclass(frozen=True)
class Late:
    """Open cases of one urgency (tier, 5 for none): how many, how many past their target, and the longest."""

    rank: int
    n: int
    late: int
    longest: dt.timedelta | None


def past_target(*, site: Site, at: dt.datetime) -> list[Late]:
    """Of what is on the worklist now, by the very clock that sorts it."""
    is_late = Q(due_at__lte=at)
    rows = (
        Case.objects.filter(ON_WORKLIST, site=site)
        .values("rank")
        .annotate(n=Count("pk"), late=Count("pk", filter=is_late), first=Min("due_at", filter=is_late))
        .order_by("rank")
    )
    told = rows.values_list("rank", "n", "late", "first")
    return [Late(rank, n, late, at - first if first else None) for rank, n, late, first in told]
