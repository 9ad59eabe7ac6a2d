"""Send the alerts: claimed with a lease, fenced, at least once. The reminders' way, with less to ask.

An alert that may or may not have arrived is simply sent again: twice does no harm, never does.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from accounts.models import Membership, Role, Site, User
from audit.events import Event
from screening.followup.delivery import Mailer
from screening.followup.messages import Late, Outgoing, Refused, compose_alert
from screening.followup.models import Alert, ReminderState
from screening.followup.replies import Result, Verdict
from screening.followup.selectors import standing_cases
from screening.followup.services.alerting import ALERTS, record_alert
from screening.followup.services.claiming import lease, left_behind
from screening.followup.services.sending import Clock
from screening.followup.services.settling import CAME_BACK
from screening.followup.urgency import AHEAD

log = structlog.get_logger(__name__)

SECONDS = 25
AGAIN = dt.timedelta(minutes=1)
WAITING = (ReminderState.SCHEDULED, ReminderState.RETRY)
OPENED, CLEARED = "opened", "cleared"
LEFT = "left"


@dataclasses.dataclass(frozen=True)
class ReadyAlert:
    """May leave now: which try it is, and what is sent."""

    alert_id: uuid.UUID
    number: int
    outgoing: Outgoing


def claim_alert(*, owner: str, at: dt.datetime) -> uuid.UUID | None:
    """Take the most urgent alert that is due; nobody else can until the lease runs out."""
    with transaction.atomic():
        due = Alert.objects.select_for_update(skip_locked=True).filter(state__in=WAITING, try_at__lte=at)
        taken = due.order_by("tier", "try_at", "pk").values_list("pk", flat=True).first()
        if taken is not None:
            Alert.objects.filter(pk=taken).update(
                state=ReminderState.CLAIMED, owner=owner, lease_until=at + lease()
            )
    return taken


def fence_alert(*, alert_id: uuid.UUID, owner: str, at: dt.datetime) -> ReadyAlert | None:
    """The last check before the network. None: it is not ours any more, or nobody needs it."""
    with transaction.atomic():
        ours = Alert.objects.filter(
            pk=alert_id, owner=owner, state=ReminderState.CLAIMED, lease_until__gt=at
        ).update(state=ReminderState.SENDING, lease_until=at + lease(), attempts=F("attempts") + 1)
        if not ours:
            return None
        row = Alert.objects.select_related("case", "site", "lead").get(pk=alert_id)
        standing = standing_cases(case=row.case)
        unopened = any(each.unopened for each in standing)
        if not standing:
            _close(row, ReminderState.CANCELLED, CLEARED, at=at)
        elif row.lead is None and not unopened:
            _close(row, ReminderState.CANCELLED, OPENED, at=at)
        elif row.lead is not None and not _leads(row.lead, row.site):
            _close(row, ReminderState.CANCELLED, LEFT, at=at)
        else:
            try:
                return ReadyAlert(row.pk, row.attempts, _write(row, unopened=unopened))
            except Refused as refused:
                _close(row, ReminderState.FAILED, str(refused), at=at)
    return None


def _leads(person: User, site: Site) -> bool:
    people = Membership.objects.at_work().filter(site=site, role=Role.LEAD_CLINICIAN)
    return people.filter(user=person).exists()


def _write(row: Alert, *, unopened: bool) -> Outgoing:
    late = None if row.lead_id is None else Late.UNOPENED if unopened else Late.UNDONE
    return compose_alert(
        reference=row.case.reference,
        to=row.site.duty_email if row.lead is None else row.lead.email,
        sender_name=row.site.neutral_sender,
        message_id=f"<{row.pk}@{urlsplit(settings.BASE_URL).hostname}>",
        late=late,
    )


def settle_alert(*, ready: ReadyAlert, owner: str, verdict: Verdict, at: dt.datetime) -> None:
    """Write down what became of a try, unless somebody has tried again since.

    Whatever is not certain is tried again in a minute, for as long as nobody opens the case.
    """
    with transaction.atomic():
        row = (
            Alert.objects.select_for_update(of=("self",))
            .select_related("case", "site")
            .get(pk=ready.alert_id)
        )
        if row.attempts != ready.number or row.owner != owner:
            return
        if verdict.result is Result.SENT:
            row.sent_at = at
            _close(row, ReminderState.SENT, "", at=at)
        elif verdict.result is Result.FAILED:
            _close(row, ReminderState.FAILED, verdict.reason, at=at)
        else:
            row.closed_reason = verdict.reason
            _put_back(row, try_at=at + AGAIN)


def alert_came_back(*, alert_id: uuid.UUID, at: dt.datetime) -> None:
    """The provider took an alert and could not deliver it: nobody of the clinic has heard. Once is enough."""
    with transaction.atomic():
        sent = Alert.objects.select_for_update(of=("self",)).filter(pk=alert_id, state=ReminderState.SENT)
        row = sent.select_related("case", "site").first()
        if row is not None:
            _close(row, ReminderState.FAILED, CAME_BACK, at=at)


def recover_alerts(*, at: dt.datetime) -> int:
    """Take back what workers left behind when their lease ran out: it is due at once. Returns how many.

    So is what waits for a moment that no clock of now can have meant: one that was ahead planned it.
    """
    with_a_worker = Q(left_behind(at), state__in=[ReminderState.CLAIMED, ReminderState.SENDING])
    left = Alert.objects.filter(with_a_worker | Q(state__in=WAITING, try_at__gt=at + AHEAD))
    return left.update(state=ReminderState.RETRY, try_at=at, owner="", lease_until=None)


def send_alerts(*, now: Clock, owner: str, seconds: float = SECONDS) -> dict[str, int]:
    """Send what is due until nothing is left or the time is up. Counts what became of it."""
    counts: dict[str, int] = {}
    until = now() + dt.timedelta(seconds=seconds)
    with Mailer() as mailer:
        while now() < until and (alert_id := claim_alert(owner=owner, at=now())):
            became = _send_one(alert_id, mailer.send, owner=owner, now=now)
            counts[became] = counts.get(became, 0) + 1
    return counts


def _send_one(alert_id: uuid.UUID, send: Callable[[Outgoing], Verdict], *, owner: str, now: Clock) -> str:
    try:
        ready = fence_alert(alert_id=alert_id, owner=owner, at=now())
    except Exception:  # it comes round again when its lease runs out; the others go on now
        log.exception("alert_check_failed", alert=str(alert_id))
        return "unexpected"
    if ready is None:
        return "dropped"
    verdict = send(ready.outgoing)
    settle_alert(ready=ready, owner=owner, verdict=verdict, at=now())
    log.info("alert_tried", alert=str(alert_id), result=verdict.result, reason=verdict.reason)
    return verdict.result.value


def _put_back(row: Alert, *, try_at: dt.datetime) -> None:
    row.state, row.try_at, row.owner, row.lease_until = ReminderState.RETRY, try_at, "", None
    row.save(update_fields=["state", "try_at", "owner", "lease_until", "closed_reason"])


ENDINGS = {
    ReminderState.SENT: Event.ALERT_SENT,
    ReminderState.FAILED: Event.ALERT_FAILED,
    ReminderState.CANCELLED: Event.ALERT_CANCELLED,
}


def _close(row: Alert, state: ReminderState, reason: str, *, at: dt.datetime) -> None:
    row.state, row.closed_reason, row.owner, row.lease_until = state, reason, "", None
    row.save(update_fields=["state", "closed_reason", "owner", "lease_until", "sent_at"])
    record_alert(ENDINGS[state], row, by=ALERTS, at=at)
