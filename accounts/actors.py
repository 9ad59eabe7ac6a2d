"""Who acts: every service takes `by=`, an Actor, so that no write is anonymous."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from accounts.models import Membership


class ActorKind(StrEnum):
    STAFF = "staff"
    PATIENT = "patient"
    SYSTEM = "system"


@dataclasses.dataclass(frozen=True)
class Actor:
    """A person or a named process. `label` is what the trail and the screen show."""

    kind: ActorKind
    label: str
    user_id: int | None = None
    patient_id: UUID | None = None
    role: str = ""

    @classmethod
    def staff(cls, membership: Membership) -> Actor:
        return cls(
            ActorKind.STAFF,
            label=membership.user.name,
            user_id=membership.user_id,
            role=membership.role,
        )

    @classmethod
    def patient(cls, patient_id: UUID) -> Actor:
        return cls(ActorKind.PATIENT, label="Patient", patient_id=patient_id)

    @classmethod
    def system(cls, process: str) -> Actor:
        """A process of ours, by name: 'reminders', 'seed', 'sealer'."""
        return cls(ActorKind.SYSTEM, label=process)
