"""People of the clinic in the words of whoever looks after them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from allauth.mfa.models import Authenticator

from accounts.models import Membership


@dataclasses.dataclass(frozen=True)
class Person:
    member: Membership
    second_step: bool

    @property
    def open(self) -> bool:
        return self.member.active and self.member.user.is_active

    @property
    def begun(self) -> bool:
        """Whether they have ever chosen a password."""
        return self.member.user.has_usable_password()

    @classmethod
    def of(cls, members: Iterable[Membership]) -> list[Person]:
        members = list(members)
        proofs = Authenticator.objects.filter(user_id__in=[each.user_id for each in members])
        with_step = set(
            proofs.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list("user_id", flat=True)
        )
        return [cls(each, each.user_id in with_step) for each in members]
