"""Why nothing is sent to one person, or nothing to one of their addresses, in words."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from screening.cases.models import Patient
from screening.followup.addresses import address_hash, bounced_out
from screening.followup.models import Bounce, Channel
from screening.followup.words import reason_in_words


@dataclasses.dataclass(frozen=True)
class SuppressionRow:
    """One that stands, or (`ended_at`) one that is over."""

    id: int
    reason: str | Promise
    note: str
    by: str
    at: dt.datetime
    ended_by: str
    ended_at: dt.datetime | None
    ended_because: str


def suppressions_of(patient: Patient) -> tuple[list[SuppressionRow], list[SuppressionRow]]:
    """Those that stand, and what is over; the newest first."""
    found = patient.suppressions.select_related("entered_by", "ended_by").order_by("-entered_at", "-pk")
    rows = [
        SuppressionRow(
            id=each.pk,
            reason=each.get_reason_display(),
            note=each.note or "",
            by=each.entered_by.name,
            at=each.entered_at,
            ended_by=each.ended_by.name if each.ended_by else "",
            ended_at=each.ended_at,
            ended_because=each.ended_because or "",
        )
        for each in found
    ]
    return [row for row in rows if row.ended_at is None], [row for row in rows if row.ended_at is not None]


@dataclasses.dataclass(frozen=True)
class DeadAddress:
    """An address that is used no more, after two messages came back from it."""

    channel: str
    label: str | Promise
    address: str
    why: str


def dead_addresses(patient: Patient) -> list[DeadAddress]:
    """The address or number that stands on record now; a former one is not used anyway."""
    dead = bounced_out([patient.pk]).get(patient.pk, {})
    return [
        DeadAddress(
            channel.value,
            channel.label,
            (patient.email if channel is Channel.EMAIL else patient.phone) or _("None on record"),
            _last_reason(patient, channel),
        )
        for channel in Channel
        if address_hash(patient, channel) in dead.get(channel, frozenset())
    ]


def _last_reason(patient: Patient, channel: Channel) -> str:
    standing = Bounce.objects.filter(patient=patient, channel=channel, forgiven_at__isnull=True)
    last = standing.order_by("-at").values_list("reason", flat=True).first()
    return reason_in_words(last) if last else ""
