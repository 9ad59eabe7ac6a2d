"""How long people wait, how soon somebody looks, and how often clinicians overturn the rules. Of one site."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import TruncMonth

from accounts.models import Site
from audit.models import AuditEvent
from audit.selectors import OPENED, openings
from screening.cases.models import ON_WORKLIST, Assessment, Case, Decision
from screening.cases.opening import LONDON
from screening.cases.services import local_date
from screening.cases.stages import Stage
from screening.cases.workflow import State
from screening.review.figures.sampling import is_sampled
from screening.review.paging import Order

MONTHS = 12
SAMPLED_DAYS = 90  # how far back decisions are drawn for a second look
PAGE_SIZE = 50
# From how many days on a case belongs to each group of age.
AGES = (0, 1, 3, 7, 14)
NEWEST_SENT = Order(("submitted_at", "id"), newest_first=True)


class Quantile(Aggregate):
    """The value below which this share of all values lies, between two where it falls between them."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=float(share), **extra)


@dataclasses.dataclass(frozen=True)
class Waiting:
    """How many open cases of one urgency (tier, 5 for none) have waited from `days` on."""

    rank: int
    days: int
    n: int


def waiting(*, site: Site, at: dt.datetime) -> list[Waiting]:
    """What is on the worklist now, the drafts in which an urgent answer stands among them."""
    starts = [at - dt.timedelta(days=days) for days in AGES]
    bands = {
        f"from_{days}": Count(
            "pk",
            filter=Q(waiting_since__lte=start)
            & (Q(waiting_since__gt=starts[number + 1]) if number + 1 < len(starts) else Q()),
        )
        for number, (days, start) in enumerate(zip(AGES, starts, strict=True))
    }
    rows = Case.objects.filter(ON_WORKLIST, site=site).values("rank").annotate(**bands).order_by("rank")
    return [
        Waiting(rank, days, n)
        for rank, *numbers in rows.values_list("rank", *bands)
        for days, n in zip(AGES, numbers, strict=True)
    ]


@dataclasses.dataclass(frozen=True)
class Month:
    """How long it took for the forms that were sent in one month: `n` of them have come so far."""

    month: dt.date
    sent: int
    n: int
    lower: dt.timedelta | None
    median: dt.timedelta | None
    upper: dt.timedelta | None


def time_to_first_look(*, site: Site, at: dt.datetime) -> list[Month]:
    """From sending the form until a member of staff first opened the answers."""
    looks = openings().filter(site_id=site.pk, case_reference=OuterRef("reference"))
    first = looks.filter(at__gte=OuterRef("submitted_at")).order_by("id").values("at")[:1]
    return _by_month(site, at, Subquery(first))


def time_to_decision(*, site: Site, at: dt.datetime) -> list[Month]:
    """From sending the form until a clinician first decided."""
    decided = Decision.objects.filter(case=OuterRef("pk"), stage=Stage.FIRST)
    return _by_month(site, at, Subquery(decided.order_by("id").values("decided_at")[:1]))


def _by_month(site: Site, at: dt.datetime, until: Subquery) -> list[Month]:
    since = months_ago(at)
    took = ExpressionWrapper(F("until") - F("submitted_at"), output_field=DurationField())
    rows = (
        Case.objects.filter(site=site, submitted_at__gte=since)
        .annotate(until=until, month=TruncMonth("submitted_at", tzinfo=LONDON))
        .annotate(took=took)
        .values("month")
        .annotate(
            sent=Count("pk"),
            n=Count("took"),
            lower=Quantile("took", 0.25),
            median=Quantile("took", 0.5),
            upper=Quantile("took", 0.75),
        )
        .order_by("month")
    )
    told = rows.values_list("month", "sent", "n", "lower", "median", "upper")
    return [
        Month(local_date(month), sent, n, lower, median, upper)
        for month, sent, n, lower, median, upper in told
    ]


