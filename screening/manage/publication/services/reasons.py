"""Why it is right that cases become less urgent: typed once for those that change alike, kept for each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.manage.publication.models import ImpactCase, ImpactChange
from screening.questionnaires.models import DefinitionVersion, VersionStatus
from screening.questionnaires.services import NotReady


def give_reason(*, change: ImpactChange, reason: str, by: Actor, at: datetime) -> int:
    """The reason for every case of the change. A new one replaces the one before it. How many cases."""
    with transaction.atomic():
        version = DefinitionVersion.objects.select_for_update(of=["self"]).get(pk=change.run.version_id)
        if version.status != VersionStatus.DRAFT:
            raise NotReady(_("This version was published. Its reasons stay as they are."))
        cases = ImpactCase.objects.filter(change=change)
        many = cases.update(reason=reason, reason_by_id=by.user_id, reason_at=at)
        detail: dict[str, Any] = {
            "kind": version.kind,
            "code": version.code,
            "number": version.number,
            "change": change.pk,
            "cases": many,
        }
        record(Event.VERSION_CHECKED, by=by, at=at, site=version.site, detail=detail)
    return many
