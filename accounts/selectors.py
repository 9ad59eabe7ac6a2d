"""Read who works where."""

from __future__ import annotations

from accounts.models import Membership, User


def memberships_of(user: User) -> list[Membership]:
    """Those that open a door today, by name of site."""
    return list(
        Membership.objects.at_work()
        .filter(user_id=user.pk)
        .select_related("site", "user")
        .order_by("site__name", "pk")
    )
