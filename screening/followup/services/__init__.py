"""Plan, send, stop. The only writers of reminders."""

from screening.followup.models import HEARTBEAT
from screening.followup.services.checking import Ready
from screening.followup.services.planning import Planned, plan
from screening.followup.services.preferences import hold_sending, release_sending, switch_off
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
    "HEARTBEAT",
    "REMINDERS",
    "Planned",
    "Ready",
    "beat",
    "claim",
    "fence",
    "hold_sending",
    "new_owner",
    "plan",
    "recover",
    "release_sending",
    "send_due",
    "settle",
    "switch_off",
]
