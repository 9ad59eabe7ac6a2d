"""One round of the alarm clock over urgent answers, and who got a mail by it."""

from __future__ import annotations

import datetime as dt

from screening.followup.services import ALERTS, new_owner, plan_alerts, recover_alerts, send_alerts
from tests.followup.sink import Sink


def look(at: dt.datetime) -> dict[str, int]:
    """One round of the alarm clock."""
    plan_alerts(as_of=at, by=ALERTS)
    recover_alerts(at=at)
    return send_alerts(now=lambda: at, owner=new_owner())


def received(sink: Sink) -> list[str]:
    return [address for recipients in sink.recipients for address in recipients]
