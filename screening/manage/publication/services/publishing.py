"""Publish a draft that stands at no gate, by somebody who did not write it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from screening.manage.publication.gates import gates
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.services import NotReady, publish_version


def approve_version(*, version: DefinitionVersion, by: Actor, at: datetime) -> DefinitionVersion:
    """Publish it. Raises NotReady with a sentence for each gate that is shut, and then writes nothing."""
    with transaction.atomic():
        version = (
            DefinitionVersion.objects.select_for_update(of=["self"]).select_related("site").get(pk=version.pk)
        )
        if shut := [gate.sentence for gate in gates(version) if gate.sentence]:
            raise NotReady(" ".join(shut))
        return publish_version(version=version, by=by, at=at)
