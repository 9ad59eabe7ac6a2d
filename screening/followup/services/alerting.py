"""Looks back at safety answers that stand, and writes down whom the clinic tells now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache

import structlog
from django.db import transaction

from accounts.actors import Actor
from accounts.models import Membership, Role, Site
from audit.events import Event
from audit.services import record
from screening.cases.opening import Opening
from screening.cases.selectors import opening_of
from screening.cases.targets import answer_by
from screening.followup import urgency
from screening.followup.models import Alert, ReminderState
from screening.followup.selectors import Standing, standing_cases

log = structlog.get_logger(__name__)

ALERTS = Actor.system("alerts")
ENDED = (ReminderState.SENT, ReminderState.FAILED, ReminderState.CANCELLED)
Newest = dict[tuple[int, int | None], Alert]


def plan_alerts(*, as_of: dt.datetime, by: Actor) -> int:
    """Plan the alerts that are due. Returns how many are new.

    The unique key of an alert makes this idempotent: whoever comes second adds nothing. Neither sending
    hours nor holds are asked: they protect patients, and this goes to the clinic.
    """
    standing = standing_cases()
    newest = _newest(standing)
    leads, opening = cache(_leads), cache(opening_of)
    rows: list[Alert] = []
    for each in standing:
        try:
            rows += _due(each, newest, leads(each.case.site), opening(each.case.site), as_of)
        except Exception:  # one bad case must not silence all the others
            log.exception("alert_planning_failed", case=each.case.reference)
    with transaction.atomic():
        Alert.objects.bulk_create(rows, ignore_conflicts=True)
        ours = set(Alert.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        for row in rows:
            if row.pk in ours:
                record_alert(Event.ALERT_PLANNED, row, by=by, at=as_of)
    return len(ours)


def _newest(standing: Sequence[Standing]) -> Newest:
    rows = Alert.objects.filter(case__in=[each.case for each in standing])
    ordered = rows.order_by("case_id", "lead_id", "-number").distinct("case_id", "lead_id")
    return {(row.case_id, row.lead_id): row for row in ordered}


def _leads(site: Site) -> list[int]:
    people = Membership.objects.at_work().filter(site=site, role=Role.LEAD_CLINICIAN)
    return list(people.order_by("user_id").values_list("user_id", flat=True))


def _due(
    each: Standing, newest: Newest, leads: Sequence[int], opening: Opening, at: dt.datetime
) -> list[Alert]:
    """The duty address hears of what nobody has opened, the leads of what is past its target."""
    site, rows = each.case.site, []
    target = {flag: answer_by(site, opening, tier=flag.tier, since=flag.at) for flag in set(each.flags)}
    late = [flag for flag in each.flags if at > target[flag]]
    if each.unopened:
        people: list[int | None] = [None, *(leads if any(not flag.opened for flag in late) else ())]
        tier, since = min(flag.tier for flag in each.unopened), min(flag.at for flag in each.unopened)
        rows += [row for who in people if (row := _next(each, newest, who, tier, since, opening, at))]
    if late and all(flag.opened for flag in late):
        tier, since = min(flag.tier for flag in late), max(target[flag] for flag in late)
        rows += [
            row for who in leads if (row := _next(each, newest, who, tier, since, opening, at, in_hand=True))
        ]
    return rows


def _next(
    each: Standing,
    newest: Newest,
    person: int | None,
    tier: int,
    since: dt.datetime,
    opening: Opening,
    at: dt.datetime,
    *,
    in_hand: bool = False,
) -> Alert | None:
    """The next alert to this person or to the duty address, if it is time for one."""
    before = newest.get((each.case.pk, person))
    if before is not None and before.state not in ENDED:
        return None
    last = urgency.Last(before.due_at, before.tier) if before else None
    if not urgency.is_due(opening, tier=tier, since=since, last=last, at=at, in_hand=in_hand):
        return None
    return Alert(
        site=each.case.site,
        case=each.case,
        lead_id=person,
        number=before.number + 1 if before else 1,
        tier=tier,
        due_at=at,
        try_at=at,
    )


def record_alert(event: Event, row: Alert, *, by: Actor, at: dt.datetime) -> None:
    record(
        event,
        by=by,
        at=at,
        site=row.site,
        case=row.case.reference,
        patient=row.case.patient_id,
        detail={
            "to": "duty" if row.lead_id is None else "lead",
            "number": row.number,
            "reason": row.closed_reason,
        },
    )
