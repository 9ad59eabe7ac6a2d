"""Plan, send, stop. The only writers of reminders and of alerts."""

from screening.followup.models import HEARTBEAT
from screening.followup.services.alert_sending import (
    claim_alert,
    fence_alert,
    recover_alerts,
    send_alerts,
    settle_alert,
)
from screening.followup.services.alerting import ALERTS, plan_alerts
from screening.followup.services.checking import Ready
from screening.followup.services.planning import Planned, plan
from screening.followup.services.preferences import (
    ContactChoices,
    choose_contact,
    contact_choices,
    hold_sending,
    release_sending,
    switch_off,
)
from screening.followup.services.sending import (
    REMINDERS,
    beat,
    claim,
    fence,
    new_owner,
    recover,
    send_due,
    settle,
)

__all__ = [
    "ALERTS",
    "HEARTBEAT",
    "REMINDERS",
    "ContactChoices",
    "Planned",
    "Ready",
    "beat",
    "choose_contact",
    "claim",
    "claim_alert",
    "contact_choices",
    "fence",
    "fence_alert",
    "hold_sending",
    "new_owner",
    "plan",
    "plan_alerts",
    "recover",
    "recover_alerts",
    "release_sending",
    "send_alerts",
    "send_due",
    "settle",
    "settle_alert",
    "switch_off",
]
