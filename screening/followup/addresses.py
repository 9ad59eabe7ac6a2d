"""Where a person may be reached: chosen by them, shown to be theirs, and working."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count

from accounts.encryption import lookup_hash
from screening.cases.lookups import among
from screening.cases.models import Case, Patient
from screening.cases.workflow import State
from screening.followup.messages import plain_number
from screening.followup.models import Bounce

# So many messages that came back from one address, and it is used no more.
BOUNCES_ENOUGH = 2
Dead = Mapping[str, frozenset[str]]  # channel, hashes of addresses that are used no more
NONE: Dead = {}


def bounced_out(patients: Sequence[UUID]) -> dict[UUID, dict[str, frozenset[str]]]:
    """The addresses that are used no more, of those of these people who have any."""
    rows = (
        Bounce.objects.filter(among("patient_id", patients), forgiven_at__isnull=True)
        .values_list("patient_id", "channel", "address_hash")
        .annotate(times=Count("pk"))
        .filter(times__gte=BOUNCES_ENOUGH)
    )
    found: dict[UUID, dict[str, frozenset[str]]] = defaultdict(dict)
    for patient, channel, hashed, _times in rows:
        found[patient][channel] = found[patient].get(channel, frozenset()) | {hashed}
    return found


def channels_of(patient: Patient, case: Case, dead: Dead = NONE) -> frozenset[str]:
    """While a form is unfinished, the address is the one to which they asked us to send a link.

    Later it must have been proved by opening such a link. `dead` are addresses from which messages came back.
    """
    proved = patient.email_verified_at is not None or case.state == State.DRAFT
    found = set()
    if patient.email and patient.contact_by_email and proved and not _is_dead("email", patient, dead):
        found.add("email")
    if patient.phone and patient.contact_by_sms and not _is_dead("sms", patient, dead):
        found.add("sms")
    return frozenset(found)


def address_hash(patient: Patient, channel: str) -> str:
    """Keyed hash of where a message on this channel goes now."""
    return lookup_hash((patient.email if channel == "email" else plain_number(patient.phone or "")) or "")


def _is_dead(channel: str, patient: Patient, dead: Dead) -> bool:
    return channel in dead and address_hash(patient, channel) in dead[channel]
