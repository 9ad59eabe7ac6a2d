"""What the trail says of one reminder."""

from __future__ import annotations

from audit.services import About
from screening.followup.models import Reminder


def about(row: Reminder) -> About:
    """Read with its case and site."""
    return About(
        site=row.site,
        case=row.case.reference,
        patient=row.patient_id,
        detail={"step": row.step, "channel": row.channel, "reason": row.closed_reason},
    )