def months_ago(at: dt.datetime) -> dt.datetime:
    """The first moment of the month eleven months before this one, so that twelve are shown."""
    today = local_date(at)
    months = today.year * 12 + today.month - MONTHS
    return dt.datetime(months // 12, months % 12 + 1, 1, tzinfo=LONDON)


@dataclasses.dataclass(frozen=True)
class Overturned:
    """A finding behind suggestions of the rules: first decisions about it, and how many went against it."""

    code: str
    decided: int
    overturned: int


NOTHING = ""  # the code of a suggestion that no exclusion and nothing missing stands behind


def overturned(*, site: Site, at: dt.datetime) -> list[Overturned]:
    """By rule, over the last twelve months; a decision counts for each finding behind its suggestion."""
    first = Decision.objects.filter(case__site=site, stage=Stage.FIRST, decided_at__gte=months_ago(at))
    found: dict[str, tuple[int, int]] = {}
    for name in ("exclusions", "missing"):
        codes = Func(
            F("assessment__result"),
            Value(f"$.{name}[*].code"),
            function="jsonb_path_query",
            template="(%(function)s(%(expressions)s::jsonpath) #>> '{}')",
            output_field=TextField(),
        )
        codes.set_returning = True
        for code, n, against in _counted(first, codes):
            before = found.get(code, (0, 0))
            found[code] = (before[0] + n, before[1] + against)
    plain = first.filter(assessment__result__exclusions=[], assessment__result__missing=[])
    for _, n, against in _counted(plain, Value(NOTHING)):
        found[NOTHING] = (n, against)
    rows = [Overturned(code, n, against) for code, (n, against) in found.items()]
    return sorted(rows, key=lambda row: (-row.decided, row.code))


def _counted(decisions: QuerySet[Decision], code: Expression) -> Iterable[tuple[str, int, int]]:
    """Of each code: how many decisions, and how many of them went against the suggestion."""
    rows = decisions.annotate(code=code).values("code")
    counted = rows.annotate(n=Count("pk"), against=Count("pk", filter=Q(overturns=True)))
    return counted.order_by("code").values_list("code", "n", "against")


@dataclasses.dataclass(frozen=True)
class Look:
    """One decision drawn for a second look, and who of those who did not decide has opened it since."""

    reference: str
    state: State
    closed_at: dt.datetime
    deciders: list[str]
    seen_by: str
    seen_at: dt.datetime | None


def second_looks(*, site: Site, at: dt.datetime) -> list[Look]:
    """One in twenty of the ordinary cases that were not offered an assessment, the newest first."""
    closed = Case.objects.filter(
        site=site,
        state__in=[State.DECLINED, State.SIGNPOSTED],
        senior_review=False,
        red_flags__isnull=True,
        closed_at__gte=at - dt.timedelta(days=SAMPLED_DAYS),
    )
    drawn = [
        case
        for case in closed.only("reference", "state", "closed_at").order_by("-closed_at", "-id")
        if is_sampled(case.reference)
    ]
    deciders: dict[int, dict[int, str]] = {}
    for case_id, user_id, name in Decision.objects.filter(case__in=drawn).values_list(
        "case_id", "clinician_id", "clinician__name"
    ):
        deciders.setdefault(case_id, {})[user_id] = name
    seen = _seen_since(site, drawn, deciders)
    return [
        Look(
            reference=case.reference,
            state=State(case.state),
            closed_at=case.closed_at,
            deciders=list(deciders.get(case.pk, {}).values()),
            seen_by=seen[case.reference].actor_label if case.reference in seen else "",
            seen_at=seen[case.reference].at if case.reference in seen else None,
        )
        for case in drawn
        if case.closed_at is not None
    ]


def _seen_since(site: Site, cases: list[Case], deciders: dict[int, dict[int, str]]) -> dict[str, AuditEvent]:
    """The last time that somebody who took no part opened the case after it was closed."""
    of_case = {case.reference: case for case in cases}
    rows = AuditEvent.objects.filter(site_id=site.pk, case_reference__in=list(of_case), event__in=OPENED)
    found: dict[str, AuditEvent] = {}
    for event in rows.exclude(case_reference="").order_by("id"):
        case = of_case[event.case_reference]
        after = case.closed_at is not None and event.at > case.closed_at
        if after and event.user_id not in deciders.get(case.pk, {}):
            found[event.case_reference] = event
    return found


@dataclasses.dataclass(frozen=True)
class ScreenedOut:
    """A case in which the rules found a criterion not met, and what clinicians made of it."""

    reference: str
    submitted_at: dt.datetime
    state: State
    codes: list[str]
    overturned: bool | None
    clinician: str


@dataclasses.dataclass(frozen=True)
class ScreenedOutPage:
    rows: list[ScreenedOut]
    next: str | None


def screened_out(*, site: Site, after: str | None = None) -> ScreenedOutPage:
    """Cases that the rules would not have sent on, the newest first."""
    cases = Case.objects.filter(site=site, underlying="not_currently", submitted_at__isnull=False)
    if after:
        cases = cases.filter(NEWEST_SENT.beyond(after))
    found = list(cases.order_by(*NEWEST_SENT.fields)[: PAGE_SIZE + 1])
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    judged = dict(Assessment.objects.filter(case__in=found).order_by("id").values_list("case_id", "result"))
    first = Decision.objects.filter(case__in=found, stage=Stage.FIRST).select_related("clinician")
    decided = {decision.case_id: decision for decision in first.order_by("id")}
    rows = [
        ScreenedOut(
            reference=case.reference,
            submitted_at=case.submitted_at,
            state=State(case.state),
            codes=[finding["code"] for finding in judged.get(case.pk, {}).get("exclusions", [])],
            overturned=decided[case.pk].overturns if case.pk in decided else None,
            clinician=decided[case.pk].clinician.name if case.pk in decided else "",
        )
        for case in found
        if case.submitted_at is not None
    ]
    return ScreenedOutPage(rows, NEWEST_SENT.mark(found[-1]) if more else None)
