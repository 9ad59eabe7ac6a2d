"""What an administrator sets for a site."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.services import record


def set_signing(*, site: Site, with_code: bool, by: Actor, at: datetime) -> Site:
    """Whether a decision is signed with the code of the second step."""
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=site.pk)
        site.sign_with_code = with_code
        site.save(update_fields=["sign_with_code"])
        record(Event.SETTINGS_CHANGED, by=by, at=at, site=site, detail={"sign_with_code": with_code})
    return site
