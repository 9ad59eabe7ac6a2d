"""Looks back at urgent answers that nobody has opened, and writes down whom the clinic tells now."""

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
from screening.cases.selectors import opening_of
from screening.followup import urgency
from screening.followup.models import Alert, ReminderState
from screening.followup.selectors import Unopened, unopened_cases

log = structlog.get_logger(__name__)

ALERTS = Actor.system("alerts")
ENDED = (ReminderState.SENT, ReminderState.FAILED, ReminderState.CANCELLED)
Newest = dict[tuple[int, int | None], Alert]


def plan_alerts(*, as_of: dt.datetime, by: Actor) -> int:
    """Plan the alerts that are due. Returns how many are new.

    The unique key of an alert makes this idempotent: whoever comes second adds nothing. Neither sending
    hours nor holds are asked: they protect patients, and this goes to the clinic.
    """
    unopened = unopened_cases()
    newest = _newest(unopened)
    leads = cache(_leads)
    rows: list[Alert] = []
    for each in unopened:
        try:
            rows += _due(each, newest, leads(each.case.site), as_of)
        except Exception:  # one bad case must not silence all the others
            log.exception("alert_planning_failed", case=each.case.reference)
    with transaction.atomic():
        Alert.objects.bulk_create(rows, ignore_conflicts=True)
        ours = set(Alert.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        for row in rows:
            if row.pk in ours:
                record_alert(Event.ALERT_PLANNED, row, by=by, at=as_of)
    return len(ours)


def _newest(unopened: Sequence[Unopened]) -> Newest:
    rows = Alert.objects.filter(case__in=[each.case for each in unopened])
    ordered = rows.order_by("case_id", "lead_id", "-number").distinct("case_id", "lead_id")
    return {(row.case_id, row.lead_id): row for row in ordered}


def _leads(site: Site) -> list[int]:
    people = Membership.objects.at_work().filter(site=site, role=Role.LEAD_CLINICIAN)
    return list(people.order_by("user_id").values_list("user_id", flat=True))


def _due(each: Unopened, newest: Newest, leads: Sequence[int], at: dt.datetime) -> list[Alert]:
    opening = opening_of(each.case.site)
    people: list[int | None] = [None]
    if any(
        at > urgency.answer_by(each.case.site, opening, tier=tier, since=since) for tier, since in each.flags
    ):
        people += leads
    rows = []
    for person in people:
        before = newest.get((each.case.pk, person))
        if before is not None and before.state not in ENDED:
            continue
        last = urgency.Last(before.due_at, before.tier) if before else None
        if urgency.is_due(opening, tier=each.tier, since=each.since, last=last, at=at):
            number = before.number + 1 if before else 1
            rows.append(
                Alert(
                    site=each.case.site,
                    case=each.case,
                    lead_id=person,
                    number=number,
                    tier=each.tier,
                    due_at=at,
                    try_at=at,
                )
            )
    return rows


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
