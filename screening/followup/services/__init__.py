"""Plan, send, stop. The only writers of reminders and of alerts."""

from screening.followup.models import HEARTBEAT
from screening.followup.services.alert_sending import (
    alert_came_back,
    claim_alert,
    fence_alert,
    recover_alerts,
    send_alerts,
    settle_alert,
)
from screening.followup.services.alerting import ALERTS, plan_alerts
from screening.followup.services.bouncing import forgive_bounces, note_bounce, stop_by_number
from screening.followup.services.by_hand import cancel_reminder, send_again
from screening.followup.services.checking import Ready
from screening.followup.services.claiming import claim, new_owner, recover
from screening.followup.services.fencing import fence
from screening.followup.services.leaving import leave
from screening.followup.services.planning import Planned, plan
from screening.followup.services.preferences import (
    ContactChoices,
    choose_contact,
    contact_choices,
    hold_sending,
    release_sending,
    switch_off,
)
from screening.followup.services.restoring import hold_if_restored
from screening.followup.services.sending import beat, send_due
from screening.followup.services.settling import REMINDERS, Tried, came_back, settle
from screening.followup.services.suppressing import StandsAlready, end_suppression, suppress

__all__ = [
    "ALERTS",
    "HEARTBEAT",
    "REMINDERS",
    "ContactChoices",
    "Planned",
    "Ready",
    "StandsAlready",
    "Tried",
    "alert_came_back",
    "beat",
    "came_back",
    "cancel_reminder",
    "choose_contact",
    "claim",
    "claim_alert",
    "contact_choices",
    "end_suppression",
    "fence",
    "fence_alert",
    "forgive_bounces",
    "hold_if_restored",
    "hold_sending",
    "leave",
    "new_owner",
    "note_bounce",
    "plan",
    "plan_alerts",
    "recover",
    "recover_alerts",
    "release_sending",
    "send_again",
    "send_alerts",
    "send_due",
    "settle",
    "settle_alert",
    "stop_by_number",
    "suppress",
    "switch_off",
]
